//! What the times of a file mean: numbers since 1970, Excel's days, dates in an order and a zone.

use super::calendar;
use super::calendar::Order;
use super::opening::Opening;
use super::refusal::quoted;
use super::timestamp;
use super::timestamp::UnixMicros;
use super::zone::Zone;
use crate::UnixMillis;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// 2000-01-01: a number that would be earlier is none since 1970.
const YEAR_2000: UnixMicros = 946_684_800_000_000;
/// 1900-01-01: earlier dates are damaged.
const YEAR_1900: UnixMicros = -2_208_988_800_000_000;
const DAY: i64 = 86_400_000_000;
/// An hour, milliseconds.
pub(super) const HOUR_MILLIS: i64 = 3_600_000;
/// A day, milliseconds.
pub(super) const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;
/// Days from Excel's day 0 to 1970.
const EXCEL_DAYS: i64 = 25_569;

/// What a number in the column of the time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Numbers {
    /// Seconds, ms, µs or ns since 1970, by its size, if the year is plausible; `20240102` otherwise a date.
    #[default]
    Plausible,
    /// The same, whatever the year: the user says so.
    Since1970,
    /// Excel's number of a day.
    ExcelDays,
    /// Days since 1970: the user says so.
    Days1970,
}

/// How the times of a file are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// What a number is.
    pub numbers: Numbers,
    /// Which part of a date is the day.
    pub order: Order,
    /// The zone of times that name none.
    pub zone: Zone,
    /// Plausible times end here.
    pub latest: UnixMillis,
    /// How far from their boundary bars open.
    pub opening: Opening,
    /// The digits of a time of day without signs whose zeros in front may be missing: 4 or 6.
    pub clock_digits: Option<u8>,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            numbers: Numbers::Plausible,
            order: Order::NotNeeded,
            zone: Zone::Utc,
            latest: UnixMillis(4_102_444_800_000),
            opening: Opening::default(),
            clock_digits: None,
        }
    }
}

/// A time that has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Microseconds since 1970, UTC.
    pub micros: UnixMicros,
    /// What the file's own clock shows.
    pub local: UnixMicros,
    /// It names no zone, and is of the file's clock.
    pub is_floating: bool,
    /// It is a number since 1970.
    pub is_number: bool,
    /// It is a date without a time of day.
    pub is_date: bool,
}

impl Moment {
    /// A time that names no zone; UTC until a [`Clock`](super::zone::Clock) has given it its place.
    pub(super) const fn floating(local: UnixMicros) -> Self {
        Self { micros: local, local, is_floating: true, is_number: false, is_date: false }
    }
}

impl Times {
    /// Reads a time.
    ///
    /// # Errors
    /// What a time must be, with the text given, and what a number would have been.
    pub fn read(&self, text: &str) -> Result<Moment, String> {
        // a spreadsheet marks a text so
        let text = of_dotnet(text.trim().trim_start_matches('\''));
        let text = match &self.zone {
            Zone::Named(name) => text.strip_suffix(name.as_str()).map_or(text, str::trim_end),
            _ => text,
        };
        if let Some(number) = bare(text) {
            return self.number(&number);
        }
        if let Some(written) = calendar::parse_until(text, self.order, self.latest.0.saturating_mul(1_000)) {
            let offset = written.offset.unwrap_or(0);
            let moment = Moment {
                micros: written.local - offset * 1_000_000,
                is_floating: written.offset.is_none(),
                is_date: !written.has_clock,
                ..Moment::floating(written.local)
            };
            if (YEAR_1900..4_102_444_800_000_000).contains(&moment.micros) {
                return Ok(moment);
            }
        }
        // 1.7e12
        if text.contains(['e', 'E'])
            && let Some(number) = text.parse::<f64>().ok().filter(|number| (0.0..1e20).contains(number))
        {
            return self.number(&format!("{number:.3}"));
        }
        Err(format!(
            "time must be a date from 1900 on or seconds, ms, µs or ns since 1970, and before 2100, was {}",
            quoted(text)
        ))
    }

    /// Refuses a date of which it is not known which number is the day.
    ///
    /// # Errors
    /// What has to be chosen, with the text given.
    pub(super) fn refuse_doubtful(&self, text: &str) -> Result<(), String> {
        if self.order == Order::NotNeeded && super::order::is_doubtful(text) {
            return Err(format!(
                "time {} may be read in two ways: choose the order of day and month",
                quoted(text)
            ));
        }
        Ok(())
    }

    /// Reads a date and the time of day of another column.
    ///
    /// # Errors
    /// What either must be, with the text given.
    pub fn read_both(&self, date: &str, clock: &str) -> Result<Moment, String> {
        let of_day = self.time_of_day(clock);
        let of_day =
            of_day.ok_or_else(|| format!("time of day must be like 15:45:00, was {}", quoted(clock)))?;
        let read = self.read(date)?;
        Ok(Moment { micros: read.micros + of_day, local: read.local + of_day, is_date: false, ..read })
    }

