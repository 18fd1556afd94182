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
        /// The start of the body.
        body: String,
    },
    /// The server answered, and the browser hides what: an error without a CORS header, a ban maybe.
    #[error("refused in words that the browser hides")]
    Hidden,
    /// The server was not reached: no network, or something on the way that keeps it out.
    #[error("out of reach")]
    Unreached,
    /// No response in time.
    #[error("no response in time")]
    TimedOut,
}
