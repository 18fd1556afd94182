//! A fingerprint of a value: equal bytes give equal numbers.

use serde::Serialize;

/// The 64-bit FNV-1a hash of a value's bytes in the wire format.
///
/// # Source
/// Fowler, Noll, Vo (1991); RFC 9923.
pub(super) fn of<T: Serialize>(value: &T) -> u64 {
    crate::base::codec::encode(value)
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_published_one_and_every_byte_counts() {
        // a single byte in the wire format: "a" of the published list
        assert_eq!(of(&b'a'), 0xaf63_dc4c_8601_ec8c);
        assert_ne!(of(&(1_u8, 2_u8)), of(&(2_u8, 1_u8)));
    }
}
