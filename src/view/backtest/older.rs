//! Older bars for a backtest over more time: how many come at once, and how far a whole day has come.

use crate::view::numbers::format;
use spreadscope_engine::Interval;
use spreadscope_engine::engine::MOST_OLDER_BARS;
use spreadscope_engine::settings::Source;

const DAY_MILLIS: f64 = 86_400_000.0;

/// Returns how much older bars one request brings at most, if `held` are here, as a time and in words:
/// `1 h older`, `At most 3,600 bars from …`.
pub fn step(held: usize, interval: Interval) -> (String, String) {
    let bars = held.min(MOST_OLDER_BARS);
    let span = format::duration(bars as f64 * interval.secs());
    let about = format!(
        "At most {} bars from the store or the exchange; the run is then over all of them.",
        format::count(bars as u64)
    );
    (format!("{span} older"), about)
}

/// With fewer bars than these left to load, a desk is full: new ones take their place.
const NEARLY: usize = 60;

/// Returns why no older bars can be loaded beside the `held` ones, if so.
pub fn refusal(source: &Source, is_replay: bool, held: usize, interval: Interval) -> Option<String> {
    match source {
        _ if is_replay => Some("A replay knows nothing before its span.".to_owned()),
        Source::Recording => {
            Some("All bars of the recording are here: import an earlier file for more.".to_owned())
        }
        _ if held + NEARLY >= interval.bars_kept() => Some(format!(
            "The desk keeps {} bars of {}, and they are here: take longer bars for a longer time.",
            format::count(interval.bars_kept() as u64),
            interval.as_str()
        )),
        _ => None,
    }
}

/// A span of bars that is being loaded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    /// Open time of its first bar, milliseconds since 1970.
    from: f64,
    /// Close of the newest bar when it was asked for, milliseconds since 1970.
    end: f64,
}

impl Wanted {
    /// Returns the span from `from` to `end`, milliseconds since 1970; `None` if bars from `first` on cover it already.
    pub fn from(from: f64, first: f64, end: f64) -> Option<Self> {
        let wanted = Self { from, end };
        (!wanted.is_whole(first)).then_some(wanted)
    }

    /// Returns the day before `end`, as [`Self::from`].
    pub fn day(first: f64, end: f64) -> Option<Self> {
        Self::from(end - DAY_MILLIS, first, end)
    }

    /// Returns whether bars from `first` on cover it.
    pub fn is_whole(self, first: f64) -> bool {
        first <= self.from
    }

    /// Returns how much of it there is with bars from `first` on: `6 h of 1 d`.
    pub fn progress(self, first: f64) -> String {
        let [held, whole] = [first, self.from].map(|from| format::duration((self.end - from) / 1_000.0));
        format!("{held} of {whole}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_says_how_much_it_brings() {
        let (hour, about) = step(3_600, Interval::OneSecond);
        assert!(hour == "1 h older" && about.starts_with("At most 3,600 bars"), "{about}");
        assert_eq!(step(50_000, Interval::OneMinute).0, "6 d 23 h older");
    }

    #[test]
    fn a_day_is_whole_once_its_first_bar_is_here() {
        let end = 1_700_006_400_000.0;
        let day = Wanted::day(end - 3_600_000.0, end).unwrap();
        assert_eq!(day.progress(end - 6.0 * 3_600_000.0), "6 h of 1 d");
        assert!(!day.is_whole(end - DAY_MILLIS + 1_000.0) && day.is_whole(end - DAY_MILLIS));
        assert_eq!(Wanted::day(end - DAY_MILLIS, end), None);
        assert_eq!(Wanted::from(end - 60_000.0, end - 90_000.0, end), None);
    }

    #[test]
    fn what_has_no_older_bars_says_why() {
        let refusal = |source, is_replay, held| refusal(source, is_replay, held, Interval::OneSecond);
        assert!(refusal(&Source::Recording, false, 9).is_some_and(|why| why.contains("recording")));
        assert!(refusal(&Source::Binance, true, 9).is_some_and(|why| why.contains("replay")));
        assert_eq!(refusal(&Source::Binance, false, 86_000), None);
        let full = refusal(&Source::Binance, false, 86_399);
        assert!(full.is_some_and(|why| why.starts_with("The desk keeps 86,400 bars of 1s")));
    }
}
