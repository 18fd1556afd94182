//! Exponentially weighted mean, variance and z-score.

use crate::estimator::{finite, reading};
use crate::rolling::bivariate::varies;
use crate::rolling::mean::Mean;
use crate::{Decay, Estimator, Moments, Reading, Undefined, ZScore};

/// Mean and variance with exponentially decaying weights.
///
/// With weights `w_i`, the newest being 1: mean `sum(w x) / sum(w)`; variance
/// `sum(w (x - mean)²) / sum(w) · sum(w)² / (sum(w)² - sum(w²))`, which is unbiased for independent values.
/// Provisional from the second observation on, ready after five half-lives; see [`Decay`].
///
/// An observation that is not finite is skipped, and its reading is undefined: a recursion that included it
/// would never recover.
///
/// # Source
/// West (1979), "Updating mean and variance estimates". Checked against pandas `ewm(adjust=True)`, `mean()` and
/// `var(bias=False)`, in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::{Decay, Estimator, EwmaMoments};
/// let mut ewma = EwmaMoments::new(Decay::half_life(1.0)?);
/// ewma.update(1.0);
/// let now = ewma.update(4.0);
/// assert_eq!(now.value().map(|now| now.mean), Some(3.0));
/// # Ok::<(), spreadscope_stats::DecayError>(())
/// ```
#[derive(Debug, Clone)]
pub struct EwmaMoments {
    decay: Decay,
    sums: Sums,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    seen: usize,
    weight: f64,
    /// Sum of squared weights.
    weight_squared: f64,
    mean: Mean,
    m2: f64,
}

impl Sums {
    fn joined(self, x: f64, factor: f64) -> Self {
        let before = self.weight * factor;
        let weight = before + 1.0;
        let delta = self.mean.below(x);
        Self {
            seen: self.seen + 1,
            weight,
            weight_squared: self.weight_squared * factor * factor + 1.0,
            mean: if before > 0.0 { self.mean.moved(delta / weight) } else { Mean::of(x) },
            m2: self.m2 * factor + if before > 0.0 { delta * delta * before / weight } else { 0.0 },
        }
    }

    fn moments(self) -> Moments {
        let variance = self.m2 * self.weight / (self.weight * self.weight - self.weight_squared);
        Moments { count: self.seen, mean: self.mean.value, variance, std_dev: variance.sqrt() }
    }
}

impl EwmaMoments {
    /// Moments without data.
    pub fn new(decay: Decay) -> Self {
        Self { decay, sums: Sums::default() }
    }
}

impl Estimator for EwmaMoments {
    type Input = f64;
    type Output = Moments;

    fn update(&mut self, input: f64) -> Reading<Moments> {
        let sums = self.sums.joined(input, self.decay.factor());
        if !sums.mean.value.is_finite() || !sums.m2.is_finite() {
            return Reading::Undefined(Undefined::NonFinite);
        }
        self.sums = sums;
        reading(sums.seen, 2, self.window(), || {
            let moments = sums.moments();
            finite(&[moments.mean, moments.variance])?;
            Ok(moments)
        })
    }

    fn reset(&mut self) {
        self.sums = Sums::default();
    }

    fn window(&self) -> usize {
        self.decay.window().max(2)
    }
}

/// z-score of the newest observation by the exponentially weighted mean and standard deviation, itself
/// included.
///
/// Undefined if the weighted observations do not vary; see [`EwmaMoments`] for memory and readiness.
#[derive(Debug, Clone)]
pub struct EwmaZScore {
    moments: EwmaMoments,
}

impl EwmaZScore {
    /// A z-score without data.
    pub fn new(decay: Decay) -> Self {
        Self { moments: EwmaMoments::new(decay) }
    }
}

impl Estimator for EwmaZScore {
    type Input = f64;
    type Output = ZScore;

    fn update(&mut self, input: f64) -> Reading<ZScore> {
        let moments = self.moments.update(input);
        if moments.value().is_some_and(|moments| !varies(moments.variance, 1.0, moments.mean)) {
            return Reading::Undefined(Undefined::Constant);
        }
        let above = self.moments.sums.mean.below(input);
        moments.map(|Moments { mean, std_dev, .. }| ZScore { z: above / std_dev, mean, std_dev })
    }

    fn reset(&mut self) {
        self.moments.reset();
    }

    fn window(&self) -> usize {
        self.moments.window()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;
    use proptest::prelude::*;

    fn decay(half_life: f64) -> Decay {
        Decay::half_life(half_life).unwrap()
    }

    #[test]
    fn the_laws_without_a_window_hold() {
        let walk = contract::walk(60);
        contract::check_recursive(&|| Ok(EwmaMoments::new(decay(3.0))), &walk, &|now: &Moments| now.std_dev);
        contract::check_recursive(&|| Ok(EwmaZScore::new(decay(3.0))), &walk, &|now: &ZScore| now.z);
    }

    #[test]
    fn what_is_no_number_is_left_out_and_said() {
        let mut ewma = EwmaMoments::new(decay(2.0));
        ewma.update(1.0);
        let before = ewma.update(2.0);
        assert_eq!(ewma.clone().update(f64::NAN), Reading::Undefined(Undefined::NonFinite));
        let mut other = ewma.clone();
        other.update(f64::MAX);
        assert_eq!(other.update(3.0), ewma.update(3.0), "{before:?}");
        let mut still = EwmaZScore::new(decay(2.0));
        still.update(0.1);
        assert_eq!(still.update(0.1), Reading::Undefined(Undefined::Constant));
    }

    proptest! {
        #[test]
        fn recursion_is_the_weighted_sums(values in proptest::collection::vec(-1e3_f64..1e3, 2..100), half_life in 1.0_f64..40.0) {
            let mut ewma = EwmaMoments::new(decay(half_life));
            let factor = decay(half_life).factor();
            for (at, &value) in values.iter().enumerate() {
                let reading = ewma.update(value);
                let Some(now) = reading.value() else { continue };
                let weights: Vec<f64> =
                    (0..=at).rev().scan(1.0, |weight, _| { let now = *weight; *weight *= factor; Some(now) }).collect();
                let inside: Vec<f64> = values[..=at].iter().rev().copied().collect();
                let weight: f64 = weights.iter().sum();
                let squared: f64 = weights.iter().map(|w| w * w).sum();
                let mean = weights.iter().zip(&inside).map(|(w, x)| w * x).sum::<f64>() / weight;
                let m2: f64 = weights.iter().zip(&inside).map(|(w, x)| w * (x - mean).powi(2)).sum();
                let variance = m2 / weight * weight * weight / (weight * weight - squared);
                prop_assert!((now.mean - mean).abs() <= 1e-10 * (1.0 + mean.abs()));
                prop_assert!((now.variance - variance).abs() <= 1e-9 * (1.0 + variance));
            }
        }
    }
}
