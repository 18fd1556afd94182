//! The recorded tape, read in place, after hours of made-up history that lead up to its first price.

use super::synthetic;
use super::{Market, More, Tape, TapeTrade};
use crate::decimal;
use crate::skipped::skip;
use flate2::read::GzDecoder;
use serde::Deserialize;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

/// The recording of this tape, within the folder of recordings.
pub const FRAMES: &str = "hftbacktest/derived/spot_trades_btcusdt_ethusdt.jsonl.gz";

/// Why a recording cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordingError {
    /// The file is missing or unreadable.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// A line is not a received frame.
    #[error("line {line}: {reason}")]
    Line {
        /// Line number, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}

/// A received frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedFrame {
    /// Time by the recorder's clock, ns since 1970.
    pub received_ns: i64,
    /// The frame, unchanged.
    pub text: String,
}

/// Returns the folder of recordings: `SPREADSCOPE_DATA`, or beside the checkout.
pub fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    std::env::var_os("SPREADSCOPE_DATA").map_or_else(beside, PathBuf::from)
}

/// Returns the path of this tape's recording.
pub fn default_path() -> PathBuf {
    folder().join(FRAMES)
}

/// Returns a file of the recordings; `None` if it is missing, after reporting that the test is skipped.
pub fn file(name: &str) -> Option<PathBuf> {
    let path = folder().join(name);
    if path.is_file() {
        return Some(path);
    }
    skip(&format!("{name} is not among the recordings in {}", folder().display()));
    None
}

/// Reads all frames.
///
/// # Errors
/// [`RecordingError`].
pub fn frames(path: &Path) -> Result<Vec<ReceivedFrame>, RecordingError> {
    let at_file = |source| RecordingError::File { path: path.to_owned(), source };
    let file = File::open(path).map_err(at_file)?;
    let mut frames = Vec::new();
    for (line, text) in BufReader::new(GzDecoder::new(file)).lines().enumerate() {
        let text = text.map_err(at_file)?;
        let bad = |reason: &str| RecordingError::Line { line: line + 1, reason: reason.to_owned() };
        let (received, frame) = text.split_once(' ').ok_or_else(|| bad("no receive time"))?;
        let received_ns = received.parse().map_err(|_not_whole| bad("the receive time is not a number"))?;
        frames.push(ReceivedFrame { received_ns, text: frame.to_owned() });
    }
    Ok(frames)
}

#[derive(Deserialize)]
struct Combined {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "E")]
    event_ms: i64,
    s: String,
    t: u64,
    p: String,
    q: String,
    #[serde(rename = "T")]
    time_ms: i64,
    m: bool,
}

/// How to use the recording.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Hours of seeded trades that lead up to it.
    pub history_hours: u32,
    /// Hours for which it is repeated at once, with continuing times and ids; a server repeats it as they run
    /// out. With 0 it is played once.
    pub live_hours: u32,
}

/// Makes a tape of the recording. It starts just before the first recorded trade.
///
/// # Errors
/// [`RecordingError`].
pub fn tape(path: &Path, spec: &Spec) -> Result<Tape, RecordingError> {
    let recorded = trades(path)?;
    let events = || recorded.iter().flat_map(|(_, trades)| trades.iter().map(|trade| trade.event_ms));
    let (Some(first_ms), Some(last_ms)) = (events().min(), events().max()) else {
        return Err(RecordingError::Line { line: 0, reason: "no trades".to_owned() });
    };
    let now_ms = first_ms - 1;
    // each round begins a whole number of seconds after the last, so that its bars are the same
    let round_ms = (last_ms - first_ms).div_euclid(1_000) * 1_000 + 2_000;
    let history =
        synthetic::tape(&synthetic::Spec { seed: 7, history_hours: spec.history_hours, live_hours: 0 });
    let mut rounds = Rounds { recorded: Vec::new(), played: 0, round_ms, first_ms };
    let mut markets = Vec::new();
    for (symbol, recorded) in recorded {
        let before = history.market(symbol).map_or(&[][..], |market| &market.trades);
        markets.push(Market::new(symbol, joined(before, recorded.first(), now_ms)));
        rounds.recorded.push(recorded);
    }
    let live_ms = i64::from(spec.live_hours) * 3_600_000;
    rounds.play(&mut markets, first_ms + live_ms.max(1));
    let more = if spec.live_hours == 0 { More::None } else { More::Rounds(rounds) };
    Ok(Tape::new(markets, now_ms, more))
}

