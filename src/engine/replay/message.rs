//! The messages between a page and a replay, in bytes that only these two decode.

use super::AtEnd;
use crate::alert::Alert;
use crate::{Interval, UnixMillis};
use serde::{Deserialize, Serialize};

/// A span of the past, and a position in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Start of the replay; earlier bars warm the engine up.
    pub from: UnixMillis,
    /// End of the replay.
    pub to: UnixMillis,
    /// The position.
    pub at: UnixMillis,
    /// Start of the bars that warm the engine up, where the same numbers as before are wanted; `None`: of all that are
    /// here.
    pub begins: Option<UnixMillis>,
}

/// A request from the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplayCommand {
    /// Replay this span from its position.
    Open(Place),
    /// Replay the last `millis` milliseconds from their start, or everything if there is less.
    OpenLast {
        /// Length, ms.
        millis: i64,
    },
    /// Play; from the start again if at the end.
    Play,
    /// Pause.
    Pause,
    /// Play at this multiple of the original speed.
    Speed(u32),
    /// Step by this many bars, forwards or back.
    Step(i64),
    /// Move to this time.
    Seek(UnixMillis),
    /// Play at full speed to the next alert, and pause there.
    NextAlert,
    /// Report the hash of the state.
    Hash,
    /// End the replay.
    GoLive,
}

/// A move to another place, under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seeking {
    /// Where the engine began to play towards the goal.
    pub from: UnixMillis,
    /// The requested time; `None` while the next alert is looked for.
    pub goal: Option<UnixMillis>,
}

/// The state of a replay.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct State {
    /// Start of the bars that warm the engine up.
    pub begins: UnixMillis,
    /// Start of the span.
    pub from: UnixMillis,
    /// End of the span.
    pub to: UnixMillis,
    /// End of the span as requested, which may lie in a bar that is not over: shorter bars reach it.
    pub wanted_to: UnixMillis,
    /// Whether a good part of the requested span is missing at its start, before the first bar held.
    pub is_cut: bool,
    /// What happens where playback comes to that end.
    pub at_end: AtEnd,
    /// The time up to which everything has been played.
    pub at: UnixMillis,
    /// Whether it is playing.
    pub is_playing: bool,
    /// Speed, as a multiple of the original.
    pub speed: u32,
    /// Interval of the bars.
    pub interval: Interval,
    /// The move under way, if there is one.
    pub seeking: Option<Seeking>,
    /// Whether bars are in their final state, because the time when they became known was not kept.
    pub is_final_data: bool,
    /// Times of the first and the last trade on the tape; `None` if it has only bars.
    pub trades: Option<(UnixMillis, UnixMillis)>,
    /// Number of alerts so far within the span.
    pub alerts: usize,
    /// Hash of everything that the engine has computed from the tape so far, if requested.
    pub hash: Option<u64>,
    /// Alerts on the live feed in the meantime, oldest first.
    pub live_alerts: Vec<Alert>,
}
