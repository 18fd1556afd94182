//! The outer form of gzip (RFC 1952): its head.

/// A head longer than this is none: its parts of free length would fill the memory.
const LONGEST: usize = 70_000;

/// The length of the head at the start of `bytes`; `None` when more of it is needed.
///
/// # Errors
/// When it is no head of gzip.
pub(super) fn head(bytes: &[u8]) -> Result<Option<usize>, String> {
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    const CHECKSUM: u8 = 2;
    let Some(&[first, second, method, flags, ..]) = bytes.first_chunk::<10>() else { return Ok(None) };
    if (first, second, method) != (0x1F, 0x8B, 8) {
        return Err("something that is not gzip follows in the gzip file".to_owned());
    }
    let mut length = 10;
    if flags & EXTRA != 0 {
        let Some(&[low, high]) = bytes.get(length..).and_then(|rest| rest.first_chunk()) else {
            return Ok(None);
        };
        length += 2 + usize::from(u16::from_le_bytes([low, high]));
    }
    for part in [NAME, COMMENT] {
        if flags & part != 0 {
            let rest = bytes.get(length..).unwrap_or_default();
            match rest.iter().position(|&byte| byte == 0) {
                Some(end) => length += end + 1,
                None if bytes.len() > LONGEST => {
                    return Err("the head of the gzip file is damaged".to_owned());
                }
                None => return Ok(None),
            }
        }
    }
    if flags & CHECKSUM != 0 {
        length += 2;
    }
    Ok((length <= bytes.len()).then_some(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts_of_a_head_are_skipped_and_a_cut_one_waits_for_more() {
        let bytes = b"\x1F\x8B\x08\x1E\0\0\0\0\0\x03\x02\0xxname\0words\0cc";
        assert_eq!(head(bytes), Ok(Some(bytes.len())));
        for cut in 0..bytes.len() {
            assert_eq!(head(&bytes[..cut]), Ok(None), "{cut}");
        }
        assert!(head(b"PK\x03\x04\0\0\0\0\0\0").is_err());
        let mut endless = b"\x1F\x8B\x08\x08\0\0\0\0\0\x03".to_vec();
        endless.resize(80_000, b'x');
        assert!(head(&endless).is_err());
    }
}
