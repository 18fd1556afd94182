//! CRC-32 as zip, gzip and PNG use it.

/// The reflected polynomial 0xEDB88320, one remainder a byte.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let (mut at, mut byte) = (0, 0_u32);
    while at < 256 {
        let mut remainder = byte;
        let mut bit = 0;
        while bit < 8 {
            remainder = if remainder & 1 == 1 { remainder >> 1 ^ 0xEDB8_8320 } else { remainder >> 1 };
            bit += 1;
        }
        table[at] = remainder;
        (at, byte) = (at + 1, byte + 1);
    }
    table
};

/// A checksum under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crc32(u32);

impl Default for Crc32 {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

impl Crc32 {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        let mut remainder = self.0;
        for &byte in bytes {
            let [low, ..] = remainder.to_le_bytes();
            remainder = remainder >> 8 ^ TABLE[usize::from(low ^ byte)];
        }
        self.0 = remainder;
    }

    /// The checksum of all bytes so far.
    pub fn value(self) -> u32 {
        !self.0
    }

    /// The checksum of `bytes`.
    pub fn of(bytes: &[u8]) -> u32 {
        let mut checksum = Self::default();
        checksum.update(bytes);
        checksum.value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_catalogue_comes_out() {
        // "check" of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms
        assert_eq!(Crc32::of(b"123456789"), 0xCBF4_3926);
        assert_eq!(Crc32::of(b""), 0);
        let mut parts = Crc32::default();
        parts.update(b"12345");
        parts.update(b"6789");
        assert_eq!(parts.value(), 0xCBF4_3926);
    }
}
