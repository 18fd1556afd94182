//! Johansen's trace at past bars, on the lookbacks of the past Engle-Granger tests, a few at a time.

use crate::UnixMillis;
use crate::analytics::evidence::Group;
use crate::analytics::past_cointegration::PastTests;
use crate::settings::Settings;
use crate::settings::test_options::FitTerms;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Traces computed per call.
const TRACES_PER_CALL: usize = 4;

/// Computes Johansen's trace of two legs; `None` if it cannot be computed.
pub type Trace = fn(&[f64], &[f64], FitTerms) -> Option<f64>;

/// Johansen's trace on the bars up to a past bar.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PastTrace {
    /// Open time of the last bar in the sample.
    pub open_time: UnixMillis,
    /// The trace statistic of the null of no cointegration; `None` if it cannot be computed.
    pub statistic: Option<f64>,
}

/// The traces so far; computed only once they are wanted.
#[derive(Debug, Clone, Default)]
pub struct PastTraces {
    wanted: bool,
    /// Oldest first.
    points: VecDeque<PastTrace>,
}

impl PastTraces {
    /// Computes traces from here on.
    pub fn want(&mut self) {
        self.wanted = true;
    }

    /// A copy without traces, for other rows.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self { wanted: self.wanted, ..Self::default() }
    }

    /// Computes some of the traces missing for `tests`, and drops those whose test is gone.
    ///
    /// Returns whether there is more to do.
    pub fn work(&mut self, tests: &PastTests, settings: &Settings, trace: Trace) -> bool {
        let Some(oldest) = tests.recent().next().filter(|_| self.wanted) else { return false };
        while self.points.front().is_some_and(|point| point.open_time < oldest.open_time) {
            self.points.pop_front();
        }
        let known = self.points.back().map(|point| point.open_time);
        let mut missing = tests
            .recent()
            .map(|test| test.open_time)
            .filter(|open_time| known.is_none_or(|known| *open_time > known));
        let scale = settings.price_scale;
        let lookback = Group::Together.lookback_bars(settings);
        for open_time in missing.by_ref().take(TRACES_PER_CALL) {
            let statistic = tests.rows_to(open_time, lookback).and_then(|rows| {
                let (y, x): (Vec<f64>, Vec<f64>) = rows.map(|row| (scale.of(row.y), scale.of(row.x))).unzip();
                trace(&y, &x, settings.test_terms)
            });
            self.points.push_back(PastTrace { open_time, statistic });
        }
        missing.next().is_some()
    }

    /// The traces, oldest first.
    pub fn points(&self) -> Vec<PastTrace> {
        self.points.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytics::SampleRow;
    use crate::analytics::evidence::Examine;

    fn row(second: i64) -> SampleRow {
        // squares modulo a prime as noise: without noise, no past test could be computed
        let error = |prime: i64| (second * second % prime) as f64 / prime as f64;
        let x = 100.0 + (second as f64 / 9.0).sin() + error(1_009);
        let y = 2.0 * x + error(997);
        SampleRow { open_time: UnixMillis(second * 1_000), y, x, carried: false }
    }

    #[test]
    fn traces_stand_beside_the_tests_once_they_are_wanted_and_none_is_computed_twice() {
        let settings = Settings { test_lookback_bars: 100, together_bars: Some(200), ..Settings::default() };
        let mut tests = PastTests::new(&settings);
        (0..1_200).map(row).for_each(|row| tests.push(row));
        while tests.work(&settings, &mut Vec::new()) {}
        let (mut traces, trace) = (PastTraces::default(), Examine::all().trace);
        assert!(!traces.work(&tests, &settings, trace) && traces.points().is_empty());
        traces.want();
        assert!(traces.work(&tests, &settings, trace));
        assert_eq!(traces.points().len(), TRACES_PER_CALL);
        while traces.work(&tests, &settings, trace) {}
        let points = traces.points();
        assert!(points.iter().map(|point| point.open_time).eq(tests.recent().map(|test| test.open_time)));
        // the first tests have barely more than 100 rows, and a trace needs 200
        let known = points.iter().filter(|point| point.statistic.is_some()).count();
        assert_eq!(points.len() - known, points.partition_point(|point| point.open_time.0 < 199_000));
        let (y, x): (Vec<f64>, Vec<f64>) = (801..=1_000).map(row).map(|row| (row.y, row.x)).unzip();
        let at = points.iter().find(|point| point.open_time.0 == 1_000_000).unwrap();
        assert_eq!(at.statistic, trace(&y, &x, FitTerms::Constant));
        (1_200..1_211).map(row).for_each(|row| tests.push(row));
        while tests.work(&settings, &mut Vec::new()) {}
        assert!(!traces.work(&tests, &settings, trace));
        assert_eq!(traces.points().last().map(|point| point.open_time.0), Some(1_210_000));
        assert!(traces.afresh().points().is_empty());
    }
}
