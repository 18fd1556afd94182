//! A scan as a job: a few pairs at a time; it can be cancelled and resumed after any of them.

use super::pair_test::{self, Known, PairTest, Spec, Untested};
use super::report::Report;
use super::series::Series;
use crate::{Pair, Symbol};
use spreadscope_stats::{BootstrapInterval, BootstrapSpec};
use std::collections::BTreeMap;

/// Progress of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Pairs done, whether or not they could be tested.
    pub done: usize,
    /// Pairs in total.
    pub pairs: usize,
}

impl Progress {
    /// Whether all pairs are done.
    pub const fn is_complete(self) -> bool {
        self.done == self.pairs
    }
}

/// The markets, and the results of their pairs so far.
#[derive(Debug)]
pub struct Scan {
    /// In alphabetical order.
    markets: Vec<(Symbol, Series)>,
    spec: Spec,
    /// Indices of the next pair's legs.
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

    /// Tests pairs until their bars add up to `bars`, at least one pair, unless the scan is cancelled.
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

    /// The progress.
    pub fn progress(&self) -> Progress {
        let count = self.markets.len();
        Progress { done: self.tests.len() + self.untested.len(), pairs: count * count.saturating_sub(1) / 2 }
    }

    /// Stops until [`Self::resume`]; results so far stay.
    pub fn cancel(&mut self) {
        self.cancelled = true;
    }

    /// Continues with the next pair.
    pub fn resume(&mut self) {
        self.cancelled = false;
    }

    /// Whether it was cancelled and has not been resumed.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    /// The pairs tested so far, in alphabetical order, to be shown before the correction.
    pub fn tests(&self) -> &[PairTest] {
        &self.tests
    }

    /// The results so far, corrected for the number of pairs tested so far.
    pub fn report(&self) -> Report {
        let Progress { done, pairs } = self.progress();
        Report::new(&self.tests, &self.untested, pairs - done)
    }

    /// The interval of a pair's half-life by resampling; slow, so only for selected rows.
    ///
    /// # Errors
    /// Why there is none, as a clause.
    pub fn half_life_interval(&self, pair: &Pair, bootstrap: &BootstrapSpec) -> Known<BootstrapInterval> {
        let series = |symbol: &Symbol| {
            let found = self.markets.iter().find(|(name, _)| name == symbol);
            found.map(|(_, series)| series).ok_or_else(|| format!("{symbol} is not in this scan"))
        };
        pair_test::half_life_interval(pair, series(&pair.y)?, series(&pair.x)?, self.spec, bootstrap)
    }
}

#[cfg(test)]
mod tests {
    use super::super::oracle::markets;
    use super::*;
    use core::num::NonZeroUsize;
    use spreadscope_stats::Confidence;

    #[test]
    fn a_scan_in_slices_cancelled_and_resumed_is_the_scan_in_one_go() {
        let mut whole = Scan::new(markets(), Spec::default());
        assert_eq!(whole.work(usize::MAX), Progress { done: 45, pairs: 45 });
        let mut sliced = Scan::new(markets(), Spec::default());
        assert_eq!(sliced.work(1), Progress { done: 1, pairs: 45 });
        assert_eq!(sliced.work(421).done, 3);
        sliced.cancel();
        assert!(sliced.is_cancelled() && sliced.work(usize::MAX).done == 3);
        let partial = sliced.report();
        assert_eq!((partial.tested(), partial.left, sliced.tests().len()), (3, 42, 3));
        // corrected for three tests
        assert!(partial.pairs.iter().all(|pair| pair.q_bh <= 3.0 * pair.test.p_value));
        sliced.resume();
        while !sliced.work(1_000).is_complete() {}
        assert_eq!(sliced.report(), whole.report());
        assert_eq!(sliced.work(1).done, 45);
    }

    #[test]
    fn fewer_than_two_markets_have_no_pair() {
        for count in [0, 1] {
            let mut scan = Scan::new(markets().into_iter().take(count).collect(), Spec::default());
            assert!(scan.work(1).is_complete() && scan.report().pairs.is_empty());
        }
    }

    #[test]
    fn the_interval_of_a_half_life_is_made_for_the_pair_that_is_requested() {
        let mut scan = Scan::new(markets(), Spec::default());
        scan.work(usize::MAX);
        let resamples = NonZeroUsize::new(199).unwrap();
        let bootstrap = BootstrapSpec { resamples, seed: 1, confidence: Confidence::PERCENT_95 };
        let pair = |y: &str, x: &str| Pair { y: Symbol::new(y).unwrap(), x: Symbol::new(x).unwrap() };
        let interval = scan.half_life_interval(&pair("A", "G"), &bootstrap).unwrap();
        let ag = scan.tests().iter().find(|test| test.pair == pair("A", "G")).unwrap();
        let bars = *ag.half_life_bars.as_ref().unwrap();
        assert!(interval.low < bars && interval.high.unwrap() > bars, "{interval:?} {bars}");
        let none = scan.half_life_interval(&pair("A", "B"), &bootstrap).unwrap_err();
        assert!(none.contains("pull"), "{none}");
        let unknown = scan.half_life_interval(&pair("A", "ZZZ"), &bootstrap).unwrap_err();
        assert_eq!(unknown, "ZZZ is not in this scan");
    }
}
