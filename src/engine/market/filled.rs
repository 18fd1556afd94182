//! Changes that a REST response made.

use crate::base::symbol::Leg;
use crate::{Interval, UnixMillis};

/// The bars changed by a REST response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// The market.
    pub leg: Leg,
    /// The interval.
    pub interval: Interval,
    /// Earliest bar that changed.
    pub from: UnixMillis,
}
