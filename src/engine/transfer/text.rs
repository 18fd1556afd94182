//! Bytes of a file into UTF-8: UTF-16 as it comes, and lines of an older coding one by one.

use encoding_rs::{GBK, WINDOWS_1252};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How the text of a file is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Coding {
    /// UTF-8.
    #[default]
    Utf8,
    /// Latin-1, as Windows has it.
    Latin1,
    /// Chinese, GBK.
    Gbk,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl Coding {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Latin1 => "Latin-1",
            Self::Gbk => "GBK",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }

    /// Makes out the coding of a file by how it begins.
    pub fn of(bytes: &[u8]) -> Self {
        let zeros =
            |from: usize| bytes.iter().skip(from).step_by(2).take(64).filter(|byte| **byte == 0).count();
        match bytes {
            [0xFF, 0xFE, ..] => return Self::Utf16Le,
            [0xFE, 0xFF, ..] => return Self::Utf16Be,
            [_, 0, _, ..] if zeros(1) > zeros(0) => return Self::Utf16Le,
            [0, _, ..] if zeros(0) > zeros(1) => return Self::Utf16Be,
            _ => {}
        }
        let damaged = match core::str::from_utf8(bytes) {
            Ok(_) => return Self::Utf8,
            // the last letter may be cut
            Err(error) if error.error_len().is_none() => return Self::Utf8,
            Err(error) => error.valid_up_to(),
        };
        // Chinese has both bytes of a sign high; of Latin letters one in a word is
        let rest = &bytes[damaged.saturating_sub(1)..];
        let (mut pairs, mut single, mut at) = (0, 0, 0);
        while at < rest.len() {
            let is_high = |at: usize| rest.get(at).is_some_and(|byte| *byte >= 0xA1);
            match (is_high(at), is_high(at + 1)) {
                (true, true) => (pairs, at) = (pairs + 1, at + 2),
                (true, false) => (single, at) = (single + 1, at + 1),
                _ => at += 1,
            }
        }
        if pairs > single { Self::Gbk } else { Self::Latin1 }
    }

    /// The text of a line.
    pub fn line(self, bytes: &[u8]) -> Cow<'_, str> {
        match core::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) if self == Self::Gbk => GBK.decode_without_bom_handling(bytes).0,
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        }
    }

    /// The first text of a file.
    pub fn text(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf16Le | Self::Utf16Be => {
                let mut text = Vec::new();
                Wide::new(self).push(bytes, |part| text.extend_from_slice(part));
                String::from_utf8_lossy(&text).into_owned()
            }
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Latin1 | Self::Gbk => self.line(bytes).into_owned(),
        }
    }
}

/// UTF-16 in slices into UTF-8.
#[derive(Debug)]
pub struct Wide {
    is_low_first: bool,
    odd: Option<u8>,
    high: Option<u16>,
}

impl Wide {
    /// Nothing yet.
    pub fn new(coding: Coding) -> Self {
        Self { is_low_first: coding == Coding::Utf16Le, odd: None, high: None }
    }

    /// Takes the next slice.
    pub fn push(&mut self, slice: &[u8], mut on_text: impl FnMut(&[u8])) {
        let mut text = String::with_capacity(slice.len() / 2 + 4);
        for &byte in slice {
            let Some(first) = self.odd.take() else {
                self.odd = Some(byte);
                continue;
            };
            let pair = [first, byte];
            let unit = if self.is_low_first { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) };
            let units = self.high.take().into_iter().chain([unit]);
            if (0xD800..0xDC00).contains(&unit) {
                self.high = Some(unit);
                continue;
            }
            text.extend(
                char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)),
            );
        }
        on_text(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codings_are_told_by_how_a_file_begins() {
        let gbk = GBK.encode("trade_id/撮合id,price/价格\n").0.into_owned();
        assert_eq!(Coding::of(&gbk), Coding::Gbk);
        assert_eq!(Coding::Gbk.line(&gbk), "trade_id/撮合id,price/价格\n");
        assert_eq!(Coding::of(b"time,W\xE4hrung\n"), Coding::Latin1);
        assert_eq!(Coding::Latin1.line(b"W\xE4hrung"), "Währung");
        assert_eq!(Coding::of("Währung,时间".as_bytes()), Coding::Utf8);
        assert_eq!(Coding::of(b"d\0a\0t\0e\0"), Coding::Utf16Le);
        assert_eq!(Coding::of(b"\xFE\xFF\0d"), Coding::Utf16Be);
    }

    proptest! {
        #[test]
        fn utf_16_in_any_slices_is_its_text(text in any::<String>(), cut in 0_usize..40) {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let (mut wide, mut read) = (Wide::new(Coding::Utf16Be), Vec::new());
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            for part in [first, second] {
                wide.push(part, |text| read.extend_from_slice(text));
            }
            prop_assert_eq!(String::from_utf8(read).unwrap(), text);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let coding = Coding::of(&bytes);
            prop_assert!(coding.text(&bytes).len() <= 3 * bytes.len());
        }
    }
}
