//! A small log of frames for tests: what a recorder would have received of the seeded tape, in the form of the
//! recordings beside the checkout, and the bars expected from it.
//!
//! Times are the tape's own. The recorder's clock is behind the exchange's, as in the recordings; frames take
//! some milliseconds to arrive, and arrive in the order in which they were pushed.

use super::synthetic::{self, START_MS, Spec};
use super::{Market, Tape};
use crate::decimal;
use crate::klines::{Kline, klines};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use spreadscope_stats::random::Random;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The frames, gzipped: lines of receive time in ns since 1970, a space, and the frame.
pub const FRAMES: &str = "trades_btcusdt_ethusdt.jsonl.gz";
/// The seed of the tape and of its frames' delays.
const SEED: u64 = 14;
/// The log begins and ends within a second in which both markets trade, with 649 whole seconds in between; they
/// contain the ten minutes from the fifth on.
const FROM_MS: i64 = START_MS + 281_200;
const TO_MS: i64 = START_MS + 931_700;
/// How far the recorder's clock is behind.
const BEHIND_NS: i64 = 1_272_000_000;
/// A frame takes 2 ms plus up to this much to arrive.
const WAY_NS: u64 = 8_000_000;
const SYMBOLS: [&str; 2] = ["BTCUSDT", "ETHUSDT"];
const HEADER: &str = "open_time,open,high,low,close,volume,close_time,quote_volume,trades,taker_base,taker_quote,\
     first_trade_id,last_trade_id\n";

/// Returns the log's folder.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/frames")
}

/// Returns the name of the file with the 1 s bars of `symbol`.
pub fn bars_file(symbol: &str) -> String {
    format!("bars_1s_{symbol}.csv")
}

/// Returns the log's files by name, with the same bytes each time.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let mut tape = synthetic::tape(&Spec { seed: SEED, history_hours: 0, live_hours: 1 });
    tape.play_until(TO_MS + 1_000);
    let mut files = vec![(FRAMES.to_owned(), packed(&frames(&tape)))];
    for symbol in SYMBOLS {
        let market = tape.market(symbol).expect("Invariant: the seeded tape has both markets");
        files.push((bars_file(symbol), bars(market).into_bytes()));
    }
    let metadata = metadata(&files);
    files.push(("metadata.json".to_owned(), metadata.into_bytes()));
    files
}

fn frames(tape: &Tape) -> String {
    let mut random = Random::new(SEED);
    let mut received_ns = 0;
    let mut log = String::new();
    for (pushed_ms, frame) in tape.timed_frames(&["btcusdt@trade", "ethusdt@trade"], FROM_MS, TO_MS) {
        let way_ns = 2_000_000 + i64::try_from(random.below(WAY_NS)).unwrap_or_default();
        received_ns = (pushed_ms * 1_000_000 + way_ns - BEHIND_NS).max(received_ns + 1);
        writeln!(log, "{received_ns} {frame}").expect("Invariant: a String takes any text");
    }
    log
}

/// Returns the bars of all seconds that lie completely within the log.
fn bars(market: &Market) -> String {
    let first = FROM_MS.div_euclid(1_000) * 1_000 + 1_000;
    let last = TO_MS.div_euclid(1_000) * 1_000 - 1_000;
    let mut table = HEADER.to_owned();
    for bar in klines(&market.trades, 1_000, first, last) {
        let Kline { open_ms, trades, ids, .. } = bar;
        let [open, high, low, close] = bar.prices_e8.map(|e8| decimal::text(u128::from(e8)));
        let [volume, quote, taker_base, taker_quote] =
            [bar.volume_e8, bar.quote_e8, bar.taker_base_e8, bar.taker_quote_e8].map(decimal::text);
        let [first_id, last_id] = ids.map_or(["-1".to_owned(), "-1".to_owned()], |(first, last)| {
            [first, last].map(|id| id.to_string())
        });
        let close_ms = open_ms + 999;
        writeln!(
            table,
            "{open_ms},{open},{high},{low},{close},{volume},{close_ms},{quote},{trades},{taker_base},{taker_quote},\
             {first_id},{last_id}"
        )
        .expect("Invariant: a String takes any text");
    }
    table
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).expect("Invariant: a Vec takes any bytes");
    encoder.finish().expect("Invariant: a Vec takes any bytes")
}

/// Returns the metadata, with members in alphabetical order, which both of `serde_json`'s maps keep: another
/// crate of the same build may select the map that keeps insertion order.
fn metadata(files: &[(String, Vec<u8>)]) -> String {
    let hashes: BTreeMap<&str, String> = files
        .iter()
        .map(|(name, bytes)| {
            let hex = Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
                write!(hex, "{byte:02x}").expect("Invariant: a String takes any text");
                hex
            });
            (name.as_str(), hex)
        })
        .collect();
    let metadata = json!({
        "date": "2026-11-29",
        "licence": "made-up trades of our own, under the licence of this repository",
        "origin": format!(
            "`cargo run -p spreadscope_exchange -- --write-log tests/fixtures/frames`: the seeded tape, seed {SEED}, \
             by tests/exchange/src/tape/log.rs"
        ),
        "sha256": hashes,
    });
    format!("{metadata:#}\n")
}
