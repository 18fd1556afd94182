//! What the page asks of a scan, and what it hears of it.

use super::super::filter::Filter;
use super::super::pair_test::{Known, PairTest, Spec};
use super::super::report::Report;
use super::super::survival::{Changes, Survived};
use super::super::universe::Mark;
use crate::{Interval, Pair, Symbol, UnixMillis};
use serde::{Deserialize, Serialize};

/// Which markets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Choice {
    /// The most traded of the last 24 hours.
    MostTraded {
        /// What they are priced in.
        quote: String,
        /// How many.
        count: usize,
    },
    /// These.
    These(Vec<Symbol>),
    /// All that files have brought in.
    Imported,
    /// All of the desk's venue that are stored at the interval.
    Stored,
}

/// A scan in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Which markets.
    pub choice: Choice,
    /// Length of a bar.
    pub interval: Interval,
    /// The newest bars of each market, at most so many.
    pub bars: usize,
    /// Whether markets that are none of a coin of its own take part.
    pub with_marked: bool,
    /// How a pair is tested.
    pub spec: Spec,
}

/// What holds for every scan until it is said anew.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// Minutes from the beginning of one scan to that of the next; 0 for one scan alone.
    pub every_minutes: u32,
    /// Pairs that it takes have survived.
    pub survivors: Filter,
}

/// What the page asks. Nothing at all is an ask too: there is to be what repeats the scan of an earlier visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Scan, in place of the scan before.
    Begin {
        /// The scan's number.
        run: u64,
        /// What to scan.
        plan: Plan,
    },
    /// Do no more for now.
    Cancel,
    /// Go on.
    Resume,
    /// Tell all there is once more: a page has come that knows nothing.
    Tell,
    /// Find the intervals of these pairs' half-lives.
    Resample(Vec<Pair>),
    /// What holds for the scans from now on.
    Stand(Standing),
}

/// What a scan is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Stage {
    /// Finding out which markets there are.
    #[default]
    Choosing,
    /// Getting their prices.
    Pricing,
    /// Testing their pairs.
    Testing,
    /// Backtesting them.
    Backtesting,
    /// Nothing more.
    Done,
}

/// How far a scan has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Progress {
    /// What it does.
    pub stage: Stage,
    /// Done of it: markets or pairs.
    pub done: usize,
    /// Of so many.
    pub all: usize,
    /// Request weight that it has spent.
    pub weight: u32,
    /// Whether it was cancelled and not resumed.
    pub cancelled: bool,
    /// What it waits for, as a clause.
    pub waits: Option<String>,
}

/// Ends of a 95 % interval, bars; no upper one where too many resamples do not come back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval95 {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: Option<f64>,
}

/// What the page hears.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum News {
    /// A scan has begun, or is told again from here on.
    Began {
        /// Its number.
        run: u64,
        /// What is scanned.
        plan: Plan,
    },
    /// Which markets take part.
    Chosen {
        /// The most traded first, or in the order of the alphabet.
        taken: Vec<Symbol>,
        /// What is left out, and what it is.
        left_out: Vec<(Symbol, Mark)>,
    },
    /// A market without prices, and why, as a clause.
    Refused(Symbol, String),
    /// How far it has come.
    Progress(Progress),
    /// Pairs that have been tested meanwhile.
    Tested(Vec<PairTest>),
    /// All pairs, corrected for those tested so far.
    Report {
        /// Local time.
        at: UnixMillis,
        /// The pairs.
        report: Report,
    },
    /// How often the report's pairs, in their order, have survived the last scans of these markets.
    Survived(Vec<Survived>),
    /// What the scan has changed since the one before.
    Changed(Changes),
    /// Break-even fee of the default backtest of pairs, basis points of one way.
    Fees(Vec<(Pair, Known)>),
    /// Interval of a pair's half-life.
    HalfLife(Pair, Known<Interval95>),
    /// What holds for every scan.
    Stands(Standing),
    /// Nothing has been asked for here.
    Nothing,
    /// There is no scan, and why, as a sentence.
    Failed(String),
}
