//! The connection as the page shows it.

use crate::UnixMillis;
use serde::{Deserialize, Serialize};

/// Where a connection is in its life.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Phase {
    /// Nothing was asked for yet.
    #[default]
    Idle,
    /// A recording is shown; there is no connection.
    Recording,
    /// A socket is being opened, or is open without data so far.
    Connecting {
        /// Attempts since data last came, from 1.
        attempt: u32,
    },
    /// Data comes.
    Live,
    /// The socket is open but silent for longer than it should be.
    Stale {
        /// Milliseconds without a frame.
        silent_millis: i64,
    },
    /// The connection was lost; the next attempt is due.
    Waiting {
        /// Attempts since data last came.
        attempt: u32,
        /// Milliseconds until the next one.
        retry_in_millis: i64,
        /// What ended the last one, in words.
        reason: String,
    },
    /// No websocket can be had, and closed bars are asked for over REST.
    Polling,
    /// The exchange or the network refuses for good reason.
    Blocked {
        /// Which.
        refusal: Refusal,
        /// Milliseconds until the next attempt.
        retry_in_millis: i64,
        /// Which refusal, in words.
        reason: String,
    },
}

/// Why REST refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// HTTP 451: the exchange does not serve this region.
    Region,
    /// HTTP 403: the firewall in front of it.
    Firewall,
    /// HTTP 418: the address is banned for a while.
    Banned,
    /// HTTP 429: too much was asked in a minute.
    TooOften,
    /// No response that a browser shows: blocked, banned without a CORS header, or offline.
    Hidden,
    /// HTTP 400: the request is wrong, by its symbol for one.
    Request,
}

impl Refusal {
    /// Whether the exchange itself says to wait: who asks meanwhile waits longer.
    pub const fn demands_wait(self) -> bool {
        matches!(self, Self::Banned | Self::TooOften)
    }
}

/// How far the history over REST has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Backfill {
    /// Nothing to fetch.
    #[default]
    Idle,
    /// On its way.
    Loading {
        /// Bars here.
        done: usize,
        /// Bars wanted.
        wanted: usize,
    },
    /// All of it is here.
    Done,
    /// This source has no history at this interval.
    Unavailable,
    /// It failed and will be tried again.
    Failed {
        /// Which refusal it was, if the exchange or the network means it.
        refusal: Option<Refusal>,
        /// What happened, in words.
        reason: String,
        /// Milliseconds until the next attempt.
        retry_in_millis: i64,
    },
}

/// Counters and state of the feed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FeedStatus {
    /// The connection.
    pub phase: Phase,
    /// History over REST.
    pub backfill: Backfill,
    /// What the desk starts with is still coming in: what it computes rests on part of its bars.
    pub is_filling: bool,
    /// The name of the source.
    pub source: String,
    /// Host of the socket in use.
    pub host: String,
    /// Milliseconds since the socket in use opened.
    pub connected_millis: Option<i64>,
    /// Times the connection was lost since the start.
    pub reconnects: u32,
    /// Exchange clock less local clock, from the frames; positive when the local clock is behind.
    pub clock_skew_millis: Option<i64>,
    /// Frames per second over the last ten seconds.
    pub frames_per_sec: f64,
    /// Frames since the start.
    pub frames: u64,
    /// Trades taken since the start.
    pub trades: u64,
    /// Trades that came twice, and were dropped.
    pub duplicates: u64,
    /// Trades that came out of their order, and were put in place.
    pub reordered: u64,
    /// Trade ids that never came.
    pub missing: u64,
    /// Those of them that REST has given since.
    pub repaired: u64,
    /// Frames that could not be read, and were left out.
    pub rejected: u64,
    /// The last of them, with field and value.
    pub last_rejection: Option<String>,
    /// Request weight spent over REST in the minute under way.
    pub weight_spent: u32,
    /// Local time of the last frame.
    pub last_frame_local: Option<UnixMillis>,
}
