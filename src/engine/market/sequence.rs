//! The order of one market's trades by their consecutive ids: which are new, late, duplicate or missing.

use crate::UnixMillis;
use crate::bars::Ids;
use std::collections::VecDeque;

/// What a trade id means, given the trades seen so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// The first trade.
    First,
    /// One more than the newest.
    Next,
    /// Beyond the next: the ids in between may still come.
    Ahead {
        /// How many ids are in between.
        skipped: u64,
    },
    /// One of the ids in between, or slightly before the first.
    Late,
    /// Seen before, or given up.
    Duplicate,
    /// Long before the first trade seen, where knowledge begins.
    Early,
    /// So far ahead that no market trades that fast: a damaged number, which is ignored.
    Implausible,
}

/// Ids that have not come although later ones have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenRange {
    /// Lowest missing id.
    pub first: u64,
    /// Highest missing id.
    pub last: u64,
    /// Time of the trade before the first.
    pub after: UnixMillis,
    /// Time of the trade after the last.
    pub before: UnixMillis,
    /// Exchange time when the range was noticed.
    pub(crate) noticed: UnixMillis,
}

/// How long a late frame may take before its id counts as missing, ms.
pub const PATIENCE_MILLIS: i64 = 500;

/// How long announced trades may take, ms: streams are not in step, and the trade stream may be the slower one.
pub const LAG_MOST_MILLIS: i64 = 5_000;

/// Announcements kept at most: at most one a second, and some to spare.
const TOLD_KEPT: usize = 16;

/// Open ranges kept at most; beyond that the oldest is given up, so that no feed can fill the memory.
const RANGES_KEPT: usize = 1_024;

/// The first trade can be overtaken by others of the same moment, but not by more than this many.
const OVERTAKEN_MOST: u64 = 1_000;

/// Most ids that can be skipped at once, or per millisecond.
const SKIPPED_MOST: u64 = 1_000_000;
const SKIPPED_MOST_PER_MILLI: u64 = 10;

/// An id that the exchange has announced before its trade has come.
#[derive(Debug, Clone, Copy)]
struct Announced {
    last: u64,
    time: UnixMillis,
    noticed: UnixMillis,
}

/// Whether a market can have reached trade `id` by `time`.
fn is_plausible(id: u64, time: UnixMillis, (newest, newest_time): (u64, UnixMillis)) -> bool {
    let elapsed_millis = time.since(newest_time).max(0).unsigned_abs();
    id.saturating_sub(newest) <= SKIPPED_MOST + elapsed_millis.saturating_mul(SKIPPED_MOST_PER_MILLI)
}

/// One market's position in its sequence of ids.
#[derive(Debug, Clone, Default)]
pub struct Sequence {
    first: u64,
    first_time: UnixMillis,
    newest: Option<(u64, UnixMillis)>,
    open: VecDeque<OpenRange>,
    /// Announced ids beyond the newest, oldest first.
    announced: VecDeque<Announced>,
    /// Announced trades have been given up, and no trade has come since.
    is_forsaken: bool,
}

impl Sequence {
    /// Takes note, at `exchange_now`, of one trade or of several that came together, made at `time`. If some of
    /// them are here already, all count as duplicates, and those that are not here stay missing.
    pub fn observe(&mut self, ids: Ids, time: UnixMillis, exchange_now: UnixMillis) -> Arrival {
        let arrival = self.place(ids, time, exchange_now);
        if !matches!(arrival, Arrival::Duplicate | Arrival::Early | Arrival::Implausible) {
            self.is_forsaken = false;
        }
        let newest = self.newest.map_or(0, |(newest, _)| newest);
        self.announced.retain(|announced| announced.last > newest);
        arrival
    }

