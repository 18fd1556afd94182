//! Centred moments of two variables, from which regression lines are computed.

use crate::rolling::mean::Mean;
use crate::rolling::sliding::Merge;
use crate::{Observation, OlsFit, Undefined};

/// Weight, means and centred second moments of two variables; merged pairwise.
///
/// # Source
/// Chan, Golub, Le Veque (1983), equation 2.1, for two variables.
#[derive(Debug, Clone, Copy)]
pub struct Bivariate {
    /// Number of observations, or the sum of their weights.
    pub(crate) n: f64,
    pub(crate) mean_x: Mean,
    pub(crate) mean_y: Mean,
    pub(crate) sxx: f64,
    pub(crate) sxy: f64,
    pub(crate) syy: f64,
}

impl Merge for Bivariate {
    fn merge(self, newer: Self) -> Self {
        let n = self.n + newer.n;
        let share = newer.n / n;
        let (dx, dy) = (newer.mean_x.less(self.mean_x), newer.mean_y.less(self.mean_y));
        let weight = self.n * share;
        Self {
            n,
            mean_x: self.mean_x.moved(dx * share),
            mean_y: self.mean_y.moved(dy * share),
            sxx: self.sxx + newer.sxx + dx * dx * weight,
            sxy: self.sxy + newer.sxy + dx * dy * weight,
            syy: self.syy + newer.syy + dy * dy * weight,
        }
    }
}

impl Bivariate {
    pub(crate) fn of(Observation { y, x }: Observation) -> Self {
        Self { n: 1.0, mean_x: Mean::of(x), mean_y: Mean::of(y), sxx: 0.0, sxy: 0.0, syy: 0.0 }
    }

    /// The moments of a whole sample, in two passes.
    pub(crate) fn of_sample(y: &[f64], x: &[f64]) -> Self {
        Self::weighted(y, x, |_| 1.0)
    }

    /// The moments of a whole sample with a positive weight for each index, in two passes.
    pub(crate) fn weighted(y: &[f64], x: &[f64], weight: impl Fn(usize) -> f64) -> Self {
        let n: f64 = (0..y.len()).map(&weight).sum();
        // a mean is exact to the last digit once its own rounding error has been averaged out
        let mean = |values: &[f64]| {
            let about = |centre: f64| {
                values.iter().enumerate().map(|(at, value)| weight(at) * (value - centre)).sum::<f64>() / n
            };
            let rough = about(0.0);
            Mean::of(rough).moved(about(rough))
        };
        let (mean_x, mean_y) = (mean(x), mean(y));
        let mut moments = Self { n, mean_x, mean_y, sxx: 0.0, sxy: 0.0, syy: 0.0 };
        for (at, (&y, &x)) in y.iter().zip(x).enumerate() {
            let (dx, dy) = (mean_x.below(x), mean_y.below(y));
            let weight = weight(at);
            moments.sxx += weight * dx * dx;
            moments.sxy += weight * dx * dy;
            moments.syy += weight * dy * dy;
        }
        moments
    }

    /// The same moments with every weight multiplied by `factor`.
    pub(crate) fn faded(self, factor: f64) -> Self {
        let Self { n, mean_x, mean_y, sxx, sxy, syy } = self;
        Self { n: n * factor, mean_x, mean_y, sxx: sxx * factor, sxy: sxy * factor, syy: syy * factor }
    }

    pub(crate) fn is_finite(&self) -> bool {
        [self.mean_x.value, self.mean_y.value, self.sxx, self.sxy, self.syy]
            .iter()
            .all(|number| number.is_finite())
    }

    pub(crate) fn x_varies(&self) -> bool {
        varies(self.sxx, self.n, self.mean_x.value)
    }

    pub(crate) fn y_varies(&self) -> bool {
        varies(self.syy, self.n, self.mean_y.value)
    }

    /// The regression of y on x; `count` is the number of observations, at least 3.
    pub(crate) fn ols(&self, count: usize) -> Result<OlsFit, Undefined> {
        if !self.is_finite() {
            return Err(Undefined::NonFinite);
        }
        if !self.x_varies() {
            return Err(Undefined::Collinear);
        }
        let (mean_x, mean_y) = (self.mean_x.value, self.mean_y.value);
        let slope = self.sxy / self.sxx;
        let residual = (self.syy - slope * self.sxy).max(0.0);
        let variance = residual / (self.n - 2.0);
        let fit = OlsFit {
            slope,
            intercept: mean_y - slope * mean_x,
            slope_std_error: variance.sqrt() / self.sxx.sqrt(),
            intercept_std_error: (variance * (1.0 / self.n + mean_x * mean_x / self.sxx)).sqrt(),
            r_squared: if self.syy > 0.0 { 1.0 - residual / self.syy } else { 1.0 },
            residual_std_dev: variance.sqrt(),
            count,
        };
        fit.sound()
    }
}

/// Whether a sum of squared deviations is more than the rounding error of the values.
pub(crate) fn varies(sum_of_squares: f64, n: f64, mean: f64) -> bool {
    let rounding = 4.0 * f64::EPSILON * mean;
    sum_of_squares > n * rounding * rounding
}
