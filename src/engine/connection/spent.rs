//! Request weight that a tab has spent.

use crate::UnixMillis;
use serde::{Deserialize, Serialize};

/// A request over REST and its price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// The request's address.
    pub url: String,
    /// Its request weight.
    pub weight: u32,
    /// When it was asked, by the local clock, which all tabs have in common.
    pub time: UnixMillis,
}
