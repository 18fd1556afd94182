//! What time it is, by both clocks.

use crate::UnixMillis;

/// Both clocks at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Local time, used for waits.
    pub local: UnixMillis,
    /// Exchange time, used for the age of bars and gaps.
    pub exchange: Option<UnixMillis>,
}
