//! The order of one market's trades by their contiguous ids: what is new, late, doubled or missing.

use crate::{Trade, UnixMillis};
use std::collections::VecDeque;

/// What an id means for the trades seen so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// The next one, or the first of all.
    Next,
    /// Beyond the next: the ids between may still come.
    Ahead {
        /// How many are between.
        skipped: u64,
    },
    /// One of those between.
    Late,
    /// Seen before.
    Duplicate,
    /// From before the first one seen, which is where knowledge begins.
    Early,
}

/// Ids that have not come though later ones have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenRange {
    /// Lowest id that is missing.
    pub first: u64,
    /// Highest id that is missing.
    pub last: u64,
    /// Time of the trade before the first.
    pub after: UnixMillis,
    /// Time of the trade behind the last.
    pub before: UnixMillis,
    /// The exchange's clock when the hole was noticed.
    noticed: UnixMillis,
}

/// How long a late frame may take before its id counts as missing.
pub const PATIENCE_MILLIS: i64 = 500;

/// Open ranges kept at most; the oldest is given up first, so that no feed can fill the memory.
const RANGES_KEPT: usize = 1_024;

/// One market's place in its sequence of ids.
#[derive(Debug, Clone, Default)]
pub struct Sequence {
    first: u64,
    newest: Option<(u64, UnixMillis)>,
    open: VecDeque<OpenRange>,
}

impl Sequence {
    /// Takes note of `trade`, at `exchange_now`.
    pub fn observe(&mut self, trade: &Trade, exchange_now: UnixMillis) -> Arrival {
        let id = trade.trade_id;
        let Some((newest, newest_time)) = self.newest else {
            self.first = id;
            self.newest = Some((id, trade.trade_time));
            return Arrival::Next;
        };
        if id < self.first {
            return Arrival::Early;
        }
        if id <= newest {
            return if self.fill(id) { Arrival::Late } else { Arrival::Duplicate };
        }
        self.newest = Some((id, trade.trade_time.max(newest_time)));
        let skipped = id - newest - 1;
        if skipped == 0 {
            return Arrival::Next;
        }
        self.open.push_back(OpenRange {
            first: newest + 1,
            last: id - 1,
            after: newest_time,
            before: trade.trade_time.max(newest_time),
            noticed: exchange_now,
        });
        Arrival::Ahead { skipped }
    }

    /// Takes the ranges that have waited out [`PATIENCE_MILLIS`].
    pub fn give_up(&mut self, exchange_now: UnixMillis) -> Option<OpenRange> {
        let oldest = self.open.front()?;
        let waited = exchange_now.since(oldest.noticed) >= PATIENCE_MILLIS;
        (waited || self.open.len() > RANGES_KEPT).then(|| self.open.pop_front())?
    }

    /// Time of the newest trade.
    pub fn newest_time(&self) -> Option<UnixMillis> {
        self.newest.map(|(_, time)| time)
    }

    fn fill(&mut self, id: u64) -> bool {
        let Some(at) = self.open.iter().position(|range| (range.first..=range.last).contains(&id)) else {
            return false;
        };
        let range = self.open[at];
        match (id == range.first, id == range.last) {
            (true, true) => drop(self.open.remove(at)),
            (true, false) => self.open[at].first += 1,
            (false, true) => self.open[at].last -= 1,
            (false, false) => {
                self.open[at].last = id - 1;
                self.open.insert(at + 1, OpenRange { first: id + 1, ..range });
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(trade_id: u64) -> Trade {
        let time = UnixMillis(1_700_000_000_000 + i64::try_from(trade_id).unwrap());
        Trade { trade_id, trade_time: time, event_time: time, price: 1.0, size: 1.0, buyer_is_maker: false }
    }

    fn feed(sequence: &mut Sequence, ids: &[u64]) -> Vec<Arrival> {
        ids.iter().map(|&id| sequence.observe(&at(id), UnixMillis(0))).collect()
    }

    #[test]
    fn a_late_trade_closes_its_place_and_comes_but_once() {
        use Arrival::{Ahead, Duplicate, Early, Late, Next};
        let mut sequence = Sequence::default();
        let seen = feed(&mut sequence, &[10, 11, 15, 13, 13, 12, 14, 14, 9, 16]);
        assert_eq!(
            seen,
            [Next, Next, Ahead { skipped: 3 }, Late, Duplicate, Late, Late, Duplicate, Early, Next]
        );
        assert_eq!(sequence.give_up(UnixMillis(i64::MAX)), None);
    }

    #[test]
    fn what_has_not_come_in_time_is_given_up_with_its_ids_and_times() {
        let mut sequence = Sequence::default();
        feed(&mut sequence, &[10, 14]);
        assert_eq!(sequence.give_up(UnixMillis(PATIENCE_MILLIS - 1)), None);
        let range = sequence.give_up(UnixMillis(PATIENCE_MILLIS)).unwrap();
        assert_eq!((range.first, range.last), (11, 13));
        assert_eq!((range.after, range.before), (at(10).trade_time, at(14).trade_time));
        assert_eq!(feed(&mut sequence, &[12]), [Arrival::Duplicate]);
    }

    proptest! {
        #[test]
        fn every_id_is_taken_exactly_once_in_any_order(ids in proptest::collection::vec(1_u64..60, 1..200)) {
            let mut sequence = Sequence::default();
            let mut taken = std::collections::BTreeMap::new();
            let first = ids[0];
            for &id in &ids {
                if sequence.observe(&at(id), UnixMillis(0)) != Arrival::Duplicate {
                    *taken.entry(id).or_insert(0) += 1;
                }
            }
            for &id in ids.iter().filter(|&&id| id >= first) {
                prop_assert_eq!(taken.get(&id), Some(&1));
            }
        }
    }
}
