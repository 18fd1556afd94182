//! Rolling mean, variance and z-score.

use crate::Undefined;
use crate::estimator::finite;
use crate::rolling::bivariate::varies;
use crate::rolling::mean::Mean;
use crate::rolling::sliding::Merge;
use crate::rolling::windowed::{OfWindow, Windowed};

/// Mean and spread of the observations in a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Number of observations.
    pub count: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Sum of squared deviations from the mean, divided by `count - 1`.
    pub variance: f64,
    /// Square root of the variance.
    pub std_dev: f64,
}

/// Count, mean and centred second moment; merged pairwise.
///
/// # Source
/// Chan, Golub, Le Veque (1983), "Algorithms for computing the sample variance", equation 2.1.
#[derive(Debug, Clone, Copy)]
pub struct Centred {
    n: f64,
    mean: Mean,
    m2: f64,
}

impl Merge for Centred {
    fn merge(self, newer: Self) -> Self {
        let n = self.n + newer.n;
        let delta = newer.mean.less(self.mean);
        let share = newer.n / n;
        Self {
            n,
            mean: self.mean.moved(delta * share),
            m2: self.m2 + newer.m2 + delta * delta * self.n * share,
        }
    }
}

impl Centred {
    fn of(x: f64) -> Self {
        Self { n: 1.0, mean: Mean::of(x), m2: 0.0 }
    }

    fn moments(self, count: usize) -> Result<Moments, Undefined> {
        let variance = self.m2 / (self.n - 1.0);
        let mean = self.mean.value;
        if variance.is_finite() && mean.is_finite() {
            Ok(Moments { count, mean, variance, std_dev: variance.sqrt() })
        } else {
            Err(Undefined::NonFinite)
        }
    }
}

/// Mean, variance and standard deviation of the last `window` observations.
///
/// Provisional from the second observation on. Checked against a two-pass recomputation: the relative error of
/// the standard deviation is at most 1e-12 once an outlier of 1e6 has left the window.
///
/// ```
/// use spreadscope_stats::{Estimator, Reading, RollingMoments};
/// let mut moments = RollingMoments::new(3)?;
/// moments.update(1.0);
/// moments.update(2.0);
/// let Reading::Ready(now) = moments.update(6.0) else { panic!() };
/// assert_eq!((now.mean, now.variance), (3.0, 7.0));
/// # Ok::<(), spreadscope_stats::WindowError>(())
/// ```
pub type RollingMoments = Windowed<Moments>;

impl OfWindow for Moments {
    type Input = f64;
    type Summary = Centred;
    type Output = Self;
    const LEAST: usize = 2;

    fn single(input: f64) -> Centred {
        Centred::of(input)
    }

    fn of(centred: Centred, count: usize, _: f64) -> Result<Self, Undefined> {
        centred.moments(count)
    }
}

/// The newest observation in units of its window's standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZScore {
    /// `(x - mean) / std_dev`.
    pub z: f64,
    /// Mean of the window, the newest observation included.
    pub mean: f64,
    /// Standard deviation of the window, divisor n - 1.
    pub std_dev: f64,
}

/// z-score of the newest of the last `window` observations.
///
/// Undefined if the window does not vary.
pub type RollingZScore = Windowed<ZScore>;

impl OfWindow for ZScore {
    type Input = f64;
    type Summary = Centred;
    type Output = Self;
    const LEAST: usize = 2;

    fn single(input: f64) -> Centred {
        Centred::of(input)
    }

    fn of(centred: Centred, count: usize, newest: f64) -> Result<Self, Undefined> {
        let Moments { mean, std_dev, .. } = centred.moments(count)?;
        if std_dev <= 0.0 || !varies(centred.m2, centred.n, mean) {
            return Err(Undefined::Constant);
        }
        let z = centred.mean.below(newest) / std_dev;
        finite(&[z])?;
        Ok(Self { z, mean, std_dev })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;
    use crate::{Estimator as _, Reading};
    use proptest::prelude::*;

    fn two_pass(values: &[f64]) -> (f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, variance.sqrt())
    }

    #[test]
    fn the_laws_hold() {
        contract::check(|| RollingMoments::new(5), &contract::walk(40), |m| m.std_dev);
        contract::check(|| RollingZScore::new(5), &contract::walk(40), |m| m.z);
    }

    #[test]
    fn one_bad_print_leaves_no_scar() {
        let mut moments = RollingMoments::new(300).unwrap();
        let prices: Vec<f64> = contract::walk(3_000).iter().map(|x| 100.0 + x).collect();
        for (at, &price) in prices.iter().enumerate() {
            let input = if at == 500 { price + 1e6 } else { price };
            let Reading::Ready(now) = moments.update(input) else { continue };
            if at >= 800 {
                let (_, expected) = two_pass(&prices[at - 299..=at]);
                assert!((now.std_dev / expected - 1.0).abs() < 1e-12, "{at}: {} {expected}", now.std_dev);
            }
        }
    }

    #[test]
    fn what_cannot_be_computed_says_why() {
        let mut z = RollingZScore::new(3).unwrap();
        assert_eq!(z.update(1.0), Reading::Warming { seen: 1, needed: 3 });
        assert_eq!(z.update(1.0), Reading::Undefined(Undefined::Constant));
        assert_eq!(z.update(f64::NAN), Reading::Undefined(Undefined::NonFinite));
        z.update(1.0);
        z.update(2.0);
        assert!(z.update(3.0).is_ready(), "a bad value is forgotten with its window");
        assert_eq!(RollingMoments::new(1).unwrap_err().to_string(), "window must be at least 2, was 1");
    }

    proptest! {
        #[test]
        fn streaming_is_batch(values in proptest::collection::vec(-1e6_f64..1e6, 2..200), window in 2_usize..50) {
            let mut moments = RollingMoments::new(window).unwrap();
            for at in 0..values.len() {
                let now = moments.update(values[at]);
                let start = (at + 1).saturating_sub(window);
                if let Some(now) = now.value() {
                    let (mean, std_dev) = two_pass(&values[start..=at]);
                    prop_assert!((now.mean - mean).abs() <= 1e-9 * (1.0 + mean.abs()));
                    prop_assert!((now.std_dev - std_dev).abs() <= 1e-9 * (1.0 + std_dev));
                }
            }
        }
    }
}
