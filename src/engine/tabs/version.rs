//! A tab's protocol number, in the one form that every version of the page understands.

use crate::messages::protocol::PROTOCOL;

/// This tab's protocol number. The form never changes: two bytes, little endian.
pub fn ours() -> [u8; 2] {
    PROTOCOL.to_le_bytes()
}

/// Reads another tab's protocol number; `None` if the bytes are not one.
pub fn read(bytes: &[u8]) -> Option<u16> {
    bytes.try_into().ok().map(u16::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_two_bytes_for_ever() {
        assert_eq!(read(&ours()), Some(PROTOCOL));
        assert_eq!(read(&[18, 1]), Some(274));
        assert_eq!([&[][..], &[1], &[1, 2, 3]].map(read), [None; 3]);
    }
}
