//! The hedge models and price scales to choose from.

use crate::base::words;
use serde::{Deserialize, Serialize};
use spreadscope_stats::HedgeMethod;

/// A way to find the hedge ratio; its place is its index in [`Row::overlays`](crate::analytics::Row::overlays).
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

words!(
    HedgeKind,
    Ols = "ols",
    Tls = "tls",
    Exponential = "ewma",
    Kalman = "kalman",
    Huber = "huber",
    TheilSen = "theil-sen"
);

impl HedgeKind {
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

    /// The name of its ratio in a table.
    pub const fn ratio_name(self) -> &'static str {
        match self {
            Self::Ols => "hedge_ratio_ols",
            Self::Tls => "hedge_ratio_tls",
            Self::Exponential => "hedge_ratio_ewma",
            Self::Kalman => "hedge_ratio_kalman",
            Self::Huber => "hedge_ratio_huber",
            Self::TheilSen => "hedge_ratio_theil_sen",
        }
    }

    /// Longest window that the model can be given.
    pub const fn longest_window(self) -> usize {
        match self {
            Self::TheilSen => HedgeMethod::LONGEST_THEIL_SEN,
            _ => super::LONGEST_WINDOW_BARS,
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

words!(PriceScale, Levels = "levels", Logs = "logs");

impl PriceScale {
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
