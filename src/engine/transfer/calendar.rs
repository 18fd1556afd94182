//! Dates and times of day as files write them, in whatever order.

use super::date_text;
use super::months;
pub use super::order::Order;
use super::timestamp;
use super::timestamp::UnixMicros;

const SEC: i64 = 1_000_000;

/// Zones that are written behind a time, in hours ahead of UTC.
#[rustfmt::skip]
const ABBREVIATIONS: [(&str, i64); 17] = [
    ("EST", -5), ("EDT", -4), ("CST", -6), ("CDT", -5), ("MST", -7), ("MDT", -6), ("PST", -8), ("PDT", -7), ("WET", 0),
    ("CET", 1), ("CEST", 2), ("EET", 2), ("EEST", 3), ("MSK", 3), ("HKT", 8), ("JST", 9), ("KST", 9),
];

/// A time on a clock, and how far that clock is ahead of UTC where the text says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// As if the clock were UTC's.
    pub local: UnixMicros,
    /// Seconds ahead of UTC.
    pub offset: Option<i64>,
    /// There is a time of day.
    pub has_clock: bool,
}

/// Reads a date, with a time of day or without.
pub fn parse(text: &str, order: Order) -> Option<Written> {
    let text = match text.trim().split_once('[') {
        // the name of a zone may follow its offset
        Some((time, name)) if name.ends_with(']') => time,
        _ => text,
    };
    let plain = date_text::plain(text.trim());
    let mut rest = Rest(&plain);
    rest.skip_weekday();
    let midnight = rest.date(order)?;
    rest.skip_blanks();
    if rest.0.is_empty() {
        return Some(Written { local: midnight, offset: None, has_clock: false });
    }
    rest.take_any(&['T', 't', 'D', '-', '_', ':', ',']);
    rest.skip_blanks();
    let clock = rest.clock(&[':', '-', '.'])?;
    let offset = rest.zone()?;
    Some(Written { local: midnight + clock, offset, has_clock: true })
}

/// Reads a date that is not later than `latest`: two digits of a later year are those of the century before.
pub(super) fn parse_until(text: &str, order: Order, latest: UnixMicros) -> Option<Written> {
    const CENTURY: UnixMicros = 36_525 * 86_400 * SEC;
    let written = parse(text, order)?;
    let is_short =
        written.local > latest && !text.contains(&timestamp::format(written.local.div_euclid(1_000))[..4]);
    Some(Written { local: written.local - if is_short { CENTURY } else { 0 }, ..written })
}

/// Reads a time of day: `15:45`, `15:45:00.5`, `3:45 PM`, `154500`, `1545`.
pub fn time_of_day(text: &str) -> Option<UnixMicros> {
    let text = text.trim();
    let padded;
    let bare = text.bytes().all(|byte| byte.is_ascii_digit());
    let text = match text.len() {
        // numbers lose the zeros in front
        1 if text == "0" => "000000",
        3 | 5 if bare => {
            padded = format!("0{text}");
            &padded
        }
        _ => text,
    };
    let mut rest = Rest(text);
    let clock = rest.clock(&[':'])?;
    rest.skip_blanks();
    rest.0.is_empty().then_some(clock)
}

