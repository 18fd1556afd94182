//! Whose time of day the page shows.

use crate::view::numbers::calendar;

/// The user's choice of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zone {
    /// The exchange's: UTC.
    #[default]
    Utc,
    /// The user's own.
    Local,
}

impl Zone {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::Utc, Self::Local];

    /// The choice as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utc => "utc",
            Self::Local => "local",
        }
    }

    /// The choice that [`Self::as_str`] names.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|zone| zone.as_str() == text)
    }

    /// The choice for the eye.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Utc => "UTC",
            Self::Local => "Local time",
        }
    }

    /// The time of day of a moment, with the zone's name: `14:03:22 UTC`, and with the date before it where that is
    /// not the day of `now_millis`.
    ///
    /// `offset_minutes`: local time less UTC at that moment, which the browser knows.
    pub fn clock(self, millis: i64, offset_minutes: i32, now_millis: i64) -> String {
        let (offset, name) = match self {
            Self::Utc => (0, "UTC"),
            Self::Local => (i64::from(offset_minutes) * 60_000, "local"),
        };
        format!("{} {name}", calendar::dated(millis + offset, now_millis + offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_says_whose_it_is() {
        assert_eq!(Zone::Utc.clock(0, 120, 0), "00:00:00 UTC");
        assert_eq!(Zone::Local.clock(0, 120, 0), "02:00:00 local");
        assert_eq!(Zone::Local.clock(0, -90, 0), "22:30:00 local");
        assert_eq!(Zone::Local.clock(0, -90, 7_200_000), "1969-12-31 22:30:00 local");
        assert_eq!(Zone::ALL.map(|zone| Zone::parse(zone.as_str())), Zone::ALL.map(Some));
    }
}
