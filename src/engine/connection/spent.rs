//! Request weight spent by a tab.

use crate::UnixMillis;
use serde::{Deserialize, Serialize};

/// A REST request and its weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// The request's URL.
    pub url: String,
    /// Its request weight.
    pub weight: u32,
    /// When it was sent, by the local clock, which all tabs share.
    pub time: UnixMillis,
}
