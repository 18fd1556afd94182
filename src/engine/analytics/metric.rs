//! A statistic for the page: [`Reading`] with its undefined case in words.

use crate::{Reading, Undefined};
use serde::{Deserialize, Serialize};

/// A statistic for the page: [`Reading`] with its undefined case in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Metric {
    /// Too few observations.
    Warming {
        /// Observations so far.
        seen: usize,
        /// Observations needed.
        needed: usize,
    },
    /// Computed on a window that is not yet full.
    Provisional {
        /// The value.
        value: f64,
        /// Observations so far.
        seen: usize,
        /// Observations in a full window.
        needed: usize,
    },
    /// Computed on a full window.
    Ready(f64),
    /// Does not exist on this data.
    Undefined(String),
}

impl Metric {
    /// The number, provisional or not.
    pub fn value(&self) -> Option<f64> {
        match *self {
            Self::Provisional { value, .. } | Self::Ready(value) => Some(value),
            Self::Warming { .. } | Self::Undefined(_) => None,
        }
    }

    /// The number, if its window is full.
    pub fn ready(&self) -> Option<f64> {
        match *self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}

impl From<Undefined> for Metric {
    fn from(reason: Undefined) -> Self {
        Self::Undefined(reason.to_string())
    }
}

impl From<Reading<f64>> for Metric {
    fn from(reading: Reading<f64>) -> Self {
        match reading {
            Reading::Warming { seen, needed } => Self::Warming { seen, needed },
            Reading::Provisional { value, seen, needed } => Self::Provisional { value, seen, needed },
            Reading::Ready(value) => Self::Ready(value),
            Reading::Undefined(reason) => reason.into(),
        }
    }
}
