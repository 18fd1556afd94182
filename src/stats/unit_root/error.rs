//! Why a series cannot be tested.

use crate::Undefined;
use core::fmt;

/// Why a series cannot be tested for a unit root, or for stationarity.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum UnitRootError {
    /// The statistic does not exist on these values.
    Undefined(Undefined),
    /// More lags than half the series has room for.
    TooManyLags {
        /// Most lags for this length.
        max: usize,
        /// Lags given.
        was: usize,
    },
    /// More lags of the long-run variance than observations allow.
    Bandwidth {
        /// Most lags for this length.
        max: usize,
        /// Lags given.
        was: usize,
    },
    /// No distribution is known for a quadratic trend.
    Trend,
    /// The trimmed share is not above 0 and at most 1/3.
    Trim {
        /// Share given.
        was: f64,
    },
    /// The long-run variance is not positive: the autocovariances cancel.
    LongRunVariance,
}

impl UnitRootError {
    /// The values follow exactly from their own past, so that there is nothing to test.
    pub(crate) const DETERMINISTIC: Self = Self::Undefined(Undefined::Deterministic);
}

impl fmt::Display for UnitRootError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undefined(reason) => reason.fmt(formatter),
            Self::TooManyLags { max, was } => write!(formatter, "lags must be at most {max}, were {was}"),
            Self::Bandwidth { max, was } => write!(formatter, "bandwidth must be at most {max}, was {was}"),
            Self::Trend => write!(formatter, "no distribution is known with a quadratic trend"),
            Self::Trim { was } => write!(formatter, "trim must be above 0 and at most 1/3, was {was}"),
            Self::LongRunVariance => write!(formatter, "the long-run variance is not positive"),
        }
    }
}

impl core::error::Error for UnitRootError {}

impl From<Undefined> for UnitRootError {
    fn from(reason: Undefined) -> Self {
        Self::Undefined(reason)
    }
}
