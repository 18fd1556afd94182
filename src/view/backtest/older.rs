//! Older bars for a backtest over more time: how many come at once, and how far a whole day has come.

use crate::view::numbers::format;
use spreadscope_engine::Interval;
use spreadscope_engine::engine::MOST_OLDER_BARS;
use spreadscope_engine::settings::Source;

const DAY_MILLIS: f64 = 86_400_000.0;

/// Returns how many older bars one request brings at most, if `held` are here: `3,600 older bars (1 h)`.
pub fn step(held: usize, interval: Interval) -> String {
    let bars = held.min(MOST_OLDER_BARS);
    let span = format::duration(bars as f64 * interval.secs());
    format!("{} older bars ({span})", format::count(bars as u64))
}

/// Returns why no older bars can be loaded, if so.
pub fn refusal(source: &Source, is_replay: bool) -> Option<&'static str> {
    match source {
        _ if is_replay => Some("A replay knows nothing before its span."),
        Source::Recording => Some("All bars of the recording are here: import an earlier file for more."),
        _ => None,
    }
}

/// A day of bars that is being loaded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    /// Close of the newest bar when it was asked for, milliseconds since 1970.
    end: f64,
}

impl Day {
    /// Returns the day before `end`, milliseconds since 1970; `None` if bars from `first` on cover it already.
    pub fn before(first: f64, end: f64) -> Option<Self> {
        let day = Self { end };
        (!day.is_whole(first)).then_some(day)
    }

    /// Returns whether bars from `first` on cover it.
    pub fn is_whole(self, first: f64) -> bool {
        self.end - first >= DAY_MILLIS
    }

    /// Returns how much of it there is with bars from `first` on: `6 h of 1 d`.
    pub fn progress(self, first: f64) -> String {
        format!(
            "{} of {}",
            format::duration((self.end - first) / 1_000.0),
            format::duration(DAY_MILLIS / 1_000.0)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_says_how_much_it_brings() {
        assert_eq!(step(3_600, Interval::OneSecond), "3,600 older bars (1 h)");
        assert_eq!(step(50_000, Interval::OneMinute), "10,000 older bars (6 d 23 h)");
    }

    #[test]
    fn a_day_is_whole_once_its_first_bar_is_here() {
        let end = 1_700_006_400_000.0;
        let day = Day::before(end - 3_600_000.0, end).unwrap();
        assert_eq!(day.progress(end - 6.0 * 3_600_000.0), "6 h of 1 d");
        assert!(!day.is_whole(end - DAY_MILLIS + 1_000.0) && day.is_whole(end - DAY_MILLIS));
        assert_eq!(Day::before(end - DAY_MILLIS, end), None);
    }

    #[test]
    fn what_has_no_older_bars_says_why() {
        assert!(refusal(&Source::Recording, false).is_some_and(|why| why.contains("recording")));
        assert!(refusal(&Source::Binance, true).is_some_and(|why| why.contains("replay")));
        assert_eq!(refusal(&Source::Binance, false), None);
    }
}