    /// Reads a time of day, microseconds since midnight.
    pub(super) fn time_of_day(&self, clock: &str) -> Option<UnixMicros> {
        match (self.clock_digits, bare_digits(clock)) {
            (Some(digits), Some(bare)) => {
                calendar::time_of_day(&format!("{bare:0>width$}", width = usize::from(digits)))
            }
            _ => calendar::time_of_day(clock),
        }
    }

    fn number(&self, text: &str) -> Result<Moment, String> {
        let same =
            |micros| Moment { micros, local: micros, is_floating: false, is_number: true, is_date: false };
        if matches!(self.numbers, Numbers::ExcelDays | Numbers::Days1970) {
            let (begin, from) =
                if self.numbers == Numbers::Days1970 { (0, "1970") } else { (EXCEL_DAYS, "1900") };
            let days = days(text)
                .ok_or_else(|| format!("time must be a number of days since {from}, was {}", quoted(text)))?;
            return Ok(Moment { is_date: days % DAY == 0, ..Moment::floating(days - begin * DAY) });
        }
        let micros = timestamp::number(text);
        let latest = self.latest.0.saturating_mul(1_000);
        let plausible = micros.filter(|micros| (YEAR_2000..latest).contains(micros));
        if let Some(micros) = plausible {
            return Ok(same(micros));
        }
        if self.numbers == Numbers::Since1970 {
            let micros = micros.filter(|micros| (0..4_102_444_800_000_000).contains(micros));
            return micros.map(same).ok_or_else(|| format!("time must be before 2100, was {}", quoted(text)));
        }
        if let Some(written) = calendar::parse_until(text, self.order, self.latest.0.saturating_mul(1_000))
            .filter(|date| date.local >= YEAR_1900)
        {
            return Ok(Moment { is_date: !written.has_clock, ..Moment::floating(written.local) });
        }
        Err(match micros.filter(|micros| (0..253_402_300_800_000_000).contains(micros)) {
            Some(micros) => format!(
                "time {text} would be {}{}, which is not plausible; write it as 2024-01-02, or say what the number is",
                date(micros),
                self.as_days(text)
            ),
            None => format!("time must be a date or a number since 1970, was {}", quoted(text)),
        })
    }

    /// What a number would be if it were one of days, where that would be a year of files.
    fn as_days(&self, text: &str) -> String {
        let latest = self.latest.0.saturating_mul(1_000);
        let Some(days) = days(text) else { return String::new() };
        let readings = [(0, "days since 1970"), (EXCEL_DAYS, "a day of Excel's")];
        let plausible = readings.iter().filter_map(|(begin, what)| {
            let micros = days - begin * DAY;
            (YEAR_1900..latest).contains(&micros).then(|| format!(", as {what} {}", date(micros)))
        });
        plausible.collect()
    }
}

/// The digits of a time of day without signs.
fn bare_digits(clock: &str) -> Option<&str> {
    let clock = clock.trim();
    ((1..=6).contains(&clock.len()) && clock.bytes().all(|byte| byte.is_ascii_digit())).then_some(clock)
}

/// How many digits the times of day of a column have, if they are bare numbers: a spreadsheet drops the zeros in
/// front, so `1500` is 15:00 beside `930`, and 00:15:00 beside `93000`.
pub(super) fn clock_digits<'a>(column: impl Iterator<Item = &'a str>) -> Option<u8> {
    let mut longest = 0;
    for cell in column {
        longest = longest.max(bare_digits(cell)?.len());
    }
    match longest {
        // an hour, perhaps
        0..=2 => None,
        3..=4 => Some(4),
        _ => Some(6),
    }
}

/// The number in a date of .NET: `/Date(1704153600000)/`; the zone behind it is for display.
fn of_dotnet(text: &str) -> &str {
    let inner = text.strip_prefix("/Date(").and_then(|text| text.strip_suffix(")/"));
    let inner = inner.map(|inner| inner.split(['+', '-']).next().unwrap_or_default());
    inner.filter(|number| !number.is_empty()).unwrap_or(text)
}

/// A number without a sign, with a point where it has decimals.
fn bare(text: &str) -> Option<Cow<'_, str>> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once(['.', ',']) {
        // 20240102,093000 is a date and a time of day
        Some((whole, decimals)) if text.contains(',') => {
            (digits(whole) && digits(decimals) && matches!(whole.len(), 5 | 9..))
                .then(|| Cow::Owned(format!("{whole}.{decimals}")))
        }
        Some((whole, decimals)) => (digits(whole) && digits(decimals)).then_some(Cow::Borrowed(text)),
        None => digits(text).then_some(Cow::Borrowed(text)),
    }
}

