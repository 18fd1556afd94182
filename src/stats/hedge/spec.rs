//! The specification of a hedge model.

use crate::hedge::method::HedgeMethod;
use crate::{DecayError, KalmanError, WindowError};
use core::fmt;

/// The price scale of the coefficients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prices {
    /// Prices as they are: the hedge ratio is units of x per unit of y.
    Levels,
    /// Natural logarithms: the hedge ratio is an elasticity.
    Logs,
}

/// A hedge model: its method and its price scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HedgeSpec {
    /// How the hedge ratio is estimated.
    pub method: HedgeMethod,
    /// The price scale of the hedge ratio.
    pub prices: Prices,
}

/// Why a hedge model is invalid.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum HedgeError {
    /// The window is too short for the method.
    Window(WindowError),
    /// The window is too long for a method that looks at all of it at each refit.
    WindowTooLong {
        /// Longest window.
        max: usize,
        /// Window given.
        was: usize,
    },
    /// A refit every 0 observations.
    RefitEvery,
    /// The half-life is out of range.
    HalfLife(DecayError),
    /// Invalid settings of the Kalman filter.
    Kalman(KalmanError),
}

impl fmt::Display for HedgeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window(error) => error.fmt(formatter),
            Self::WindowTooLong { max, was } => write!(formatter, "window must be at most {max}, was {was}"),
            Self::RefitEvery => write!(formatter, "refit_every must be at least 1, was 0"),
            Self::HalfLife(error) => error.fmt(formatter),
            Self::Kalman(error) => error.fmt(formatter),
        }
    }
}

impl core::error::Error for HedgeError {}

impl From<WindowError> for HedgeError {
    fn from(error: WindowError) -> Self {
        Self::Window(error)
    }
}

impl From<DecayError> for HedgeError {
    fn from(error: DecayError) -> Self {
        Self::HalfLife(error)
    }
}

impl From<KalmanError> for HedgeError {
    fn from(error: KalmanError) -> Self {
        Self::Kalman(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hedge::method::Robust;
    use crate::{HedgeModel, KalmanNoise};

    #[test]
    fn a_setting_that_cannot_be_is_named_with_its_value() {
        let robust = |window, refit_every| Robust { window, refit_every };
        for (method, expected) in [
            (HedgeMethod::Ols { window: 2 }, "window must be at least 3, was 2"),
            (HedgeMethod::Tls { window: 0 }, "window must be at least 3, was 0"),
            (HedgeMethod::Huber(robust(2, 1)), "window must be at least 3, was 2"),
            (HedgeMethod::Huber(robust(100_001, 1)), "window must be at most 100000, was 100001"),
            (HedgeMethod::TheilSen(robust(2_001, 1)), "window must be at most 2000, was 2001"),
            (HedgeMethod::TheilSen(robust(50, 0)), "refit_every must be at least 1, was 0"),
            (
                HedgeMethod::Exponential { half_life: 0.0 },
                "half-life must be from 1 to 1e9 observations, was 0",
            ),
            (
                HedgeMethod::Kalman { warm_up: 3, noise: KalmanNoise::Memory },
                "warm-up must be at least 10, was 3",
            ),
        ] {
            let error = HedgeModel::new(HedgeSpec { method, prices: Prices::Logs }).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }
}
