//! The first step of every residual-based test: regresses one series on the other and on deterministic terms.

use crate::Undefined;
use crate::series::{Series, is_rounding, rounding, spread_scale};
use crate::sums::{dot, mean};
use crate::unit_root::error::UnitRootError;
use crate::unit_root::mackinnon::Trend;
use core::fmt;

/// Why two series cannot be tested for cointegration.
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
    /// Without a constant, the test has no critical values.
    NoConstant,
    /// The kernel's bandwidth is negative or not finite.
    Bandwidth {
        /// Bandwidth given.
        was: f64,
    },
    /// The regression of one on the other does not exist.
    Regression(Undefined),
    /// One series is the other, scaled and shifted.
    Collinear,
    /// The residual cannot be tested.
    Residual(UnitRootError),
}

impl fmt::Display for CointegrationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lengths { y, x } => {
                write!(formatter, "the series must be of the same length, were {y} and {x}")
            }
            Self::NoConstant => write!(formatter, "the trend must have a constant, was none"),
            Self::Bandwidth { was } => {
                write!(formatter, "bandwidth must be finite and at least 0, was {was}")
            }
            Self::Regression(reason) => write!(formatter, "no regression: {reason}"),
            Self::Collinear => write!(formatter, "one series is the other, scaled and shifted"),
            Self::Residual(error) => write!(formatter, "the spread cannot be tested: {error}"),
        }
    }
}

impl core::error::Error for CointegrationError {}

/// `y = intercept + time_slope t + time_curvature t^2 + slope x + residual`, t = 0 at the oldest.
#[derive(Debug)]
pub(crate) struct CointegratingRegression {
    pub(crate) slope: f64,
    pub(crate) slope_std_error: f64,
    pub(crate) intercept: f64,
    pub(crate) time_slope: f64,
    pub(crate) time_curvature: f64,
    pub(crate) residuals: Vec<f64>,
    /// Size of the numbers that the residuals are differences of.
    pub(crate) scale: f64,
}

impl CointegratingRegression {
    pub(crate) fn spread(&self) -> Series<'_> {
        Series::computed_from(&self.residuals, self.scale)
    }
}

/// The powers of time beyond the constant: `u`, and `u^2` minus its mean, where u is time centred and scaled to
/// run from -1 to 1. All are orthogonal.
pub(crate) fn time_terms(count: usize, trend: Trend) -> Vec<Vec<f64>> {
    let n = count as f64;
    let linear = || (0..count).map(|at| (2.0 * at as f64 - (n - 1.0)) / n);
    let square = || {
        let mut values: Vec<f64> = linear().map(|u| u * u).collect();
        let mean = mean(&values);
        for value in &mut values {
            *value -= mean;
        }
        values
    };
    match trend {
        Trend::None | Trend::Constant => Vec::new(),
        Trend::Linear => vec![linear().collect()],
        Trend::Quadratic => vec![linear().collect(), square()],
    }
}

/// Removes constant and trend terms from a series; returns their coefficients in `[1, u, u^2 - mean]`.
pub(crate) fn detrend(values: &mut [f64], terms: &[Vec<f64>]) -> [f64; 3] {
    let mut coefficients = [mean(values), 0.0, 0.0];
    for value in &mut *values {
        *value -= coefficients[0];
    }
    for (coefficient, term) in coefficients[1..].iter_mut().zip(terms) {
        *coefficient = dot(term, values) / dot(term, term);
        values.iter_mut().zip(term).for_each(|(value, term)| *value -= *coefficient * term);
    }
    coefficients
}