/// What is still to be read.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn take(&mut self, expected: char) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    fn take_any(&mut self, signs: &[char]) -> Option<char> {
        let sign = self.0.chars().next().filter(|sign| signs.contains(sign))?;
        self.take(sign)?;
        Some(sign)
    }

    fn skip_blanks(&mut self) {
        self.0 = self.0.trim_start();
    }

    /// A number and how many digits it has.
    fn number(&mut self) -> Option<(i64, usize)> {
        let end = self.0.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        let number = (1..=14).contains(&end).then(|| digits.parse().ok())??;
        self.0 = rest;
        Some((number, end))
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let (text, rest) = self.0.split_at_checked(count)?;
        let number = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())??;
        self.0 = rest;
        Some(number)
    }

    fn two_digits_follow(&self, signs: &[char]) -> bool {
        let digits = self.0.strip_prefix(signs).and_then(|rest| rest.get(..2));
        digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    }

    fn word(&mut self) -> Option<&str> {
        let end = self.0.find(|letter: char| !letter.is_alphabetic()).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        (end > 0).then_some(word)
    }

    /// Skips a word in front of a date that is no month: the day of the week.
    fn skip_weekday(&mut self) {
        let before = self.0;
        let is_day =
            self.word().is_some_and(|word| word.chars().count() < 16 && months::month(word).is_none());
        self.take('.');
        self.take(',');
        self.skip_blanks();
        // a month may follow: Fri, Jan 2
        let follows = self.0.starts_with(|letter: char| letter.is_ascii_digit() || letter.is_alphabetic());
        if !(is_day && follows) {
            self.0 = before;
        }
    }

    fn month(&mut self) -> Option<i64> {
        let month = months::month(self.word()?)?;
        self.take('.');
        Some(month)
    }

    fn between(&mut self) {
        self.skip_blanks();
        self.take_any(&['-', '/', ',', '.']);
        self.skip_blanks();
        // 2 de enero de 2024
        if let Some(rest) = self.0.strip_prefix("de ") {
            self.0 = rest;
            self.skip_blanks();
        }
    }

    fn date(&mut self, order: Order) -> Option<UnixMicros> {
        if self.0.starts_with(char::is_alphabetic) {
            let month = self.month()?;
            self.between();
            let (day, _) = self.number()?;
            self.between();
            let year = self.year()?;
            return timestamp::midnight(year, month, day);
        }
        let (first, digits) = self.number()?;
        match digits {
            8 => return timestamp::midnight(first / 10_000, first / 100 % 100, first % 100),
            12 | 14 => {
                // the digits behind the date are a time of day
                let date = if digits == 12 { first / 10_000 } else { first / 1_000_000 };
                let clock = if digits == 12 { first % 10_000 * 100 } else { first % 1_000_000 };
                let midnight = timestamp::midnight(date / 10_000, date / 100 % 100, date % 100)?;
                self.0.is_empty().then_some(())?;
                return Some(midnight + of_clock(clock / 10_000, clock / 100 % 100, clock % 100)?);
            }
            6 => {
                let (one, two, three) = (first / 10_000, first / 100 % 100, first % 100);
                return match order {
                    Order::DayFirst => timestamp::midnight(of_century(three), two, one),
                    Order::MonthFirst => timestamp::midnight(of_century(three), one, two),
                    _ => timestamp::midnight(of_century(one), two, three),
                };
            }
            1 | 2 | 4 => {}
            _ => return None,
        }
        if self.0.trim_start_matches(['-', ' ', '/', '.']).starts_with(char::is_alphabetic) {
            self.between();
            let month = self.month()?;
            self.between();
            if digits == 4 {
                let (day, _) = self.number()?;
                return timestamp::midnight(first, month, day);
            }
            let year = self.year()?;
            // 2 января 2024 г.
            self.0 = self.0.trim_end_matches('.').strip_suffix(" г").unwrap_or(self.0);
            return timestamp::midnight(year, month, first);
        }
        let sign = self.take_any(&['-', '/', '.'])?;
        let (second, _) = self.number()?;
        self.take(sign)?;
        if digits == 4 || order == Order::YearFirst {
            let (day, _) = self.number()?;
            return timestamp::midnight(if digits == 4 { first } else { of_century(first) }, second, day);
        }
        let year = self.year()?;
        match order {
            Order::DayFirst => timestamp::midnight(year, second, first),
            // a point stands in dates whose day is first
            Order::NotNeeded | Order::Ambiguous if sign == '.' || first > 12 => {
                timestamp::midnight(year, second, first)
            }
            _ => timestamp::midnight(year, first, second),
        }
    }

    fn year(&mut self) -> Option<i64> {
        match self.number()? {
            (year, 4) => Some(year),
            (year, 2) => Some(of_century(year)),
            _ => None,
        }
    }

    /// A time of day whose numbers are parted by one of `signs`.
    fn clock(&mut self, signs: &[char]) -> Option<UnixMicros> {
        let (first, digits) = self.number()?;
        let (mut hour, minute, second) = match digits {
            6 => (first / 10_000, first / 100 % 100, first % 100),
            4 => (first / 100, first % 100, 0),
            1 | 2 if self.two_digits_follow(signs) => {
                let sign = self.take_any(signs)?;
                let minute = self.digits(2)?;
                let more = self.two_digits_follow(&[sign]);
                let second = if more { self.take(sign).and_then(|()| self.digits(2))? } else { 0 };
                (first, minute, second)
            }
            // 11-PM
            1 | 2
                if self
                    .0
                    .trim_start_matches(['-', ' '])
                    .get(..1)
                    .is_some_and(|word| "aApP".contains(word)) =>
            {
                (first, 0, 0)
            }
            _ => return None,
        };
        let mut fraction = 0;
        if self.take('.').is_some() || self.take(',').is_some() {
            let end = self.0.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.0.len());
            let (decimals, rest) = self.0.split_at(end);
            (end > 0).then_some(())?;
            fraction = timestamp::fraction(decimals, 6);
            self.0 = rest;
        }
        let half = self.0.trim_start_matches(['-', ' ']);
        let halves = [("am", 0), ("pm", 12), ("a.m.", 0), ("p.m.", 12)];
        let is_half = |(name, _): &&(&str, i64)| {
            half.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name))
        };
        if let Some((name, noon)) = halves.iter().find(is_half) {
            (1..=12).contains(&hour).then_some(())?;
            hour = hour % 12 + noon;
            self.0 = &half[name.len()..];
        }
        // a leap second is the last of its minute
        let micros = of_clock(hour, minute, second.min(59))? + if second == 60 { SEC - 1 } else { fraction };
        (second <= 60).then_some(micros)
    }

    /// Seconds ahead of UTC, where the text says so; nothing may follow.
    #[expect(clippy::option_option, reason = "no zone is another thing than one that cannot be read")]
    fn zone(&mut self) -> Option<Option<i64>> {
        self.skip_blanks();
        if self.0.is_empty() {
            return Some(None);
        }
        if let Some(rest) = ["UTC", "GMT", "utc", "gmt"].iter().find_map(|name| self.0.strip_prefix(name)) {
            self.0 = rest;
            if rest.is_empty() {
                return Some(Some(0));
            }
        }
        if let Some((_, hours)) = ABBREVIATIONS.iter().find(|(name, _)| *name == self.0) {
            return Some(Some(hours * 3_600));
        }
        if matches!(self.0, "Z" | "z") {
            return Some(Some(0));
        }
        let sign =
            if self.take_any(&['+']).is_some() { 1 } else { self.take_any(&['-', '−']).map(|_| -1)? };
        let (first, digits) = self.number()?;
        let (hours, minutes) = match digits {
            1 | 2 => (first, if self.take(':').is_some() { self.digits(2)? } else { 0 }),
            4 => (first / 100, first % 100),
            _ => return None,
        };
        // a name may follow, in brackets or not
        let is_name = |sign: char| sign == '(' || sign.is_ascii_uppercase();
        let ended = self.0.is_empty() || self.0.trim_start().starts_with(is_name);
        (ended && digits != 1 && hours < 24 && minutes < 60)
            .then_some(Some(sign * (hours * 60 + minutes) * 60))
    }
}

