//! The connection's state as shown on the page.

use crate::UnixMillis;
use serde::{Deserialize, Serialize};

/// The phase of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Phase {
    /// Nothing has been requested yet.
    #[default]
    Idle,
    /// A recording is shown; there is no connection.
    Recording,
    /// A socket is being opened, or is open without data so far.
    Connecting {
        /// Attempts since the last frame, from 1.
        attempt: u32,
    },
    /// Data arrives.
    Live,
    /// The socket is open but silent for longer than it should be.
    Stale {
        /// Milliseconds without a frame.
        silent_millis: i64,
    },
    /// The connection was lost; the next attempt is due.
    Waiting {
        /// Attempts since the last frame.
        attempt: u32,
        /// Milliseconds until the next attempt.
        retry_in_millis: i64,
        /// Why the last attempt ended, in words.
        reason: String,
    },
    /// No websocket connection is possible, and closed bars are polled over REST.
    Polling,
    /// The exchange or the network refuses, and a quick retry would not help.
    Blocked {
        /// The kind of refusal.
        refusal: Refusal,
        /// Milliseconds until the next attempt.
        retry_in_millis: i64,
        /// The reason, in words.
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
    /// HTTP 429: too many requests in a minute.
    TooOften,
    /// No response that the browser shows: blocked, banned without a CORS header, or offline.
    Hidden,
    /// HTTP 400: the request is wrong, for instance its symbol.
    Request,
}

impl Refusal {
    /// Whether the exchange itself demands the wait: requests in the meantime make it longer.
    pub const fn demands_wait(self) -> bool {
        matches!(self, Self::Banned | Self::TooOften)
    }

    /// Whether the address may be banned, which requests in the meantime make longer.
    pub const fn may_be_ban(self) -> bool {
        self.demands_wait() || matches!(self, Self::Hidden)
    }
}

/// Progress of the history over REST.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Backfill {
    /// Nothing to fetch.
    #[default]
    Idle,
    /// On its way.
    Loading {
        /// Bars fetched.
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
        /// The kind of refusal, if the exchange or the network refuses.
        refusal: Option<Refusal>,
        /// What happened, in words.
        reason: String,
        /// Milliseconds until the next attempt.
        retry_in_millis: i64,
    },
    /// All that exists is here, which is less than the windows need.
    Short {
        /// Bars that both legs have.
        exist: usize,
        /// Bars needed.
        needed: usize,
    },
}

/// Counters and state of the feed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FeedStatus {
    /// The connection.
    pub phase: Phase,
    /// History over REST.
    pub backfill: Backfill,
    /// The initial bars are still arriving: results rest on part of them.
    pub is_filling: bool,
    /// The name of the source.
    pub source: String,
    /// Host of the socket in use.
    pub host: String,
    /// Milliseconds since the socket in use opened.
    pub connected_millis: Option<i64>,
    /// Times the connection was lost since the start.
    pub reconnects: u32,
    /// Exchange clock minus local clock, from the frames, ms; positive when the local clock is behind.
    pub clock_skew_millis: Option<i64>,
    /// Frames per second over the last ten seconds.
    pub frames_per_sec: f64,
    /// Frames since the start.
    pub frames: u64,
    /// Trades accepted since the start.
    pub trades: u64,
    /// Trades received twice, and dropped.
    pub duplicates: u64,
    /// Trades received out of order, and put in place.
    pub reordered: u64,
    /// Trade ids that never came.
    pub missing: u64,
    /// Missing trades that REST has supplied since.
    pub repaired: u64,
    /// Frames that could not be read, and were left out.
    pub rejected: u64,
    /// The last of them: field and value.
    pub last_rejection: Option<String>,
    /// Request weight spent over REST in the current minute.
    pub weight_spent: u32,
    /// Local time of the last frame.
    pub last_frame_local: Option<UnixMillis>,
}
