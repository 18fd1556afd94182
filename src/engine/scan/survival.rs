//! How often a pair has survived the last scans, and which pairs have entered and left since the previous one.

use super::filter::Filter;
use super::report::Report;
use crate::{Pair, Symbol};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};

/// Scans remembered.
const SCANS: usize = 12;

/// Pairs by their legs.
type Pairs = BTreeSet<(Symbol, Symbol)>;

/// The last scans: the pairs that each tested, and those that survived.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Survival {
    /// Oldest first.
    scans: VecDeque<Remembered>,
}

/// A scan in short: stored by market, since its thousands of pairs are nearly all those of a hundred markets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    /// Markets with at least one tested pair.
    markets: BTreeSet<Symbol>,
    /// Their pairs that could not be tested.
    untested: Pairs,
    survived: Pairs,
}

/// How often one pair has survived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Survived {
    /// Scans that it survived.
    pub survived: usize,
    /// Scans that tested it.
    pub tested: usize,
}

/// Changes between two scans.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Changes {
    /// Pairs that survive and did not in the previous scan.
    pub entered: Vec<Pair>,
    /// Pairs that survived the previous scan and do not survive this one.
    pub left: Vec<Pair>,
}

impl Survival {
    /// A scan of three markets: one of their pairs survived, one could not be tested.
    #[cfg(test)]
    pub(crate) fn of_one_scan() -> Self {
        let [a, b, c] = ["ADAUSDT", "BTCUSDT", "ETHUSDT"].map(|name| Symbol::new(name).unwrap());
        let scan = Remembered {
            markets: [a.clone(), b.clone(), c.clone()].into(),
            untested: [(a, b.clone())].into(),
            survived: [(b, c)].into(),
        };
        Self { scans: [scan].into() }
    }

    /// Remembers a complete scan, whose survivors are the pairs that `filter` takes. Returns the changes since
    /// the previous scan, if there was one. A cancelled scan is not remembered: its q-values are corrected for
    /// fewer tests.
    pub fn remember(&mut self, report: &Report, filter: &Filter) -> Option<Changes> {
        if report.left > 0 {
            return None;
        }
        let legs = |pair: &Pair| (pair.y.clone(), pair.x.clone());
        let tested = report.pairs.iter().map(|pair| &pair.test.pair);
        let markets: BTreeSet<Symbol> = tested.flat_map(|pair| [pair.y.clone(), pair.x.clone()]).collect();
        let untested = report.untested.iter().map(|untested| &untested.pair);
        let untested = untested
            .filter(|pair| markets.contains(&pair.y) && markets.contains(&pair.x))
            .map(legs)
            .collect();
        let survived: Pairs =
            report.pairs.iter().filter(|pair| filter.takes(pair)).map(|pair| legs(&pair.test.pair)).collect();
        let changes = self.scans.back().map(|before| Changes {
            entered: pairs(survived.difference(&before.survived)),
            left: pairs(before.survived.difference(&survived)),
        });
        self.scans.push_back(Remembered { markets, untested, survived });
        self.forget();
        changes
    }

    /// Puts the scans of an earlier visit before those of this one.
    pub fn put_before(&mut self, earlier: Self) {
        for scan in earlier.scans.into_iter().rev() {
            self.scans.push_front(scan);
        }
        self.forget();
    }

    fn forget(&mut self) {
        let too_many = self.scans.len().saturating_sub(SCANS);
        self.scans.drain(..too_many);
    }

    /// How often `pair` has survived.
    pub fn of(&self, pair: &Pair) -> Survived {
        let legs = (pair.y.clone(), pair.x.clone());
        let is_tested = |scan: &&Remembered| {
            scan.markets.contains(&legs.0) && scan.markets.contains(&legs.1) && !scan.untested.contains(&legs)
        };
        let tested = self.scans.iter().filter(is_tested).count();
        let survived = self.scans.iter().filter(|scan| scan.survived.contains(&legs)).count();
        Survived { survived, tested }
    }
}

fn pairs<'a>(legs: impl Iterator<Item = &'a (Symbol, Symbol)>) -> Vec<Pair> {
    legs.map(|(y, x)| Pair { y: y.clone(), x: x.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::oracle::markets;
    use super::super::{Scan, Spec};
    use super::*;

    #[test]
    fn a_pair_that_comes_and_goes_is_counted_and_told() {
        let mut scan = Scan::new(markets(), Spec::default());
        scan.work(1);
        let partial = scan.report();
        scan.work(usize::MAX);
        let report = scan.report();
        let strict = Filter { most_q: Some(0.05), ..Filter::default() };
        let never = Filter { most_q: Some(0.0), ..Filter::default() };
        let pair = report.pairs.iter().find(|pair| strict.takes(pair)).unwrap().test.pair.clone();
        let mut survival = Survival::default();
        assert_eq!(survival.remember(&report, &strict), None);
        assert_eq!(survival.remember(&partial, &never), None);
        let gone = survival.remember(&report, &never).unwrap();
        assert_eq!((gone.entered.len(), &gone.left[..]), (0, &[pair.clone()][..]));
        let back = survival.remember(&report, &strict).unwrap();
        assert_eq!((&back.entered[..], back.left.len()), (&[pair.clone()][..], 0));
        assert_eq!(survival.of(&pair), Survived { survived: 2, tested: 3 });
        for _ in 0..20 {
            survival.remember(&report, &never);
        }
        assert_eq!(survival.of(&pair), Survived { survived: 0, tested: SCANS });
        let unknown = Pair { y: pair.x.clone(), x: Symbol::new("NOSUCH").unwrap() };
        assert_eq!(survival.of(&unknown), Survived { survived: 0, tested: 0 });
    }

    #[test]
    fn scans_of_an_earlier_visit_come_before_those_of_this_one_and_the_oldest_go() {
        let mut scan = Scan::new(markets(), Spec::default());
        scan.work(usize::MAX);
        let report = scan.report();
        let strict = Filter { most_q: Some(0.05), ..Filter::default() };
        let never = Filter { most_q: Some(0.0), ..Filter::default() };
        let pair = report.pairs.iter().find(|pair| strict.takes(pair)).unwrap().test.pair.clone();
        let (mut earlier, mut survival) = (Survival::default(), Survival::default());
        earlier.remember(&report, &strict);
        survival.remember(&report, &never);
        survival.put_before(earlier.clone());
        assert_eq!(survival.of(&pair), Survived { survived: 1, tested: 2 });
        for _ in 0..SCANS {
            earlier.remember(&report, &strict);
        }
        survival.put_before(earlier);
        assert_eq!(survival.of(&pair), Survived { survived: SCANS - 1, tested: SCANS });
        // a pair that could not be tested is not counted, even though its markets were in the scan
        for untested in &report.untested {
            assert_eq!(survival.of(&untested.pair).tested, 0, "{untested:?}");
        }
    }
}
