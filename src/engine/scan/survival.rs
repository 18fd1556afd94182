//! How often a pair has survived the last scans, and which pairs have come and gone since the one before.

use super::filter::Filter;
use super::report::Report;
use crate::{Pair, Symbol};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};

/// Scans that are remembered.
const SCANS: usize = 12;

/// The pairs of a scan, by their legs.
type Pairs = BTreeSet<(Symbol, Symbol)>;

/// The last scans: which pairs each has tested, and which of them have survived.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Survival {
    /// Oldest first.
    scans: VecDeque<Remembered>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    tested: Pairs,
    survived: Pairs,
}

/// How often one pair has survived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survived {
    /// Scans in which it has.
    pub survived: usize,
    /// Scans that have tested it.
    pub tested: usize,
}

/// What a scan has changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Changes {
    /// Pairs that survive and did not in the scan before.
    pub entered: Vec<Pair>,
    /// Pairs that survived the scan before and do not survive this one.
    pub left: Vec<Pair>,
}

impl Survival {
    /// Remembers a complete scan; a pair has survived it that `filter` takes. Tells what has changed, which is nothing
    /// after the first scan. A scan that was cancelled is not remembered: its q's are those of fewer tests.
    pub fn remember(&mut self, report: &Report, filter: &Filter) -> Changes {
        if report.left > 0 {
            return Changes::default();
        }
        let legs = |pair: &Pair| (pair.y.clone(), pair.x.clone());
        let tested: Pairs = report.pairs.iter().map(|pair| legs(&pair.test.pair)).collect();
        let survived: Pairs =
            report.pairs.iter().filter(|pair| filter.takes(pair)).map(|pair| legs(&pair.test.pair)).collect();
        let changes = self.scans.back().map_or_else(Changes::default, |before| Changes {
            entered: pairs(survived.difference(&before.survived)),
            left: pairs(before.survived.difference(&survived)),
        });
        self.scans.push_back(Remembered { tested, survived });
        if self.scans.len() > SCANS {
            self.scans.pop_front();
        }
        changes
    }

    /// How often `pair` has survived.
    pub fn of(&self, pair: &Pair) -> Survived {
        let legs = (pair.y.clone(), pair.x.clone());
        let count = |pairs: fn(&Remembered) -> &Pairs| {
            self.scans.iter().filter(|scan| pairs(scan).contains(&legs)).count()
        };
        Survived { survived: count(|scan| &scan.survived), tested: count(|scan| &scan.tested) }
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
        assert_eq!(survival.remember(&report, &strict), Changes::default());
        assert_eq!(survival.remember(&partial, &never), Changes::default());
        let gone = survival.remember(&report, &never);
        assert_eq!((gone.entered.len(), &gone.left[..]), (0, &[pair.clone()][..]));
        let back = survival.remember(&report, &strict);
        assert_eq!((&back.entered[..], back.left.len()), (&[pair.clone()][..], 0));
        assert_eq!(survival.of(&pair), Survived { survived: 2, tested: 3 });
        for _ in 0..20 {
            survival.remember(&report, &never);
        }
        assert_eq!(survival.of(&pair), Survived { survived: 0, tested: SCANS });
        let unknown = Pair { y: pair.x.clone(), x: pair.y };
        assert_eq!(survival.of(&unknown), Survived { survived: 0, tested: 0 });
    }
}
