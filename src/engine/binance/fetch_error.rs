//! Why a REST request has no response.

use crate::UnixMillis;
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

impl FetchError {
    /// The end of a ban, which a browser can only read from the body:
    /// `{"code":-1003,"msg":"Way too much request weight used; IP banned until 1659146400000. …"}`
    pub(crate) fn banned_until(&self) -> Option<UnixMillis> {
        let Self::Status { code: 418, body } = self else { return None };
        let digits = body.split_once("banned until ")?.1;
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse().ok().map(UnixMillis)
    }
}
