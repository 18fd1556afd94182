//! A refusal that applies to this machine's IP address, and so to all its tabs.

use crate::UnixMillis;
use crate::binance::FetchError;
use serde::{Deserialize, Serialize};

/// A request that the exchange refused because of its IP address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The request's URL.
    pub url: String,
    /// The error that the tab received.
    pub error: FetchError,
    /// When that was, by the local clock, which all tabs share.
    pub time: UnixMillis,
}
