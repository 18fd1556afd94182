//! A refusal that concerns the address of this machine, and so every tab on it.

use crate::UnixMillis;
use crate::binance::FetchError;
use serde::{Deserialize, Serialize};

/// A request that the exchange has refused because of the address that it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The request's address.
    pub url: String,
    /// HTTP status: 418 of a ban, 429 of a limit.
    pub code: u16,
    /// The start of the body, which says until when.
    pub body: String,
    /// When that was, by the local clock, which all tabs have in common.
    pub time: UnixMillis,
}

impl Refused {
    /// What the tab that was refused was told.
    pub fn error(&self) -> FetchError {
        FetchError::Status { code: self.code, body: self.body.clone() }
    }
}
