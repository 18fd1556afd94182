//! The coefficient behind a Dickey-Fuller statistic, for whoever shows how it comes about.

use crate::sample::Sample;
use crate::unit_root::mackinnon::Trend;
use crate::{Series, UnitRootError};

/// The coefficient of the level in a Dickey-Fuller regression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelSlope {
    /// The coefficient b; -1 for noise, 0 for a random walk.
    pub slope: f64,
    /// Its standard error: the statistic is `slope / std_error`.
    pub std_error: f64,
    /// Rows of the regression.
    pub observations: usize,
}

/// Returns b of `Δy(t) = b·y(t-1) + Σ c(i)·Δy(t-i)` and the terms of `trend`, with `lags` lagged changes.
///
/// `y`: as for [`adf`](crate::adf); `lags`: those that it reports.
///
/// # Errors
/// [`UnitRootError`] if the lags leave too few rows, or the regression is singular.
///
/// # Source
/// Dickey, Fuller (1979). Checked against `adf` and `half_life`, and in `tests/oracle` through them.
pub fn level_slope<'a>(
    y: impl Into<Series<'a>>,
    trend: Trend,
    lags: usize,
) -> Result<LevelSlope, UnitRootError> {
    let y = y.into();
    let (got, needed) = (y.values().len(), 2 * lags + trend.terms() + 3);
    if got < needed {
        return Err(crate::Undefined::TooShort { needed, got }.into());
    }
    let sample = Sample::bent(y, trend != Trend::None)?;
    let found = sample.regression(lags).level_slope(trend, lags);
    let (slope, std_error, observations) = found.map_err(|_singular| UnitRootError::DETERMINISTIC)?;
    if slope.is_finite() && std_error.is_finite() {
        Ok(LevelSlope { slope, std_error, observations })
    } else {
        Err(UnitRootError::DETERMINISTIC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Congruential;
    use crate::{AdfSpec, LagChoice, Reading, adf, half_life};

    #[test]
    fn slope_and_error_make_the_statistic_at_every_number_of_lags() {
        let spread: Vec<f64> = Congruential::new(3).path(0.9, 0.0).take(400).collect();
        for trend in [Trend::None, Trend::Constant, Trend::Linear] {
            for lags in [0, 1, 7] {
                let test = adf(&spread, &AdfSpec { trend, lags: LagChoice::Fixed(lags) }).unwrap();
                let found = level_slope(&spread, trend, lags).unwrap();
                assert!(
                    (found.slope / found.std_error / test.statistic - 1.0).abs() < 1e-9,
                    "{found:?} {test:?}"
                );
                assert_eq!(found.observations, test.observations);
            }
        }
        let Reading::Ready(reverting) = half_life(&spread) else { panic!("it reverts") };
        let found = level_slope(&spread, Trend::Constant, 0).unwrap();
        assert!((found.slope / reverting.slope - 1.0).abs() < 1e-9, "{found:?} {reverting:?}");
        assert!((found.std_error / reverting.slope_std_error - 1.0).abs() < 1e-9, "{found:?} {reverting:?}");
    }

    #[test]
    fn what_has_no_slope_says_so() {
        assert!(level_slope(&[1.0; 50], Trend::Constant, 0).is_err());
        assert!(level_slope(&[1.0, 2.0, 4.0], Trend::Constant, 1).is_err());
    }
}
