//! Total least squares: the line with the smallest distances from the points.

use crate::estimator::finite;
use crate::rolling::bivariate::Bivariate;
use crate::rolling::windowed::{OfWindow, Windowed};
use crate::{Observation, Undefined};

/// `y = intercept + slope x` with errors of equal variance in both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TlsFit {
    /// Units of y per unit of x.
    pub slope: f64,
    /// Intercept, in units of y.
    pub intercept: f64,
    /// Large-sample standard error of the slope.
    pub slope_std_error: f64,
    /// Large-sample standard error of the intercept.
    pub intercept_std_error: f64,
    /// Root mean square of the perpendicular distances from the line, divisor n - 2.
    pub distance_std_dev: f64,
    /// Number of observations.
    pub count: usize,
}

impl Bivariate {
    /// The line through the mean along the larger principal axis; needs at least 3 observations.
    pub(crate) fn tls(&self, count: usize) -> Result<TlsFit, Undefined> {
        let Self { n, sxx, sxy, syy, .. } = *self;
        let (mean_x, mean_y) = (self.mean_x.value, self.mean_y.value);
        if !self.is_finite() {
            return Err(Undefined::NonFinite);
        }
        if !self.x_varies() {
            return Err(Undefined::Collinear);
        }
        let difference = syy - sxx;
        let root = difference.hypot(2.0 * sxy);
        // of two equal forms of the quotient, the one that adds rather than subtracts
        let slope = if difference > 0.0 {
            (difference + root) / (2.0 * sxy)
        } else {
            2.0 * sxy / (root - difference)
        };
        let largest = 0.5 * (sxx + syy + root);
        let smallest = (sxx / largest * syy - sxy / largest * sxy).max(0.0);
        // Fuller's estimates: variances of the true x, of its error, and of the equation's error
        let true_x = (sxx - smallest) / (n - 1.0);
        let error_x = smallest / (n - 2.0);
        let equation = (1.0 + slope * slope) * error_x;
        let covariance = slope * error_x;
        let slope_variance = (true_x * equation + error_x * equation - covariance * covariance)
            / ((n - 1.0) * true_x * true_x);
        let fit = TlsFit {
            slope,
            intercept: mean_y - slope * mean_x,
            slope_std_error: slope_variance.sqrt(),
            intercept_std_error: (equation / n + mean_x * mean_x * slope_variance).sqrt(),
            distance_std_dev: error_x.sqrt(),
            count,
        };
        let TlsFit { slope, intercept, slope_std_error, intercept_std_error, distance_std_dev, .. } = fit;
        finite(&[slope, slope_std_error]).map_err(|_outside| Undefined::Vertical)?;
        finite(&[intercept, intercept_std_error, distance_std_dev])?;
        Ok(fit)
    }
}

/// Fits the line that minimises the sum of squared perpendicular distances, over the whole sample.
///
/// `y`, `x`: of the same length, finite, at least 3. The errors of y and x are assumed to have equal variance,
/// so the line depends on their units; logarithms of prices have a common one. With `d = syy - sxx`:
/// `slope = (d + sqrt(d² + 4 sxy²)) / (2 sxy)`.
/// Swapping the series gives exactly the inverse. The standard errors hold for large samples and independent
/// errors.
///
/// # Errors
/// [`Undefined::TooShort`] below 3 observations, [`Undefined::NonFinite`], [`Undefined::Collinear`] if x does
/// not vary, [`Undefined::Vertical`] if the nearest line is vertical or no direction is nearest.
///
/// # Panics
/// If `y` and `x` differ in length.
///
/// # Source
/// Golub, Van Loan (1980) for the line; Fuller (1987), "Measurement error models", section 1.3.3, for the
/// standard errors. The line is checked against the singular vectors of the centred points and `scipy.odr` in
/// `tests/oracle`; the standard errors are checked by simulation.
///
/// ```
/// let fit = spreadscope_stats::tls(&[1.0, 3.1, 4.9, 7.0], &[0.0, 1.0, 2.0, 3.0])?;
/// assert!((fit.slope - 1.99).abs() < 0.01 && fit.slope_std_error < 0.05);
/// # Ok::<(), spreadscope_stats::Undefined>(())
/// ```
pub fn tls(y: &[f64], x: &[f64]) -> Result<TlsFit, Undefined> {
    assert_eq!(y.len(), x.len(), "y and x must be of the same length");
    if y.len() < 3 {
        return Err(Undefined::TooShort { needed: 3, got: y.len() });
    }
    Bivariate::of_sample(y, x).tls(y.len())
}

/// Total least squares of y on x over the last `window` observations, in constant time per observation.
///
/// Provisional from the third observation on. See [`tls`].
pub type RollingTls = Windowed<TlsFit>;

