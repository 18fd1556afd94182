//! Exponential decay of weights in recursive estimators.

use core::fmt;

/// Observations older than this many half-lives have 1/32 of the total weight.
const READY_AFTER_HALF_LIVES: f64 = 5.0;

/// Weights that fall by a constant factor per observation; the newest has weight 1.
///
/// A recursive estimator never forgets completely. It counts as ready after five half-lives, when older
/// observations have 1/32 of the total weight.
///
/// ```
/// use spreadscope_stats::Decay;
/// let decay = Decay::half_life(20.0)?;
/// assert!((decay.factor().powi(20) - 0.5).abs() < 1e-12);
/// assert_eq!(decay.window(), 100);
/// # Ok::<(), spreadscope_stats::DecayError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decay {
    factor: f64,
    window: usize,
}

impl Decay {
    /// The decay that halves a weight every `observations` observations, from 1 to 1e9.
    ///
    /// # Errors
    /// [`DecayError::HalfLife`] if `observations` is not in that range.
    pub fn half_life(observations: f64) -> Result<Self, DecayError> {
        if !(1.0..=1e9).contains(&observations) {
            return Err(DecayError::HalfLife { was: observations });
        }
        Ok(Self { factor: (-1.0 / observations).exp2(), window: ready_after(observations) })
    }

    /// The decay with this factor per observation, from 0.5 to 1. With 1 nothing is forgotten, and an estimator
    /// is ready as soon as it has a value.
    ///
    /// # Errors
    /// [`DecayError::Factor`] if `factor` is not in that range.
    pub fn forgetting_factor(factor: f64) -> Result<Self, DecayError> {
        if !(0.5..=1.0).contains(&factor) {
            return Err(DecayError::Factor { was: factor });
        }
        let window = if factor < 1.0 { ready_after(-1.0 / factor.log2()) } else { 1 };
        Ok(Self { factor, window })
    }

    /// Weight of an observation relative to the next.
    pub fn factor(self) -> f64 {
        self.factor
    }

    /// Observations after which older ones have 1/32 of the total weight.
    pub fn window(self) -> usize {
        self.window
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a half-life is positive, and a cast that is too large saturates"
)]
fn ready_after(half_life: f64) -> usize {
    // slightly less, so that 2^(-1/20) and its logarithm give 100 rather than 101
    (READY_AFTER_HALF_LIVES * half_life - 1e-6).ceil() as usize
}

/// Why a decay is invalid.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum DecayError {
    /// The half-life is not between 1 and 1e9 observations.
    HalfLife {
        /// Half-life given.
        was: f64,
    },
    /// The factor is not between 0.5 and 1.
    Factor {
        /// Factor given.
        was: f64,
    },
}

impl fmt::Display for DecayError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HalfLife { was } => {
                write!(formatter, "half-life must be from 1 to 1e9 observations, was {was}")
            }
            Self::Factor { was } => write!(formatter, "forgetting factor must be from 0.5 to 1, was {was}"),
        }
    }
}

impl core::error::Error for DecayError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_memory_is_refused_with_its_value() {
        for was in [0.0, -3.0, f64::NAN, f64::INFINITY] {
            assert!(Decay::half_life(was).is_err() && Decay::forgetting_factor(was).is_err(), "{was}");
        }
        let short = Decay::half_life(0.5).unwrap_err();
        assert_eq!(short.to_string(), "half-life must be from 1 to 1e9 observations, was 0.5");
        let growing = Decay::forgetting_factor(1.5).unwrap_err();
        assert_eq!(growing.to_string(), "forgetting factor must be from 0.5 to 1, was 1.5");
    }

    #[test]
    fn a_factor_and_its_half_life_are_one_memory() {
        let decay = Decay::half_life(20.0).unwrap();
        assert_eq!(Decay::forgetting_factor(decay.factor()).unwrap(), decay);
        assert_eq!(Decay::forgetting_factor(1.0).unwrap().window(), 1);
    }
}
