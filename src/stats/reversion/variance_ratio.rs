//! The variance ratio: whether the variance of a series grows as fast as a random walk's, faster, or slower.

use crate::sums::{dot, mean};
use crate::{Series, Undefined};
use core::fmt;
use statrs::distribution::{ContinuousCDF as _, Normal};

/// What to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VarianceRatioSpec {
    /// Length q of the longer step in observations, at least 2.
    pub lags: usize,
    /// Whether the random walk under the null may have a drift.
    pub drift: bool,
    /// Whether the divisors make the variances unbiased under the null.
    pub unbiased: bool,
    /// Whether the test is robust to heteroskedasticity.
    pub robust: bool,
}

impl VarianceRatioSpec {
    /// With drift, unbiased and robust.
    pub fn of(lags: usize) -> Self {
        Self { lags, drift: true, unbiased: true, robust: true }
    }
}

/// The ratio and its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VarianceRatio {
    /// Variance of changes over `lags` observations, divided by `lags` times the variance over one: 1 for a
    /// random walk, below 1 if changes tend to be reversed, above 1 if they tend to continue.
    pub ratio: f64,
    /// Variance of the changes over one observation.
    pub short_variance: f64,
    /// Variance of the changes over `lags` observations, divided by `lags`.
    pub long_variance: f64,
    /// Standard normal under the null of a random walk.
    pub statistic: f64,
    /// Two-sided p-value, in `[0, 1]`.
    pub p_value: f64,
}

/// Why there is no ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum VarianceRatioError {
    /// `lags` is below 2, so that the longer step is not longer.
    Lags {
        /// Lags given.
        was: usize,
    },
    /// The changes do not vary.
    Constant,
    /// The ratio does not exist on these values.
    Undefined(Undefined),
}

impl fmt::Display for VarianceRatioError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lags { was } => write!(formatter, "lags must be at least 2, were {was}"),
            Self::Constant => write!(formatter, "the changes do not vary"),
            Self::Undefined(reason) => reason.fmt(formatter),
        }
    }
}

impl core::error::Error for VarianceRatioError {}

impl From<Undefined> for VarianceRatioError {
    fn from(reason: Undefined) -> Self {
        Self::Undefined(reason)
    }
}

/// Tests `levels` for a random walk by comparing the variance of overlapping steps of `lags` observations with
/// that of single steps.
///
/// `levels`: prices, log prices or a spread, evenly spaced, oldest first, finite; at least `lags + 2`.
///
/// # Errors
/// [`VarianceRatioError`].
///
/// # Source
/// Lo, MacKinlay (1988); Campbell, Lo, MacKinlay (1997), 2.4.39 and 2.4.43. Checked against arch 8.0
/// `VarianceRatio` (overlapping) to 1e-8 in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::{VarianceRatioSpec, random::Congruential, variance_ratio};
/// // a price that bounces between bid and ask
/// let mut bounce = Congruential::new(2);
/// let walk = Congruential::new(1).path(1.0, 100.0).take(500);
/// let price: Vec<f64> = walk.map(|value| value + bounce.centred().signum()).collect();
/// let found = variance_ratio(&price, &VarianceRatioSpec::of(10))?;
/// assert!(found.ratio < 0.5 && found.p_value < 0.01);
/// # Ok::<(), spreadscope_stats::VarianceRatioError>(())
/// ```
pub fn variance_ratio<'a>(
    levels: impl Into<Series<'a>>,
    spec: &VarianceRatioSpec,
) -> Result<VarianceRatio, VarianceRatioError> {
    let series = levels.into();
    let levels = series.values();
    let &VarianceRatioSpec { lags, drift, unbiased, robust } = spec;
    if lags < 2 {
        return Err(VarianceRatioError::Lags { was: lags });
    }
    let needed = lags.saturating_add(2);
    if levels.len() < needed {
        return Err(Undefined::TooShort { needed, got: levels.len() }.into());
    }
    let changes: Vec<f64> = levels.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let step = if drift { mean(&changes) } else { 0.0 };
    let (n, q) = (changes.len() as f64, lags as f64);
    let squares: Vec<f64> = changes.iter().map(|change| (change - step).powi(2)).collect();
    let short: f64 = squares.iter().sum();
    let long: f64 = (lags..levels.len()).map(|at| (levels[at] - levels[at - lags] - q * step).powi(2)).sum();
    if !(short * short + long).is_finite() {
        return Err(Undefined::NonFinite.into());
    }
    // are the changes more than the rounding error of the levels?
    match series.varies_by((short / n).sqrt()) {
        Err(Undefined::Constant) => return Err(VarianceRatioError::Constant),
        varies => varies?,
    }
    let (short_variance, long_variance) = if unbiased {
        (short / (n - 1.0), long / (q * (n - q + 1.0) * (1.0 - q / n)))
    } else {
        (short / n, long / (q * n))
    };
    let ratio = long_variance / short_variance;
    let variance = if robust {
        (1..lags)
            .map(|lag| {
                let products = dot(&squares[lag..], &squares[..squares.len() - lag]);
                4.0 * (1.0 - lag as f64 / q).powi(2) * n * products / (short * short)
            })
            .sum()
    } else {
        2.0 * (2.0 * q - 1.0) * (q - 1.0) / (3.0 * q)
    };
    let statistic = n.sqrt() * (ratio - 1.0) / f64::sqrt(variance);
    if !statistic.is_finite() {
        // of any two changes within the longer step, at least one is zero
        return Err(VarianceRatioError::Constant);
    }
    let p_value = 2.0 * Normal::standard().cdf(-statistic.abs());
    Ok(VarianceRatio { ratio, short_variance, long_variance, statistic, p_value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn a_walk_has_one_and_what_is_taken_back_has_less() {
        let walk = contract::walk(2_000);
        let found = variance_ratio(&walk, &VarianceRatioSpec::of(8)).unwrap();
        assert!((found.ratio - 1.0).abs() < 0.2 && found.p_value > 0.05, "{found:?}");
        let bouncing: Vec<f64> =
            walk.iter().enumerate().map(|(at, x)| x + if at % 2 == 0 { 0.5 } else { -0.5 }).collect();
        let found = variance_ratio(&bouncing, &VarianceRatioSpec::of(8)).unwrap();
        assert!(found.ratio < 0.5 && found.statistic < -3.0, "{found:?}");
    }

    #[test]
    fn what_cannot_be_tested_is_refused_by_kind() {
        let walk = contract::walk(20);
        let refused =
            |levels: &[f64], lags| variance_ratio(levels, &VarianceRatioSpec::of(lags)).unwrap_err();
        assert_eq!(refused(&walk, 1), VarianceRatioError::Lags { was: 1 });
        assert_eq!(refused(&walk, 19), Undefined::TooShort { needed: 21, got: 20 }.into());
        assert!(matches!(
            refused(&walk, usize::MAX),
            VarianceRatioError::Undefined(Undefined::TooShort { .. })
        ));
        assert_eq!(refused(&[0.1; 20], 2), VarianceRatioError::Constant);
        let line: Vec<f64> = (0..20).map(|at| 0.1 * f64::from(at)).collect();
        assert_eq!(refused(&line, 2), VarianceRatioError::Constant);
        assert_eq!(refused(&[f64::NAN; 20], 2), Undefined::NonFinite.into());
        assert_eq!(refused(&[1e200, 0.0, 1e200, 0.0, 3e200], 2), Undefined::NonFinite.into());
    }
}
