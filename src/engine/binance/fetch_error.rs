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
    /// The server answered, and the browser hides what: an error without a CORS header, a ban maybe.
    #[error("refused in words that the browser hides")]
    Hidden,
    /// The server was not reached: no network, or something on the way that keeps it out.
    #[error("out of reach")]
    Unreached,
    /// No answer in time.
    #[error("no answer in time")]
    TimedOut,
}
