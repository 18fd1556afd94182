//! What happens where playback comes to the end of its span.

use crate::UnixMillis;
use serde::{Deserialize, Serialize};

/// What happens where playback comes to the end of its span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum AtEnd {
    /// It stops there: what follows is part of the past too, or nothing ever follows.
    #[default]
    Stop,
    /// It has reached the present, so the live desk takes over.
    GoLive,
}

impl AtEnd {
    /// What happens at `to`, when the desk held bars up to `held_to` as the replay was requested; `goes_on` says
    /// whether its source has a present, which a recording has not.
    pub fn of(to: UnixMillis, held_to: UnixMillis, goes_on: bool) -> Self {
        if goes_on && to >= held_to { Self::GoLive } else { Self::Stop }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_span_up_to_the_newest_bar_of_a_source_that_goes_on_ends_at_the_present() {
        let [earlier, newest, later] = [59_000, 60_000, 61_000].map(UnixMillis);
        assert_eq!(AtEnd::of(newest, newest, true), AtEnd::GoLive);
        assert_eq!(AtEnd::of(later, newest, true), AtEnd::GoLive);
        assert_eq!(AtEnd::of(earlier, newest, true), AtEnd::Stop);
        assert_eq!(AtEnd::of(newest, newest, false), AtEnd::Stop);
    }
}
