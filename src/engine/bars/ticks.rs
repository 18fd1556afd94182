//! The newest trades of one market, up to the buffer's size.

use crate::{Trade, UnixMillis};
use std::collections::VecDeque;

/// Trades kept per market: a few minutes of the busiest one.
pub const TICKS_KEPT: usize = 20_000;

/// Most places by which a late trade is out of order; it is a few frames late at worst.
const LATE_MOST: usize = 64;

/// Most and fewest trades over which the usual time between trades is averaged.
const GAPS_TAKEN: usize = 200;
const GAPS_LEAST: i64 = 10;

/// A bounded buffer of trades in order of arrival, oldest first.
///
/// Trades of an earlier visit come before those of this one, and take no part in the last trade or the rate.
#[derive(Debug, Clone, Default)]
pub struct Ticks {
    trades: VecDeque<Trade>,
    /// How many have arrived, including those no longer in the buffer.
    arrived: u64,
    /// The lowest id that has arrived.
    first_id: Option<u64>,
    /// The trade with the highest id so far, and how many have arrived after it.
    last: Option<(Trade, usize)>,
    /// Index of the first trade within the span of the last rate.
    recent_from: usize,
}

impl Ticks {
    /// Appends a trade; the oldest goes when the buffer is full.
    pub fn push(&mut self, trade: Trade) {
        // a trade overtaken by the first of this visit may already be among those of an earlier visit
        let is_before = self.first_id.is_none_or(|first_id| trade.trade_id < first_id);
        if is_before && self.trades.iter().any(|held| held.trade_id == trade.trade_id) {
            return;
        }
        self.first_id = Some(self.first_id.map_or(trade.trade_id, |first_id| first_id.min(trade.trade_id)));
        self.arrived += 1;
        if self.trades.len() == TICKS_KEPT {
            self.trades.pop_front();
            self.recent_from = self.recent_from.saturating_sub(1);
        }
        self.trades.push_back(trade);
        match &mut self.last {
            Some((last, since)) if trade.trade_id < last.trade_id && *since < LATE_MOST => *since += 1,
            last => *last = Some((trade, 0)),
        }
    }

    /// Puts trades of an earlier visit, oldest first, before all others, as many as there is room for.
    pub fn restore(&mut self, trades: &[Trade]) {
        let is_before = |trade: &&Trade| self.first_id.is_none_or(|first_id| trade.trade_id < first_id);
        let room = TICKS_KEPT - self.trades.len();
        let earlier: Vec<Trade> = trades.iter().rev().filter(is_before).take(room).copied().collect();
        self.recent_from += earlier.len();
        for trade in earlier {
            self.trades.push_front(trade);
        }
    }

    /// How many trades have arrived.
    pub fn arrived(&self) -> u64 {
        self.arrived
    }

    /// The trades that arrived after the first `arrived`, as far as they are still held, oldest first.
    pub fn since(&self, arrived: u64) -> impl Iterator<Item = &Trade> {
        let newer = usize::try_from(self.arrived.saturating_sub(arrived)).unwrap_or(usize::MAX);
        self.trades.range(self.trades.len().saturating_sub(newer)..)
    }

