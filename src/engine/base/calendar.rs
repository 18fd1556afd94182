//! Dates of the Gregorian calendar, in UTC.

const DAY_MILLIS: i64 = 86_400_000;

/// A calendar date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// Astronomical: 0 is the year before 1.
    pub year: i64,
    /// From 1.
    pub month: i64,
    /// From 1.
    pub day: i64,
}

impl Date {
    /// Returns the UTC date of a moment, in milliseconds since 1970.
    ///
    /// # Source
    /// Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    pub const fn of(millis: i64) -> Self {
        let days = millis.div_euclid(DAY_MILLIS) + 719_468;
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        // the year begins on 1 March here, so that a leap day is its last
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let (month, next_year) = if from_march < 10 { (from_march + 3, 0) } else { (from_march - 9, 1) };
        Self { year: year_of_era + era * 400 + next_year, month, day }
    }

    /// Returns the moment at which the day begins, in milliseconds since 1970; `None` if no such date exists.
    ///
    /// # Source
    /// As [`Self::of`], `days_from_civil`.
    pub const fn start_millis(self) -> Option<i64> {
        let Self { year, month, day } = self;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        if day < 1 || day > last || year < 0 || year > 9_999 {
            return None;
        }
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_era =
            365 * year_of_era + year_of_era / 4 - year_of_era / 100 + (153 * month + 2) / 5 + day - 1;
        Some((era * 146_097 + day_of_era - 719_468) * DAY_MILLIS)
    }
}

/// Returns the date, `2026-11-24`.
pub fn date(millis: i64) -> String {
    let Date { year, month, day } = Date::of(millis);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Returns the time of day, `14:03:22`.
pub fn clock(millis: i64) -> String {
    let secs = millis.rem_euclid(DAY_MILLIS) / 1_000;
    format!("{:02}:{:02}:{:02}", secs / 3_600, secs / 60 % 60, secs % 60)
}

/// Returns ISO 8601 in UTC with milliseconds, `2026-11-24T14:03:22.000Z`.
pub fn iso(millis: i64) -> String {
    format!("{}T{}.{:03}Z", date(millis), clock(millis), millis.rem_euclid(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_agree_with_the_calendar() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(951_826_554_123), "2000-02-29T12:15:54.123Z");
        assert_eq!(iso(-1), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn every_day_begins_where_the_day_before_ends() {
        let start = Date { year: 1_899, month: 12, day: 31 }.start_millis().unwrap();
        for days in 0..80_000 {
            let millis = start + days * DAY_MILLIS;
            assert_eq!(Date::of(millis).start_millis(), Some(millis));
            assert_eq!(Date::of(millis + DAY_MILLIS - 1), Date::of(millis));
        }
        for (year, month, day) in
            [(2_023, 2, 29), (1_900, 2, 29), (2_024, 4, 31), (2_024, 13, 1), (2_024, 1, 0)]
        {
            assert_eq!(Date { year, month, day }.start_millis(), None, "{year}-{month}-{day}");
        }
    }
}
