//! The spans to replay: the newest ones by the length of a bar, all that is loaded, and any between two times.

use crate::view::numbers::calendar;
use spreadscope_engine::replay::{Place, ReplayCommand};
use spreadscope_engine::{Interval, UnixMillis};

/// Fewest bars of a newest span on offer: fewer are over at a glance.
const FEWEST_BARS: i64 = 150;

/// A choice of span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanChoice {
    /// The newest bars of some length.
    Newest(Newest),
    /// All bars that the desk has loaded.
    Loaded,
    /// From one time to another.
    Between,
}

/// A length of the newest bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newest {
    name: &'static str,
    label: &'static str,
    millis: i64,
}

const DAY: i64 = 86_400_000;

/// Every length, shortest first: its name in the page, its label, and its milliseconds.
const NEWEST: [Newest; 5] = [
    Newest { name: "hour", label: "Last hour", millis: DAY / 24 },
    Newest { name: "day", label: "Last day", millis: DAY },
    Newest { name: "week", label: "Last week", millis: 7 * DAY },
    Newest { name: "month", label: "Last 30 days", millis: 30 * DAY },
    Newest { name: "year", label: "Last year", millis: 365 * DAY },
];

impl SpanChoice {
    /// Returns the choices for bars of this length: those of which the desk can hold all bars, and more than a few.
    pub fn of(interval: Interval) -> Vec<Self> {
        let most = i64::try_from(interval.bars_kept()).unwrap_or(i64::MAX);
        let suits = |newest: &Newest| (FEWEST_BARS..=most).contains(&(newest.millis / interval.millis()));
        NEWEST.into_iter().filter(suits).map(Self::Newest).chain([Self::Loaded, Self::Between]).collect()
    }

    /// Returns its name in the page.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Newest(newest) => newest.name,
            Self::Loaded => "all",
            Self::Between => "between",
        }
    }

    /// Returns its label; `loaded` is the span of all that is loaded, if it is known.
    pub fn label(self, loaded: Option<&str>) -> String {
        match (self, loaded) {
            (Self::Newest(newest), _) => newest.label.to_owned(),
            (Self::Loaded, Some(span)) => format!("All loaded: {span}"),
            (Self::Loaded, None) => "All loaded".to_owned(),
            (Self::Between, _) => "From – to…".to_owned(),
        }
    }

    /// Returns the choice called `text`.
    pub fn parse(text: &str) -> Option<Self> {
        let all = NEWEST.into_iter().map(Self::Newest).chain([Self::Loaded, Self::Between]);
        all.into_iter().find(|choice| choice.as_str() == text)
    }

    /// Returns the request to send at once; `None` if two times must be given first.
    pub const fn command(self) -> Option<ReplayCommand> {
        match self {
            Self::Newest(newest) => Some(ReplayCommand::OpenLast { millis: newest.millis }),
            Self::Loaded => Some(ReplayCommand::OpenLast { millis: i64::MAX }),
            Self::Between => None,
        }
    }
}

/// Returns a time as a date-time field takes it, `2026-11-24T14:03:22`.
pub fn field_value(millis: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
    let millis = millis as i64;
    format!("{}T{}", calendar::date(millis), calendar::clock(millis))
}

/// Returns the request to replay from `from` to `to`, from the start.
///
/// # Errors
/// A sentence: what is wrong with the times.
pub fn between(from: Option<f64>, to: Option<f64>) -> Result<ReplayCommand, &'static str> {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
    let [from, to] = [from, to].map(|time| time.map(|millis| UnixMillis(millis as i64)));
    match (from, to) {
        (Some(from), Some(to)) if from < to => {
            Ok(ReplayCommand::Open(Place { from, to, at: from, begins: None }))
        }
        (Some(_), Some(_)) => Err("The span must begin before it ends."),
        _ => Err("A span needs a time at both ends."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_of_a_span_reads_back_and_asks() {
        for choice in Interval::ALL.into_iter().flat_map(SpanChoice::of) {
            assert_eq!(SpanChoice::parse(choice.as_str()), Some(choice));
        }
        assert_eq!(SpanChoice::Between.command(), None);
        let [from, to] = [1_700_000_000_000.0, 1_700_000_060_000.0];
        let place = Place {
            from: UnixMillis(1_700_000_000_000),
            to: UnixMillis(1_700_000_060_000),
            at: UnixMillis(1_700_000_000_000),
            begins: None,
        };
        assert_eq!(between(Some(from), Some(to)), Ok(ReplayCommand::Open(place)));
        assert_eq!(field_value(to), "2023-11-14T22:14:20");
        assert!(between(Some(to), Some(from)).is_err() && between(None, Some(to)).is_err());
    }

    /// The last hour of hourly bars is one bar.
    #[test]
    fn the_newest_spans_suit_the_length_of_a_bar() {
        let names =
            |interval: Interval| SpanChoice::of(interval).into_iter().map(SpanChoice::as_str).collect();
        let expected: [(Interval, &[&str]); 7] = [
            (Interval::OneSecond, &["hour", "day"]),
            (Interval::OneMinute, &["day", "week", "month"]),
            (Interval::FiveMinutes, &["day", "week", "month"]),
            (Interval::FifteenMinutes, &["week", "month", "year"]),
            (Interval::OneHour, &["week", "month", "year"]),
            (Interval::FourHours, &["month", "year"]),
            (Interval::OneDay, &["year"]),
        ];
        for (interval, newest) in expected {
            let names: Vec<&str> = names(interval);
            assert_eq!(names, [newest, &["all", "between"]].concat(), "{interval:?}");
        }
    }

    /// It may be shorter than the last day, most of which must be loaded first.
    #[test]
    fn all_that_is_loaded_says_how_much_it_is() {
        assert_eq!(SpanChoice::Loaded.label(Some("1 h 1 min")), "All loaded: 1 h 1 min");
        assert_eq!(SpanChoice::Loaded.label(None), "All loaded");
    }
}