    fn place(&mut self, Ids { first, last }: Ids, time: UnixMillis, exchange_now: UnixMillis) -> Arrival {
        let Some((newest, newest_time)) = self.newest else {
            self.begin(first, time);
            self.newest = Some((last, time));
            return Arrival::First;
        };
        if last < self.first {
            if self.first - first > OVERTAKEN_MOST {
                return Arrival::Early;
            }
            self.precede(last + 1, time, exchange_now);
            self.begin(first, time);
            return Arrival::Late;
        }
        if first <= newest {
            return if self.fill(Ids { first, last }) { Arrival::Late } else { Arrival::Duplicate };
        }
        if !is_plausible(last, time, (newest, newest_time)) {
            return Arrival::Implausible;
        }
        let time = time.max(newest_time);
        self.newest = Some((last, time));
        let skipped = first - newest - 1;
        if skipped == 0 {
            return Arrival::Next;
        }
        self.open.push_back(OpenRange {
            first: newest + 1,
            last: first - 1,
            after: newest_time,
            before: time,
            noticed: exchange_now,
        });
        Arrival::Ahead { skipped }
    }

    /// Takes note, at `exchange_now`, that the exchange announces trades with `ids` in the bar from `opens` to
    /// `closes`, both included. Returns whether this shows that the ids seen so far were implausible, so that
    /// the sequence begins again with this bar.
    pub fn announce(
        &mut self,
        ids: Ids,
        opens: UnixMillis,
        closes: UnixMillis,
        exchange_now: UnixMillis,
    ) -> bool {
        let Ids { first, last } = ids;
        let told = Announced { last, time: closes, noticed: exchange_now };
        let Some((newest, newest_time)) = self.newest else {
            self.begin(first, opens);
            self.newest = first.checked_sub(1).map(|before| (before, opens));
            self.announced.push_back(told);
            return false;
        };
        let far_below = self.first.saturating_sub(first) > OVERTAKEN_MOST && closes >= self.first_time;
        if far_below || !is_plausible(last, closes, (newest, newest_time)) {
            *self = Self::default();
            self.announce(ids, opens, closes, exchange_now);
            return true;
        }
        if first < self.first && self.first - first <= OVERTAKEN_MOST {
            self.precede(first, opens, exchange_now);
            self.begin(first, opens);
        }
        let told_before = self.announced.back().map_or(newest, |announced| announced.last);
        if last > told_before && self.announced.len() < TOLD_KEPT {
            self.announced.push_back(Announced { time: closes.max(newest_time), ..told });
        }
        false
    }

    /// The feed has broken off: announced trades may not come any more.
    pub fn break_off(&mut self) {
        self.is_forsaken = true;
    }

    /// Time of the trade before the oldest range that may still be filled.
    pub fn open_after(&self) -> Option<UnixMillis> {
        let (_, newest_time) = self.newest?;
        let announced = (!self.announced.is_empty()).then_some(newest_time);
        self.open.iter().map(|range| range.after).chain(announced).min()
    }

    /// Takes a range that has waited longer than [`PATIENCE_MILLIS`], or [`LAG_MOST_MILLIS`] if only a bar
    /// announces it: as long as no later trade has come, the whole trade stream may be behind.
    pub fn give_up(&mut self, exchange_now: UnixMillis) -> Option<OpenRange> {
        let patience = if self.is_forsaken { PATIENCE_MILLIS } else { LAG_MOST_MILLIS };
        if let Some((Announced { noticed, .. }, (newest, after))) =
            self.announced.front().copied().zip(self.newest)
            && exchange_now.since(noticed) >= patience
        {
            self.is_forsaken = true;
            let waited = |told: &Announced| exchange_now.since(told.noticed) >= PATIENCE_MILLIS;
            let over = self.announced.iter().take_while(|told| waited(told)).count().max(1);
            let Announced { last, time, .. } = self.announced.drain(..over).next_back()?;
            self.newest = Some((last, time));
            return Some(OpenRange { first: newest + 1, last, after, before: time, noticed });
        }
        let oldest = self.open.front()?;
        let waited = exchange_now.since(oldest.noticed) >= PATIENCE_MILLIS;
        (waited || self.open.len() > RANGES_KEPT).then(|| self.open.pop_front())?
    }

    /// Time of the first trade.
    pub fn begins(&self) -> Option<UnixMillis> {
        self.newest.map(|_| self.first_time)
    }

    /// Id and time of the first trade.
    pub(crate) fn first(&self) -> Option<(u64, UnixMillis)> {
        self.newest.map(|_| (self.first, self.first_time))
    }

