//! The interface of a statistic: takes one observation at a time, and returns its value or why there is none.

use core::fmt;

/// The state of an estimator after an observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading<T> {
    /// Too few observations to compute anything.
    Warming {
        /// Observations so far.
        seen: usize,
        /// Observations after which the window is full.
        needed: usize,
    },
    /// Computed on a window that is not yet full.
    Provisional {
        /// The value.
        value: T,
        /// Observations so far.
        seen: usize,
        /// Observations after which the window is full.
        needed: usize,
    },
    /// Computed on a full window.
    Ready(T),
    /// Enough data, but the quantity does not exist.
    Undefined(Undefined),
}

impl<T> Reading<T> {
    /// The value, provisional or not.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Provisional { value, .. } | Self::Ready(value) => Some(value),
            Self::Warming { .. } | Self::Undefined(_) => None,
        }
    }

    /// Whether the value is from a full window.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready(_))
    }

    /// The same reading of a quantity derived from this one.
    pub fn map<U>(self, derive: impl FnOnce(T) -> U) -> Reading<U> {
        match self {
            Self::Warming { seen, needed } => Reading::Warming { seen, needed },
            Self::Provisional { value, seen, needed } => {
                Reading::Provisional { value: derive(value), seen, needed }
            }
            Self::Ready(value) => Reading::Ready(derive(value)),
            Self::Undefined(reason) => Reading::Undefined(reason),
        }
    }
}

/// Why a quantity does not exist on the given data.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Undefined {
    /// The values do not vary.
    Constant,
    /// The explanatory variable does not vary, or the variables are copies of one another.
    Collinear,
    /// One series is the other, scaled and shifted: their spread is only rounding error.
    ScaledCopy,
    /// An observation in the window is not a finite number.
    NonFinite,
    /// The series does not revert to its mean: the slope on its own past level is not negative.
    NotReverting,
    /// The series reverts, but not significantly.
    NotSignificant {
        /// t-statistic of the slope.
        t: f64,
        /// Critical value; the t-statistic would have to be below it.
        critical: f64,
    },
    /// The series jumps across its mean from one observation to the next, so that there is no reversion to
    /// time.
    Oscillating,
    /// The values follow exactly from their own past, so that there is nothing to estimate.
    Deterministic,
    /// Shorter than the quantity needs.
    TooShort {
        /// Observations needed.
        needed: usize,
        /// Observations given.
        got: usize,
    },
    /// A price is zero or negative, so that it has no logarithm.
    NonPositive,
    /// Nothing was traded in the window.
    NoVolume,
    /// A volume in the window is negative.
    NegativeVolume,
    /// The line nearest to the points is vertical.
    Vertical,
    /// At least half of the residuals are zero, so that their median gives no scale.
    NoScale,
    /// The iteration did not converge.
    NotConverged {
        /// Iterations made.
        iterations: usize,
    },
}

/// Both values with a true minus sign and two decimals, or as many as tell them apart.
fn told_apart(a: f64, b: f64) -> [String; 2] {
    let with = |decimals: usize| [a, b].map(|value| format!("{value:.decimals$}").replace('-', "\u{2212}"));
    let differ = |told: &[String; 2]| a.to_bits() == b.to_bits() || told[0] != told[1];
    (2..17).map(with).find(differ).unwrap_or_else(|| with(2))
}

impl fmt::Display for Undefined {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant => write!(formatter, "the values do not vary"),
            Self::Collinear => write!(formatter, "the two series do not vary independently"),
            Self::ScaledCopy => write!(formatter, "one series is the other, scaled and shifted"),
            Self::NonFinite => write!(formatter, "a value is not a finite number"),
            Self::NotReverting => write!(formatter, "the spread does not pull back to its mean"),
            Self::NotSignificant { t, critical } => {
                let [t, critical] = told_apart(*t, *critical);
                write!(
                    formatter,
                    "the pull back to the mean is no stronger than chance (t {t}, must be below {critical})"
                )
            }
            Self::Oscillating => write!(formatter, "the spread jumps across its mean from bar to bar"),
            Self::Deterministic => write!(formatter, "the values follow their own past without error"),
            Self::TooShort { needed, got } => write!(formatter, "{got} of {needed} observations"),
            Self::NonPositive => write!(formatter, "a price is not positive, so that it has no logarithm"),
            Self::NoVolume => write!(formatter, "nothing was traded in the window"),
            Self::NegativeVolume => write!(formatter, "a volume in the window is negative"),
            Self::Vertical => write!(formatter, "the line nearest to the points is vertical"),
            Self::NoScale => {
                write!(formatter, "at least half of the residuals are zero, so that they have no scale")
            }
            Self::NotConverged { iterations } => {
                write!(formatter, "the fit did not settle within {iterations} iterations")
            }
        }
    }
}

impl core::error::Error for Undefined {}

/// A window too short for its statistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowError {
    /// Shortest window.
    pub min: usize,
    /// Window given.
    pub was: usize,
}

impl fmt::Display for WindowError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "window must be at least {}, was {}", self.min, self.was)
    }
}

impl core::error::Error for WindowError {}

/// A causal statistic: the result after `x_t` depends only on `x_1 ..= x_t`.
pub trait Estimator {
    /// One observation.
    type Input: Copy;
    /// The quantity.
    type Output;
    /// Feeds one observation and returns the reading after it.
    fn update(&mut self, input: Self::Input) -> Reading<Self::Output>;
    /// Returns to the state of a new estimator.
    fn reset(&mut self);
    /// Observations after which it is ready. Everything older is forgotten or, in a recursive estimator, has
    /// the small weight that the estimator documents.
    fn window(&self) -> usize;
}

/// A reading of a quantity that needs `least` observations, with `seen` of them in a window of `window`.
pub(crate) fn reading<T>(
    seen: usize,
    least: usize,
    window: usize,
    compute: impl FnOnce() -> Result<T, Undefined>,
) -> Reading<T> {
    if seen < least {
        return Reading::Warming { seen, needed: window };
    }
    match compute() {
        Err(reason) => Reading::Undefined(reason),
        Ok(value) if seen < window => Reading::Provisional { value, seen, needed: window },
        Ok(value) => Reading::Ready(value),
    }
}

/// Checks that all numbers are finite.
pub(crate) fn finite(numbers: &[f64]) -> Result<(), Undefined> {
    if numbers.iter().all(|number| number.is_finite()) { Ok(()) } else { Err(Undefined::NonFinite) }
}
