//! Why a REST request has no response.

/// Why a REST question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The server refused.
    #[error("refused (HTTP {code})")]
    Status {
        /// HTTP status.
        code: u16,
        /// The start of the body.
        body: String,
    },
    /// No answer that the browser would show: offline, blocked, banned or without CORS header.
    #[error("out of reach")]
    Unreachable(String),
    /// No answer in time.
    #[error("no answer in time")]
    TimedOut,
}
