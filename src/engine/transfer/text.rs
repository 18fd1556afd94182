//! Bytes of a file into UTF-8: UTF-16 as it comes, and lines of an older coding one by one.

use super::names;
use encoding_rs::{EUC_KR, Encoding, GBK, SHIFT_JIS, WINDOWS_1252};
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
    /// Japanese, `Shift_JIS`.
    ShiftJis,
    /// Korean, EUC-KR.
    EucKr,
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
            Self::ShiftJis => "Shift_JIS",
            Self::EucKr => "EUC-KR",
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
        Self::by_names(bytes, damaged)
            .unwrap_or_else(|| Self::by_letters(&bytes[damaged.saturating_sub(1)..]))
    }

    /// The older coding in which most words around the first letter that is none of UTF-8 are names of fields.
    fn by_names(bytes: &[u8], damaged: usize) -> Option<Self> {
        const AROUND: usize = 1_024;
        let start = bytes[..damaged].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let around = &bytes[start.max(damaged.saturating_sub(AROUND))..(damaged + AROUND).min(bytes.len())];
        let known = |coding: Self| {
            let text = coding.older().map(|coding| coding.decode_without_bom_handling(around).0)?;
            let words = text.split([',', ';', '\t', '|', '\n', '\r', '"', ' ']);
            // a word of plain letters tells nothing
            let known = words.filter(|word| !word.is_ascii() && names::role_of(word).is_some()).count();
            Some((known, coding)).filter(|(known, _)| *known > 0)
        };
        let mut found: Vec<(usize, Self)> = Self::OLDER.into_iter().filter_map(known).collect();
        found.sort_by_key(|(known, _)| core::cmp::Reverse(*known));
        match found[..] {
            [(_, coding)] => Some(coding),
            [(most, coding), (next, _), ..] if most > next => Some(coding),
            _ => None,
        }
    }

    /// The older coding by how its letters are.
    fn by_letters(rest: &[u8]) -> Self {
        let beginning = &rest[..rest.len().min(4_096)];
        let (japanese, is_broken) = SHIFT_JIS.decode_without_bom_handling(beginning);
        let is_kana = |letter: &char| ('\u{3041}'..='\u{30FF}').contains(letter);
        if !is_broken && japanese.chars().filter(is_kana).count() >= 2 {
            return Self::ShiftJis;
        }
        // the signs of Chinese are spread over twice as many codes as those of Korean
        let (korean, is_broken) = EUC_KR.decode_without_bom_handling(beginning);
        let mut letters = korean.chars().filter(|letter| !letter.is_ascii());
        let is_long = letters.clone().nth(5).is_some();
        if !is_broken && is_long && letters.all(|letter| ('\u{AC00}'..='\u{D7A3}').contains(&letter)) {
            return Self::EucKr;
        }
        // Chinese has both bytes of a sign high; of Latin letters one in a word is
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

    const OLDER: [Self; 4] = [Self::Latin1, Self::Gbk, Self::ShiftJis, Self::EucKr];

    /// What decodes it, where it is one of those before Unicode.
    fn older(self) -> Option<&'static Encoding> {
        match self {
            Self::Latin1 => Some(WINDOWS_1252),
            Self::Gbk => Some(GBK),
            Self::ShiftJis => Some(SHIFT_JIS),
            Self::EucKr => Some(EUC_KR),
            Self::Utf8 | Self::Utf16Le | Self::Utf16Be => None,
        }
    }

    /// The text of a line.
    pub fn line(self, bytes: &[u8]) -> Cow<'_, str> {
        match core::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            // a damaged letter, where the rest is UTF-8
            Err(_) => self.older().unwrap_or(WINDOWS_1252).decode_without_bom_handling(bytes).0,
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
            Self::Latin1 | Self::Gbk | Self::ShiftJis | Self::EucKr => self.line(bytes).into_owned(),
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
        let japanese = SHIFT_JIS.encode("日付け,始値,高値,安値,終値\n").0.into_owned();
        assert_eq!(Coding::of(&japanese), Coding::ShiftJis);
        let korean = EUC_KR.encode("날짜,시가,고가,저가,종가,거래량\n").0.into_owned();
        assert_eq!(Coding::of(&korean), Coding::EucKr);
        assert_eq!(Coding::EucKr.line(&korean), "날짜,시가,고가,저가,종가,거래량\n");
        // words that nobody knows
        let words = SHIFT_JIS.encode("コード,トヨタ\n").0.into_owned();
        assert_eq!(Coding::of(&words), Coding::ShiftJis);
        let words = EUC_KR.encode("코스피지수,종목코드\n").0.into_owned();
        assert_eq!(Coding::of(&words), Coding::EucKr);
        let chinese = GBK.encode("代码,名称,开盘价,最高价,成交量\n").0.into_owned();
        assert_eq!(Coding::of(&chinese), Coding::Gbk);
        assert_eq!(Coding::of(b"Datum;Er\xF6ffnung;Schluss\n"), Coding::Latin1);
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
