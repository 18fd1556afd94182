//! Messages from the engine to the page: facts, which must all arrive, and live updates, of which the latest is
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
    /// Lossless lane: `sequence` increases by one, so that the page notices a gap.
    Fact {
        /// Position in the lossless lane, from 0.
        sequence: u64,
        /// What happened.
        fact: Fact,
    },
    /// Result or progress of an import: only for the page that gave the file.
    Import(News),
    /// Result of a backup: only for the page that asked.
    Backup(BackupNews),
    /// The user's choices from the last visit, once read; empty if nothing is stored.
    Remembered(Preferences),
    /// Conflated lane: the latest replaces all earlier ones.
    Live(Box<Live>),
    /// The answer to the last [`Command::Inspect`](crate::Command::Inspect).
    Inspection(Box<Inspection>),
    /// The answer to the last [`Command::ListMarkets`](crate::Command::ListMarkets).
    Listing(Box<Listing>),
    /// Also conflated: why each rule has not fired, when that has changed, at most four times a second.
    RuleStates(Vec<RuleState>),
    /// The watched pairs, once a minute.
    Watchlist(Watching),
    /// Books and order rules of both legs, while a page shows them.
    Quotes(Box<Quotes>),
    /// The state of a replay.
    Replay(ReplayNews),
    /// News of a scan: [`News`](crate::scan::scanner::News) as bytes, which only the scanner's page decodes.
    Scan(Vec<u8>),
    /// News of a backtest, an encoded [`BacktestReport`](crate::backtest::bench::message::BacktestReport): only
    /// for the page that sent the command.
    Backtest(#[serde(with = "bytes")] Vec<u8>),
}

/// The state of a replay; during one, all other news is about the data being replayed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReplayNews {
    /// Whether a replay is on.
    pub is_on: bool,
    /// Whether everything sent before is void; the whole state follows.
    pub afresh: bool,
    /// Whether a requested span is on its way.
    pub is_awaited: bool,
    /// Why a replay was refused; empty otherwise.
    pub refusal: String,
    /// A [`replay::State`](crate::replay::State) as bytes, which only the replay part of the page decodes. After the
    /// end of a replay, the state in which it reached the present, or empty if it ended in another way.
    pub state: Vec<u8>,
}

/// Something that happened once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// These settings are in force from here on. The rows that follow begin with `replace`.
    Configured(Box<Settings>),
    /// The settings sent were rejected; the old ones stay in force.
    Refused(Vec<SettingsError>),
    /// Closed bars with their analytics, oldest first.
    Rows {
        /// Whether all rows sent before are void. If not, each row replaces the one with its time or is
        /// appended.
        replace: bool,
        /// The rows.
        rows: Vec<Row>,
    },
    /// The unit-root and cointegration tests on the last closed bars.
    Tests(Box<Tests>),
    /// All tests of the evidence, as requested.
    Evidence(Box<Evidence>),
    /// The Engle-Granger test at past bars, oldest first.
    PastTests {
        /// Whether all points sent before are void.
        replace: bool,
        /// The points.
        points: Vec<PastTest>,
    },
    /// All known alerts of this pair, oldest first, including earlier visits. None of them is news.
    AlertLog(Vec<Alert>),
    /// What is stored, and how.
    Storage(Box<StorageStatus>),
    /// A rule fired, or was tested.
    Alert(Box<Alert>),
    /// These rules are in force from here on.
    Rules(Vec<Rule>),
    /// The rules sent were rejected; the old ones stay in force.
    RulesRefused(Vec<RuleError>),
    /// What happened to the feed, oldest first.
    Feed {
        /// Whether all notes sent before are void.
        replace: bool,
        /// The notes.
        notes: Vec<FeedNote>,
    },
}

/// The state of one leg between bars.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LiveLeg {
    /// Price of the last trade.
    pub last: Option<f64>,
    /// Time of the last trade.
    pub last_trade_time: Option<UnixMillis>,
    /// Exchange time minus the time of the last trade, milliseconds.
    pub age_millis: Option<i64>,
    /// Trades per second over the last ten seconds.
    pub trades_per_sec: f64,
}

/// A live update, at most four times a second.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Live {
    /// Exchange time as well as it is known; `None` before the first frame.
    pub exchange_time: Option<UnixMillis>,
    /// The dependent leg.
    pub y: LiveLeg,
    /// The explanatory leg.
    pub x: LiveLeg,
    /// Spread of the last prices under the last closed bar's regression.
    pub spread: Option<f64>,
    /// z of that spread by the last closed bar's mean and deviation.
    pub z: Option<f64>,
    /// The connection.
    pub feed: FeedStatus,
}

/// What the engine holds beyond what it reports by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Trades requested, per leg.
    pub ticks_requested: usize,
    /// Both legs' newest trades.
    pub ticks: [LegTicks; 2],
}

/// The newest trades of one leg.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LegTicks {
    /// The symbol.
    pub symbol: Symbol,
    /// Trades that the engine holds.
    pub kept: usize,
    /// The newest of them, oldest first in the order of their arrival.
    pub trades: Vec<Trade>,
}