/// The recording, repeated with continuing times and ids.
#[derive(Debug, Clone)]
pub(crate) struct Rounds {
    /// The recorded trades of each market.
    recorded: Vec<Vec<TapeTrade>>,
    played: i64,
    round_ms: i64,
    first_ms: i64,
}

impl Rounds {
    /// Returns up to where there are trades.
    pub(crate) fn until_ms(&self) -> i64 {
        self.first_ms + self.played * self.round_ms
    }

    /// Adds whole rounds to `markets` until they reach `until_ms`.
    pub(crate) fn play(&mut self, markets: &mut [Market], until_ms: i64) {
        while self.until_ms() < until_ms {
            let later_ms = self.played * self.round_ms;
            for (market, recorded) in markets.iter_mut().zip(&self.recorded) {
                let later_ids = recorded.len() as u64 * self.played.unsigned_abs();
                market.trades.extend(recorded.iter().map(|trade| TapeTrade {
                    id: trade.id + later_ids,
                    time_ms: trade.time_ms + later_ms,
                    event_ms: trade.event_ms + later_ms,
                    ..*trade
                }));
                market.sum_up();
            }
            self.played += 1;
        }
    }
}

/// Returns the recorded trades of both markets as received.
fn trades(path: &Path) -> Result<[(&'static str, Vec<TapeTrade>); 2], RecordingError> {
    let mut trades = [("BTCUSDT", Vec::new()), ("ETHUSDT", Vec::new())];
    for (line, frame) in frames(path)?.into_iter().enumerate() {
        let bad = |reason: String| RecordingError::Line { line: line + 1, reason };
        let Combined { data } = serde_json::from_str(&frame.text).map_err(|error| bad(error.to_string()))?;
        let decimal =
            |text: &str| decimal::parse(text).ok_or_else(|| bad(format!("{text} is not a decimal")));
        let Some((_, trades)) = trades.iter_mut().find(|(symbol, _)| *symbol == data.s) else { continue };
        let follows = |last: &TapeTrade| last.id + 1 == data.t && last.event_ms <= data.event_ms;
        if !trades.last().is_none_or(follows) {
            return Err(bad(format!("trade {} does not follow the one before it", data.t)));
        }
        trades.push(TapeTrade {
            id: data.t,
            time_ms: data.time_ms,
            event_ms: data.event_ms,
            price_e8: decimal(&data.p)?,
            size_e8: decimal(&data.q)?,
            buyer_is_maker: data.m,
        });
    }
    Ok(trades)
}

/// Returns the seeded trades moved in time, price and id to end where the recorded ones begin; none if ids are
/// too low to leave room for them.
fn joined(before: &[TapeTrade], first: Option<&TapeTrade>, now_ms: i64) -> Vec<TapeTrade> {
    let (Some(last), Some(first)) = (before.last(), first) else { return Vec::new() };
    if first.id <= before.len() as u64 {
        return Vec::new();
    }
    let moved = now_ms - 1_000 - synthetic::START_MS;
    let ratio = first.price_e8 as f64 / last.price_e8 as f64;
    before
        .iter()
        .map(|trade| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "prices are positive"
            )]
            let ticks = (trade.price_e8 as f64 * ratio / 1e6).round() as u64;
            TapeTrade {
                id: first.id - (last.id - trade.id) - 1,
                time_ms: trade.time_ms + moved,
                event_ms: (trade.event_ms + moved).min(first.event_ms),
                price_e8: ticks * 1_000_000,
                ..*trade
            }
        })
        .collect()
}
