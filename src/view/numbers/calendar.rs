//! Dates and times of day of a moment, in UTC.

use spreadscope_engine::base::calendar::Date;

pub use spreadscope_engine::base::calendar::{clock, date, iso};

/// Returns the moment at which the day of a moment begins.
pub const fn day_start(millis: i64) -> i64 {
    millis - millis.rem_euclid(86_400_000)
}

/// Returns the number of months from January of year 0 to the month of a moment.
pub fn months_since_0(millis: i64) -> i64 {
    let Date { year, month, .. } = Date::of(millis);
    year * 12 + month - 1
}

/// Returns the moment at which a month of [`months_since_0`] begins.
pub fn month_start(months: i64) -> i64 {
    let first = Date { year: months.div_euclid(12), month: months.rem_euclid(12) + 1, day: 1 };
    first.start_millis().unwrap_or(if months < 0 { i64::MIN } else { i64::MAX })
}

/// Returns the time of day, preceded by the date if that is not the day of `now_millis`: `2026-11-24 14:03:22`.
pub fn dated(millis: i64, now_millis: i64) -> String {
    let today = date(millis) == date(now_millis);
    if today { clock(millis) } else { format!("{} {}", date(millis), clock(millis)) }
}

/// Returns a moment for a file name, `20261124T140322Z`.
pub fn stamp(millis: i64) -> String {
    format!("{}T{}Z", date(millis).replace('-', ""), clock(millis).replace(':', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight() {
        assert_eq!(iso(day_start(1_700_000_000_000)), "2023-11-14T00:00:00.000Z");
        assert_eq!(iso(day_start(-1)), "1969-12-31T00:00:00.000Z");
    }

    #[test]
    fn a_moment_names_a_file() {
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
