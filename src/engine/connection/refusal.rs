//! Why REST does not answer, and how long to leave it alone: each refusal in its own words.

use super::Refusal;
use super::history::Moment;
use crate::UnixMillis;
use crate::binance::FetchError;

/// Wait after a refusal that names no time of its own.
const REFUSED_MILLIS: i64 = 60_000;
/// No ban is longer.
const BAN_MOST_MILLIS: i64 = 3 * 86_400_000;

/// What to make of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setback {
    /// It may go better in a moment.
    Failed(String),
    /// The exchange or the network means it.
    Refused {
        /// Which refusal.
        refusal: Refusal,
        /// Until it may be over.
        pause: Pause,
    },
}

/// A time in which nothing is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pause {
    /// Its end, local time.
    pub(super) until: UnixMillis,
    /// Its end in exchange time, if that was told while nobody knew that time: by a local clock that is wrong by
    /// minutes it would be longer or shorter by as much.
    ban_end: Option<UnixMillis>,
    /// Why, in words.
    pub(super) reason: String,
}

impl Pause {
    /// A pause until local time `until`.
    pub(super) fn new(until: UnixMillis, reason: String) -> Self {
        Self { until, ban_end: None, reason }
    }

    /// Dates its end again once exchange time is known.
    pub(super) fn date(&mut self, now: Moment) {
        if let Some(exchange) = now.exchange
            && let Some(end) = self.ban_end.take()
        {
            self.until = now.local + ban_wait_millis(end, exchange);
        }
    }
}

/// The one request that is asked within a pause, once a socket is live again: the network may have been away, and
/// REST with it. A ban looks the same to a browser, so there is no second one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Probe {
    /// Nothing speaks for one.
    #[default]
    None,
    /// The next request is it.
    Due,
    /// It is under way.
    Asked,
    /// It failed: the pause lasts.
    Failed,
}

/// Reads a failure; `last_host` says that all addresses have been tried in a row.
pub(super) fn read(error: &FetchError, now: Moment, last_host: bool) -> Setback {
    let local = now.local;
    let refused =
        |refusal, wait, reason| Setback::Refused { refusal, pause: Pause::new(local + wait, reason) };
    match error {
        FetchError::TimedOut => Setback::Failed("the exchange did not respond in time".to_owned()),
        FetchError::Unreached => Setback::Failed("the exchange is out of reach".to_owned()),
        FetchError::Hidden if !last_host => {
            Setback::Failed("the first address refuses in words that the browser hides".to_owned())
        }
        FetchError::Hidden => refused(
            Refusal::Hidden,
            REFUSED_MILLIS,
            "the exchange refuses in words that the browser hides: this address may be banned for a while"
                .to_owned(),
        ),
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
        FetchError::Status { code: 418, body } => {
            let ban_end = banned_until(body);
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
        FetchError::Status { code, .. } => Setback::Failed(format!("the exchange answered with HTTP {code}")),
    }
}

/// How long to wait at `now` for a ban that ends at `end`, by the same clock.
fn ban_wait_millis(end: UnixMillis, now: UnixMillis) -> i64 {
    end.0.saturating_sub(now.0).clamp(REFUSED_MILLIS, BAN_MOST_MILLIS)
}

/// The end of a ban, which only the words of the body tell a browser:
/// `{"code":-1003,"msg":"Way too much request weight used; IP banned until 1659146400000. …"}`
fn banned_until(body: &str) -> Option<UnixMillis> {
    let digits = body.split_once("banned until ")?.1;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok().map(UnixMillis)
}
