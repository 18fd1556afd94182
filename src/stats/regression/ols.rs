//! Simple regression with intercept, rolling and batch, and general least squares by QR.

use crate::Undefined;
use crate::estimator::finite;
use crate::rolling::bivariate::Bivariate;
use crate::rolling::windowed::{OfWindow, Windowed};
use core::fmt;
use nalgebra::{DMatrix, DVector};

/// One observation of a dependent and an explanatory variable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Dependent variable.
    pub y: f64,
    /// Explanatory variable.
    pub x: f64,
}

/// `y = intercept + slope x + e` by least squares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OlsFit {
    /// Units of y per unit of x.
    pub slope: f64,
    /// Intercept, in units of y.
    pub intercept: f64,
    /// Standard error of the slope.
    pub slope_std_error: f64,
    /// Standard error of the intercept.
    pub intercept_std_error: f64,
    /// Share of y's variance that is explained; 1 if y does not vary.
    pub r_squared: f64,
    /// Standard deviation of e, divisor n - 2.
    pub residual_std_dev: f64,
    /// Number of observations.
    pub count: usize,
}

impl OlsFit {
    /// The fit, if all its numbers are finite.
    pub(crate) fn sound(self) -> Result<Self, Undefined> {
        let Self {
            slope, intercept, slope_std_error, intercept_std_error, r_squared, residual_std_dev, ..
        } = self;
        finite(&[slope, intercept, slope_std_error, intercept_std_error, r_squared, residual_std_dev])?;
        Ok(self)
    }
}

/// Regression of y on x with intercept over the last `window` observations.
///
/// Provisional from the third observation on; undefined if x does not vary. Constant time per observation.
pub type RollingOls = Windowed<OlsFit>;

impl OfWindow for OlsFit {
    type Input = Observation;
    type Summary = Bivariate;
    type Output = Self;
    const LEAST: usize = 3;

    fn single(input: Observation) -> Bivariate {
        Bivariate::of(input)
    }

    fn of(moments: Bivariate, count: usize, _: Observation) -> Result<Self, Undefined> {
        moments.ols(count)
    }
}

/// Regression of `y` on `x` with intercept over the whole sample, in two passes.
///
/// # Errors
/// [`Undefined::TooShort`] below 3 observations, [`Undefined::NonFinite`], [`Undefined::Collinear`] if x does
/// not vary.
///
/// # Panics
/// If `y` and `x` differ in length.
///
/// # Source
/// Checked against NIST `StRD` Norris (at least 12 digits) in `tests/oracle`.
pub fn ols(y: &[f64], x: &[f64]) -> Result<OlsFit, Undefined> {
    assert_eq!(y.len(), x.len(), "y and x must be of the same length");
    let count = y.len();
    if count < 3 {
        return Err(Undefined::TooShort { needed: 3, got: count });
    }
    let moments = Bivariate::of_sample(y, x);
    let Bivariate { n, mean_x, mean_y, .. } = moments;
    let mut fit = moments.ols(count)?;
    let residual: f64 =
        y.iter().zip(x).map(|(&y, &x)| (mean_y.below(y) - fit.slope * mean_x.below(x)).powi(2)).sum();
    let scale = (residual / (n - 2.0)).sqrt();
    fit.residual_std_dev = scale;
    fit.slope_std_error = scale / moments.sxx.sqrt();
    fit.intercept_std_error = scale * (1.0 / n + mean_x.value.powi(2) / moments.sxx).sqrt();
    if moments.syy > 0.0 {
        fit.r_squared = 1.0 - residual / moments.syy;
    }
    fit.sound()
}

/// A general least-squares fit.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastSquares {
    /// One per column.
    pub coefficients: Vec<f64>,
    /// Standard error of each coefficient, divisor n - k.
    pub std_errors: Vec<f64>,
    /// Sum of squared residuals.
    pub residual_sum_of_squares: f64,
}

/// Why a general least-squares fit does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeastSquaresError {
    /// There are not more rows than columns.
    TooShort {
        /// Rows needed.
        needed: usize,
        /// Rows given.
        got: usize,
    },
    /// A number is not finite, or too large to be squared.
    NonFinite,
    /// A column is a linear combination of others.
    RankDeficient,
}

impl fmt::Display for LeastSquaresError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { needed, got } => write!(formatter, "{needed} rows are needed, {got} were given"),
            Self::NonFinite => write!(formatter, "a number is not finite"),
            Self::RankDeficient => write!(formatter, "a column is a combination of the others"),
        }
    }
}

impl core::error::Error for LeastSquaresError {}

