//! The time zone of the times on the page.

use crate::view::numbers::calendar;

/// The user's choice of zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zone {
    /// The exchange's: UTC.
    #[default]
    Utc,
    /// The user's own zone.
    Local,
}

impl Zone {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::Utc, Self::Local];

    /// Returns the choice as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utc => "utc",
            Self::Local => "local",
        }
    }

    /// Returns the choice that [`Self::as_str`] names.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|zone| zone.as_str() == text)
    }

    /// Returns the choice's label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Utc => "UTC",
            Self::Local => "Local time",
        }
    }

    /// Returns the time of day of a moment with the zone's name, `14:03:22 UTC`, preceded by the date if that
    /// is not the day of `now_millis`.
    ///
    /// `offset_minutes`: local time minus UTC at that moment, which the browser knows.
    pub fn clock(self, millis: i64, offset_minutes: i32, now_millis: i64) -> String {
        let (offset, name) = self.ahead(offset_minutes);
        format!("{} {name}", calendar::dated(millis + offset, now_millis + offset))
    }

    /// Returns the span between two moments, `13:51:07 to 14:03:22 UTC`, with the dates of both ends unless both are of
    /// the day of `now_millis`, and with the second date only where it is another one.
    ///
    /// `ends`: each with local time minus UTC at that moment.
    pub fn span(self, ends: [(i64, i32); 2], now_millis: i64) -> String {
        let locals = ends.map(|(millis, offset_minutes)| millis + self.ahead(offset_minutes).0);
        let (ahead, name) = self.ahead(ends[1].1);
        let [from, to] = locals.map(calendar::date);
        let [from_clock, to_clock] = locals.map(calendar::clock);
        let today = calendar::date(now_millis + ahead);
        if from != to {
            format!("{from} {from_clock} to {to} {to_clock} {name}")
        } else if from == today {
            format!("{from_clock} to {to_clock} {name}")
        } else {
            format!("{from} {from_clock} to {to_clock} {name}")
        }
    }

    /// Returns a moment with its date, for what may be read on another day: `2026-11-24 14:03:22 UTC`, or local
    /// time with its offset from UTC.
    pub fn dated(self, millis: i64, offset_minutes: i32) -> String {
        let (offset, _) = self.ahead(offset_minutes);
        let zone = match self {
            Self::Utc => "UTC".to_owned(),
            Self::Local => {
                let sign = if offset_minutes < 0 { '\u{2212}' } else { '+' };
                let minutes = offset_minutes.unsigned_abs();
                format!("UTC{sign}{}:{:02}", minutes / 60, minutes % 60)
            }
        };
        let local = millis + offset;
        format!("{} {} {zone}", calendar::date(local), calendar::clock(local))
    }

    /// Returns the milliseconds ahead of UTC, and the zone's name.
    fn ahead(self, offset_minutes: i32) -> (i64, &'static str) {
        match self {
            Self::Utc => (0, "UTC"),
            Self::Local => (i64::from(offset_minutes) * 60_000, "local"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_its_dates_unless_all_of_it_is_of_today() {
        const HOUR: i64 = 3_600_000;
        // 2026-11-24 14:03:22
        const NOW: i64 = 1_795_529_002_000;
        let span =
            |zone: Zone, from: i64, to: i64, offset: i32| zone.span([(from, offset), (to, offset)], NOW);
        assert_eq!(span(Zone::Utc, NOW - HOUR, NOW, 0), "13:03:22 to 14:03:22 UTC");
        let day = span(Zone::Utc, NOW - 24 * HOUR, NOW, 0);
        assert_eq!(day, "2026-11-23 14:03:22 to 2026-11-24 14:03:22 UTC");
        assert_eq!(
            span(Zone::Utc, NOW - 25 * HOUR, NOW - 24 * HOUR, 0),
            "2026-11-23 13:03:22 to 14:03:22 UTC"
        );
        // 13 h east of Greenwich it is the next day already
        assert_eq!(span(Zone::Local, NOW - HOUR, NOW, 780), "02:03:22 to 03:03:22 local");
    }

    #[test]
    fn the_time_says_whose_it_is() {
        assert_eq!(Zone::Utc.clock(0, 120, 0), "00:00:00 UTC");
        assert_eq!(Zone::Local.clock(0, 120, 0), "02:00:00 local");
        assert_eq!(Zone::Local.clock(0, -90, 0), "22:30:00 local");
        assert_eq!(Zone::Local.clock(0, -90, 7_200_000), "1969-12-31 22:30:00 local");
        assert_eq!(Zone::Utc.dated(0, 120), "1970-01-01 00:00:00 UTC");
        assert_eq!(Zone::Local.dated(0, -90), "1969-12-31 22:30:00 UTC\u{2212}1:30");
        assert_eq!(Zone::ALL.map(|zone| Zone::parse(zone.as_str())), Zone::ALL.map(Some));
    }
}
