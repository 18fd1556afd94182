//! What the engine tells the page: facts that must all arrive, and a live picture of which the latest is
//! enough.

use crate::alert::{Rule, RuleError, RuleState};
use crate::analytics::cointegration::Tests;
use crate::analytics::evidence::Evidence;
use crate::analytics::{PastTest, Row};
use crate::archive::{BackupNews, Preferences, StorageStatus};
use crate::base::codec::bytes;
use crate::base::note::FeedNote;
use crate::binance::listing::Listing;
use crate::connection::FeedStatus;
use crate::connection::quotes::Quotes;
use crate::scan::Watching;
use crate::settings::SettingsError;
use crate::transfer::News;
use crate::{Settings, Symbol, Trade, UnixMillis};
use serde::{Deserialize, Serialize};

pub use crate::alert::{Alert, Direction};

/// A message from the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// Lossless lane: `sequence` counts up by one, so that a hole is noticed.
    Fact {
        /// Place in the lossless lane, from 0.
        sequence: u64,
        /// What happened.
        fact: Fact,
    },
    /// What came of a file, or how far it has come: for the page that gave it alone.
    Import(News),
    /// What came of a backup: for the page that asked alone.
    Backup(BackupNews),
    /// What the user had chosen by the last visit, once it has been read: nothing where nothing is stored.
    Remembered(Preferences),
    /// Conflated lane: the latest replaces all before it.
    Live(Box<Live>),
    /// The answer to the last [`Command::Inspect`](crate::Command::Inspect).
    Inspection(Box<Inspection>),
    /// The answer to the last [`Command::ListMarkets`](crate::Command::ListMarkets).
    Listing(Box<Listing>),
    /// Conflated lane too: why each rule has not fired, when that has changed, at most four times a second.
    RuleStates(Vec<RuleState>),
    /// The watched pairs, once a minute.
    Watchlist(Watching),
    /// Books and rules of both legs, while someone looks at them.
    Quotes(Box<Quotes>),
    /// How a replay stands.
    Replay(ReplayNews),
    /// What came of a scan: [`News`](crate::scan::scanner::News) as bytes, which the scanner's page alone decodes.
    Scan(Vec<u8>),
    /// What has come of a backtest, an encoded [`Told`](crate::backtest::bench::message::Told): for the page that asked.
    Backtest(#[serde(with = "bytes")] Vec<u8>),
}

/// How a replay stands: while one is on, all other news is of what it replays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReplayNews {
    /// Whether one is on.
    pub is_on: bool,
    /// What was told before is void: the whole picture follows.
    pub afresh: bool,
    /// Why there is none though it was asked for; empty otherwise.
    pub refusal: String,
    /// A [`replay::State`](crate::replay::State) in bytes, which the part of the page that replays reads alone.
    pub state: Vec<u8>,
}

/// Something that happened once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// These settings are in force from here on. The rows that follow begin with `replace`.
    Configured(Box<Settings>),
    /// The settings sent were not taken; the old ones stay in force.
    Refused(Vec<SettingsError>),
    /// Closed bars with their analytics, oldest first.
    Rows {
        /// All rows sent before are void. Otherwise each row replaces the one of its time, or is appended.
        replace: bool,
        /// The rows.
        rows: Vec<Row>,
    },
    /// The unit-root and cointegration tests on the last closed bars.
    Tests(Box<Tests>),
    /// All tests of the evidence, as they were asked for.
    Evidence(Box<Evidence>),
    /// The Engle-Granger test as it was at closed bars of the past, oldest first.
    PastTests {
        /// All points sent before are void.
        replace: bool,
        /// The points.
        points: Vec<PastTest>,
    },
    /// All alerts of this pair that are known, oldest first, those of earlier visits included. None is news.
    AlertLog(Vec<Alert>),
    /// What is stored, and how.
    Storage(Box<StorageStatus>),
    /// A rule fired, or was tested.
    Alert(Box<Alert>),
    /// These rules are in force from here on.
    Rules(Vec<Rule>),
    /// The rules sent were not taken; the old ones stay in force.
    RulesRefused(Vec<RuleError>),
    /// What happened to the feed, oldest first.
    Feed {
        /// All notes sent before are void.
        replace: bool,
        /// The notes.
        notes: Vec<FeedNote>,
    },
}

/// The newest of one leg, between bars.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LiveLeg {
    /// Price of the last trade.
    pub last: Option<f64>,
    /// Time of the last trade.
    pub last_trade_time: Option<UnixMillis>,
    /// Exchange time now less that time, milliseconds.
    pub age_millis: Option<i64>,
    /// Trades per second over the last ten seconds.
    pub trades_per_sec: f64,
}

/// The desk at this moment, at most four times a second.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Live {
    /// The exchange's clock as well as it is known; `None` before the first frame.
    pub exchange_time: Option<UnixMillis>,
    /// The dependent leg.
    pub y: LiveLeg,
    /// The explaining leg.
    pub x: LiveLeg,
    /// Spread of the last prices under the last closed bar's regression.
    pub spread: Option<f64>,
    /// That spread against the last closed bar's mean and deviation.
    pub z: Option<f64>,
    /// The connection.
    pub feed: FeedStatus,
}

/// What the engine holds beyond what it tells by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Trades asked for, of each leg.
    pub asked: usize,
    /// Both legs' newest trades.
    pub ticks: [LegTicks; 2],
}

/// The newest trades of one leg.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LegTicks {
    /// Whose.
    pub symbol: Symbol,
    /// Trades that the engine holds.
    pub kept: usize,
    /// The newest of them, oldest first in the order of their arrival.
    pub trades: Vec<Trade>,
}
