//! The messages between a page and its scan.

use super::super::filter::Filter;
use super::super::pair_test::{Known, PairTest, Spec};
use super::super::report::Report;
use super::super::survival::{Changes, Survived};
use super::super::universe::Mark;
use crate::{Interval, Pair, Symbol, UnixMillis};
use serde::{Deserialize, Serialize};

/// Which markets to scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    /// The most traded of the last 24 hours.
    MostTraded {
        /// Their quote currency.
        quote: String,
        /// How many.
        count: usize,
    },
    /// These markets.
    These(Vec<Symbol>),
    /// All imported markets.
    Imported,
    /// All markets of the selected venue that are stored at the interval.
    Stored,
}

/// The complete description of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Which markets.
    pub choice: Choice,
    /// Length of a bar.
    pub interval: Interval,
    /// Most of the newest bars of each market.
    pub bars: usize,
    /// Whether marked coins, such as stablecoins, take part.
    pub with_marked: bool,
    /// How pairs are tested.
    pub spec: Spec,
}

/// Settings for all scans until changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// Minutes from the start of one scan to the start of the next; 0 for no repetition.
    pub every_minutes: u32,
    /// The filter whose pairs count as survivors.
    pub survivors: Filter,
}

/// A message from the page. An empty one counts too: it loads the code that repeats the scan of an earlier
/// visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ScanCommand {
    /// Scan, replacing the previous scan.
    Begin {
        /// The number of the scan.
        run: u64,
        /// What to scan.
        plan: Plan,
    },
    /// Pause the scan.
    Cancel,
    /// Continue the scan.
    Resume,
    /// Send the whole state again, for a new page.
    Tell,
    /// Compute the intervals of these pairs' half-lives.
    Resample(Vec<Pair>),
    /// Settings for all scans from now on.
    Stand(Standing),
}

/// The stage of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Stage {
    /// Choosing the markets.
    #[default]
    Choosing,
    /// Getting prices.
    Pricing,
    /// Testing pairs.
    Testing,
    /// Backtesting pairs.
    Backtesting,
    /// Finished.
    Done,
}

/// Progress of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Progress {
    /// The stage.
    pub stage: Stage,
    /// Markets or pairs done in this stage.
    pub done: usize,
    /// The total.
    pub all: usize,
    /// Request weight spent on the scan.
    pub weight: u32,
    /// Whether it was cancelled and has not been resumed.
    pub cancelled: bool,
    /// What it waits for, as a clause.
    pub waits: Option<String>,
}

/// Ends of a 95 % interval, bars; the upper end is `None` if too many resamples do not revert.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval95 {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: Option<f64>,
}

/// News for the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum News {
    /// A scan has begun, or its state is sent again from here on.
    Began {
        /// The number of the scan.
        run: u64,
        /// Its description.
        plan: Plan,
    },
    /// The markets that take part.
    Chosen {
        /// Most traded first, or in alphabetical order.
        taken: Vec<Symbol>,
        /// The markets left out, and why.
        left_out: Vec<(Symbol, Mark)>,
    },
    /// A market without prices; the reason is a clause.
    Refused(Symbol, String),
    /// How far it has come.
    Progress(Progress),
    /// Pairs tested since the last news.
    Tested(Vec<PairTest>),
    /// All pairs, corrected for the number tested so far.
    Report {
        /// Local time.
        at: UnixMillis,
        /// The pairs.
        report: Report,
    },
    /// How often the report's pairs, in the same order, have survived the last scans of these markets.
    Survived(Vec<Survived>),
    /// Changes by this scan relative to the previous one.
    Changed(Changes),
    /// Break-even fee per fill in the default backtest of pairs, basis points.
    Fees(Vec<(Pair, Known)>),
    /// Interval of a pair's half-life.
    HalfLife(Pair, Known<Interval95>),
    /// The settings for all scans.
    Stands(Standing),
    /// No scan has been requested here.
    Nothing,
    /// There is no scan; the reason is a sentence.
    Failed(String),
}