/// Microseconds of a number of days.
fn days(text: &str) -> Option<UnixMicros> {
    let days = text.parse::<f64>().ok().filter(|days| (0.0..100_000.0).contains(days))?;
    // a day with four decimals is told to nine seconds, one with six to a tenth of one
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let per_day = if decimals <= 4 { 1_440.0 } else { 86_400.0 };
    #[expect(clippy::cast_possible_truncation, reason = "it is below 1e5 days")]
    let micros = (days * per_day).round() as i64 * (DAY / per_day as i64);
    Some(micros)
}

fn date(micros: UnixMicros) -> String {
    timestamp::format(micros.div_euclid(1_000))[..10].to_owned()
}

/// The date of a number that is one of Excel's days, as days since 1970; `None` for one before 1900 or behind `latest`.
pub(super) fn excel_day(text: &str, latest: UnixMillis) -> Option<i64> {
    let number = bare(text.trim()).filter(|number| {
        !number.starts_with('0') && number.split('.').next().is_some_and(|whole| whole.len() <= 5)
    })?;
    let micros = days(&number)? - EXCEL_DAYS * DAY;
    (YEAR_1900..latest.0.saturating_mul(1_000)).contains(&micros).then(|| micros.div_euclid(DAY))
}

/// Whether the number that Excel has for a day, in days since 1970, is none of the days since 1970 so far.
pub(super) const fn is_day_of_excel(day: i64) -> bool {
    // 2030 in days since 1970
    day + EXCEL_DAYS >= 21_915
}

/// Whether a day, in days since 1970, is one of the years whose numbers are taken for times.
pub(super) const fn is_plausible_day(day: i64) -> bool {
    day >= YEAR_2000 / DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_time_only_where_the_year_is_plausible() {
        let times = Times { latest: UnixMillis(1_800_000_000_000), ..Times::default() };
        let day = |text: &str| {
            times.read(text).map(|moment| timestamp::format(moment.micros / 1_000)[..10].to_owned())
        };
        assert_eq!(day("20240102").unwrap(), "2024-01-02");
        assert_eq!(day("1704236400").unwrap(), "2024-01-02");
        assert_eq!(day("1704236400000.0").unwrap(), "2024-01-02");
        assert_eq!(
            day("45293").unwrap_err(),
            "time 45293 would be 1970-01-01, as a day of Excel's 2024-01-02, which is not plausible; write it as 2024-01-02, or say what the number is"
        );
        assert!(day("1900000000").unwrap_err().contains("2030-03-17"));
        let excel = Times { numbers: Numbers::ExcelDays, ..times.clone() };
        for noon in ["45293.5", "45293,5", "45293.50000"] {
            assert_eq!(excel.read(noon).unwrap().micros, 1_704_196_800_000_000);
        }
        let since = Times { numbers: Numbers::Days1970, ..times.clone() };
        assert_eq!(since.read("19724").unwrap().micros, 1_704_153_600_000_000);
        let refused = day("19724").unwrap_err();
        assert!(
            refused.starts_with("time 19724 would be 1970-01-01, as days since 1970 2024-01-02, as a day of Excel's 1953-12-31"),
            "{refused}"
        );
        let said = Times { numbers: Numbers::Since1970, ..times };
        assert_eq!(said.read("45293").unwrap().micros, 45_293_000_000);
        let zone = Zone::Named("US/Eastern".to_owned());
        let named = Times { zone, ..said };
        assert_eq!(named.read("20240102 09:30:00 US/Eastern").unwrap().local, 1_704_187_800_000_000);
    }

    #[test]
    fn the_zeros_in_front_of_a_time_of_day_may_be_missing() {
        const MINUTE: i64 = 60_000_000;
        let read = |column: &[&str]| -> Vec<Option<i64>> {
            let times = Times { clock_digits: clock_digits(column.iter().copied()), ..Times::default() };
            column.iter().map(|clock| times.time_of_day(clock).map(|micros| micros / MINUTE)).collect()
        };
        let quarters = [Some(0), Some(15), Some(30), Some(105), Some(900)];
        assert_eq!(read(&["0", "15", "30", "145", "1500"]), quarters);
        assert_eq!(read(&["0", "1500", "3000", "14500", "150000"]), quarters);
        assert_eq!(read(&["00:00", "0:15", "0:30", "1:45", "15:00"]), quarters);
        assert_eq!(read(&["5", "15"]), [None, None]);
    }

    #[test]
    fn a_day_keeps_the_date_that_its_own_clock_shows() {
        let times = Times::default();
        for (text, date) in
            [("2024-03-08 00:00:00-05:00", "2024-03-08"), ("2024-04-01 00:00:00+02:00", "2024-04-01")]
        {
            let day = times.opening.place(times.read(text).unwrap(), DAY_MILLIS);
            assert_eq!(&timestamp::format(day)[..10], date);
        }
    }
}
