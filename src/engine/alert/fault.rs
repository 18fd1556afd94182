//! What is wrong with a rule, as a type: the page puts it into its own words and numbers.

use super::{Quantity, RuleId};
use core::fmt;
use serde::{Deserialize, Serialize};

/// A field of a rule that cannot be used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("rule {rule}: {field} {fault}")]
pub struct RuleError {
    /// The rule.
    pub rule: RuleId,
    /// The field: `name`, `value`, `low`, `high`, `hysteresis`, `dwell`, `cooldown_secs`, `conditions`, or one
    /// in a condition, such as `conditions[0].value`.
    pub field: String,
    /// What is wrong with it.
    pub fault: RuleFault,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum RuleFault {
    /// No rule has the number.
    Unknown,
    /// Two rules have the number.
    Twice,
    /// More than this many.
    Many {
        /// Most.
        most: usize,
        /// Number given.
        was: usize,
    },
    /// Not a name on one line.
    Name {
        /// Most characters.
        most: usize,
        /// As given, as far as there is room.
        was: String,
    },
    /// Outside its range.
    Range {
        /// The quantity whose limit it is, if it is one.
        of: Option<Quantity>,
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
        /// Value given.
        was: f64,
    },
    /// An upper end that is not above the lower one.
    NotAbove {
        /// Lower end.
        low: f64,
        /// Upper end.
        was: f64,
    },
    /// A hysteresis that leaves the quantity no room to come back.
    NoRoom {
        /// The quantity.
        quantity: Quantity,
        /// Value given.
        was: f64,
    },
    /// Bars, for a quantity that is judged between bars.
    NotBars {
        /// The quantity.
        quantity: Quantity,
        /// Bars given.
        was: u32,
    },
    /// A quantity that cannot be a condition.
    NotCondition {
        /// The quantity.
        quantity: Quantity,
    },
}

impl fmt::Display for RuleFault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => write!(to, "does not exist"),
            Self::Twice => write!(to, "must be unique"),
            Self::Many { most, was } => write!(to, "must be at most {most}, were {was}"),
            Self::Name { most, was } => write!(to, "must be 1 to {most} characters on one line, was {was:?}"),
            Self::Range { of: Some(quantity), low, high, was } => {
                write!(to, "of {} must be {low} to {high}, was {was}", quantity.name())
            }
            Self::Range { of: None, low, high, was } => write!(to, "must be {low} to {high}, was {was}"),
            Self::NotAbove { low, was } => write!(to, "must be above the lower end, {low}; was {was}"),
            Self::NoRoom { quantity, was } => {
                write!(to, "must leave {} room to come back, was {was}", quantity.name())
            }
            Self::NotBars { quantity, was } => {
                write!(to, "of a rule on {} must be a time, was {was} bars", quantity.name())
            }
            Self::NotCondition { quantity } => write!(to, "cannot be {}", quantity.name()),
        }
    }
}
