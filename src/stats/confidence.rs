//! The share of samples in which an interval should contain the true value.

use core::fmt;
use statrs::distribution::{ContinuousCDF as _, Normal};

/// A confidence level between 0 and 1, both excluded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence(f64);

/// A share that is not a confidence level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConfidenceError {
    /// The share given.
    pub was: f64,
}

impl fmt::Display for ConfidenceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "confidence must be between 0 and 1, was {}", self.was)
    }
}

impl core::error::Error for ConfidenceError {}

impl Confidence {
    /// 95 %.
    pub const PERCENT_95: Self = Self(0.95);

    /// The level `share`, such as 0.95.
    ///
    /// # Errors
    /// [`ConfidenceError`] if the share is not between 0 and 1.
    pub fn new(share: f64) -> Result<Self, ConfidenceError> {
        if share > 0.0 && share < 1.0 { Ok(Self(share)) } else { Err(ConfidenceError { was: share }) }
    }

    /// Share of samples beyond either end of the interval.
    pub(crate) fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// Half width of the interval in standard errors, for a normal estimate.
    pub(crate) fn standard_errors(self) -> f64 {
        -Normal::standard().inverse_cdf(self.tail())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_five_percent_are_two_standard_errors_all_but_a_little() {
        assert!((Confidence::PERCENT_95.standard_errors() - 1.959_963_984_540_054).abs() < 1e-10);
        assert_eq!(Confidence::new(1.0), Err(ConfidenceError { was: 1.0 }));
        assert!(Confidence::new(0.0).is_err() && Confidence::new(f64::NAN).is_err());
        assert_eq!(ConfidenceError { was: 95.0 }.to_string(), "confidence must be between 0 and 1, was 95");
    }
}
