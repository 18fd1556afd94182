//! The tests as they stood at a bar: computed on a fixed grid of bars, and only where something asks.

use super::tape::Tape;
use crate::analytics::Metric;
use crate::analytics::cointegration::{self, HalfLife, Outcome};
use crate::{Interval, UnixMillis};
use std::collections::BTreeMap;

/// The desk runs its tests every so often, at a closed bar.
const GRID_MILLIS: i64 = 5_000;
/// A result is not held against bars that close later than this, or three bars, after its own.
const LASTS_MILLIS: i64 = 60_000;

/// Bars since the newest one on the grid.
fn bars_behind_grid(open_time: UnixMillis, interval: Interval) -> usize {
    let step = interval.millis();
    let grid = (GRID_MILLIS / step).max(1);
    usize::try_from(open_time.0.div_euclid(step).rem_euclid(grid)).expect("Invariant: it is not negative")
}

/// Whether tests are run at the close of the bar.
pub(super) fn is_on_grid(open_time: UnixMillis, interval: Interval) -> bool {
    bars_behind_grid(open_time, interval) == 0
}

/// A result of the tests.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tested {
    /// Engle-Granger p-value, or why there is none.
    pub(super) p_value: Metric,
    /// Half-life in bars, or why there is none.
    pub(super) half_life_bars: Metric,
}

/// The results found so far, by rows of the sample's end: the same for every run over a tape.
#[derive(Debug, Clone, Default)]
pub struct TestResults(BTreeMap<usize, Tested>);

impl TestResults {
    /// The newest result by the close of bar `at`; `None` when it is too old, or there is none.
    pub(super) fn by(&mut self, tape: &Tape, at: usize) -> Option<&Tested> {
        let step = tape.interval().millis();
        let open_time = tape.open_time(at);
        let behind = bars_behind_grid(open_time, tape.interval());
        let (sample, until) = tape.sample(at.checked_sub(behind)?);
        let newest = sample.last()?.open_time;
        if open_time.since(newest) > LASTS_MILLIS.max(3 * step) {
            return None;
        }
        let result = self.0.entry(until).or_insert_with(|| {
            let outcome = cointegration::outcome(sample, tape.settings());
            let why = |reason: &str| Metric::Undefined(reason.to_owned());
            match outcome {
                Outcome::Done(report) => Tested {
                    p_value: Metric::Ready(report.engle_granger_p_value),
                    half_life_bars: match report.half_life {
                        HalfLife::Reverting { bars, .. } => Metric::Ready(bars),
                        HalfLife::None(reason) => why(&reason),
                    },
                },
                Outcome::Warming { seen, needed } => {
                    let warming = Metric::Warming { seen, needed };
                    Tested { p_value: warming.clone(), half_life_bars: warming }
                }
                Outcome::Undefined(reason) => Tested { p_value: why(&reason), half_life_bars: why(&reason) },
            }
        });
        Some(result)
    }
}
