//! The recorded tape and the bars that must come out of it, read where they are.

use flate2::read::GzDecoder;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;

/// A frame as it was received.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// Local time of the recorder, ms since 1970.
    pub(crate) local_millis: i64,
    /// The frame, unchanged.
    pub(crate) text: String,
}

/// A file of the recordings; `None`, said aloud, where they are not at hand.
pub(crate) fn file(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SPREADSCOPE_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not here; set SPREADSCOPE_DATA to the folder of recordings", path.display());
    None
}

/// All trade frames of BTCUSDT and ETHUSDT, in the order in which they were received.
pub(crate) fn frames() -> Option<Vec<Received>> {
    let path = file("hftbacktest/derived/spot_trades_btcusdt_ethusdt.jsonl.gz")?;
    let lines = BufReader::new(GzDecoder::new(File::open(path).unwrap())).lines();
    Some(
        lines
            .map(|line| {
                let line = line.unwrap();
                let (nanos, text) = line.split_once(' ').unwrap();
                let local_millis = nanos.parse::<i64>().unwrap() / 1_000_000;
                Received { local_millis, text: text.to_owned() }
            })
            .collect(),
    )
}

/// One line of the expected bars.
#[derive(Debug)]
pub(crate) struct ExpectedBar {
    pub(crate) open_time: i64,
    pub(crate) prices: [f64; 4],
    pub(crate) volume: f64,
    pub(crate) quote_volume: f64,
    pub(crate) trades: u32,
    pub(crate) taker_base: f64,
    pub(crate) taker_quote: f64,
    pub(crate) ids: Option<(u64, u64)>,
}

/// The 649 bars of 1 s of `symbol`.
pub(crate) fn bars(symbol: &str) -> Option<Vec<ExpectedBar>> {
    let path = file(&format!("hftbacktest/derived/spot_1s_{symbol}.csv"))?;
    let lines = BufReader::new(File::open(path).unwrap()).lines().skip(1);
    Some(
        lines
            .map(|line| {
                let line = line.unwrap();
                let column: Vec<&str> = line.split(',').collect();
                let number = |at: usize| column[at].parse::<f64>().unwrap();
                ExpectedBar {
                    open_time: column[0].parse().unwrap(),
                    prices: [1, 2, 3, 4].map(number),
                    volume: number(5),
                    quote_volume: number(7),
                    trades: column[8].parse().unwrap(),
                    taker_base: number(9),
                    taker_quote: number(10),
                    ids: column[11].parse().ok().zip(column[12].parse().ok()),
                }
            })
            .collect(),
    )
}
