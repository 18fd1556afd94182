//! Dates and times of day of a moment, in UTC.

/// A moment of UTC taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    millis_of_day: i64,
}

/// Days to civil date after Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn civil(millis: i64) -> Civil {
    let days = millis.div_euclid(86_400_000) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Civil { year, month, day, millis_of_day: millis.rem_euclid(86_400_000) }
}

/// Returns the time of day in UTC, `14:03:22`.
pub fn clock(millis: i64) -> String {
    let secs = civil(millis).millis_of_day / 1_000;
    format!("{:02}:{:02}:{:02}", secs / 3_600, secs / 60 % 60, secs % 60)
}

/// Returns the time of day in UTC, `14:03:22`; of another day than that of `now_millis` with the date, `11-24 14:03`.
pub fn moment(millis: i64, now_millis: i64) -> String {
    if date(millis) == date(now_millis) {
        return clock(millis);
    }
    let Civil { month, day, millis_of_day, .. } = civil(millis);
    let minutes = millis_of_day / 60_000;
    format!("{month:02}-{day:02} {:02}:{:02}", minutes / 60, minutes % 60)
}

/// Returns the months from January of the year 0 to that of a moment.
pub fn months_since_0(millis: i64) -> i64 {
    let Civil { year, month, .. } = civil(millis);
    year * 12 + month - 1
}

/// Returns the moment at which a month of [`months_since_0`] begins.
pub fn month_start(months: i64) -> i64 {
    // days from civil after Hinnant, as above
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era - 719_468) * 86_400_000
}

/// Returns the time of day, with the date before it where that is not the day of `now_millis`:
/// `2026-11-24 14:03:22`.
pub fn dated(millis: i64, now_millis: i64) -> String {
    let today = date(millis) == date(now_millis);
    if today { clock(millis) } else { format!("{} {}", date(millis), clock(millis)) }
}

/// Returns the date in UTC, `2026-11-24`.
pub fn date(millis: i64) -> String {
    let Civil { year, month, day, .. } = civil(millis);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Returns ISO 8601 in UTC with milliseconds, `2026-11-24T14:03:22.000Z`.
pub fn iso(millis: i64) -> String {
    format!("{}T{}.{:03}Z", date(millis), clock(millis), millis.rem_euclid(1_000))
}

/// Returns a moment for a file name, `20261124T140322Z`.
pub fn stamp(millis: i64) -> String {
    format!("{}T{}Z", date(millis).replace('-', ""), clock(millis).replace(':', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_of_another_day_has_its_date() {
        let moment_of = |now| moment(1_700_000_000_000, now);
        assert_eq!(moment_of(1_700_000_100_000), "22:13:20");
        assert_eq!(moment_of(1_700_086_400_000), "11-14 22:13");
    }

    #[test]
    fn dates_agree_with_the_calendar() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(951_826_554_123), "2000-02-29T12:15:54.123Z");
        assert_eq!(iso(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(stamp(1_709_251_199_000), "20240229T235959Z");
    }

    #[test]
    fn a_day_that_is_not_today_is_named() {
        assert_eq!(dated(951_826_554_123, 951_820_000_000), "12:15:54");
        assert_eq!(dated(951_826_554_123, 951_900_000_000), "2000-02-29 12:15:54");
    }

    #[test]
    fn a_month_begins_where_the_calendar_says() {
        for (months, text) in
            [(2_000 * 12, "2000-01-01"), (2_000 * 12 + 2, "2000-03-01"), (1_969 * 12 + 11, "1969-12-01")]
        {
            assert_eq!(date(month_start(months)), text);
            assert_eq!(months_since_0(month_start(months)), months);
            assert_eq!(months_since_0(month_start(months) - 1), months - 1);
        }
    }
}
