//! The uncertainty of a half-life: by the delta method, and by resampling the errors.

use crate::confidence::Confidence;
use crate::reversion::half_life::HalfLife;
use crate::reversion::half_life_resampling::HalfLifeResampling;
use crate::{Interval, Series, Undefined};
use core::f64::consts::LN_2;
use core::num::NonZeroUsize;

impl HalfLife {
    /// Standard error of `bars` by the delta method: `ln 2 / ((1 + b) ln(1 + b)^2)` times that of the slope b.
    pub fn bars_std_error(&self) -> f64 {
        let decay = self.slope.ln_1p();
        LN_2 / ((1.0 + self.slope) * decay * decay) * self.slope_std_error
    }

    /// `bars` plus or minus its standard errors, in observations; the lower end is at least 0.
    ///
    /// The distribution of a half-life is far from normal if reversion is weak; [`half_life_bootstrap`] shows
    /// how far.
    pub fn interval(&self, confidence: Confidence) -> Interval {
        let reach = confidence.standard_errors() * self.bars_std_error();
        Interval { low: (self.bars - reach).max(0.0), high: self.bars + reach }
    }
}

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BootstrapSpec {
    /// Number of resampled series.
    pub resamples: NonZeroUsize,
    /// Fixes the result: the same seed gives the same interval.
    pub seed: u64,
    /// Confidence level of the interval.
    pub confidence: Confidence,
}

/// The interval of the half-lives of resampled series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BootstrapInterval {
    /// Lower end, in observations; 0 if a resample jumps across its mean at once.
    pub low: f64,
    /// Upper end, in observations; `None` if too many resamples do not revert.
    pub high: Option<f64>,
}

/// Interval of the half-life of `spread` by a residual bootstrap. Errors of the first-order autoregression are
/// drawn with replacement; series of the same length are built from them, starting at the first value; each is
/// fitted again. The ends are percentiles of their slopes, interpolated linearly, as half-lives.
///
/// `spread`: evenly spaced, oldest first. O(n · resamples). If [`half_life`](crate::half_life) is undefined, so
/// is the interval, for the same reason.
///
/// Estimated slopes are further from 0 than the true ones by about 4/n, and those of the resamples by as much
/// again. The interval is therefore biased towards short half-lives if 4/n is not small relative to the slope.
///
/// # Errors
/// [`Undefined`], as [`half_life`](crate::half_life).
///
/// # Source
/// Efron, Tibshirani (1993), sections 8.5 and 13.3. Checked against the same resampling with numpy in
/// `tests/oracle`, draw by draw.
///
/// ```
/// use core::num::NonZeroUsize;
/// use spreadscope_stats::{BootstrapSpec, Confidence, half_life_bootstrap, random::Congruential};
/// let spread: Vec<f64> = Congruential::new(1).path(0.9, 0.0).take(500).collect();
/// let resamples = NonZeroUsize::new(199).expect("it is not zero");
/// let spec = BootstrapSpec { resamples, seed: 1, confidence: Confidence::PERCENT_95 };
/// let found = half_life_bootstrap(&spread, &spec)?;
/// assert!(found.low < 6.6 && found.high.is_some_and(|high| high > 6.6)); // ln 2 / -ln 0.9 = 6.6
/// # Ok::<(), spreadscope_stats::Undefined>(())
/// ```
pub fn half_life_bootstrap<'a>(
    spread: impl Into<Series<'a>>,
    spec: &BootstrapSpec,
) -> Result<BootstrapInterval, Undefined> {
    let mut resampling = HalfLifeResampling::new(spread, *spec)?;
    resampling.resample(spec.resamples.get());
    resampling.interval()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{self, autoregression};
    use crate::{Reading, half_life};

    fn spec(seed: u64) -> BootstrapSpec {
        let resamples = NonZeroUsize::new(400).unwrap();
        BootstrapSpec { resamples, seed, confidence: Confidence::PERCENT_95 }
    }

    #[test]
    fn with_much_data_both_intervals_are_one() {
        let spread = autoregression(0.9, 4_000);
        let Reading::Ready(found) = half_life(&spread) else { panic!() };
        let delta = found.interval(Confidence::PERCENT_95);
        let boot = half_life_bootstrap(&spread, &spec(1)).unwrap();
        assert!((boot.low / delta.low - 1.0).abs() < 0.1, "{boot:?} {delta:?}");
        assert!((boot.high.unwrap() / delta.high - 1.0).abs() < 0.1, "{boot:?} {delta:?}");
        assert!((found.bars - 6.58).abs() < 3.0 * found.bars_std_error(), "{found:?}");
        assert_eq!(half_life_bootstrap(&spread, &spec(1)).unwrap(), boot);
        assert_ne!(half_life_bootstrap(&spread, &spec(2)).unwrap(), boot);
    }

    #[test]
    fn where_there_is_no_half_life_there_is_no_interval() {
        let none = half_life_bootstrap(&contract::walk(300), &spec(1));
        assert!(matches!(none, Err(Undefined::NotSignificant { .. })));
        assert_eq!(half_life_bootstrap(&[1.0; 40], &spec(1)), Err(Undefined::Constant));
        assert_eq!(half_life_bootstrap(&[], &spec(1)), Err(Undefined::TooShort { needed: 10, got: 0 }));
    }
}
