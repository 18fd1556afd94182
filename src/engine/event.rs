//! What the engine tells the page: facts that must all arrive, and a live picture of which the latest is
//! enough.

use crate::alert::{Rule, RuleError, RuleState};
use crate::analytics::evidence::Evidence;
use crate::archive::{BackupNews, Preferences, StorageStatus};
use crate::config::SettingsError;
use crate::feed::{FeedNote, FeedStatus};
use crate::hedge::HedgeKind;
use crate::listing::Listing;
use crate::quotes::Quotes;
use crate::tests_report::{Outcome, Tests};
use crate::transfer::News;
use crate::{Pair, Reading, Settings, Symbol, Trade, Undefined, UnixMillis};
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
}

/// All watched pairs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Watching {
    /// The pairs, in the order in which they are watched.
    pub pairs: Vec<Watched>,
    /// Exchange time of the last prices.
    pub priced_at: Option<UnixMillis>,
    /// Why there are none, as a clause.
    pub no_prices: Option<String>,
}

/// A watched pair on bars of one minute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// The pair.
    pub pair: Pair,
    /// Open time of the last bar that both legs have.
    pub open_time: Option<UnixMillis>,
    /// z-score of that bar.
    pub z: Option<Metric>,
    /// z of the last prices, on the line and by the deviation of that bar.
    pub z_now: Option<f64>,
    /// Cointegration and half-life up to that bar.
    pub tests: Option<Outcome>,
    /// Why the last question was not answered, as a clause.
    pub trouble: Option<String>,
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

/// The Engle-Granger test on the bars up to one of the past.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PastTest {
    /// Open time of the last bar in the sample.
    pub open_time: UnixMillis,
    /// The p-value; `None` where the test cannot be computed.
    pub p_value: Option<f64>,
}

/// A statistic on its way to the page: [`Reading`] with its undefined case in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Metric {
    /// Too few observations.
    Warming {
        /// Observations so far.
        seen: usize,
        /// Observations needed.
        needed: usize,
    },
    /// Computed on a window that is not yet full.
    Provisional {
        /// The value.
        value: f64,
        /// Observations so far.
        seen: usize,
        /// Observations in a full window.
        needed: usize,
    },
    /// Computed on a full window.
    Ready(f64),
    /// Does not exist on this data.
    Undefined(String),
}

impl Metric {
    /// The number, provisional or not.
    pub fn value(&self) -> Option<f64> {
        match *self {
            Self::Provisional { value, .. } | Self::Ready(value) => Some(value),
            Self::Warming { .. } | Self::Undefined(_) => None,
        }
    }

    /// The number, if it rests on a full window.
    pub fn ready(&self) -> Option<f64> {
        match *self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }
}

impl From<Undefined> for Metric {
    fn from(reason: Undefined) -> Self {
        Self::Undefined(reason.to_string())
    }
}

impl From<Reading<f64>> for Metric {
    fn from(reading: Reading<f64>) -> Self {
        match reading {
            Reading::Warming { seen, needed } => Self::Warming { seen, needed },
            Reading::Provisional { value, seen, needed } => Self::Provisional { value, seen, needed },
            Reading::Ready(value) => Self::Ready(value),
            Reading::Undefined(reason) => reason.into(),
        }
    }
}

/// How a bar came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Built here from the live trades.
    Live,
    /// Fetched over REST.
    History,
    /// Nothing is known: the feed was away and REST has not filled it.
    Missing,
    /// REST has no bar here either, or the ids of trades go on across it: the exchange itself did not trade.
    Outage,
    /// Trades of it were lost on the way, and REST has given them since.
    Repaired,
}

impl Origin {
    const ALL: [Self; 5] = [Self::Live, Self::History, Self::Missing, Self::Outage, Self::Repaired];

    /// The word for it in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::History => "history",
            Self::Missing => "missing",
            Self::Outage => "outage",
            Self::Repaired => "repaired",
        }
    }

    /// Reads what [`Self::as_str`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == text)
    }
}

/// One leg's part of a row. Prices in quote currency, volumes in base currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LegRow {
    /// Where the bar comes from.
    pub origin: Origin,
    /// Last price; carried forward from an earlier bar when `trades` is 0; `None` when missing.
    pub close: Option<f64>,
    /// First price.
    pub open: Option<f64>,
    /// Highest price.
    pub high: Option<f64>,
    /// Lowest price.
    pub low: Option<f64>,
    /// Base volume.
    pub volume: f64,
    /// Quote volume.
    pub quote_volume: f64,
    /// Trades in the bar.
    pub trades: u32,
    /// Bars since the last one with a trade; 0 when this one has some.
    pub carried_bars: u32,
    /// Log return over one bar; `None` unless this bar and the one before both had trades.
    pub log_return: Option<f64>,
    /// Mean close over the z window.
    pub mean: Metric,
    /// Variance of the close over the z window, divisor n-1.
    pub variance: Option<f64>,
    /// Standard deviation of one-bar log returns over the z window, divisor n-1.
    pub volatility: Metric,
    /// Base volume over the z window.
    pub window_volume: f64,
}

/// A closed bar of the pair, with every statistic that depends on this and earlier bars alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// When the bar opened.
    pub open_time: UnixMillis,
    /// The dependent leg.
    pub y: LegRow,
    /// The explaining leg.
    pub x: LegRow,
    /// Slope of y on x by the chosen model.
    pub hedge_ratio: Metric,
    /// Standard error of the slope, where the model has one.
    pub hedge_ratio_std_error: Option<f64>,
    /// Intercept, in y's price or its logarithm.
    pub intercept: Option<f64>,
    /// Coefficient of determination, of least squares alone.
    pub r_squared: Option<f64>,
    /// Hedge ratios of the models to compare with, by [`HedgeKind`]; only those of full windows.
    pub overlays: [Option<f64>; HedgeKind::ALL.len()],
    /// y - intercept - ratio * x, in y's price or its logarithm.
    pub spread: Option<f64>,
    /// Mean of the spread over the z window.
    pub spread_mean: Option<f64>,
    /// Standard deviation of the spread over the z window.
    pub spread_std_dev: Option<f64>,
    /// (spread - mean) / standard deviation.
    pub z: Metric,
    /// Pearson correlation of one-bar log returns.
    pub correlation: Metric,
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
