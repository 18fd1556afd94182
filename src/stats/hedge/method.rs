//! The methods of hedging: the parameters of each, and its estimator. A new one is a row in each list here.

use crate::hedge::model::{HedgeFit, by_std_error};
use crate::hedge::spec::HedgeError;
use crate::regression::robust_window::RobustWindow;
use crate::regression::theil_sen::Interval;
use crate::{
    Decay, Estimator as _, KalmanNoise, KalmanRegression, Observation, Reading, RecursiveOls, RollingOls,
    RollingTls, Undefined,
};

/// How the hedge ratio is estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HedgeMethod {
    /// Least squares of y on x over a window. Constant time per observation.
    Ols {
        /// Observations, at least 3.
        window: usize,
    },
    /// Total least squares over a window, which treats y and x alike. Constant time per observation.
    Tls {
        /// Observations, at least 3.
        window: usize,
    },
    /// Least squares with weights that halve after `half_life` observations. Constant time per observation.
    Exponential {
        /// In observations, 1 to 1e9; ready after five half-lives.
        half_life: f64,
    },
    /// Intercept and slope as random walks. Constant time per observation.
    Kalman {
        /// Observations used to initialise the filter, at least 10.
        warm_up: usize,
        /// How fast the coefficients move.
        noise: KalmanNoise,
    },
    /// Huber's regression over a window, at most [`HedgeMethod::LONGEST_HUBER`]. A refit takes some tens of
    /// passes over the window.
    Huber(Robust),
    /// The Theil-Sen line over a window, at most [`HedgeMethod::LONGEST_THEIL_SEN`]. The time of a refit is
    /// proportional to the square of the window, about 3 ns per pair: 6 ms at 2,000.
    TheilSen(Robust),
}

impl HedgeMethod {
    /// Longest window of Huber's regression, in observations.
    pub const LONGEST_HUBER: usize = 100_000;
    /// Longest window of the Theil-Sen line, in observations.
    pub const LONGEST_THEIL_SEN: usize = 2_000;
}

/// The window of a robust method, and how often it is refitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Robust {
    /// Observations, at least 3.
    pub window: usize,
    /// Observations between two fits once the window is full, at least 1. In between, the coefficients stay the
    /// same and the spread continues.
    pub refit_every: usize,
}

/// The estimator of a method.
#[derive(Debug, Clone)]
pub(super) enum Method {
    Ols(RollingOls),
    Tls(RollingTls),
    Exponential(RecursiveOls),
    Kalman(Box<KalmanRegression>),
    Robust(RobustWindow),
}

/// Calls the estimator of whichever method it is.
macro_rules! estimator {
    ($method:expr, $estimator:ident => $call:expr) => {
        match $method {
            Method::Ols($estimator) => $call,
            Method::Tls($estimator) => $call,
            Method::Exponential($estimator) => $call,
            Method::Kalman($estimator) => $call,
            Method::Robust($estimator) => $call,
        }
    };
}

impl Method {
    pub(super) fn new(method: HedgeMethod) -> Result<Self, HedgeError> {
        Ok(match method {
            HedgeMethod::Ols { window } => Self::Ols(RollingOls::new(window)?),
            HedgeMethod::Tls { window } => Self::Tls(RollingTls::new(window)?),
            HedgeMethod::Exponential { half_life } => {
                Self::Exponential(RecursiveOls::new(Decay::half_life(half_life)?))
            }
            HedgeMethod::Kalman { warm_up, noise } => {
                Self::Kalman(Box::new(KalmanRegression::new(warm_up, noise)?))
            }
            HedgeMethod::Huber(robust) => Self::Robust(RobustWindow::huber(robust)?),
            HedgeMethod::TheilSen(robust) => Self::Robust(RobustWindow::theil_sen(robust)?),
        })
    }

    pub(super) fn fit(&mut self, input: Observation) -> Reading<HedgeFit> {
        let reading = match self {
            Self::Ols(model) => {
                model.update(input).map(|fit| by_std_error(fit.slope, fit.intercept, fit.slope_std_error))
            }
            Self::Tls(model) => {
                model.update(input).map(|fit| by_std_error(fit.slope, fit.intercept, fit.slope_std_error))
            }
            Self::Exponential(model) => {
                model.update(input).map(|fit| by_std_error(fit.slope, fit.intercept, fit.slope_std_error))
            }
            Self::Kalman(model) => {
                model.update(input).map(|now| by_std_error(now.slope, now.intercept, now.slope_std_error))
            }
            Self::Robust(model) => model.update(input),
        };
        match reading.value() {
            Some(HedgeFit { interval: Interval { low, high }, .. })
                if !low.is_finite() || !high.is_finite() =>
            {
                Reading::Undefined(Undefined::NonFinite)
            }
            _ => reading,
        }
    }

    pub(super) fn reset(&mut self) {
        estimator!(self, estimator => estimator.reset());
    }

    pub(super) fn window(&self) -> usize {
        estimator!(self, estimator => estimator.window())
    }
}