impl OfWindow for TlsFit {
    type Input = Observation;
    type Summary = Bivariate;
    type Output = Self;
    const LEAST: usize = 3;

    fn single(input: Observation) -> Bivariate {
        Bivariate::of(input)
    }

    fn of(moments: Bivariate, count: usize, _: Observation) -> Result<Self, Undefined> {
        moments.tls(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Estimator as _;
    use crate::contract;
    use proptest::prelude::*;

    fn sample(length: usize) -> (Vec<f64>, Vec<f64>) {
        let walk = contract::walk(2 * length);
        let x = walk[..length].to_vec();
        (x.iter().zip(&walk[length..]).map(|(x, e)| 1.5 * x + 0.2 * e).collect(), x)
    }

    #[test]
    fn the_laws_hold() {
        let (y, x) = sample(40);
        let inputs: Vec<Observation> = y.iter().zip(&x).map(|(&y, &x)| Observation { y, x }).collect();
        contract::check(|| RollingTls::new(6), &inputs, |fit| fit.slope);
    }

    #[test]
    fn swapping_the_series_turns_the_slope_over() {
        let (y, x) = sample(200);
        let (one, other) = (tls(&y, &x).unwrap(), tls(&x, &y).unwrap());
        assert!((one.slope * other.slope - 1.0).abs() < 1e-12, "{one:?} {other:?}");
        assert!((one.distance_std_dev / other.distance_std_dev - 1.0).abs() < 1e-10);
    }

    #[test]
    fn the_standard_error_is_the_spread_of_the_estimates() {
        // fixed true x, errors of 0.3 in both, a slope of 2
        let uniform = contract::walk(1 + 2 * 60 * 2_000);
        let mut noise = uniform.windows(2).map(|pair| 0.3 * 12.0_f64.sqrt() * (pair[1] - pair[0]));
        let truth: Vec<f64> = (0..60).map(|t| f64::from(t) / 10.0).collect();
        let mut draw = || {
            let (y, x): (Vec<f64>, Vec<f64>) =
                truth.iter().map(|x| (2.0 * x + noise.next().unwrap(), x + noise.next().unwrap())).unzip();
            tls(&y, &x).unwrap()
        };
        let fits: Vec<TlsFit> = (0..2_000).map(|_| draw()).collect();
        let mean = fits.iter().map(|fit| fit.slope).sum::<f64>() / 2_000.0;
        let spread = (fits.iter().map(|fit| (fit.slope - mean).powi(2)).sum::<f64>() / 1_999.0).sqrt();
        let stated = fits.iter().map(|fit| fit.slope_std_error).sum::<f64>() / 2_000.0;
        assert!((stated / spread - 1.0).abs() < 0.06, "{stated} {spread}");
        assert!((mean - 2.0).abs() < 0.01, "{mean}");
    }

    #[test]
    fn what_has_no_line_says_why() {
        let upright = [-1.0, 1.0, -1.0, 1.0];
        assert_eq!(tls(&[5.0, 5.0, -5.0, -5.0], &upright), Err(Undefined::Vertical));
        assert_eq!(tls(&[1.0, 1.0, -1.0, -1.0], &upright), Err(Undefined::Vertical));
        assert_eq!(tls(&upright, &[3.0; 4]), Err(Undefined::Collinear));
        assert_eq!(tls(&[1.0], &[1.0]), Err(Undefined::TooShort { needed: 3, got: 1 }));
        assert_eq!(tls(&[f64::NAN; 3], &[1.0, 2.0, 3.0]), Err(Undefined::NonFinite));
        let flat = tls(&[3.0; 4], &upright).unwrap();
        assert_eq!((flat.slope, flat.intercept, flat.slope_std_error), (0.0, 3.0, 0.0));
    }

    proptest! {
        #[test]
        fn streaming_is_batch(seed in 0_usize..300, window in 3_usize..40) {
            let (y, x) = sample(500);
            let (y, x) = (&y[seed..seed + 100], &x[seed..seed + 100]);
            let mut rolling = RollingTls::new(window).unwrap();
            for at in 0..100 {
                let reading = rolling.update(Observation { y: y[at], x: x[at] });
                let Some(now) = reading.value() else { continue };
                let start = (at + 1).saturating_sub(window);
                let batch = tls(&y[start..=at], &x[start..=at]).unwrap();
                prop_assert!((now.slope - batch.slope).abs() <= 1e-8 * (1.0 + batch.slope.abs()));
                prop_assert!((now.slope_std_error - batch.slope_std_error).abs() <= 1e-6 * (1.0 + batch.slope_std_error));
            }
        }
    }
}
