//! Bars computed from trades, with exact sums.

use crate::decimal;
use crate::tape::TapeTrade;

/// A bar; sums in units of 1e-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kline {
    /// Open time, ms.
    pub open_ms: i64,
    /// Prices in units of 1e-8: open, high, low, close.
    pub prices_e8: [u64; 4],
    /// Base volume.
    pub volume_e8: u128,
    /// Quote volume.
    pub quote_e8: u128,
    /// Trades.
    pub trades: u64,
    /// Base volume of buying takers.
    pub taker_base_e8: u128,
    /// Quote volume of buying takers.
    pub taker_quote_e8: u128,
    /// First and last id; `None` for an empty bar.
    pub ids: Option<(u64, u64)>,
}

impl Kline {
    fn empty(open_ms: i64, close_e8: u64) -> Self {
        Self {
            open_ms,
            prices_e8: [close_e8; 4],
            volume_e8: 0,
            quote_e8: 0,
            trades: 0,
            taker_base_e8: 0,
            taker_quote_e8: 0,
            ids: None,
        }
    }

    fn add(&mut self, trade: &TapeTrade) {
        let [open, high, low, close] = &mut self.prices_e8;
        if self.trades == 0 {
            (*open, *high, *low) = (trade.price_e8, trade.price_e8, trade.price_e8);
        }
        *high = (*high).max(trade.price_e8);
        *low = (*low).min(trade.price_e8);
        *close = trade.price_e8;
        let quote = decimal::product(trade.price_e8, trade.size_e8);
        self.volume_e8 += u128::from(trade.size_e8);
        self.quote_e8 += quote;
        if !trade.buyer_is_maker {
            self.taker_base_e8 += u128::from(trade.size_e8);
            self.taker_quote_e8 += quote;
        }
        self.trades += 1;
        self.ids = Some((self.ids.map_or(trade.id, |(first, _)| first), trade.id));
    }
}

/// The boundaries of bars: whole steps of the reported time, which is the tape's plus a shift.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Steps {
    pub(crate) step_ms: i64,
    pub(crate) shift_ms: i64,
}

impl Steps {
    /// Returns the boundary at or before `time`, both in tape time.
    pub(crate) fn floor(self, time: i64) -> i64 {
        (time + self.shift_ms).div_euclid(self.step_ms) * self.step_ms - self.shift_ms
    }

    /// Returns the boundary at or after `time`.
    pub(crate) fn ceil(self, time: i64) -> i64 {
        self.floor(time - 1) + self.step_ms
    }

    /// Returns the boundaries after `from` and up to `to`.
    pub(crate) fn between(self, from: i64, to: i64) -> impl Iterator<Item = i64> {
        let (first, step_ms) = (self.floor(from) + self.step_ms, self.step_ms);
        (0..).map(move |count| first + count * step_ms).take_while(move |&boundary| boundary <= to)
    }
}

/// Returns the bars of `trades` in steps of `step_ms` that open from `from` to `to`, both included. There are
/// none before the first trade; where nothing traded, a bar is empty and has the previous close.
pub fn klines(trades: &[TapeTrade], step_ms: i64, from: i64, to: i64) -> Vec<Kline> {
    klines_on(trades, Steps { step_ms, shift_ms: 0 }, from, to)
}

/// As [`klines`], between boundaries of the reported time; bounds and bars are in tape time.
pub(crate) fn klines_on(trades: &[TapeTrade], steps: Steps, from: i64, to: i64) -> Vec<Kline> {
    let Some(first) = trades.first() else { return Vec::new() };
    let mut open_ms = steps.ceil(from).max(steps.floor(first.time_ms));
    let mut at = trades.partition_point(|trade| trade.time_ms < open_ms);
    let mut close_e8 = at.checked_sub(1).map_or(first.price_e8, |before| trades[before].price_e8);
    let mut bars = Vec::new();
    while open_ms <= to {
        let mut bar = Kline::empty(open_ms, close_e8);
        while let Some(trade) = trades.get(at).filter(|trade| trade.time_ms < open_ms + steps.step_ms) {
            bar.add(trade);
            at += 1;
        }
        close_e8 = bar.prices_e8[3];
        bars.push(bar);
        open_ms += steps.step_ms;
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trade(id: u64, time_ms: i64, price_e8: u64) -> TapeTrade {
        TapeTrade {
            id,
            time_ms,
            event_ms: time_ms,
            price_e8,
            size_e8: 50_000_000,
            buyer_is_maker: id.is_multiple_of(2),
        }
    }

    #[test]
    fn bounds_are_open_times_and_both_are_included() {
        let trades = [trade(1, 1_500, 10), trade(2, 1_600, 12), trade(3, 4_100, 11)];
        let opens =
            |from, to| klines(&trades, 1_000, from, to).iter().map(|bar| bar.open_ms).collect::<Vec<_>>();
        assert_eq!(opens(0, 4_000), [1_000, 2_000, 3_000, 4_000]);
        assert_eq!(opens(1_001, 3_000), [2_000, 3_000]);
        assert_eq!(opens(2_000, 2_000), [2_000]);
        let bars = klines(&trades, 1_000, 0, 4_000);
        assert_eq!((bars[0].prices_e8, bars[0].trades, bars[0].ids), ([10, 12, 10, 12], 2, Some((1, 2))));
        assert_eq!((bars[1].prices_e8, bars[1].trades, bars[1].ids), ([12; 4], 0, None));
        assert_eq!(bars[3].prices_e8, [11; 4]);
    }

    #[test]
    fn bars_stand_on_whole_steps_of_the_told_time() {
        let trades = [trade(1, 1_500, 10), trade(2, 1_600, 12), trade(3, 4_100, 11)];
        let steps = Steps { step_ms: 1_000, shift_ms: 700_450 };
        let bars = klines_on(&trades, steps, 0, 4_000);
        assert_eq!(bars.iter().map(|bar| bar.open_ms).collect::<Vec<_>>(), [550, 1_550, 2_550, 3_550]);
        assert_eq!(bars.iter().map(|bar| bar.trades).collect::<Vec<_>>(), [1, 1, 0, 1]);
        assert_eq!(steps.between(1_550, 3_550).collect::<Vec<_>>(), [2_550, 3_550]);
    }
}
