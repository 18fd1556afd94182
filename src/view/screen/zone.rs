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

    /// Returns the time of day of a moment, `14:03:22 UTC`, preceded by the date if that is not the day of
    /// `now_millis`. Local time has its offset from UTC, which tells apart the two hours of the same name when
    /// daylight saving ends.
    ///
    /// `offset_minutes`: local time minus UTC at that moment, which the browser knows.
    pub fn clock(self, millis: i64, offset_minutes: i32, now_millis: i64) -> String {
        let Ahead { offset, name } = self.ahead(offset_minutes);
        format!("{} {name}", calendar::dated(millis + offset, now_millis + offset))
    }

    /// Returns the span between two moments, `13:51:07 to 14:03:22 UTC`, with the dates of both ends unless both are of
    /// the day of `now_millis`, and with the second date only where it is another one. If the clocks change in between,
    /// each end has its offset from UTC.
    ///
    /// `ends`: each with local time minus UTC at that moment.
    pub fn span(self, ends: [(i64, i32); 2], now_millis: i64) -> String {
        let [from, to] = ends.map(|(millis, offset_minutes)| {
            let Ahead { offset, name } = self.ahead(offset_minutes);
            let local = millis + offset;
            (calendar::date(local), calendar::clock(local), name, calendar::date(now_millis + offset))
        });
        let (from_date, from_clock, from_name, _) = from;
        let (to_date, to_clock, name, today) = to;
        // daylight saving begins or ends in between
        let from_clock = if from_name == name { from_clock } else { format!("{from_clock} {from_name}") };
        if from_date != to_date {
            format!("{from_date} {from_clock} to {to_date} {to_clock} {name}")
        } else if from_date == today {
            format!("{from_clock} to {to_clock} {name}")
        } else {
            format!("{from_date} {from_clock} to {to_clock} {name}")
        }
    }

    /// Returns a moment with its date, for what may be read on another day: `2026-11-24 14:03:22 UTC`, or local
    /// time with its offset from UTC.
    pub fn dated(self, millis: i64, offset_minutes: i32) -> String {
        let Ahead { offset, name } = self.ahead(offset_minutes);
        let local = millis + offset;
        format!("{} {} {name}", calendar::date(local), calendar::clock(local))
    }

    fn ahead(self, offset_minutes: i32) -> Ahead {
        match self {
            Self::Utc => Ahead { offset: 0, name: "UTC".to_owned() },
            Self::Local => {
                Ahead { offset: i64::from(offset_minutes) * 60_000, name: offset_name(offset_minutes) }
            }
        }
    }
}

/// How far a zone is ahead of UTC at a moment.
struct Ahead {
    /// In milliseconds.
    offset: i64,
    /// As written behind a time.
    name: String,
}

/// Returns an offset from UTC as written behind a time, `UTC+2` or `UTC−1:30`.
pub fn offset_name(offset_minutes: i32) -> String {
    let sign = if offset_minutes < 0 { '\u{2212}' } else { '+' };
    let minutes = offset_minutes.unsigned_abs();
    match minutes % 60 {
        0 => format!("UTC{sign}{}", minutes / 60),
        rest => format!("UTC{sign}{}:{rest:02}", minutes / 60),
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
        assert_eq!(span(Zone::Local, NOW - HOUR, NOW, 780), "02:03:22 to 03:03:22 UTC+13");
        // Berlin's clocks change inside, at 2026-10-25 01:00Z
        let change = 1_792_890_000_000;
        let ends = |before: i64, after: i64| [(change - before, 120), (change + after, 60)];
        assert_eq!(
            Zone::Local.span(ends(HOUR / 2, HOUR / 2), NOW),
            "2026-10-25 02:30:00 UTC+2 to 02:30:00 UTC+1"
        );
    }

    #[test]
    fn the_two_hours_of_the_same_name_differ_in_their_offset() {
        // Berlin, 2026-10-25: clocks go back from 3 to 2 at 01:00Z
        let (first, second) = (1_792_888_200_000, 1_792_891_800_000);
        let now = 1_796_040_000_000;
        assert_eq!(Zone::Local.clock(first, 120, now), "2026-10-25 02:30:00 UTC+2");
        assert_eq!(Zone::Local.clock(second, 60, now), "2026-10-25 02:30:00 UTC+1");
        assert_eq!(Zone::Local.dated(second, 60), Zone::Local.clock(second, 60, now));
    }

    #[test]
    fn the_time_says_whose_it_is() {
        assert_eq!(Zone::Utc.clock(0, 120, 0), "00:00:00 UTC");
        assert_eq!(Zone::Local.clock(0, 120, 0), "02:00:00 UTC+2");
        assert_eq!(Zone::Local.clock(0, -90, 0), "22:30:00 UTC\u{2212}1:30");
        assert_eq!(Zone::Local.clock(0, -90, 7_200_000), "1969-12-31 22:30:00 UTC\u{2212}1:30");
        assert_eq!(Zone::Utc.dated(0, 120), "1970-01-01 00:00:00 UTC");
        assert_eq!(Zone::Local.dated(0, -90), "1969-12-31 22:30:00 UTC\u{2212}1:30");
        assert_eq!([0, 345].map(offset_name), ["UTC+0", "UTC+5:45"]);
        assert_eq!(Zone::ALL.map(|zone| Zone::parse(zone.as_str())), Zone::ALL.map(Some));
    }
}
