//! A scan as a job: a few pairs at a time, to be cancelled and resumed at any of them.

use super::pair_test::{self, Known, PairTest, Spec, Untested};
use super::report::Report;
use super::series::Series;
use crate::{Pair, Symbol};
use spreadscope_stats::{BootstrapInterval, BootstrapSpec};
use std::collections::BTreeMap;

/// How far a scan has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Pairs done, whether they could be tested or not.
    pub done: usize,
    /// Pairs in all.
    pub pairs: usize,
}

impl Progress {
    /// Whether nothing is left to do.
    pub const fn is_complete(self) -> bool {
        self.done == self.pairs
    }
}

/// Markets, and what has come of their pairs so far.
#[derive(Debug)]
pub struct Scan {
    /// In the order of the alphabet.
    markets: Vec<(Symbol, Series)>,
    spec: Spec,
    /// Places of the next pair's legs.
    next: (usize, usize),
    tests: Vec<PairTest>,
    untested: Vec<Untested>,
    cancelled: bool,
}

impl Scan {
    /// A scan of all pairs of `markets`.
    pub fn new(markets: BTreeMap<Symbol, Series>, spec: Spec) -> Self {
        Self {
            markets: markets.into_iter().collect(),
            spec,
            next: (0, 1),
            tests: Vec::new(),
            untested: Vec::new(),
            cancelled: false,
        }
    }

    /// Tests pairs until they have `bars` together, one at least, unless the scan is cancelled.
    pub fn work(&mut self, bars: usize) -> Progress {
        let mut worked = 0;
        while !self.cancelled && worked < bars {
            let (y, x) = self.next;
            let (Some((name_y, series_y)), Some((name_x, series_x))) =
                (self.markets.get(y), self.markets.get(x))
            else {
                break;
            };
            let pair = Pair { y: name_y.clone(), x: name_x.clone() };
            worked += series_y.len().min(series_x.len()).max(1);
            match pair_test::test(&pair, series_y, series_x, self.spec) {
                Ok(test) => self.tests.push(test),
                Err(reason) => self.untested.push(Untested { pair, reason }),
            }
            self.next = if x + 1 < self.markets.len() { (y, x + 1) } else { (y + 1, y + 2) };
        }
        self.progress()
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let count = self.markets.len();
        Progress { done: self.tests.len() + self.untested.len(), pairs: count * count.saturating_sub(1) / 2 }
    }

    /// Does no more until [`Self::resume`]; what is there stays.
    pub fn cancel(&mut self) {
        self.cancelled = true;
    }

    /// Goes on with the pair that is next.
    pub fn resume(&mut self) {
        self.cancelled = false;
    }

    /// Whether it was cancelled and not resumed.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    /// The pairs tested so far, in the order of the alphabet: to be shown before there is anything to correct by.
    pub fn tests(&self) -> &[PairTest] {
        &self.tests
    }

    /// What has come of it so far, corrected for the pairs tested so far.
    pub fn report(&self) -> Report {
        let Progress { done, pairs } = self.progress();
        Report::new(&self.tests, &self.untested, pairs - done)
    }

    /// The interval of a pair's half-life by resampling, for the rows that are looked at.
    ///
    /// # Errors
    /// Why there is none, as a clause.
    pub fn half_life_interval(&self, pair: &Pair, bootstrap: &BootstrapSpec) -> Known<BootstrapInterval> {
        let series = |symbol: &Symbol| {
            let found = self.markets.binary_search_by(|(name, _)| name.cmp(symbol));
            found.map(|at| &self.markets[at].1).map_err(|_| format!("{symbol} is not in this scan"))
        };
        pair_test::half_life_interval(pair, series(&pair.y)?, series(&pair.x)?, self.spec, bootstrap)
    }
}
