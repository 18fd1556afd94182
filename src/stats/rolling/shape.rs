//! Rolling skewness and excess kurtosis.

use crate::Undefined;
use crate::rolling::bivariate::varies;
use crate::rolling::mean::Mean;
use crate::rolling::sliding::Merge;
use crate::rolling::windowed::{OfWindow, Windowed};

/// The shape of the distribution of the observations in a window. Both measures are dimensionless and average 0
/// for normal samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Number of observations.
    pub count: usize,
    /// Adjusted third standardised moment, `g1 sqrt(n (n - 1)) / (n - 2)`.
    pub skewness: f64,
    /// Adjusted fourth standardised moment minus 3, `(n - 1) ((n + 1) g2 + 6) / ((n - 2) (n - 3))`.
    pub excess_kurtosis: f64,
}

/// Count, mean and centred moments up to the fourth; merged pairwise.
#[derive(Debug, Clone, Copy)]
pub struct Four {
    n: f64,
    mean: Mean,
    m2: f64,
    m3: f64,
    m4: f64,
}

impl Merge for Four {
    fn merge(self, newer: Self) -> Self {
        let (a, b) = (self, newer);
        let n = a.n + b.n;
        let (delta, of_a, of_b) = (b.mean.less(a.mean), a.n / n, b.n / n);
        let product = a.n * of_b;
        let square = delta * delta;
        Self {
            n,
            mean: a.mean.moved(delta * of_b),
            m2: a.m2 + b.m2 + square * product,
            m3: a.m3
                + b.m3
                + square * delta * product * (of_a - of_b)
                + 3.0 * delta * (of_a * b.m2 - of_b * a.m2),
            m4: a.m4
                + b.m4
                + square * square * product * (of_a * of_a - of_a * of_b + of_b * of_b)
                + 6.0 * square * (of_a * of_a * b.m2 + of_b * of_b * a.m2)
                + 4.0 * delta * (of_a * b.m3 - of_b * a.m3),
        }
    }
}

impl Four {
    fn shape(self, count: usize) -> Result<Shape, Undefined> {
        let Self { n, m2, m3, m4, .. } = self;
        let mean = self.mean.value;
        if ![mean, m2, m3, m4].iter().all(|number| number.is_finite()) {
            return Err(Undefined::NonFinite);
        }
        if !varies(m2, n, mean) {
            return Err(Undefined::Constant);
        }
        let variance = m2 / n;
        let third = m3 / n / variance / variance.sqrt();
        let fourth = m4 / n / variance / variance - 3.0;
        let skewness = third * (n * (n - 1.0)).sqrt() / (n - 2.0);
        let excess_kurtosis = (n - 1.0) * ((n + 1.0) * fourth + 6.0) / ((n - 2.0) * (n - 3.0));
        if skewness.is_finite() && excess_kurtosis.is_finite() {
            Ok(Shape { count, skewness, excess_kurtosis })
        } else {
            // a variation below 1e-154 underflows when squared
            Err(Undefined::Constant)
        }
    }
}

/// Skewness and excess kurtosis of the last `window` observations, in amortised constant time.
///
/// Provisional from the fourth observation on; undefined if the window does not vary.
///
/// # Source
/// Pébay (2008), "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order
/// statistical moments", equations 2.1-2.2; the adjustments of Joanes, Gill (1998), G1 and G2. Checked against
/// scipy `skew` and `kurtosis` with `bias=False` in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::{Estimator, Reading, RollingShape};
/// let mut shape = RollingShape::new(4)?;
/// for x in [1.0, 2.0, 3.0] {
///     shape.update(x);
/// }
/// let Reading::Ready(even) = shape.update(4.0) else { panic!() };
/// assert!(even.skewness.abs() < 1e-12 && (even.excess_kurtosis + 1.2).abs() < 1e-12);
/// # Ok::<(), spreadscope_stats::WindowError>(())
/// ```
pub type RollingShape = Windowed<Shape>;

impl OfWindow for Shape {
    type Input = f64;
    type Summary = Four;
    type Output = Self;
    const LEAST: usize = 4;

    fn single(input: f64) -> Four {
        Four { n: 1.0, mean: Mean::of(input), m2: 0.0, m3: 0.0, m4: 0.0 }
    }

    fn of(four: Four, count: usize, _: f64) -> Result<Self, Undefined> {
        four.shape(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;
    use crate::{Estimator as _, Reading};
    use proptest::prelude::*;

    #[test]
    fn the_laws_hold() {
        contract::check(|| RollingShape::new(6), &contract::walk(40), |shape| shape.skewness);
        contract::check(|| RollingShape::new(6), &contract::walk(40), |shape| shape.excess_kurtosis);
    }

    #[test]
    fn what_stands_still_has_no_shape() {
        let mut shape = RollingShape::new(4).unwrap();
        let last = [0.1; 6].map(|x| shape.update(x))[5];
        assert_eq!(last, Reading::Undefined(Undefined::Constant));
        assert_eq!(shape.update(f64::INFINITY), Reading::Undefined(Undefined::NonFinite));
        assert_eq!(RollingShape::new(3).unwrap_err().to_string(), "window must be at least 4, was 3");
    }

    proptest! {
        #[test]
        fn streaming_is_batch(values in proptest::collection::vec(-1e3_f64..1e3, 4..150), window in 4_usize..40) {
            let mut shape = RollingShape::new(window).unwrap();
            for at in 0..values.len() {
                let inside = &values[(at + 1).saturating_sub(window)..=at];
                let reading = shape.update(values[at]);
                let Some(now) = reading.value() else { continue };
                let n = inside.len() as f64;
                let mean = inside.iter().sum::<f64>() / n;
                let moment = |power: i32| inside.iter().map(|x| (x - mean).powi(power)).sum::<f64>() / n;
                let third = moment(3) / moment(2).powf(1.5);
                let fourth = moment(4) / moment(2).powi(2) - 3.0;
                let skewness = third * (n * (n - 1.0)).sqrt() / (n - 2.0);
                let kurtosis = (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * fourth + 6.0);
                prop_assert!((now.skewness - skewness).abs() <= 1e-9 * (1.0 + skewness.abs()));
                prop_assert!((now.excess_kurtosis - kurtosis).abs() <= 1e-9 * (1.0 + kurtosis.abs()));
            }
        }
    }
}
