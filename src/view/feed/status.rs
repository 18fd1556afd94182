//! The feed's state in words, each with a way out.

use crate::view::numbers::format;
use spreadscope_engine::base::note::NoteKind;
use spreadscope_engine::connection::{Backfill, FeedStatus, Phase, Refusal};
use spreadscope_engine::settings::Source;

/// Silence of one leg, in milliseconds, after which its symbol is in doubt.
const SILENT_LEG_MILLIS: i64 = 60_000;

/// What the user can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayOut {
    /// Connect now instead of waiting.
    Reconnect,
    /// Request what REST has refused now instead of waiting; the feed is live.
    TryNow,
    /// Choose another source or pair.
    OpenSettings,
    /// Watch made-up prices.
    ShowDemo,
    /// Go back to live data.
    BackToLive,
    /// Reload the page.
    Reload,
    /// Copy what those need who mend the page.
    CopyDiagnostics,
}

/// A state that deserves a banner above the charts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// A short name.
    pub title: &'static str,
    /// What it means.
    pub text: String,
    /// What the user can do, the likeliest first.
    pub ways_out: Vec<WayOut>,
}

/// Returns the phase as an attribute for the style sheet and for tests.
pub const fn phase_name(phase: &Phase) -> &'static str {
    match phase {
        Phase::Idle => "idle",
        Phase::Recording => "recording",
        Phase::Connecting { .. } => "connecting",
        Phase::Live => "live",
        Phase::Stale { .. } => "stale",
        Phase::Waiting { .. } => "waiting",
        Phase::Polling => "polling",
        Phase::Blocked { .. } => "blocked",
    }
}

/// Returns the phase in a few words, for the pill.
pub fn phase_label(phase: &Phase) -> String {
    match phase {
        Phase::Idle => "Starting".into(),
        Phase::Recording => "Recording".into(),
        Phase::Connecting { attempt: 0 | 1 } => "Connecting".into(),
        Phase::Connecting { attempt } => format!("Connecting, attempt {attempt}"),
        Phase::Live => "Live".into(),
        Phase::Stale { silent_millis } => format!("Stale {}", whole_secs(*silent_millis)),
        Phase::Waiting { retry_in_millis, .. } => format!("Retry in {}", whole_secs(*retry_in_millis)),
        Phase::Polling => "Polling".into(),
        Phase::Blocked { .. } => "Blocked".into(),
    }
}

/// Returns the phase for screen readers, without a countdown.
pub const fn spoken(phase: &Phase) -> &'static str {
    match phase {
        Phase::Idle => "Feed: starting",
        Phase::Recording => "Feed: a recording is shown",
        Phase::Connecting { .. } => "Feed: connecting",
        Phase::Live => "Feed: live",
        Phase::Stale { .. } => "Feed: no data",
        Phase::Waiting { .. } => "Feed: disconnected, reconnecting automatically",
        Phase::Polling => "Feed: polling closed bars over REST",
        Phase::Blocked { .. } => "Feed: blocked",
    }
}

/// Returns the diagnostics of a page without an engine: `reason` in the page's words, the browser, and `raw`, the
/// browser's own words.
pub fn lost_report(reason: &str, browser: &str, raw: &[String]) -> String {
    let head = format!("No engine: {reason}\n{browser}");
    raw.iter().fold(head, |text, line| text + "\n" + line)
}

/// Returns the banner of a page without an engine.
pub fn lost_engine(reason: &str) -> Banner {
    Banner {
        title: "No engine",
        text: format!(
            "The page's engine could not be started or has stopped: {reason}. The numbers no longer \
             change. Reload the page; if that does not help, allow workers and WebAssembly for it."
        ),
        ways_out: vec![WayOut::Reload, WayOut::CopyDiagnostics],
    }
}

/// Returns the banner of a page that has been replaced by a newer version.
pub fn outdated() -> Banner {
    Banner {
        title: "Stopped",
        text: "A newer version of Spreadscope is open in another tab. This tab has stored what it had and stopped, so \
               that the two do not write over each other. Reload it to go on."
            .to_owned(),
        ways_out: vec![WayOut::Reload],
    }
}

