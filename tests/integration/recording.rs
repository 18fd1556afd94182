//! Logs of frames and the bars expected from them: a seeded one, which is part of the repository, and a
//! recorded one, which is read in place.

use core::ops::Range;
use flate2::read::GzDecoder;
use spreadscope_exchange::tape::{log, recorded};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

pub(crate) use spreadscope_exchange::tape::recorded::file;

pub(crate) const LEGS: [&str; 2] = ["BTCUSDT", "ETHUSDT"];

/// A received frame.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// Local time of the recorder, ms since 1970.
    pub(crate) local_millis: i64,
    /// The frame, unchanged.
    pub(crate) text: String,
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

/// All trade frames of BTCUSDT and ETHUSDT in ten and a half minutes, and what is expected from them.
pub(crate) struct Log {
    /// Path of the frames.
    pub(crate) path: PathBuf,
    /// The frames in the order of arrival.
    pub(crate) frames: Vec<Received>,
    /// Paths of the bars of each leg.
    pub(crate) bars_paths: [PathBuf; 2],
    /// The 649 bars of 1 s of each leg.
    pub(crate) bars: [Vec<ExpectedBar>; 2],
}

impl Log {
    /// Returns the log that `spreadscope-exchange --write-log` has made.
    pub(crate) fn seeded() -> Self {
        let bars_paths = LEGS.map(|symbol| log::folder().join(log::bars_file(symbol)));
        Self::read(log::folder().join(log::FRAMES), bars_paths)
    }

    /// Returns the log of a real market; `None`, after reporting that the test is skipped, if the recordings
    /// are not available.
    pub(crate) fn recorded() -> Option<Self> {
        let path = recorded::file(recorded::FRAMES)?;
        let bars_paths = LEGS.map(|symbol| path.with_file_name(format!("spot_1s_{symbol}.csv")));
        Some(Self::read(path, bars_paths))
    }

    fn read(path: PathBuf, bars_paths: [PathBuf; 2]) -> Self {
        let bars = bars_paths.each_ref().map(|path| read_bars(path));
        Self { frames: read_frames(&path), path, bars_paths, bars }
    }

    /// Returns the place in `frames` after `percent` percent of them.
    pub(crate) fn at(&self, percent: usize) -> usize {
        self.frames.len() * percent / 100
    }

    /// Returns the frames between two places, in percent.
    pub(crate) fn part(&self, percents: Range<usize>) -> &[Received] {
        &self.frames[self.at(percents.start)..self.at(percents.end)]
    }

    /// Returns the local time of the last frame.
    pub(crate) fn end(&self) -> i64 {
        self.frames.last().unwrap().local_millis
    }

    /// Returns the local time one second before the first frame.
    pub(crate) fn start(&self) -> i64 {
        self.frames[0].local_millis - 1_000
    }
}

fn read_frames(path: &Path) -> Vec<Received> {
    let lines = BufReader::new(GzDecoder::new(File::open(path).unwrap())).lines();
    lines
        .map(|line| {
            let line = line.unwrap();
            let (nanos, text) = line.split_once(' ').unwrap();
            let local_millis = nanos.parse::<i64>().unwrap() / 1_000_000;
            Received { local_millis, text: text.to_owned() }
        })
        .collect()
}

fn read_bars(path: &Path) -> Vec<ExpectedBar> {
    let lines = BufReader::new(File::open(path).unwrap()).lines().skip(1);
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
        .collect()
}

/// Makes two tests of each function that takes a [`Log`]: one on the seeded log, one on the recorded one.
macro_rules! on_both_logs {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use crate::recording::Log;

            #[test]
            fn on_the_seeded_log() {
                super::$name(&Log::seeded());
            }

            #[test]
            fn on_the_recorded_log() {
                if let Some(log) = Log::recorded() {
                    super::$name(&log);
                }
            }
        }
    )+};
}
pub(crate) use on_both_logs;
