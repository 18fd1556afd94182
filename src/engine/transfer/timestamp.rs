//! Times as files write them: ISO 8601, or a number since 1970 whose size tells its unit.

use crate::base::calendar::Date;

pub use crate::base::calendar::iso as format;

/// Microseconds since 1970-01-01T00:00:00Z.
pub type UnixMicros = i64;

const MICROS_PER_SEC: i64 = 1_000_000;
/// 2100-01-01: later is a damaged number.
const END: UnixMicros = 4_102_444_800 * MICROS_PER_SEC;

/// Reads a time.
///
/// A number is seconds below 1e11, milliseconds below 1e14, microseconds below 1e17 and nanoseconds from there
/// on; it may have decimals. Otherwise ISO 8601: a date, then `T` or a blank, hours and minutes, seconds with
/// decimals, and a zone; a time without a zone, and a date alone, are UTC.
///
/// # Errors
/// What a time must be, with the text given.
pub fn parse(text: &str) -> Result<UnixMicros, String> {
    let text = text.trim();
    let found = number(text).or_else(|| iso_8601(text)).filter(|micros| (0..END).contains(micros));
    found.ok_or_else(|| {
        format!(
            "time must be ISO 8601 or seconds, ms, \u{b5}s or ns since 1970, and before 2100, was {}",
            super::refusal::quoted(text)
        )
    })
}

/// Reads milliseconds since midnight of the day that begins at `day`.
///
/// # Errors
/// What it must be, with the text given.
pub fn parse_of_day(text: &str, day: UnixMicros) -> Result<UnixMicros, String> {
    let millis = text.trim().parse::<i64>().ok().filter(|millis| (0..86_400_000).contains(millis));
    millis.map(|millis| day + millis * 1_000).ok_or_else(|| {
        format!("time must be milliseconds since midnight, was {}", super::refusal::quoted(text))
    })
}

/// Midnight UTC of a date of the Gregorian calendar; `None` for one that does not exist.
pub fn midnight(year: i64, month: i64, day: i64) -> Option<UnixMicros> {
    if year < 1 {
        return None;
    }
    Date { year, month, day }.start_millis().map(|millis| millis * 1_000)
}

pub(super) fn number(text: &str) -> Option<UnixMicros> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if !digits(whole) || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let (per_unit, unit_digits) = match whole {
        0..100_000_000_000 => (1_000_000, 6),
        100_000_000_000..100_000_000_000_000 => (1_000, 3),
        100_000_000_000_000..100_000_000_000_000_000 => (1, 0),
        _ => return Some(whole / 1_000),
    };
    Some(whole * per_unit + fraction(decimals, unit_digits))
}

/// The first `places` decimals as a whole number.
pub(super) fn fraction(decimals: &str, places: usize) -> i64 {
    let shown = decimals.bytes().chain(core::iter::repeat(b'0')).take(places);
    shown.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn iso_8601(text: &str) -> Option<UnixMicros> {
    let mut rest = Rest(text);
    let year = rest.digits(4)?;
    rest.take('-')?;
    let month = rest.digits(2)?;
    rest.take('-')?;
    let midnight = midnight(year, month, rest.digits(2)?)?;
    if rest.0.is_empty() {
        return Some(midnight);
    }
    rest.take('T').or_else(|| rest.take('t')).or_else(|| rest.take(' '))?;
    let hour = rest.digits(2)?;
    rest.take(':')?;
    let minute = rest.digits(2)?;
    let mut micros = 0;
    if rest.take(':').is_some() {
        let second = rest.digits(2)?;
        micros = second * MICROS_PER_SEC;
        if rest.take('.').or_else(|| rest.take(',')).is_some() {
            let end = rest.0.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.0.len());
            let (decimals, after) = rest.0.split_at(end);
            rest = Rest(after);
            if decimals.is_empty() {
                return None;
            }
            micros += fraction(decimals, 6);
        }
    }
    // a leap second is the last of its minute
    if hour > 23 || minute > 59 || micros >= 61 * MICROS_PER_SEC {
        return None;
    }
    let local = midnight + (hour * 60 + minute) * 60 * MICROS_PER_SEC + micros.min(60 * MICROS_PER_SEC - 1);
    Some(local - rest.zone()? * 60 * MICROS_PER_SEC)
}