/// Returns the banner of a page without a network; which addresses failed is of no interest then.
pub fn offline(source: &Source) -> Option<Banner> {
    let needs_network = !matches!(source, Source::Demo | Source::Recording);
    needs_network.then(|| Banner {
        title: "Offline",
        text: "The browser has no network. Stored data is shown; the feed continues when the network \
               is back."
            .to_owned(),
        ways_out: Vec::new(),
    })
}

/// Returns the banner shown while the feed is not in order.
pub fn feed_banner(feed: &FeedStatus) -> Option<Banner> {
    match &feed.phase {
        Phase::Recording => None,
        Phase::Idle | Phase::Live | Phase::Connecting { attempt: 0 | 1 } => history_banner(&feed.backfill),
        Phase::Connecting { attempt } => Some(Banner {
            title: "Connecting",
            text: format!("Attempt {attempt} to reach {}.", host_or_source(feed)),
            ways_out: vec![WayOut::OpenSettings],
        }),
        Phase::Stale { silent_millis } => Some(Banner {
            title: "No data",
            text: format!(
                "The connection is open, but nothing came for {}. Numbers stand as they were.",
                whole_secs(*silent_millis)
            ),
            ways_out: vec![WayOut::Reconnect],
        }),
        Phase::Waiting { attempt, retry_in_millis, reason } => Some(Banner {
            title: "Disconnected",
            text: format!(
                "{}. Attempt {} in {}. Numbers stand as they were.",
                sentence_start(reason),
                attempt + 1,
                whole_secs(*retry_in_millis)
            ),
            ways_out: vec![WayOut::Reconnect, WayOut::OpenSettings],
        }),
        Phase::Polling => Some(Banner {
            title: "Polling",
            text: format!(
                "{} Closed bars are fetched over REST a few seconds after their end; single trades are not \
                 available. The desk returns to the feed automatically.",
                if feed.frames > 0 {
                    "The feed came by websocket before and has been away for a quarter of an hour or more."
                } else {
                    "This network blocks websockets."
                }
            ),
            ways_out: vec![WayOut::Reconnect],
        }),
        Phase::Blocked { refusal, retry_in_millis, reason } => Some(Banner {
            title: if is_wrong_symbol(reason) { "Wrong symbol" } else { "Blocked" },
            text: format!(
                "{}. {} Next attempt in {}.",
                sentence_start(reason),
                block_advice(*refusal, reason),
                format::duration((*retry_in_millis / 1_000).max(0) as f64)
            ),
            // a wait that the exchange demands cannot be cut short
            ways_out: if refusal.demands_wait() {
                vec![WayOut::OpenSettings]
            } else {
                vec![WayOut::OpenSettings, WayOut::Reconnect]
            },
        }),
    }
}

fn history_banner(backfill: &Backfill) -> Option<Banner> {
    match backfill {
        Backfill::Failed { refusal, reason, retry_in_millis } => {
            let (title, advice, wait) = match *refusal {
                Some(refusal) => (
                    refused_history(refusal, reason),
                    format!(" {}", block_advice(refusal, reason)),
                    format::duration((*retry_in_millis / 1_000).max(0) as f64),
                ),
                None => ("No history", String::new(), whole_secs(*retry_in_millis)),
            };
            Some(Banner {
                title,
                text: format!(
                    "The past could not be fetched: {reason}.{advice} Live bars fill the charts meanwhile; trying \
                     again in {wait}."
                ),
                // a wait that the exchange demands cannot be cut short
                ways_out: if refusal.is_some_and(Refusal::demands_wait) {
                    vec![WayOut::OpenSettings]
                } else {
                    vec![WayOut::OpenSettings, WayOut::TryNow]
                },
            })
        }
        _ => None,
    }
}