    /// The trades, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Trade> {
        self.trades.iter()
    }

    /// How many the buffer holds.
    pub fn len(&self) -> usize {
        self.trades.len()
    }

    /// Whether the buffer is empty.
    pub fn is_empty(&self) -> bool {
        self.trades.is_empty()
    }

    /// The newest `most` trades, oldest first.
    pub fn newest(&self, most: usize) -> Vec<Trade> {
        let skipped = self.trades.len().saturating_sub(most);
        self.trades.range(skipped..).copied().collect()
    }

    /// The trade with the highest id. If more trades have stayed below that id than could be late, the id was
    /// damaged, and the next trade takes its place.
    pub fn last(&self) -> Option<&Trade> {
        self.last.as_ref().map(|(last, _)| last)
    }

    /// The mean time between the newest trades of this visit up to `time`, ms; `None` with too few trades.
    pub(crate) fn usual_gap_millis(&self, time: UnixMillis) -> Option<i64> {
        let arrived = usize::try_from(self.arrived).unwrap_or(usize::MAX).min(self.trades.len());
        let recent =
            self.trades.iter().rev().take(arrived).filter(|trade| trade.trade_time <= time).take(GAPS_TAKEN);
        let (newest, oldest, count) = recent.fold((None, None, 0_i64), |(newest, _, count), trade| {
            (newest.or(Some(trade.trade_time)), Some(trade.trade_time), count + 1)
        });
        let span = newest?.since(oldest?).max(0);
        (count >= GAPS_LEAST).then(|| span / (count - 1))
    }

    /// Trades per second over the `millis` before `now`, which must not go back between calls. Late trades are
    /// out of order by a few frames, so the edge of the span may be off by as many.
    pub fn per_sec(&mut self, now: UnixMillis, millis: i64) -> f64 {
        let is_before = |trade: &Trade| now.since(trade.trade_time) >= millis;
        while self.trades.get(self.recent_from).is_some_and(is_before) {
            self.recent_from += 1;
        }
        (self.trades.len() - self.recent_from) as f64 * 1_000.0 / millis as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trade(trade_id: u64, millis: i64) -> Trade {
        let time = UnixMillis(1_700_000_000_000 + millis);
        Trade { trade_id, trade_time: time, event_time: time, price: 1.0, size: 1.0, buyer_is_maker: false }
    }

    #[test]
    fn the_buffer_is_bounded_and_keeps_the_newest() {
        let mut ticks = Ticks::default();
        for id in 0..TICKS_KEPT as u64 + 5 {
            ticks.push(trade(id, 0));
        }
        assert_eq!(ticks.iter().count(), TICKS_KEPT);
        assert_eq!(ticks.iter().next().unwrap().trade_id, 5);
        let newest: Vec<u64> = ticks.newest(2).iter().map(|trade| trade.trade_id).collect();
        assert_eq!(newest, [TICKS_KEPT as u64 + 3, TICKS_KEPT as u64 + 4]);
        assert_eq!(ticks.newest(usize::MAX).len(), ticks.len());
    }

    #[test]
    fn the_last_trade_is_the_one_of_the_highest_id_and_the_rate_counts_the_span_alone() {
        let mut ticks = Ticks::default();
        for (id, millis) in [(1, 0), (2, 9_000), (4, 9_500), (3, 9_400)] {
            ticks.push(trade(id, millis));
        }
        assert_eq!(ticks.last().unwrap().trade_id, 4);
        assert_eq!(ticks.per_sec(UnixMillis(1_700_000_010_000), 10_000), 0.3);
        ticks.push(trade(5, 19_000));
        assert_eq!(ticks.per_sec(UnixMillis(1_700_000_019_450), 10_000), 0.3);
    }

    #[test]
    fn trades_of_an_earlier_visit_come_first_and_are_neither_the_last_nor_recent() {
        let mut ticks = Ticks::default();
        let earlier: Vec<Trade> = (1..=5).map(|id| trade(id, 9_000)).collect();
        ticks.restore(&earlier[..2]);
        let now = UnixMillis(1_700_000_010_000);
        assert_eq!((ticks.per_sec(now, 10_000), ticks.last(), ticks.since(0).count()), (0.0, None, 0));
        let mut ticks = Ticks::default();
        for id in [5, 4, 6] {
            ticks.push(trade(id, 9_500));
        }
        ticks.restore(&earlier);
        // overtaken on the way, and stored before the reload
        ticks.push(trade(3, 9_000));
        let ids: Vec<u64> = ticks.iter().map(|trade| trade.trade_id).collect();
        assert_eq!(ids, [1, 2, 3, 5, 4, 6]);
        assert_eq!((ticks.last().unwrap().trade_id, ticks.per_sec(now, 10_000)), (6, 0.3));
        let since = |arrived: u64| ticks.since(arrived).map(|trade| trade.trade_id).collect::<Vec<_>>();
        assert_eq!((since(0), since(2), ticks.arrived()), (vec![5, 4, 6], vec![6], 3));
    }

    #[test]
    fn trades_of_an_earlier_visit_take_no_more_than_the_room_that_is_left() {
        let mut ticks = Ticks::default();
        for id in 0..TICKS_KEPT as u64 - 3 {
            ticks.push(trade(1_000 + id, 0));
        }
        ticks.restore(&(0..9).map(|id| trade(id, 0)).collect::<Vec<_>>());
        assert_eq!((ticks.len(), ticks.iter().next().unwrap().trade_id), (TICKS_KEPT, 6));
        ticks.push(trade(TICKS_KEPT as u64 * 2, 0));
        assert_eq!((ticks.len(), ticks.iter().next().unwrap().trade_id), (TICKS_KEPT, 7));
    }

    #[test]
    fn an_id_that_nothing_follows_is_the_last_one_for_a_while_only() {
        let mut ticks = Ticks::default();
        ticks.push(trade(1_000_000, 0));
        for id in 1..=LATE_MOST as u64 {
            ticks.push(trade(id, 0));
            assert_eq!(ticks.last().unwrap().trade_id, 1_000_000);
        }
        ticks.push(trade(LATE_MOST as u64 + 1, 0));
        assert_eq!(ticks.last().unwrap().trade_id, LATE_MOST as u64 + 1);
    }
}
