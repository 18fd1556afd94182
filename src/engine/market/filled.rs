//! What came over REST.

use crate::base::symbol::Leg;
use crate::{Interval, UnixMillis};

/// What an answer changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// The market.
    pub leg: Leg,
    /// The interval.
    pub interval: Interval,
    /// Earliest bar that changed.
    pub from: UnixMillis,
}
