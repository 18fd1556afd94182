//! The Engle-Granger test of cointegration.

use crate::Undefined;
use crate::adf::{Adf, AdfError, AdfSpec, LagChoice, adf, dickey_fuller};
use crate::mackinnon::{self, CriticalValues, Trend};
use crate::ols::ols;
use core::fmt;

/// Above this share of explained variance the two series are copies of one another.
const COLLINEAR_R_SQUARED: f64 = 1.0 - 100.0 * 1.490_116_119_384_765_6e-8;

/// The test's result.
#[derive(Debug, Clone, PartialEq)]
pub struct EngleGranger {
    /// Slope of y on x.
    pub hedge_ratio: f64,
    /// In units of y.
    pub intercept: f64,
    /// Of the slope, as least squares has it; with cointegrated series it is too small.
    pub hedge_ratio_std_error: f64,
    /// t-statistic of the residual's level, without deterministic terms.
    pub statistic: f64,
    /// Asymptotic p-value of the null of no cointegration, two variables with constant.
    pub p_value: f64,
    /// For this number of observations.
    pub critical_values: CriticalValues,
    /// Lagged changes in the residual's regression.
    pub lags: usize,
    /// Plain ADF with constant on the residual, as if it had been observed and not fitted: its p-value is too
    /// small, and is here to be compared.
    pub residual_adf: Adf,
    /// y - intercept - slope x, oldest first.
    pub residuals: Vec<f64>,
}

/// Why two series cannot be tested.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum CointegrationError {
    /// The series differ in length.
    Lengths {
        /// Of y.
        y: usize,
        /// Of x.
        x: usize,
    },
    /// The regression of one on the other does not exist.
    Regression(Undefined),
    /// One is the other, scaled and shifted.
    Collinear,
    /// The residual cannot be tested.
    Residual(AdfError),
}

impl fmt::Display for CointegrationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lengths { y, x } => write!(formatter, "the series must be of one length, were {y} and {x}"),
            Self::Regression(reason) => write!(formatter, "no regression: {reason}"),
            Self::Collinear => write!(formatter, "one series is the other, scaled and shifted"),
            Self::Residual(error) => write!(formatter, "the spread cannot be tested: {error}"),
        }
    }
}

impl core::error::Error for CointegrationError {}

/// Tests `y` and `x` for cointegration: least squares of y on x with constant, then Dickey-Fuller on the
/// residual, judged by the distribution that allows for the fit.
///
/// `y`, `x`: levels of one length, evenly spaced, oldest first, finite.
///
/// # Errors
/// [`CointegrationError`].
///
/// # Source
/// Engle, Granger (1987); MacKinnon (1994, 2010) for N = 2. Checked against statsmodels `coint` to 1e-8 in
/// `tests/oracle`.
pub fn engle_granger(y: &[f64], x: &[f64], lags: &LagChoice) -> Result<EngleGranger, CointegrationError> {
    if y.len() != x.len() {
        return Err(CointegrationError::Lengths { y: y.len(), x: x.len() });
    }
    let fit = ols(y, x).map_err(CointegrationError::Regression)?;
    if fit.r_squared >= COLLINEAR_R_SQUARED {
        return Err(CointegrationError::Collinear);
    }
    let residuals: Vec<f64> = y.iter().zip(x).map(|(y, x)| y - fit.intercept - fit.slope * x).collect();
    let spec = AdfSpec { trend: Trend::None, lags: *lags };
    let (statistic, chosen, _) = dickey_fuller(&residuals, &spec).map_err(CointegrationError::Residual)?;
    let plain = AdfSpec { trend: Trend::Constant, lags: *lags };
    let residual_adf = adf(&residuals, &plain).map_err(CointegrationError::Residual)?;
    let known = "Invariant: two variables are in every table and the statistic is a number";
    Ok(EngleGranger {
        hedge_ratio: fit.slope,
        intercept: fit.intercept,
        hedge_ratio_std_error: fit.slope_std_error,
        statistic,
        p_value: mackinnon::p_value(statistic, Trend::Constant, 2).expect(known),
        critical_values: mackinnon::critical_values(Trend::Constant, 2, y.len() - 1).expect(known),
        lags: chosen,
        residual_adf,
        residuals,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn a_pair_with_a_noisy_multiple_is_cointegrated_and_the_fit_is_allowed_for() {
        let walk = contract::walk(1_000);
        let noise = contract::walk(1_001);
        let y: Vec<f64> = (0..1_000).map(|t| 3.0 + 2.0 * walk[t] + noise[t + 1] - noise[t]).collect();
        let x: Vec<f64> = walk.iter().rev().copied().collect();
        let found = engle_granger(&y, &walk, &LagChoice::Aic { max: None }).unwrap();
        assert!(found.p_value < 1e-3 && (found.hedge_ratio - 2.0).abs() < 0.05, "{found:?}");
        let unrelated = engle_granger(&y, &x, &LagChoice::Aic { max: None }).unwrap();
        assert!(unrelated.p_value > unrelated.residual_adf.p_value);
    }

    #[test]
    fn what_cannot_be_tested_is_refused_by_kind() {
        let walk = contract::walk(100);
        let lags = LagChoice::Aic { max: None };
        let twice: Vec<f64> = walk.iter().map(|x| 2.0 * x + 1.0).collect();
        assert_eq!(engle_granger(&twice, &walk, &lags), Err(CointegrationError::Collinear));
        assert_eq!(
            engle_granger(&walk, &walk[1..], &lags),
            Err(CointegrationError::Lengths { y: 100, x: 99 })
        );
        let still = vec![1.0; 100];
        let no_fit = Err(CointegrationError::Regression(Undefined::Collinear));
        assert_eq!(engle_granger(&walk, &still, &lags), no_fit);
    }
}
