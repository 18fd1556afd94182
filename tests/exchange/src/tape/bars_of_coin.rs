//! A coin's bars of one length, as far as they have gone.

use super::coins::{Coin, GAPPY_HOURS, HOUR_MS, Kind};
use super::walk::{DAY_MS, Node, Prices, Walk};
use crate::klines::Kline;

/// A coin's bars of one length up to a time.
pub(super) struct Seen<'a> {
    pub(super) coin: &'a Coin,
    pub(super) walk: Walk,
    /// Length of the bars.
    pub(super) parts_ms: i64,
    /// When the coin was listed.
    pub(super) listed: i64,
    pub(super) until: i64,
}

impl Seen<'_> {
    /// Returns the bars from `from` up to `to`.
    pub(super) fn bars(&self, from: i64, to: i64) -> Vec<(i64, Traded)> {
        let mut bars = Vec::new();
        for day in self.walk.days(from, to) {
            self.take(&day, [from, to], &mut bars);
        }
        bars
    }

    fn take(&self, bar: &Node, [from, to]: [i64; 2], bars: &mut Vec<(i64, Traded)>) {
        if bar.end_ms() <= from || bar.open_ms >= to {
            return;
        }
        if bar.step_ms() > self.parts_ms {
            for part in self.walk.parts(bar) {
                self.take(&part, [from, to], bars);
            }
        } else {
            bars.extend(self.traded(bar).map(|traded| (bar.open_ms, traded)));
        }
    }

    /// Returns what was traded in a bar so far; `None` for nothing.
    fn traded(&self, bar: &Node) -> Option<Traded> {
        let is_gappy = self.coin.kind == Kind::Gappy;
        let is_second = bar.step_ms() == 1_000;
        let is_silent = is_gappy && bar.step_ms() <= HOUR_MS && (bar.open_ms / HOUR_MS) % GAPPY_HOURS > 0;
        if is_silent || bar.end_ms() <= self.listed || bar.open_ms >= self.until {
            return None;
        }
        let is_whole = bar.open_ms >= self.listed && bar.end_ms() <= self.until;
        if is_second || is_whole && !(is_gappy && bar.step_ms() > HOUR_MS) {
            return Some(Traded::new(self.coin, bar));
        }
        let parts = self.walk.parts(bar);
        parts.iter().filter_map(|part| self.traded(part)).reduce(Traded::fold)
    }
}

/// What was traded in a bar: the same number of units in each second of a day.
#[derive(Clone, Copy)]
pub(super) struct Traded {
    prices: Prices,
    trades: u64,
    taker_base_e8: u128,
    taker_quote_e8: u128,
}

impl Traded {
    fn new(coin: &Coin, bar: &Node) -> Self {
        let seconds = bar.step_ms().unsigned_abs() / 1_000;
        // half of it is bought by takers
        let quote = coin.quote_a_day() / (DAY_MS as f64 / 1_000.0) / 2.0;
        let of_day =
            coin.prices(Prices { open: bar.of_day, high: bar.of_day, low: bar.of_day, close: bar.of_day });
        Self {
            prices: coin.prices(bar.prices),
            trades: seconds,
            taker_base_e8: u128::from(seconds) * u128::from(e8(quote / of_day.open)),
            taker_quote_e8: u128::from(seconds) * u128::from(e8(quote)),
        }
    }

    pub(super) fn fold(self, next: Self) -> Self {
        Self {
            prices: self.prices.fold(next.prices),
            trades: self.trades + next.trades,
            taker_base_e8: self.taker_base_e8 + next.taker_base_e8,
            taker_quote_e8: self.taker_quote_e8 + next.taker_quote_e8,
        }
    }

    pub(super) fn kline(self, open_ms: i64) -> Kline {
        let Self { prices: Prices { open, high, low, close }, trades, taker_base_e8, taker_quote_e8 } = self;
        Kline {
            open_ms,
            prices_e8: [open, high, low, close].map(|price| e8(price).max(1)),
            volume_e8: 2 * taker_base_e8,
            quote_e8: 2 * taker_quote_e8,
            trades,
            taker_base_e8,
            taker_quote_e8,
            ids: None,
        }
    }
}

fn e8(value: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "prices are positive")]
    ((value * 1e8).round() as u64)
}
