//! Rolling covariance and Pearson correlation.

use crate::Undefined;
use crate::regression::ols::Observation;
use crate::rolling::bivariate::Bivariate;
use crate::rolling::windowed::{OfWindow, Windowed};

/// Pearson correlation of y and x over the last `window` observations: `sxy / sqrt(sxx syy)`, in `[-1, 1]`.
///
/// Provisional from the second observation on; undefined if either does not vary.
pub type RollingCorrelation = Windowed<OfCorrelation>;

/// Marker type for the correlation, whose value is a plain number.
#[derive(Debug, Clone, Copy)]
pub struct OfCorrelation;

impl OfWindow for OfCorrelation {
    type Input = Observation;
    type Summary = Bivariate;
    type Output = f64;
    const LEAST: usize = 2;

    fn single(input: Observation) -> Bivariate {
        Bivariate::of(input)
    }

    fn of(moments: Bivariate, _: usize, _: Observation) -> Result<f64, Undefined> {
        let Bivariate { sxx, sxy, syy, .. } = moments;
        if !moments.is_finite() {
            Err(Undefined::NonFinite)
        } else if !moments.x_varies() || !moments.y_varies() {
            Err(Undefined::Constant)
        } else {
            Ok((sxy / (sxx.sqrt() * syy.sqrt())).clamp(-1.0, 1.0))
        }
    }
}

/// Covariance of y and x over the last `window` observations: the sum of products of deviations over n - 1, in
/// units of y times units of x.
/// Provisional from the second observation on; undefined only if a value is not finite. Checked against pandas'
/// `rolling().cov()` in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::{Estimator, Observation, Reading, RollingCovariance};
/// let mut covariance = RollingCovariance::new(3)?;
/// covariance.update(Observation { y: 1.0, x: 1.0 });
/// covariance.update(Observation { y: 2.0, x: 2.0 });
/// assert_eq!(covariance.update(Observation { y: 6.0, x: 3.0 }), Reading::Ready(2.5));
/// # Ok::<(), spreadscope_stats::WindowError>(())
/// ```
pub type RollingCovariance = Windowed<OfCovariance>;

/// Marker type for the covariance.
#[derive(Debug, Clone, Copy)]
pub struct OfCovariance;

impl OfWindow for OfCovariance {
    type Input = Observation;
    type Summary = Bivariate;
    type Output = f64;
    const LEAST: usize = 2;

    fn single(input: Observation) -> Bivariate {
        Bivariate::of(input)
    }

    fn of(moments: Bivariate, _: usize, _: Observation) -> Result<f64, Undefined> {
        if moments.is_finite() { Ok(moments.sxy / (moments.n - 1.0)) } else { Err(Undefined::NonFinite) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;
    use crate::{Estimator as _, Reading};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn streaming_is_batch(
            values in proptest::collection::vec((-1e6_f64..1e6, -1e6_f64..1e6), 2..120),
            window in 2_usize..40,
        ) {
            let mut covariance = RollingCovariance::new(window).unwrap();
            let mut correlation = RollingCorrelation::new(window).unwrap();
            for (at, &(y, x)) in values.iter().enumerate() {
                let covariance = covariance.update(Observation { y, x });
                let correlation = correlation.update(Observation { y, x });
                let inside = &values[(at + 1).saturating_sub(window)..=at];
                let (Some(covariance), Some(correlation)) = (covariance.value(), correlation.value()) else { continue };
                let n = inside.len() as f64;
                let mean_y = inside.iter().map(|pair| pair.0).sum::<f64>() / n;
                let mean_x = inside.iter().map(|pair| pair.1).sum::<f64>() / n;
                let sum = |product: fn(f64, f64) -> f64| {
                    inside.iter().map(|(y, x)| product(y - mean_y, x - mean_x)).sum::<f64>()
                };
                let (sxy, sxx, syy) = (sum(|y, x| y * x), sum(|_, x| x * x), sum(|y, _| y * y));
                let size = sxx.sqrt() * syy.sqrt();
                prop_assert!((covariance - sxy / (n - 1.0)).abs() <= 1e-11 * (1.0 + size));
                prop_assert!((correlation - sxy / size).abs() <= 1e-9);
            }
        }
    }

    #[test]
    fn the_laws_hold() {
        let walk = contract::walk(80);
        let inputs: Vec<Observation> =
            (0..40).map(|at| Observation { y: walk[at] + walk[at + 40], x: walk[at] }).collect();
        contract::check(|| RollingCovariance::new(6), &inputs, |&covariance| covariance);
        contract::check(|| RollingCorrelation::new(6), &inputs, |&correlation| correlation);
    }

    #[test]
    fn a_line_has_one_and_a_constant_has_none() {
        let mut rolling = RollingCorrelation::new(3).unwrap();
        rolling.update(Observation { y: 1.0, x: -1.0 });
        rolling.update(Observation { y: 2.0, x: -2.0 });
        let Reading::Ready(line) = rolling.update(Observation { y: 3.0, x: -3.0 }) else { panic!() };
        assert!((line + 1.0).abs() < 1e-15, "{line}");
        for _ in 0..2 {
            rolling.update(Observation { y: 3.0, x: 5.0 });
        }
        assert_eq!(rolling.update(Observation { y: 3.0, x: 6.0 }), Reading::Undefined(Undefined::Constant));
    }
}
