//! Why REST refuses, and how long to leave it alone; each refusal has its own text.

use super::Refusal;
use super::moment::Moment;
use crate::UnixMillis;
use crate::binance::FetchError;

/// Wait after a refusal that states no time.
const REFUSED_MILLIS: i64 = 60_000;
/// No ban lasts longer.
const BAN_MOST_MILLIS: i64 = 3 * 86_400_000;

/// How to treat a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setback {
    /// A retry may succeed soon.
    Failed(String),
    /// The browser hides why: a ban, or the network.
    Hidden,
    /// The exchange or the network refuses.
    Refused {
        /// Which refusal.
        refusal: Refusal,
        /// When it may be over.
        pause: Pause,
    },
}

/// A time without requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pause {
    /// Its end, local time.
    pub(super) until: UnixMillis,
    /// Its end in exchange time, if exchange time was unknown when it was set. A local clock that is minutes
    /// off would make the pause wrong by as much.
    ban_end: Option<UnixMillis>,
    /// Why, in words.
    pub(super) reason: String,
}

impl Pause {
    /// A pause until local time `until`.
    pub(super) fn new(until: UnixMillis, reason: String) -> Self {
        Self { until, ban_end: None, reason }
    }

    /// Recomputes its end once exchange time is known.
    pub(super) fn date(&mut self, now: Moment) {
        if let Some(exchange) = now.exchange
            && let Some(end) = self.ban_end.take()
        {
            self.until = now.local + ban_wait_millis(end, exchange);
        }
    }
}

/// The one request sent within a pause once a socket is live again: the network may have been away, and REST
/// with it. To a browser a ban looks the same, so there is no second one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Probe {
    /// No reason for one.
    #[default]
    None,
    /// The next request is the probe.
    Due,
    /// It is in progress.
    Sent,
    /// It failed: the pause stands.
    Failed,
}

/// Classifies a failure.
pub(super) fn read(error: &FetchError, now: Moment) -> Setback {
    let local = now.local;
    let refused =
        |refusal, wait, reason| Setback::Refused { refusal, pause: Pause::new(local + wait, reason) };
    match error {
        FetchError::TimedOut => Setback::Failed("the exchange did not respond in time".to_owned()),
        FetchError::Unreached => Setback::Failed("the exchange is out of reach".to_owned()),
        FetchError::Hidden => Setback::Hidden,
        FetchError::Status { code: 451, .. } => refused(
            Refusal::Region,
            REFUSED_MILLIS,
            "the exchange does not serve this region (HTTP 451)".to_owned(),
        ),
        FetchError::Status { code: 403, .. } => refused(
            Refusal::Firewall,
            REFUSED_MILLIS,
            "the exchange's firewall refuses this address (HTTP 403)".to_owned(),
        ),
        FetchError::Status { code: 418, .. } => {
            let ban_end = error.banned_until();
            let wait =
                ban_end.map_or(2 * REFUSED_MILLIS, |end| ban_wait_millis(end, now.exchange.unwrap_or(local)));
            let reason = "this address is banned for a while (HTTP 418)".to_owned();
            let ban_end = ban_end.filter(|_| now.exchange.is_none());
            Setback::Refused {
                refusal: Refusal::Banned,
                pause: Pause { ban_end, ..Pause::new(local + wait, reason) },
            }
        }
        FetchError::Status { code: 429, .. } => refused(
            Refusal::TooOften,
            REFUSED_MILLIS,
            "too many requests in a minute from this address (HTTP 429)".to_owned(),
        ),
        FetchError::Status { code: 400, body } => refused(
            Refusal::Request,
            REFUSED_MILLIS,
            format!("the exchange refuses the request: {}", body.chars().take(200).collect::<String>()),
        ),
        FetchError::Status { code, .. } => {
            Setback::Failed(format!("the exchange responded with HTTP {code}"))
        }
    }
}

/// How long to wait at `now` for a ban that ends at `end`, both by the same clock, ms.
fn ban_wait_millis(end: UnixMillis, now: UnixMillis) -> i64 {
    end.0.saturating_sub(now.0).clamp(REFUSED_MILLIS, BAN_MOST_MILLIS)
}
