//! The first and the last price of each bar of trades by the time, for series of ids that take turns.

use crate::bars::Traded;
use crate::transfer::timestamp::UnixMicros;
use std::collections::BTreeMap;

/// A price, when it was traded, and its place among those of the same time.
type At = ((UnixMicros, u64), f64);

/// The first and the last trades of a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    first: At,
    last: At,
}

impl Pair {
    pub(super) const fn open(&self) -> f64 {
        self.first.1
    }

    pub(super) const fn close(&self) -> f64 {
        self.last.1
    }

    fn merge(&mut self, other: &Self) {
        if other.first.0 < self.first.0 {
            self.first = other.first;
        }
        if other.last.0 >= self.last.0 {
            self.last = other.last;
        }
    }
}

/// By the open times of bars.
#[derive(Debug, Default)]
pub(super) struct Ends(BTreeMap<i64, Pair>);

impl Ends {
    /// Takes a trade of the bar that opens at `open_time`.
    pub(super) fn add(&mut self, open_time: i64, time: UnixMicros, (first, last): (u64, u64), traded: &Traded) {
        let new = Pair { first: ((time, first), traded.open), last: ((time, last), traded.close) };
        self.0.entry(open_time).and_modify(|pair| pair.merge(&new)).or_insert(new);
    }

    /// Puts the ends of bars together whose open times `floor` puts in one.
    pub(super) fn coarsen(&mut self, floor: impl Fn(i64) -> i64) {
        for (open_time, pair) in core::mem::take(&mut self.0) {
            self.0.entry(floor(open_time)).and_modify(|held| held.merge(&pair)).or_insert(pair);
        }
    }

    pub(super) fn of(&self, open_time: i64) -> Option<&Pair> {
        self.0.get(&open_time)
    }
}