/// What is still to be read.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn take(&mut self, expected: char) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let (text, rest) = self.0.split_at_checked(count)?;
        let number = digits(text).then(|| text.parse().ok())??;
        self.0 = rest;
        Some(number)
    }

    /// Minutes east of Greenwich; nothing may follow.
    fn zone(&mut self) -> Option<i64> {
        self.0 = self.0.trim_start();
        let sign = match self.0.chars().next() {
            None => return Some(0),
            Some('Z' | 'z') => return (self.0.len() == 1).then_some(0),
            Some('+') => 1,
            Some('-') => -1,
            Some(_) => return matches!(self.0, "UTC" | "GMT").then_some(0),
        };
        self.0 = &self.0[1..];
        let hours = self.digits(2)?;
        let has_colon = self.take(':').is_some();
        let minutes = if self.0.is_empty() && !has_colon { 0 } else { self.digits(2)? };
        (self.0.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_in_the_unit_that_its_size_tells() {
        let micros = 1_723_161_255_342_001;
        assert_eq!(parse("1723161255342001").unwrap(), micros);
        assert_eq!(parse("1723161255342001999").unwrap(), micros);
        assert_eq!(parse("1723161255342").unwrap(), micros - 1);
        assert_eq!(parse("1723161255342.001").unwrap(), micros);
        assert_eq!(parse("1723161255").unwrap(), micros - 342_001);
        assert_eq!(parse(" 1723161255.342001 ").unwrap(), micros);
    }

    #[test]
    fn iso_times_are_read_with_and_without_zone() {
        let cases = [
            ("2024-08-08T23:54:15.342Z", 1_723_161_255_342_000),
            ("2024-08-09T01:54:15.342+02:00", 1_723_161_255_342_000),
            ("2024-08-08 18:54:15.342-0500", 1_723_161_255_342_000),
            ("2024-08-08T23:54:15,342001", 1_723_161_255_342_001),
            ("2024-08-08 23:54 UTC", 1_723_161_240_000_000),
            ("2016-12-31T23:59:60Z", 1_483_228_799_999_999),
            ("1996-02-29", 825_552_000_000_000),
        ];
        for (text, micros) in cases {
            assert_eq!(parse(text), Ok(micros), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_with_its_text() {
        for text in [
            "",
            "-5",
            "2023-02-29",
            "2024-13-01",
            "02/01/1990",
            "2024-08-08T24:00",
            "2024-08-08T23:54:15.",
            "2024-08-08T23:54:15+2",
            "2200-01-01",
            "99999999999999999999",
            "17.0.1",
            "12:00",
            "NaN",
            "१२३",
        ] {
            let reason = parse(text).unwrap_err();
            assert!(reason.ends_with(&format!("was {text:?}")), "{reason}");
        }
    }

    #[test]
    fn milliseconds_of_a_day_stay_within_it() {
        assert_eq!(parse_of_day("60000", 1_000_000).unwrap(), 61_000_000);
        assert!(parse_of_day("86400000", 0).is_err() && parse_of_day("-1", 0).is_err());
    }

    proptest! {
        #[test]
        fn every_day_follows_the_one_before(days in 0_i64..47_000) {
            // walks the calendar from 1970 by its own rule of lengths
            let (mut year, mut left) = (1970, days);
            let length = |year: i64| if midnight(year, 2, 29).is_some() { 366 } else { 365 };
            while left >= length(year) {
                left -= length(year);
                year += 1;
            }
            prop_assert_eq!(midnight(year, 1, 1).unwrap(), (days - left) * 86_400 * MICROS_PER_SEC);
        }

        #[test]
        fn what_is_written_is_read_again(millis in 0_i64..4_102_444_800_000) {
            prop_assert_eq!(parse(&format(millis)), Ok(millis * 1_000));
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), digits in "[0-9T:. Z+-]{0,30}") {
            for text in [text, digits] {
                if let Ok(micros) = parse(&text) {
                    prop_assert!((0..END).contains(&micros));
                }
            }
        }
    }
}