/// Fits `y` on the given columns, without adding a constant, by Householder QR on columns scaled to length one.
///
/// # Errors
/// [`LeastSquaresError`].
///
/// # Panics
/// If a column differs from `y` in length.
///
/// # Source
/// Checked against NIST `StRD` Longley (at least 10 digits), Filip (7.5), `NoInt1` and `NoInt2` (14).
pub fn least_squares(y: &[f64], columns: &[&[f64]]) -> Result<LeastSquares, LeastSquaresError> {
    let (n, k) = (y.len(), columns.len());
    if n <= k || k == 0 {
        return Err(LeastSquaresError::TooShort { needed: k + 1, got: n });
    }
    assert!(columns.iter().all(|column| column.len() == n), "columns must be as long as y");
    let scales: Vec<f64> = columns.iter().map(|c| c.iter().map(|x| x * x).sum::<f64>().sqrt()).collect();
    if !y.iter().all(|y| y.is_finite()) || !scales.iter().all(|scale| scale.is_finite()) {
        return Err(LeastSquaresError::NonFinite);
    }
    if scales.iter().any(|&scale| scale <= 0.0) {
        return Err(LeastSquaresError::RankDeficient);
    }
    let matrix = DMatrix::from_fn(n, k, |row, column| columns[column][row] / scales[column]);
    let target = DVector::from_column_slice(y);
    let qr = matrix.clone().qr();
    let r = qr.r();
    if r.diagonal().iter().any(|pivot| pivot.abs() < 1e-14) {
        return Err(LeastSquaresError::RankDeficient);
    }
    let solve = |target: &DVector<f64>| {
        let mut rotated = target.clone();
        qr.q_tr_mul(&mut rotated);
        r.solve_upper_triangular(&rotated.rows(0, k).into_owned())
    };
    let mut scaled = solve(&target).ok_or(LeastSquaresError::RankDeficient)?;
    // one step of iterative refinement recovers digits lost to ill conditioning
    let correction = solve(&(&target - &matrix * &scaled)).ok_or(LeastSquaresError::RankDeficient)?;
    scaled += correction;
    let residual = &target - &matrix * &scaled;
    let residual_sum_of_squares = residual.norm_squared();
    let variance = residual_sum_of_squares / (n - k) as f64;
    let inverse =
        r.solve_upper_triangular(&DMatrix::identity(k, k)).ok_or(LeastSquaresError::RankDeficient)?;
    let std_errors: Vec<f64> =
        (0..k).map(|at| (variance * inverse.row(at).norm_squared()).sqrt() / scales[at]).collect();
    let coefficients: Vec<f64> = scaled.iter().zip(&scales).map(|(value, scale)| value / scale).collect();
    // a square has overflowed
    if !coefficients.iter().chain(&std_errors).all(|value| value.is_finite())
        || !residual_sum_of_squares.is_finite()
    {
        return Err(LeastSquaresError::NonFinite);
    }
    Ok(LeastSquares { coefficients, std_errors, residual_sum_of_squares })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;
    use crate::{Estimator as _, Reading};
    use proptest::prelude::*;

    fn observations(length: usize) -> Vec<Observation> {
        let walk = contract::walk(2 * length);
        (0..length).map(|at| Observation { y: 2.0 * walk[at] + walk[length + at], x: walk[at] }).collect()
    }

    #[test]
    fn the_laws_hold() {
        contract::check(|| RollingOls::new(5), &observations(40), |fit| fit.slope);
        contract::check(|| RollingOls::new(5), &observations(40), |fit| fit.slope_std_error);
    }

    #[test]
    fn a_line_is_found_exactly_and_an_x_that_stands_still_has_none() {
        let mut rolling = RollingOls::new(3).unwrap();
        rolling.update(Observation { y: 3.0, x: 1.0 });
        rolling.update(Observation { y: 5.0, x: 2.0 });
        let Reading::Ready(fit) = rolling.update(Observation { y: 7.0, x: 3.0 }) else { panic!() };
        assert_eq!((fit.slope, fit.intercept, fit.slope_std_error, fit.r_squared), (2.0, 1.0, 0.0, 1.0));
        for _ in 0..3 {
            rolling.update(Observation { y: 7.0, x: 3.0 });
        }
        let still = rolling.update(Observation { y: 8.0, x: 3.0 });
        assert_eq!(still, Reading::Undefined(Undefined::Collinear));
        assert_eq!(ols(&[1.0], &[1.0]), Err(Undefined::TooShort { needed: 3, got: 1 }));
        assert_eq!(ols(&[f64::NAN; 4], &[1.0, 2.0, 3.0, 4.0]), Err(Undefined::NonFinite));
    }

    #[test]
    fn bad_columns_are_refused_by_kind() {
        let y = [1.0, 2.0, 3.0];
        assert_eq!(least_squares(&y, &[&y, &y]), Err(LeastSquaresError::RankDeficient));
        assert_eq!(least_squares(&y, &[&[0.0; 3]]), Err(LeastSquaresError::RankDeficient));
        assert_eq!(least_squares(&y, &[&[f64::NAN; 3]]), Err(LeastSquaresError::NonFinite));
        let short = LeastSquaresError::TooShort { needed: 2, got: 1 };
        assert_eq!(least_squares(&[1.0], &[&[1.0]]), Err(short));
    }

    proptest! {
        #[test]
        fn streaming_is_batch(seed in 0_usize..500, window in 3_usize..40) {
            let all = observations(600);
            let part = &all[seed..seed + 100];
            let mut rolling = RollingOls::new(window).unwrap();
            for (at, &observation) in part.iter().enumerate() {
                let now = rolling.update(observation);
                let Some(now) = now.value() else { continue };
                let inside = &part[(at + 1).saturating_sub(window)..=at];
                let (y, x): (Vec<f64>, Vec<f64>) = inside.iter().map(|o| (o.y, o.x)).unzip();
                let batch = ols(&y, &x).unwrap();
                prop_assert!((now.slope - batch.slope).abs() <= 1e-9 * (1.0 + batch.slope.abs()));
                prop_assert!((now.slope_std_error - batch.slope_std_error).abs() <= 1e-7 * (1.0 + batch.slope_std_error));
                let ones = vec![1.0; y.len()];
                let general = least_squares(&y, &[&ones, &x]);
                if let Ok(general) = general {
                    prop_assert!((general.coefficients[1] - batch.slope).abs() <= 1e-8 * (1.0 + batch.slope.abs()));
                }
            }
        }
    }
}