/// The year that two digits stand for.
fn of_century(year: i64) -> i64 {
    if year < 69 { 2_000 + year } else { 1_900 + year }
}

fn of_clock(hour: i64, minute: i64, second: i64) -> Option<UnixMicros> {
    // 24:00 is the end of a day
    let holds = (hour < 24 && minute < 60 && second < 60) || (hour, minute, second) == (24, 0, 0);
    holds.then_some((hour * 3_600 + minute * 60 + second) * SEC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn utc(text: &str, order: Order) -> Option<String> {
        let written = parse(text, order)?;
        Some(timestamp::format((written.local - written.offset.unwrap_or(0) * SEC) / 1_000))
    }

    #[test]
    fn dates_of_all_kinds_are_read() {
        let cases = [
            ("2024-01-02", "2024-01-02T00:00:00.000Z"),
            ("20240102", "2024-01-02T00:00:00.000Z"),
            ("20240102 170000", "2024-01-02T17:00:00.000Z"),
            ("20240102  09:30:00", "2024-01-02T09:30:00.000Z"),
            ("20240102-09:30:00", "2024-01-02T09:30:00.000Z"),
            ("20240102093000", "2024-01-02T09:30:00.000Z"),
            ("240102", "2024-01-02T00:00:00.000Z"),
            ("991231 1545", "1999-12-31T15:45:00.000Z"),
            ("2024.01.02 00:01", "2024-01-02T00:01:00.000Z"),
            ("2024-03-25 00:00:00+01:00", "2024-03-24T23:00:00.000Z"),
            ("01.02.2024 00:00:00.000 GMT+0100", "2024-01-31T23:00:00.000Z"),
            ("2019-10-17 09-PM", "2019-10-17T21:00:00.000Z"),
            ("1/2/2024 12:30 AM", "2024-01-02T00:30:00.000Z"),
            ("Jan 02, 2024", "2024-01-02T00:00:00.000Z"),
            ("02-Jan-2024", "2024-01-02T00:00:00.000Z"),
            ("Fri, 02 Jan 2024 10:00:00 GMT", "2024-01-02T10:00:00.000Z"),
            ("2024-01-02 9:30 p.m.", "2024-01-02T21:30:00.000Z"),
            ("2024-01-02 24:00", "2024-01-03T00:00:00.000Z"),
            ("13/01/2024", "2024-01-13T00:00:00.000Z"),
            ("2024-01-15-00-30", "2024-01-15T00:30:00.000Z"),
            ("2024-01-15_23-59-58", "2024-01-15T23:59:58.000Z"),
            ("20240115-093000", "2024-01-15T09:30:00.000Z"),
            ("15.01.2024 09.30", "2024-01-15T09:30:00.000Z"),
            ("2024-01-15 09:30:00.5-05", "2024-01-15T14:30:00.500Z"),
            ("1901-05-06", "1901-05-06T00:00:00.000Z"),
            ("2 janv. 2024", "2024-01-02T00:00:00.000Z"),
            ("2 января 2024 г.", "2024-01-02T00:00:00.000Z"),
            ("Mo, 02.01.2024", "2024-01-02T00:00:00.000Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(utc(text, Order::NotNeeded).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(utc("02/01/1990", Order::DayFirst).unwrap(), "1990-01-02T00:00:00.000Z");
        assert_eq!(utc("020190", Order::DayFirst).unwrap(), "1990-01-02T00:00:00.000Z");
        assert_eq!(utc("24-01-02 09:30", Order::YearFirst).unwrap(), "2024-01-02T09:30:00.000Z");
        assert_eq!(utc("02/01/90", Order::MonthFirst).unwrap(), "1990-02-01T00:00:00.000Z");
        for text in
            ["", "2023-02-29", "13/13/2024", "12:00", "2024-01-02 25:00", "45293", "KO", "2024-01-02 x"]
        {
            assert_eq!(utc(text, Order::NotNeeded), None, "{text}");
        }
    }

    #[test]
    fn times_of_day_are_read_with_and_without_signs() {
        let minute = 60 * SEC;
        for (text, minutes) in
            [("15:45", 945), ("154500", 945), ("1545", 945), ("93000", 570), ("3:45 PM", 945), ("0", 0)]
        {
            assert_eq!(time_of_day(text), Some(minutes * minute), "{text}");
        }
        assert_eq!(time_of_day("2024-01-02"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), digits in "[0-9T:. Z+/APMjan-]{0,30}") {
            for text in [text, digits] {
                for order in [Order::DayFirst, Order::MonthFirst, Order::YearFirst, Order::NotNeeded] {
                    let _seen = (parse(&text, order), time_of_day(&text));
                }
            }
        }
    }
}
