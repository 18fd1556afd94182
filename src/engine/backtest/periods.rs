//! Returns over whole hours or days in UTC, from equity at the closes of bars.

use super::run::DAY_MILLIS;
use super::tape::Tape;
use crate::analytics::Metric;
use core::ops::Range;
use serde::{Deserialize, Serialize};

/// Spans at least this long have daily returns.
pub(super) const DAILY_FROM_MILLIS: f64 = 30.0 * DAY_MILLIS;
/// Fewest returns for a ratio.
const FEWEST_RETURNS: usize = 30;
const HOUR_MILLIS: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR_MILLIS;
/// Milliseconds in a year of 365 days, since the market never closes.
const YEAR_MILLIS: f64 = 365.0 * DAY_MILLIS;

/// The period of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A whole hour.
    Hour,
    /// Four whole hours: a bar of that length holds no shorter period.
    #[serde(rename = "4h")]
    FourHours,
    /// A whole day.
    Day,
}

impl Period {
    /// Several of them, in words.
    pub const fn many(self) -> &'static str {
        match self {
            Self::Hour => "whole hours",
            Self::FourHours => "whole periods of 4 hours",
            Self::Day => "whole days",
        }
    }
}

/// The boundaries of the whole periods in a span of bars.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Periods {
    /// Length of a period, milliseconds.
    pub(super) millis: i64,
    /// For each boundary, from the start of the first period on: the number of the span's bars that have closed
    /// by then.
    pub(super) ends: Vec<usize>,
}

impl Periods {
    /// The periods of the bars at `bars`: hours, or days from 30 days on, but none shorter than a bar. Partial
    /// periods at the ends are left out.
    pub(super) fn of(tape: &Tape, bars: Range<usize>) -> Self {
        let step = tape.interval().millis();
        let (from, to) = (tape.open_time(bars.start).0, tape.open_time(bars.end).0);
        let hours = ((to - from) as f64) < DAILY_FROM_MILLIS;
        let millis = if hours { HOUR_MILLIS.max(step) } else { DAY };
        let first = (from + millis - 1).div_euclid(millis);
        let last = to.div_euclid(millis);
        let until = |period: i64| usize::try_from((period * millis - from) / step).unwrap_or(0);
        Self { millis, ends: (first..=last).map(until).collect() }
    }

    /// Periods in a year.
    pub(super) fn per_year(&self) -> f64 {
        YEAR_MILLIS / self.millis as f64
    }

    /// The length of a period.
    pub(super) fn period(&self) -> Period {
        match self.millis {
            HOUR_MILLIS => Period::Hour,
            DAY => Period::Day,
            _ => Period::FourHours,
        }
    }

    /// The return of each period, where `equity` gives the equity after a number of bars.
    pub(super) fn returns(
        &self,
        capital: f64,
        compounding: bool,
        equity: impl FnMut(usize) -> f64,
    ) -> Vec<f64> {
        let ends: Vec<f64> = self.ends.iter().copied().map(equity).collect();
        let of = |pair: &[f64]| {
            let base = if compounding { pair[0] } else { capital };
            // what is lost earns nothing
            if base > 0.0 { (pair[1] - pair[0]) / base } else { 0.0 }
        };
        ends.windows(2).map(of).collect()
    }
}

/// The annual return over a span: compound growth of the capital.
pub(super) fn annual_growth(capital: f64, equity: f64, span_millis: f64) -> Metric {
    let undefined = |reason: &str| Metric::Undefined(reason.to_owned());
    if span_millis < DAILY_FROM_MILLIS {
        return undefined("the span is too short: a return a year needs 30 days");
    }
    if equity <= 0.0 {
        return undefined("the capital is lost");
    }
    Metric::Ready((equity / capital).powf(YEAR_MILLIS / span_millis) - 1.0)
}

/// The returns if there are enough of them for a ratio; otherwise the reason.
pub(super) fn enough(returns: &[f64], period: Period) -> Result<&[f64], String> {
    if returns.len() >= FEWEST_RETURNS {
        return Ok(returns);
    }
    Err(format!(
        "the span is too short: it has {} {} and {FEWEST_RETURNS} are needed",
        returns.len(),
        period.many()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_as_many_periods_as_it_has_hours_and_days() {
        // trap "annualising": the root is 93.6 for hours and 19.1 for days, never 15.87
        let root = |millis: i64| Periods { millis, ends: Vec::new() }.per_year().sqrt();
        let roots = [1_000, 60_000, HOUR_MILLIS, DAY].map(root);
        for (root, expected) in roots.into_iter().zip([5_615.7, 725.0, 93.6, 19.1]) {
            assert!((root - expected).abs() < 0.05, "{root}");
        }
    }

    #[test]
    fn a_short_span_is_never_compounded() {
        // trap "short span": +0.1 % in 649 s would be 1e21 a year
        let by_force = 1.001_f64.powf(YEAR_MILLIS / 649_000.0);
        assert!((by_force.log10() - 21.1).abs() < 0.1, "{by_force}");
        assert!(matches!(annual_growth(1_000.0, 1_001.0, 649_000.0), Metric::Undefined(_)));
        let Metric::Ready(grown) = annual_growth(1_000.0, 1_100.0, YEAR_MILLIS) else { panic!() };
        assert!((grown - 0.1).abs() < 1e-12);
    }
}
