//! The trade ids of one market that are missing and have not been fetched yet.

use super::sequence::OpenRange;
use crate::{Interval, UnixMillis};

/// Most gaps kept apart; beyond that, the two oldest are merged and repaired by whole bars.
const KEPT: usize = 1_024;
/// A gap of more trades than this is repaired by whole bars, which costs less request weight.
const TRADES_MOST: u64 = 5_000;

/// A run of missing trade ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Lowest id.
    pub first: u64,
    /// Highest id.
    pub last: u64,
    /// Time of a trade before the first.
    pub after: UnixMillis,
    /// Time of a trade after the last.
    pub before: UnixMillis,
    /// Whether it is repaired by whole bars rather than trade by trade.
    pub by_bars: bool,
}

impl Gap {
    /// Makes a gap of an open range; `has_bars` says whether REST serves 1 s bars.
    pub fn new(range: &OpenRange, has_bars: bool) -> Self {
        let OpenRange { first, last, after, before, .. } = *range;
        Self { first, last, after, before, by_bars: has_bars && last - first >= TRADES_MOST }
    }

    /// The number of ids.
    pub fn trades(&self) -> u64 {
        self.last - self.first + 1
    }

    /// The first and the last second that may lack trades.
    pub fn seconds(&self) -> (UnixMillis, UnixMillis) {
        let second = Interval::OneSecond;
        (second.floor(self.after), second.floor(self.before) + second.millis())
    }
}

/// Which ids of a run are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingIds {
    /// How many.
    pub count: u64,
    /// Lowest.
    pub first: u64,
    /// Highest.
    pub last: u64,
}

/// All gaps of one market, lowest ids first.
#[derive(Debug, Clone, Default)]
pub struct Gaps(Vec<Gap>);

impl Gaps {
    /// Adds a gap; no other gap has any of its ids.
    pub fn insert(&mut self, gap: Gap) {
        let at = self.0.partition_point(|known| known.first < gap.first);
        self.0.insert(at, gap);
        if self.0.len() > KEPT {
            let oldest = self.0.remove(0);
            let next = &mut self.0[0];
            *next = Gap { first: oldest.first, after: oldest.after.min(next.after), by_bars: true, ..*next };
        }
    }

    /// The gaps, lowest ids first.
    pub fn iter(&self) -> impl Iterator<Item = &Gap> {
        self.0.iter()
    }

    /// The first gap to be repaired trade by trade.
    pub fn first_by_trades(&self) -> Option<&Gap> {
        self.0.iter().find(|gap| !gap.by_bars)
    }

    /// Whether `second` may lack trades.
    pub fn touch(&self, second: UnixMillis) -> bool {
        self.0.iter().any(|gap| {
            let (from, to) = gap.seconds();
            (from..to).contains(&second)
        })
    }

    /// The ids from `first` to `last` that are missing.
    pub fn missing_in(&self, first: u64, last: u64) -> Option<MissingIds> {
        let mut found: Option<MissingIds> = None;
        for gap in &self.0 {
            let (from, to) = (gap.first.max(first), gap.last.min(last));
            if from <= to {
                let ids = found.get_or_insert(MissingIds { count: 0, first: from, last: to });
                ids.count += to - from + 1;
                ids.last = to;
            }
        }
        found
    }

    /// Removes the ids from `first` to `last` from all gaps. Trades before them were made by the first of
    /// `times`, those after them from the second on.
    pub fn remove(&mut self, first: u64, last: u64, times: (UnixMillis, UnixMillis)) {
        let mut rest = Vec::with_capacity(self.0.len() + 1);
        for gap in &self.0 {
            if gap.last < first || gap.first > last {
                rest.push(*gap);
                continue;
            }
            if gap.first < first {
                rest.push(Gap { last: first - 1, before: times.0.min(gap.before), ..*gap });
            }
            if gap.last > last {
                rest.push(Gap { first: last + 1, after: times.1.max(gap.after), ..*gap });
            }
        }
        self.0 = rest;
    }

    /// Leaves the gap that contains `id` to repair by whole bars.
    pub fn leave_to_bars(&mut self, id: u64) {
        for gap in self.0.iter_mut().filter(|gap| (gap.first..=gap.last).contains(&id)) {
            gap.by_bars = true;
        }
    }

    /// Leaves all gaps to repair trade by trade.
    pub(crate) fn keep_to_trades(&mut self) {
        for gap in &mut self.0 {
            gap.by_bars = false;
        }
    }

    /// Drops the gaps whose seconds are all `known`, and returns the number of their ids.
    pub fn drop_where(&mut self, known: impl Fn(UnixMillis) -> bool) -> u64 {
        let step = Interval::OneSecond.millis();
        let mut dropped = 0;
        self.0.retain(|gap| {
            let (from, to) = gap.seconds();
            let mut second = from;
            while second < to {
                if !known(second) {
                    return true;
                }
                second = second + step;
            }
            dropped += gap.trades();
            false
        });
        dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn gap(first: u64, last: u64) -> Gap {
        let time = |id: u64| UnixMillis(1_700_000_000_000 + 100 * i64::try_from(id).unwrap());
        Gap { first, last, after: time(first - 1), before: time(last + 1), by_bars: false }
    }

    #[test]
    fn ids_are_taken_out_of_the_middle_and_the_seconds_shrink_with_them() {
        let mut gaps = Gaps::default();
        gaps.insert(gap(40, 60));
        gaps.insert(gap(10, 19));
        assert_eq!(gaps.missing_in(15, 45), Some(MissingIds { count: 11, first: 15, last: 45 }));
        let time = UnixMillis(1_700_000_003_000);
        gaps.remove(12, 50, (time, time));
        let left: Vec<(u64, u64)> = gaps.iter().map(|gap| (gap.first, gap.last)).collect();
        assert_eq!(left, [(10, 11), (51, 60)]);
        assert!(gaps.touch(UnixMillis(1_700_000_003_000)) && gaps.touch(UnixMillis(1_700_000_006_000)));
        assert!(!gaps.touch(UnixMillis(1_700_000_007_000)));
    }

    #[test]
    fn too_many_gaps_become_one_that_is_repaired_by_bars() {
        let mut gaps = Gaps::default();
        for id in 1..=KEPT as u64 + 10 {
            gaps.insert(gap(id * 2, id * 2));
        }
        assert_eq!(gaps.iter().count(), KEPT);
        let first = *gaps.iter().next().unwrap();
        assert!(first.by_bars && first.first == 2 && first.last == 22, "{first:?}");
        assert_eq!(gaps.drop_where(|_| true), 21 + KEPT as u64 - 1);
    }

    proptest! {
        #[test]
        fn removed_ids_are_missing_no_longer_and_all_others_still_are(
            cuts in proptest::collection::vec((1_u64..200, 0_u64..30), 1..20)
        ) {
            let mut gaps = Gaps::default();
            gaps.insert(gap(50, 149));
            let mut missing: std::collections::BTreeSet<u64> = (50..150).collect();
            for (first, more) in cuts {
                gaps.remove(first, first + more, (UnixMillis(0), UnixMillis(0)));
                missing.retain(|id| !(first..=first + more).contains(id));
                let count = gaps.missing_in(0, 1_000).map_or(0, |ids| ids.count);
                prop_assert_eq!(count, missing.len() as u64);
            }
        }
    }
}
