//! Points and spans of market time.

use crate::base::words;
use core::ops::{Add, Sub};
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Exchange time unless a name says `local`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// Milliseconds from `earlier` to `self`; negative when `earlier` is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The time of day, `12:34:56`, in UTC.
    pub fn clock_text(self) -> String {
        let secs = self.0.div_euclid(1_000).rem_euclid(86_400);
        format!("{:02}:{:02}:{:02}", secs / 3_600, secs / 60 % 60, secs % 60)
    }

    /// The number for a chart's axis, ms.
    pub const fn as_f64(self) -> f64 {
        self.0 as f64
    }
}

impl Add<i64> for UnixMillis {
    type Output = Self;
    fn add(self, millis: i64) -> Self {
        Self(self.0 + millis)
    }
}

impl Sub<i64> for UnixMillis {
    type Output = Self;
    fn sub(self, millis: i64) -> Self {
        Self(self.0 - millis)
    }
}

/// The length of a bar. Bars begin at whole multiples of it since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Interval {
    /// One second.
    #[default]
    OneSecond,
    /// One minute.
    OneMinute,
    /// Five minutes.
    FiveMinutes,
    /// A quarter of an hour.
    FifteenMinutes,
    /// One hour.
    OneHour,
    /// Four hours, counted from midnight UTC.
    FourHours,
    /// One day in UTC.
    OneDay,
}

// shortest first; the words are the exchange's
words!(
    Interval,
    OneSecond = "1s",
    OneMinute = "1m",
    FiveMinutes = "5m",
    FifteenMinutes = "15m",
    OneHour = "1h",
    FourHours = "4h",
    OneDay = "1d"
);

impl Interval {
    /// The intervals of the made-up market, whose past is short.
    pub const SHORT: [Self; 3] = [Self::OneSecond, Self::OneMinute, Self::FiveMinutes];

    /// Length in milliseconds.
    pub const fn millis(self) -> i64 {
        match self {
            Self::OneSecond => 1_000,
            Self::OneMinute => 60_000,
            Self::FiveMinutes => 300_000,
            Self::FifteenMinutes => 900_000,
            Self::OneHour => 3_600_000,
            Self::FourHours => 14_400_000,
            Self::OneDay => 86_400_000,
        }
    }

    /// Length in seconds.
    pub const fn secs(self) -> f64 {
        self.millis() as f64 / 1_000.0
    }

    /// Open time of the bar that holds `time`.
    pub const fn floor(self, time: UnixMillis) -> UnixMillis {
        UnixMillis(time.0.div_euclid(self.millis()) * self.millis())
    }

    /// Bars kept in memory: a day of seconds, fifty years of days, and of the others as many as a month has
    /// minutes, so that any two windows one after the other fit.
    pub const fn bars_kept(self) -> usize {
        match self {
            Self::OneSecond => 86_400,
            Self::OneMinute | Self::FiveMinutes | Self::FifteenMinutes | Self::OneHour | Self::FourHours => {
                44_640
            }
            Self::OneDay => 18_300,
        }
    }

    /// The span of [`Self::bars_kept`].
    pub(crate) fn kept_millis(self) -> i64 {
        i64::try_from(self.bars_kept()).expect("Invariant: a few thousand") * self.millis()
    }

    /// Bars that charts show until the user chooses another range.
    pub const fn bars_shown(self) -> usize {
        match self {
            Self::OneSecond => 900,
            Self::OneMinute => 360,
            Self::FiveMinutes => 288,
            Self::FifteenMinutes => 672,
            Self::OneHour => 336,
            Self::FourHours => 540,
            Self::OneDay => 365,
        }
    }

    /// Bars fetched over REST at the start of a live market, before any that only long windows need.
    pub const fn bars_at_start(self) -> usize {
        match self {
            Self::OneSecond => 3_600,
            Self::OneMinute
            | Self::FiveMinutes
            | Self::FifteenMinutes
            | Self::OneHour
            | Self::FourHours
            | Self::OneDay => 1_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_belongs_to_the_bar_that_it_opens() {
        let boundary = UnixMillis(1_723_161_600_000);
        for interval in Interval::ALL {
            assert_eq!(interval.floor(boundary), boundary);
            assert_eq!(interval.floor(boundary - 1), boundary - interval.millis());
            assert_eq!(Interval::parse(interval.as_str()), Some(interval));
        }
    }

    #[test]
    fn the_time_of_day_is_that_of_greenwich() {
        assert_eq!(UnixMillis(1_723_161_255_342).clock_text(), "23:54:15");
        assert_eq!(UnixMillis(-1).clock_text(), "23:59:59");
    }

    #[test]
    fn times_before_the_epoch_still_floor_downwards() {
        assert_eq!(Interval::OneSecond.floor(UnixMillis(-1)), UnixMillis(-1_000));
    }
}
