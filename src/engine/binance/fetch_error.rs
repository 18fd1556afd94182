//! Why a REST request has no response.

use serde::{Deserialize, Serialize};

/// Why a REST request has no response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FetchError {
    /// The server refused.
    #[error("refused (HTTP {code})")]
    Status {
        /// HTTP status.
        code: u16,
        /// The start of the response body.
        body: String,
    },
    /// The server responded, but the browser hides the response: an error without a CORS header, possibly a
    /// ban.
    #[error("refused for a reason that the browser hides")]
    Hidden,
    /// The server was not reached: no network, or something on the way blocks it.
    #[error("out of reach")]
    Unreached,
    /// No response in time.
    #[error("no response in time")]
    TimedOut,
}
