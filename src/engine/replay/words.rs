//! What the page asks of a replay and what it is told of it, in bytes that both sides alone read.

use crate::UnixMillis;
use crate::alert::Alert;
use serde::{Deserialize, Serialize};

/// A span of the past, and where in it a replay stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The first time that is replayed; the bars before it warm the engine up.
    pub from: UnixMillis,
    /// The last one.
    pub to: UnixMillis,
    /// The position.
    pub at: UnixMillis,
}

/// What the page asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Replay this span, and go to its place.
    Open(Place),
    /// Replay the newest so many milliseconds, from their start; all that there is where that is less.
    OpenLast {
        /// How many.
        millis: i64,
    },
    /// Play on; from the start again when it has come to the end.
    Play,
    /// Stand still.
    Pause,
    /// Play so many times as fast as it was.
    Speed(u32),
    /// Go on by so many bars, or back.
    Step(i64),
    /// Go there.
    Seek(UnixMillis),
    /// Play on to the next alert at once, and stand still there.
    NextAlert,
    /// Tell the number of the state.
    Hash,
    /// End the replay.
    GoLive,
}

/// How a replay stands.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct State {
    /// The first time of the span.
    pub from: UnixMillis,
    /// The last one.
    pub to: UnixMillis,
    /// The time up to which all has been played.
    pub at: UnixMillis,
    /// Whether it plays.
    pub is_playing: bool,
    /// Times as fast as it was.
    pub speed: u32,
    /// Whether it is on its way to a place that was asked for.
    pub is_seeking: bool,
    /// Bars stand as they were in the end: nobody has kept when they became known.
    pub is_final_data: bool,
    /// Times of the first and of the last trade on the tape; `None` where it is of bars alone.
    pub trades: Option<(UnixMillis, UnixMillis)>,
    /// Alerts up to here.
    pub alerts: usize,
    /// The number of all that the engine has made of the tape up to here, where it was asked for.
    pub hash: Option<u64>,
    /// What the live feed has meanwhile called for, oldest first.
    pub live_alerts: Vec<Alert>,
}
