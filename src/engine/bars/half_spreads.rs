//! Half-spreads of a market's recorded book.

use crate::UnixMillis;
use std::sync::Arc;

/// A book without a successor is valid this long.
const LASTS_MILLIS: i64 = 60_000;

/// Half-spreads by the open time of their bars: half the distance of bid and ask in the last book before the close, in
/// bps of the mid price. Bars without a known book are absent. Clones share memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HalfSpreads(Arc<Vec<(UnixMillis, f64)>>);

impl HalfSpreads {
    /// Open times and half-spreads in bps, oldest first.
    pub fn new(by_open_time: Vec<(UnixMillis, f64)>) -> Self {
        Self(Arc::new(by_open_time))
    }

    /// Number of half-spreads.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (UnixMillis, f64)> + '_ {
        self.0.iter().copied()
    }

    /// Half-spread of the bar that opens at `open_time`.
    pub fn get(&self, open_time: UnixMillis) -> Option<f64> {
        let place = self.0.binary_search_by_key(&open_time, |(known, _)| *known).ok()?;
        Some(self.0[place].1)
    }

    /// Adds the half-spread of a bar after all others.
    pub(crate) fn push(&mut self, open_time: UnixMillis, bps: f64) {
        debug_assert!(self.0.last().is_none_or(|(last, _)| *last < open_time), "Invariant: oldest first");
        Arc::make_mut(&mut self.0).push((open_time, bps));
    }

    /// Merges another recording of the same market; `newer` wins where both have a half-spread.
    pub(crate) fn absorb(&mut self, newer: &Self) {
        if newer.is_empty() {
            return;
        }
        let mut all = Vec::with_capacity(self.len() + newer.len());
        let mut held = self.iter().peekable();
        for (open_time, bps) in newer.iter() {
            while let Some(before) = held.next_if(|(known, _)| *known < open_time) {
                all.push(before);
            }
            held.next_if(|(known, _)| *known == open_time);
            all.push((open_time, bps));
        }
        all.extend(held);
        *self = Self::new(all);
    }

    /// Converts half-spreads of bars of `step` milliseconds to bars of `longer` milliseconds, from `from` up to `end`: the
    /// last one before each close, unless it is older than a minute.
    pub(crate) fn of_longer(&self, step: i64, longer: i64, from: UnixMillis, end: UnixMillis) -> Self {
        let mut found = Self::default();
        let mut next = 0;
        let mut open_time = from;
        while open_time < end && !self.is_empty() {
            let close = open_time + longer;
            next += self.0[next..].partition_point(|(known, _)| *known + step <= close);
            if let Some((known, bps)) = next.checked_sub(1).map(|last| self.0[last])
                && close.since(known + step) < LASTS_MILLIS
            {
                found.push(open_time, bps);
            }
            open_time = close;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: UnixMillis = UnixMillis(1_700_006_400_000);

    fn of(seconds: &[(i64, f64)]) -> HalfSpreads {
        HalfSpreads::new(seconds.iter().map(|(second, bps)| (T0 + 1_000 * second, *bps)).collect())
    }

    fn seconds(found: &HalfSpreads) -> Vec<(i64, f64)> {
        found.iter().map(|(time, bps)| (time.since(T0) / 1_000, bps)).collect()
    }

    #[test]
    fn a_book_stands_until_the_next_one_and_no_longer_than_a_minute() {
        let books = of(&[(1, 0.5), (3, 2.0)]);
        let found = books.of_longer(1_000, 1_000, T0, T0 + 90_000);
        assert_eq!(found.get(T0), None, "before the first one");
        let at = |second: i64| found.get(T0 + 1_000 * second);
        assert_eq!([at(1), at(2), at(3), at(4)], [Some(0.5), Some(0.5), Some(2.0), Some(2.0)]);
        // it came by second 4: at the close of second 62 it is 59 s old, at that of 63 a minute
        assert_eq!([at(62), at(63)], [Some(2.0), None]);
        let minutes = books.of_longer(1_000, 60_000, T0, T0 + 120_000);
        assert_eq!(seconds(&minutes), [(0, 2.0)]);
        assert!(HalfSpreads::default().of_longer(1_000, 1_000, T0, T0 + 9_000).is_empty());
    }

    #[test]
    fn the_newer_of_two_stands_and_the_rest_of_both_is_there() {
        let mut held = of(&[(1, 1.0), (2, 1.0), (5, 1.0)]);
        held.absorb(&of(&[(0, 2.0), (2, 2.0), (3, 2.0)]));
        assert_eq!(seconds(&held), [(0, 2.0), (1, 1.0), (2, 2.0), (3, 2.0), (5, 1.0)]);
        held.absorb(&HalfSpreads::default());
        assert_eq!(held.len(), 5);
    }
}
