//! Regression with exponentially falling weights: recursive least squares with a forgetting factor.

use crate::estimator::reading;
use crate::rolling::bivariate::Bivariate;
use crate::rolling::sliding::Merge as _;
use crate::{Decay, Estimator, Observation, OlsFit, Reading, Undefined};

/// Regression of y on x with intercept; an observation k steps old has the weight `factor^k`.
///
/// The coefficients are those of recursive least squares with this forgetting factor and an uninformative
/// start. The state is kept as fading centred moments rather than as an updated inverse, so that it neither
/// drifts nor winds up when x does not vary. Standard errors are for independent errors with one variance σ²:
/// `σ² A⁻¹ B A⁻¹` with `A = sum(w h h')`, `B = sum(w² h h')`, `h = (1, x)`, and
/// `σ² = sum(w e²) / (sum(w) - trace(A⁻¹ B))`, its unbiased estimate; with a factor of 1 these are the usual
/// ones. [`OlsFit::residual_std_dev`] is σ, and [`OlsFit::r_squared`] is weighted.
///
/// Provisional from the third observation on, ready after five half-lives (see [`Decay`]); undefined if x does
/// not vary. An observation that is not finite is skipped, and its reading is undefined.
///
/// # Source
/// Ljung, Söderström (1983), section 2.2.1, for the recursion. Checked against weighted least squares in numpy
/// and, with a factor of 1, statsmodels `RecursiveLS` in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::{Decay, Estimator, Observation, RecursiveOls};
/// let mut regression = RecursiveOls::new(Decay::half_life(10.0)?);
/// regression.update(Observation { y: 3.0, x: 1.0 });
/// regression.update(Observation { y: 5.0, x: 2.0 });
/// let now = regression.update(Observation { y: 9.0, x: 4.0 });
/// assert!(now.value().is_some_and(|fit| (fit.slope - 2.0).abs() < 1e-12));
/// # Ok::<(), spreadscope_stats::DecayError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RecursiveOls {
    decay: Decay,
    seen: usize,
    /// Moments with the weights, and with the squared weights.
    moments: Option<(Bivariate, Bivariate)>,
}

impl RecursiveOls {
    /// A regression without data.
    pub fn new(decay: Decay) -> Self {
        Self { decay, seen: 0, moments: None }
    }

    fn fit(&self) -> Result<OlsFit, Undefined> {
        let (one, two) = self.moments.expect("Invariant: a fit follows an observation");
        if !one.x_varies() {
            return Err(Undefined::Collinear);
        }
        let slope = one.sxy / one.sxx;
        let residual = (one.syy - slope * one.sxy).max(0.0);
        // B about the weighted mean of x, where A is diagonal
        let off = two.mean_x.less(one.mean_x);
        let (b11, b12) = (two.n, two.n * off);
        let b22 = two.sxx + two.n * off * off;
        let freedom = one.n - b11 / one.n - b22 / one.sxx;
        let variance = residual / freedom;
        let of_mean = b11 / (one.n * one.n);
        let of_both = b12 / (one.n * one.sxx);
        let of_slope = b22 / (one.sxx * one.sxx);
        let (mean_x, mean_y) = (one.mean_x.value, one.mean_y.value);
        let of_intercept = of_mean - 2.0 * mean_x * of_both + mean_x * mean_x * of_slope;
        let fit = OlsFit {
            slope,
            intercept: mean_y - slope * mean_x,
            slope_std_error: (variance * of_slope).sqrt(),
            intercept_std_error: (variance * of_intercept.max(0.0)).sqrt(),
            r_squared: if one.syy > 0.0 { 1.0 - residual / one.syy } else { 1.0 },
            residual_std_dev: variance.sqrt(),
            count: self.seen,
        };
        fit.sound()
    }
}

impl Estimator for RecursiveOls {
    type Input = Observation;
    type Output = OlsFit;

    fn update(&mut self, input: Observation) -> Reading<OlsFit> {
        let single = Bivariate::of(input);
        let factor = self.decay.factor();
        let (one, two) = self.moments.map_or((single, single), |(one, two)| {
            (one.faded(factor).merge(single), two.faded(factor * factor).merge(single))
        });
        if !one.is_finite() || !two.is_finite() {
            return Reading::Undefined(Undefined::NonFinite);
        }
        self.moments = Some((one, two));
        self.seen += 1;
        reading(self.seen, 3, self.window(), || self.fit())
    }

    fn reset(&mut self) {
        self.seen = 0;
        self.moments = None;
    }

    fn window(&self) -> usize {
        self.decay.window().max(3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{contract, ols};

    fn inputs() -> Vec<Observation> {
        let walk = contract::walk(160);
        (0..80).map(|at| Observation { y: 2.0 * walk[at] + 0.1 * walk[at + 80], x: walk[at] }).collect()
    }

    #[test]
    fn the_laws_without_a_window_hold() {
        let new = || Ok(RecursiveOls::new(Decay::half_life(4.0).unwrap()));
        contract::check_recursive(&new, &inputs(), &|fit: &OlsFit| fit.slope);
        contract::check_recursive(&new, &inputs(), &|fit: &OlsFit| fit.intercept_std_error);
    }

    #[test]
    fn without_forgetting_it_is_least_squares_on_all() {
        let inputs = inputs();
        let mut recursive = RecursiveOls::new(Decay::forgetting_factor(1.0).unwrap());
        let last = inputs.iter().map(|&input| recursive.update(input)).last().unwrap();
        let Reading::Ready(got) = last else { panic!("{last:?}") };
        let (y, x): (Vec<f64>, Vec<f64>) = inputs.iter().map(|input| (input.y, input.x)).unzip();
        let batch = ols(&y, &x).unwrap();
        for (got, batch) in [
            (got.slope, batch.slope),
            (got.intercept, batch.intercept),
            (got.slope_std_error, batch.slope_std_error),
            (got.intercept_std_error, batch.intercept_std_error),
            (got.r_squared, batch.r_squared),
            (got.residual_std_dev, batch.residual_std_dev),
        ] {
            assert!((got - batch).abs() <= 1e-11 * (1.0 + batch.abs()), "{got} {batch}");
        }
    }

    #[test]
    fn an_x_that_stands_still_for_long_leaves_the_slope_where_it_was() {
        let mut recursive = RecursiveOls::new(Decay::half_life(2.0).unwrap());
        let before = inputs().iter().map(|&input| recursive.update(input)).last().unwrap();
        let slope = before.value().unwrap().slope;
        let still = Observation { y: 1.0, x: 0.1 };
        for _ in 0..20 {
            recursive.update(still);
        }
        let after = recursive.update(still);
        assert!((after.value().unwrap().slope - slope).abs() < 3.0, "{after:?} {slope}");
        let end = (0..2_000).map(|_| recursive.update(still)).last();
        assert_eq!(end, Some(Reading::Undefined(Undefined::Collinear)));
        let bad = Observation { y: f64::NAN, x: 1.0 };
        assert_eq!(recursive.update(bad), Reading::Undefined(Undefined::NonFinite));
    }
}