/// Returns the title for what blocks the history while the feed is live.
fn refused_history(refusal: Refusal, reason: &str) -> &'static str {
    match refusal {
        Refusal::Region => "History: not in this region",
        Refusal::Banned => "History: banned for a while",
        Refusal::TooOften => "History: too many requests",
        Refusal::Request if is_wrong_symbol(reason) => "Wrong symbol",
        Refusal::Request => "History: request refused",
        Refusal::Firewall | Refusal::Hidden => "History: blocked on the network",
    }
}

/// Returns the banner for a leg that is silent while the other is not: its symbol may be wrong or no longer
/// traded.
pub fn silent_leg(symbol: &str, age_millis: Option<i64>, connected_millis: Option<i64>) -> Option<Banner> {
    let silent = match age_millis {
        Some(age) => age >= SILENT_LEG_MILLIS,
        None => connected_millis.is_some_and(|connected| connected >= SILENT_LEG_MILLIS / 4),
    };
    silent.then(|| Banner {
        title: "Silent symbol",
        text: match age_millis {
            Some(age) => format!("{symbol} has not traded for {}.", format::duration((age / 1_000) as f64)),
            None => format!(
                "No trade of {symbol} has come yet. Is the name right, and does this source trade it?"
            ),
        },
        ways_out: vec![WayOut::OpenSettings],
    })
}

/// Returns the progress of the history, in words.
pub fn backfill_label(backfill: &Backfill) -> String {
    match backfill {
        Backfill::Idle => "not requested".into(),
        Backfill::Loading { wanted: 0, .. } => "the last bars are coming".into(),
        Backfill::Loading { done, wanted } => {
            format!("{} of {} bars", format::count(*done as u64), format::count(*wanted as u64))
        }
        Backfill::Done => "complete".into(),
        Backfill::Unavailable => "none at this interval: bars are built from trades as they come".into(),
        Backfill::Failed { retry_in_millis, .. } => {
            format!("failed, again in {}", whole_secs(*retry_in_millis))
        }
        Backfill::Short { exist, needed } => exist_of_needed(*exist, *needed),
    }
}

/// Returns how many of the bars that the windows need exist: `1,204 of 20,000 bars exist`.
pub fn exist_of_needed(exist: usize, needed: usize) -> String {
    format!("{} of {} bars exist", format::count(exist as u64), format::count(needed as u64))
}

/// Returns whether the exchange answered with its code for an unknown symbol.
fn is_wrong_symbol(reason: &str) -> bool {
    reason.contains("-1121") || reason.contains("Invalid symbol")
}

fn block_advice(refusal: Refusal, reason: &str) -> &'static str {
    match refusal {
        Refusal::Region => "Another source or another network may be open to you.",
        Refusal::Banned => {
            "Too many requests were sent. Only waiting helps; trying again too early prolongs the wait."
        }
        Refusal::TooOften => "The desk continues automatically with fewer requests.",
        Refusal::Request if is_wrong_symbol(reason) => {
            "This source does not trade one of the two symbols. Check the pair."
        }
        Refusal::Request => "The other source may accept it.",
        Refusal::Firewall | Refusal::Hidden => {
            "A region block, a firewall or an extension can be behind it. Try another source or another network."
        }
    }
}

/// Returns what an entry of the feed's log is about.
pub const fn note_kind(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::Connected => "Connected",
        NoteKind::Lost => "Connection lost",
        NoteKind::Replaced => "Handed over",
        NoteKind::Gap => "Gap",
        NoteKind::Repaired => "Repaired",
        NoteKind::Outage => "Exchange outage",
        NoteKind::Refused => "No response",
    }
}

fn host_or_source(feed: &FeedStatus) -> &str {
    if feed.host.is_empty() { &feed.source } else { &feed.host }
}

/// Returns whole seconds, rounded up: a countdown at 0 would look finished.
fn whole_secs(millis: i64) -> String {
    format::duration(((millis.max(0) + 999) / 1_000) as f64).replace(".0 s", " s")
}

fn sentence_start(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let mut letters = text.chars();
    letters
        .next()
        .map_or(String::new(), |first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
}

#[cfg(test)]
mod tests;
