//! A refusal that concerns the address of this machine, and so every tab on it.

use crate::UnixMillis;
use crate::binance::FetchError;
use serde::{Deserialize, Serialize};

/// A request that the exchange has refused because of the address that it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The request's address.
    pub url: String,
    /// What the tab that was refused was told.
    pub error: FetchError,
    /// When that was, by the local clock, which all tabs have in common.
    pub time: UnixMillis,
}