    /// Time of the newest trade.
    pub fn newest_time(&self) -> Option<UnixMillis> {
        self.newest.map(|(_, time)| time)
    }

    fn begin(&mut self, first: u64, time: UnixMillis) {
        self.first = first;
        self.first_time = time;
    }

    /// Opens the range from `from` up to but excluding the first trade seen.
    fn precede(&mut self, from: u64, after: UnixMillis, noticed: UnixMillis) {
        if from < self.first {
            let before = self.first_time.max(after);
            self.open.push_back(OpenRange { first: from, last: self.first - 1, after, before, noticed });
        }
    }

    fn fill(&mut self, Ids { first, last }: Ids) -> bool {
        let Some(at) = self.open.iter().position(|range| range.first <= first && last <= range.last) else {
            return false;
        };
        let range = self.open[at];
        match (first == range.first, last == range.last) {
            (true, true) => drop(self.open.remove(at)),
            (true, false) => self.open[at].first = last + 1,
            (false, true) => self.open[at].last = first - 1,
            (false, false) => {
                self.open[at].last = first - 1;
                self.open.insert(at + 1, OpenRange { first: last + 1, ..range });
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(trade_id: u64) -> UnixMillis {
        UnixMillis(1_700_000_000_000 + i64::try_from(trade_id).unwrap())
    }

    fn feed(sequence: &mut Sequence, ids: &[u64]) -> Vec<Arrival> {
        ids.iter().map(|&id| sequence.observe(id.into(), at(id), UnixMillis(0))).collect()
    }

    #[test]
    fn a_late_trade_closes_its_place_and_comes_but_once() {
        use Arrival::{Ahead, Duplicate, Early, First, Late, Next};
        let mut sequence = Sequence::default();
        let seen = feed(&mut sequence, &[5_010, 5_011, 5_015, 5_013, 5_013, 5_012, 5_014, 5_014, 9, 5_016]);
        assert_eq!(
            seen,
            [First, Next, Ahead { skipped: 3 }, Late, Duplicate, Late, Late, Duplicate, Early, Next]
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
        assert_eq!((range.after, range.before), (at(10), at(14)));
        assert_eq!(feed(&mut sequence, &[12]), [Arrival::Duplicate]);
    }

    #[test]
    fn an_id_from_nowhere_does_not_move_the_sequence() {
        let mut sequence = Sequence::default();
        assert_eq!(
            feed(&mut sequence, &[10, 10_000_000, 11]),
            [Arrival::First, Arrival::Ahead { skipped: 9_999_989 }, Arrival::Late]
        );
        let far = sequence.observe(u64::MAX.into(), at(10_000_001), UnixMillis(0));
        assert_eq!(far, Arrival::Implausible);
        assert_eq!(feed(&mut sequence, &[10_000_001]), [Arrival::Next]);
    }

    #[test]
    fn trades_that_come_together_are_taken_whole_or_not_at_all() {
        let mut sequence = Sequence::default();
        let mut together = |first, last| sequence.observe(Ids { first, last }, at(first), UnixMillis(0));
        assert_eq!([together(10, 12), together(13, 13)], [Arrival::First, Arrival::Next]);
        assert_eq!(together(20, 24), Arrival::Ahead { skipped: 6 });
        assert_eq!([together(15, 16), together(16, 17)], [Arrival::Late, Arrival::Duplicate]);
        assert_eq!([together(24, 25), together(7, 8)], [Arrival::Duplicate, Arrival::Late]);
        assert_eq!(together(25, u64::MAX), Arrival::Implausible);
        let mut open = Vec::new();
        while let Some(range) = sequence.give_up(UnixMillis(PATIENCE_MILLIS)) {
            open.push((range.first, range.last));
        }
        assert_eq!(open, [(14, 14), (17, 19), (9, 9)]);
    }

    #[test]
    fn trades_overtaken_by_the_very_first_are_waited_for() {
        let mut sequence = Sequence::default();
        assert_eq!(feed(&mut sequence, &[10, 7, 9]), [Arrival::First, Arrival::Late, Arrival::Late]);
        assert_eq!(sequence.open_after(), Some(at(7)));
        let range = sequence.give_up(UnixMillis(PATIENCE_MILLIS)).unwrap();
        assert_eq!((range.first, range.last), (8, 8));
    }

    #[test]
    fn trades_that_the_exchange_tells_of_and_does_not_send_are_given_up_too() {
        let mut sequence = Sequence::default();
        let (opens, closes) = (at(0), at(999));
        feed(&mut sequence, &[10, 11]);
        sequence.announce(Ids { first: 10, last: 13 }, opens, closes, UnixMillis(100));
        assert_eq!(feed(&mut sequence, &[12]), [Arrival::Next]);
        assert_eq!(sequence.give_up(UnixMillis(100 + LAG_MOST_MILLIS - 1)), None);
        assert_eq!(sequence.open_after(), Some(at(12)));
        let range = sequence.give_up(UnixMillis(100 + LAG_MOST_MILLIS)).unwrap();
        assert_eq!((range.first, range.last, range.before), (13, 13, closes));
        assert_eq!(feed(&mut sequence, &[13, 14]), [Arrival::Duplicate, Arrival::Next]);
        let mut unheard = Sequence::default();
        unheard.announce(Ids { first: 20, last: 22 }, opens, closes, UnixMillis(100));
        assert_eq!(feed(&mut unheard, &[21]), [Arrival::Ahead { skipped: 1 }]);
    }

    #[test]
    fn trades_that_come_seconds_after_their_bars_are_waited_for_and_none_is_missed() {
        let mut sequence = Sequence::default();
        feed(&mut sequence, &[9]);
        // a trade a second, each three seconds after its bar
        for second in 0..30_u64 {
            let now = UnixMillis(i64::try_from(second).unwrap() * 1_000);
            sequence.announce((10 + second).into(), at(10 + second), at(10 + second), now);
            if second >= 3 {
                assert_eq!(sequence.observe((7 + second).into(), at(7 + second), now), Arrival::Next);
                assert_eq!(sequence.open_after(), Some(at(7 + second)));
            }
            assert_eq!(sequence.give_up(now), None, "second {second}");
        }
        // the stream stops: all announced trades are given up together, later ones soon after
        let range = sequence.give_up(UnixMillis(27_000 + LAG_MOST_MILLIS)).unwrap();
        assert_eq!((range.first, range.last), (37, 39));
        let now = UnixMillis(40_000);
        sequence.announce(40.into(), at(40), at(40), now);
        assert_eq!(sequence.give_up(now + PATIENCE_MILLIS).map(|range| range.last), Some(40));
        // once trades come again, announced ones are waited for again
        assert_eq!(feed(&mut sequence, &[41]), [Arrival::Next]);
        sequence.announce(42.into(), at(42), at(42), now);
        assert_eq!(sequence.give_up(now + PATIENCE_MILLIS), None);
    }

    #[test]
    fn a_bar_of_other_ids_proves_that_those_seen_first_were_damaged() {
        let (opens, closes) = (at(0), at(999));
        for damaged in [4_000_000, 9] {
            let mut sequence = Sequence::default();
            sequence.observe(damaged.into(), at(500), UnixMillis(0));
            let ids = Ids { first: 2_000_000, last: 2_000_003 };
            assert!(sequence.announce(ids, opens, closes, UnixMillis(0)), "{damaged}");
            assert_eq!(feed(&mut sequence, &[2_000_000, 2_000_001]), [Arrival::Next; 2]);
            assert!(!sequence.announce(ids, opens, closes, UnixMillis(0)));
        }
    }

    proptest! {
        #[test]
        fn every_id_is_taken_exactly_once_in_any_order(ids in proptest::collection::vec(1_u64..60, 1..200)) {
            let mut sequence = Sequence::default();
            let mut taken = std::collections::BTreeMap::new();
            for &id in &ids {
                if sequence.observe(id.into(), at(id), UnixMillis(0)) != Arrival::Duplicate {
                    *taken.entry(id).or_insert(0) += 1;
                }
            }
            for &id in &ids {
                prop_assert_eq!(taken.get(&id), Some(&1));
            }
        }
    }
}
