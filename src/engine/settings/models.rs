//! The hedge models and price scales to choose from.

use super::HEDGE_WINDOW_BARS;
use serde::{Deserialize, Serialize};
use spreadscope_stats::HedgeMethod;

/// A way to find the hedge ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum HedgeKind {
    /// Rolling least squares.
    #[default]
    Ols,
    /// Total least squares.
    Tls,
    /// Least squares with weights that fade.
    Exponential,
    /// A Kalman filter.
    Kalman,
    /// Huber's regression.
    Huber,
    /// Theil and Sen's line.
    TheilSen,
}

impl HedgeKind {
    /// Every model; a model's place is its index in [`Row::overlays`](crate::analytics::Row::overlays).
    pub const ALL: [Self; 6] =
        [Self::Ols, Self::Tls, Self::Exponential, Self::Kalman, Self::Huber, Self::TheilSen];

    /// The name as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ols => "ols",
            Self::Tls => "tls",
            Self::Exponential => "ewma",
            Self::Kalman => "kalman",
            Self::Huber => "huber",
            Self::TheilSen => "theil-sen",
        }
    }

    /// The model that [`Self::as_str`] names.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The name for the eye.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ols => "Rolling OLS",
            Self::Tls => "Total least squares",
            Self::Exponential => "EWMA",
            Self::Kalman => "Kalman",
            Self::Huber => "Huber",
            Self::TheilSen => "Theil-Sen",
        }
    }

    /// Longest window that the model can be given.
    pub const fn longest_window(self) -> usize {
        match self {
            Self::TheilSen => HedgeMethod::LONGEST_THEIL_SEN,
            _ => HEDGE_WINDOW_BARS.max,
        }
    }

    /// Whether a bar's own price takes part in its spread. A model that moves with each bar would explain the
    /// bar away: its spread is under the line known before.
    pub const fn explains_its_bar(self) -> bool {
        !matches!(self, Self::Exponential | Self::Kalman)
    }
}

/// What the hedge ratio is a ratio of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PriceScale {
    /// Prices as they are: the ratio counts units of x for one of y.
    #[default]
    Levels,
    /// Natural logarithms: the ratio is an elasticity, the spread relative.
    Logs,
}

impl PriceScale {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Levels, Self::Logs];

    /// The scale as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Levels => "levels",
            Self::Logs => "logs",
        }
    }

    /// The scale that [`Self::as_str`] names.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scale| scale.as_str() == text)
    }

    /// A price on this scale.
    pub fn of(self, price: f64) -> f64 {
        match self {
            Self::Levels => price,
            Self::Logs => price.ln(),
        }
    }

    /// Size that a value on this scale is at least as uncertain as: a logarithm is as uncertain as its price is in
    /// relation to itself, however small it is.
    pub const fn least_size(self) -> f64 {
        match self {
            Self::Levels => 0.0,
            Self::Logs => 1.0,
        }
    }
}