/// Regresses `y` on `x` and the trend, through the residuals of both on the trend.
pub(crate) fn cointegrating_regression(
    y: Series<'_>,
    x: Series<'_>,
    trend: Trend,
) -> Result<CointegratingRegression, CointegrationError> {
    let (scale_y, scale_x) = (y.scale(), x.scale());
    let (y, x) = (y.values(), x.values());
    if y.len() != x.len() {
        return Err(CointegrationError::Lengths { y: y.len(), x: x.len() });
    }
    let (count, terms) = (y.len(), trend.terms());
    if terms == 0 {
        return Err(CointegrationError::NoConstant);
    }
    let undefined = |reason| Err(CointegrationError::Regression(reason));
    let needed = terms + 2;
    if count < needed {
        return undefined(Undefined::TooShort { needed, got: count });
    }
    let n = count as f64;
    let times = time_terms(count, trend);
    let (mut dy, mut dx) = (y.to_vec(), x.to_vec());
    let mut of_y = detrend(&mut dy, &[]);
    let total = dot(&dy, &dy);
    if !times.is_empty() {
        let more = detrend(&mut dy, &times);
        of_y = core::array::from_fn(|at| of_y[at] + more[at]);
    }
    let of_x = detrend(&mut dx, &times);
    let (sxx, sxy) = (dot(&dx, &dx), dot(&dx, &dy));
    if !(sxx + sxy.abs() + total).is_finite() {
        return undefined(Undefined::NonFinite);
    }
    if sxx <= n * rounding(scale_x).powi(2) {
        return undefined(Undefined::Collinear);
    }
    let slope = sxy / sxx;
    let residuals: Vec<f64> = dy.iter().zip(&dx).map(|(dy, dx)| dy - slope * dx).collect();
    let scale = spread_scale(scale_y, slope * scale_x, of_y[0] - slope * of_x[0]);
    if total <= n * rounding(scale_y).powi(2) {
        return undefined(Undefined::Constant);
    }
    if is_rounding(&residuals, scale) {
        return Err(CointegrationError::Collinear);
    }
    let left = dot(&residuals, &residuals);
    let slope_std_error = (left / (n - terms as f64 - 1.0)).sqrt() / sxx.sqrt();
    if !slope.is_finite() || !slope_std_error.is_finite() {
        return undefined(Undefined::NonFinite);
    }
    let [level, first, second]: [f64; 3] = core::array::from_fn(|at| of_y[at] - slope * of_x[at]);
    let (per_bar, start) = (2.0 / n, -(n - 1.0) / n);
    // the mean of u^2
    let mean_square = (n * n - 1.0) / (3.0 * n * n);
    Ok(CointegratingRegression {
        slope,
        slope_std_error,
        intercept: level + first * start + second * (start * start - mean_square),
        time_slope: (first + 2.0 * second * start) * per_bar,
        time_curvature: second * per_bar * per_bar,
        residuals,
        scale,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;
    use crate::sums::sum;

    #[test]
    fn coefficients_and_residuals_are_those_of_least_squares() {
        let walk = contract::walk(400);
        let (y, x) = (&walk[..200], &walk[200..]);
        let ones = vec![1.0; 200];
        let time: Vec<f64> = (0..200).map(f64::from).collect();
        let square: Vec<f64> = time.iter().map(|t| t * t).collect();
        let columns: [&[f64]; 4] = [x, &ones, &time, &square];
        for (trend, count) in [(Trend::Constant, 2), (Trend::Linear, 3), (Trend::Quadratic, 4)] {
            let fit = cointegrating_regression(y.into(), x.into(), trend).unwrap();
            let expected = crate::least_squares(y, &columns[..count]).unwrap();
            let got = [fit.slope, fit.intercept, fit.time_slope, fit.time_curvature];
            for (got, expected) in got.into_iter().zip(&expected.coefficients) {
                assert!((got / expected - 1.0).abs() < 1e-9, "{trend:?}: {got} {expected}");
            }
            assert!(got[count..].iter().all(|unused| *unused == 0.0));
            assert!((fit.slope_std_error / expected.std_errors[0] - 1.0).abs() < 1e-9);
            assert!(
                (dot(&fit.residuals, &fit.residuals) / expected.residual_sum_of_squares - 1.0).abs() < 1e-9
            );
            assert!(sum(&fit.residuals).abs() < 1e-9);
        }
    }

    #[test]
    fn an_x_that_is_a_straight_line_has_no_slope_beside_a_trend() {
        let walk = contract::walk(100);
        let line: Vec<f64> = (0..100).map(|t| 0.1 + 0.3 * f64::from(t)).collect();
        assert!(cointegrating_regression((&walk).into(), (&line).into(), Trend::Constant).is_ok());
        let refused = cointegrating_regression((&walk).into(), (&line).into(), Trend::Linear).unwrap_err();
        assert_eq!(refused, CointegrationError::Regression(Undefined::Collinear));
        let refused =
            cointegrating_regression((&walk).into(), (&[0.1; 100]).into(), Trend::Constant).unwrap_err();
        assert_eq!(refused, CointegrationError::Regression(Undefined::Collinear));
    }
}
