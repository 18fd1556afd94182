//! The test results at a bar: at the same bars as in the engine, and only computed when something needs them.

use super::tape::Tape;
use crate::analytics::cointegration::{self, HalfLife, Outcome};
use crate::analytics::{Metric, test_times};
use std::collections::BTreeMap;

/// A test result.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tested {
    /// Engle-Granger p-value, or why there is none.
    pub(super) p_value: Metric,
    /// Half-life in bars, or why there is none.
    pub(super) half_life_bars: Metric,
}

/// Tests per step: over the longest sample each takes about a third of a millisecond.
pub(super) const TESTS_A_STEP: usize = 8;

/// Results so far, by the sample row at which they end; shared by all runs over a tape.
#[derive(Debug, Clone, Default)]
pub struct TestResults(BTreeMap<usize, Tested>);

impl TestResults {
    /// Number of results.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The newest result by the close of bar `at`; `None` if it is too old or there is none.
    pub(super) fn by(&mut self, tape: &Tape, at: usize) -> Option<&Tested> {
        let step = tape.interval().millis();
        let open_time = tape.open_time(at);
        let behind = test_times::bars_behind_grid(open_time, tape.interval());
        let (sample, until) = tape.sample(at.checked_sub(behind)?);
        let newest = sample.last()?.open_time;
        if open_time.since(newest) > test_times::lasts_millis(step) {
            return None;
        }
        let result = self.0.entry(until).or_insert_with(|| {
            if let Some((seen, needed)) = cointegration::part(sample.len(), tape.settings()) {
                let warming = Metric::Warming { seen, needed };
                return Tested { p_value: warming.clone(), half_life_bars: warming };
            }
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
