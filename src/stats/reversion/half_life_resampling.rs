//! The residual bootstrap of a half-life, a few resamples at a time.

use crate::quantile::quantile;
use crate::random::Random;
use crate::reversion::first_order::first_order;
use crate::reversion::half_life::FEWEST;
use crate::reversion::half_life_interval::{BootstrapInterval, BootstrapSpec};
use crate::{Reading, Series, Undefined, half_life};
use core::f64::consts::LN_2;

/// [`half_life_bootstrap`](crate::half_life_bootstrap()) in slices, for callers that must not block: the same
/// draws in the same order, and so the same interval, however it is sliced.
///
/// ```
/// use core::num::NonZeroUsize;
/// use spreadscope_stats::{BootstrapSpec, Confidence, HalfLifeResampling, half_life_bootstrap, random::Congruential};
/// let spread: Vec<f64> = Congruential::new(1).path(0.9, 0.0).take(500).collect();
/// let resamples = NonZeroUsize::new(99).expect("it is not zero");
/// let spec = BootstrapSpec { resamples, seed: 1, confidence: Confidence::PERCENT_95 };
/// let mut resampling = HalfLifeResampling::new(&spread, spec)?;
/// while resampling.resample(10) {}
/// assert_eq!(resampling.interval(), half_life_bootstrap(&spread, &spec));
/// # Ok::<(), spreadscope_stats::Undefined>(())
/// ```
#[derive(Debug, Clone)]
pub struct HalfLifeResampling {
    spec: BootstrapSpec,
    intercept: f64,
    kept: f64,
    errors: Vec<f64>,
    random: Random,
    made: Vec<f64>,
    /// Size of the largest number that the spread was computed from.
    scale: f64,
    drawn: usize,
    slopes: Vec<f64>,
}

impl HalfLifeResampling {
    /// Fits `spread`, evenly spaced and oldest first, without drawing yet.
    ///
    /// # Errors
    /// [`Undefined`], as [`half_life`].
    pub fn new<'a>(spread: impl Into<Series<'a>>, spec: BootstrapSpec) -> Result<Self, Undefined> {
        let series = spread.into();
        let spread = series.values();
        match half_life(series) {
            Reading::Ready(_) => {}
            Reading::Undefined(reason) => return Err(reason),
            Reading::Warming { seen, .. } | Reading::Provisional { seen, .. } => {
                return Err(Undefined::TooShort { needed: FEWEST, got: seen });
            }
        }
        let fit = first_order(series)?;
        let kept = 1.0 + fit.slope;
        let errors = spread.windows(2).map(|pair| pair[1] - fit.intercept - kept * pair[0]).collect();
        Ok(Self {
            spec,
            intercept: fit.intercept,
            kept,
            errors,
            random: Random::new(spec.seed),
            made: spread.to_vec(),
            scale: series.scale(),
            drawn: 0,
            slopes: Vec::with_capacity(spec.resamples.get()),
        })
    }

    /// Makes and fits at most `most` of the remaining series. O(n · most).
    ///
    /// Returns whether there are more.
    pub fn resample(&mut self, most: usize) -> bool {
        let until = self.drawn.saturating_add(most).min(self.spec.resamples.get());
        for _ in self.drawn..until {
            for at in 1..self.made.len() {
                let error = self.errors[self.random.place(self.errors.len())];
                self.made[at] = self.intercept + self.kept * self.made[at - 1] + error;
            }
            // a resample of one error repeated does not vary, and has no slope to count
            if let Ok(again) = first_order(Series::computed_from(&self.made, self.scale)) {
                self.slopes.push(again.slope);
            }
        }
        self.drawn = until;
        until < self.spec.resamples.get()
    }

    /// The interval from the series so far.
    ///
    /// # Errors
    /// [`Undefined::Deterministic`] if none of the series varies.
    pub fn interval(mut self) -> Result<BootstrapInterval, Undefined> {
        if self.slopes.is_empty() {
            return Err(Undefined::Deterministic);
        }
        self.slopes.sort_by(f64::total_cmp);
        let tail = self.spec.confidence.tail();
        let (fastest, slowest) = (quantile(&self.slopes, tail), quantile(&self.slopes, 1.0 - tail));
        let bars = |slope: f64| if slope > -1.0 { -LN_2 / slope.ln_1p() } else { 0.0 };
        Ok(BootstrapInterval { low: bars(fastest.min(0.0)), high: (slowest < 0.0).then(|| bars(slowest)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Confidence, contract};
    use core::num::NonZeroUsize;

    #[test]
    fn however_it_is_sliced_the_interval_is_the_same() {
        let spread = contract::autoregression(0.9, 500);
        let resamples = NonZeroUsize::new(50).unwrap();
        let spec = BootstrapSpec { resamples, seed: 7, confidence: Confidence::PERCENT_95 };
        let sliced = |most: usize| {
            let mut resampling = HalfLifeResampling::new(&spread, spec).unwrap();
            let mut calls = 1;
            while resampling.resample(most) {
                calls += 1;
            }
            (calls, resampling.interval())
        };
        let whole = sliced(50);
        assert_eq!((whole.0, sliced(7)), (1, (8, whole.1)));
        assert_eq!(sliced(usize::MAX), whole);
        let undrawn = HalfLifeResampling::new(&spread, spec).unwrap();
        assert_eq!(undrawn.interval(), Err(Undefined::Deterministic));
    }
}
