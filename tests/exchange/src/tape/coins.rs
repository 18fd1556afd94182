//! Markets with bars only, for scans of many at once: pairs that belong together, others that do not, and a few
//! that cannot be tested.

use super::bars_of_coin::{Seen, Traded};
use super::spread::Spread;
use super::walk::{DAY_MS, Follower, PAST_DAYS, Prices, Walk, parts_ms};
use crate::klines::{Kline, Steps};

/// How long a newly listed market had been listed at the server's start: 40 bars of 5 m.
const NEW_MS: i64 = 200 * 60_000;
pub(super) const HOUR_MS: i64 = 3_600_000;
/// A market with gaps trades in one hour of this many.
pub(super) const GAPPY_HOURS: i64 = 3;

/// How a coin's price is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An independent walk.
    Alone,
    /// Follows the coin of this name and reverts to it.
    Follows(&'static str),
    /// The coin of this name at another scale.
    Copies(&'static str),
    /// Constant.
    Halted,
    /// Newly listed.
    New,
    /// Trades in one hour of three; bars without trades are left out.
    Gappy,
}

/// A coin and its market: base, kind, initial price.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coin {
    base: &'static str,
    pub(super) kind: Kind,
    price: f64,
}

const fn coin(base: &'static str, kind: Kind, price: f64) -> Coin {
    Coin { base, kind, price }
}

/// The partners that a scan must find, in alphabetical order.
pub const PARTNERS: [[&str; 2]; 5] = [
    ["AAVEUSDT", "UNIUSDT"],
    ["ADAUSDT", "DOTUSDT"],
    ["BCHUSDT", "LTCUSDT"],
    ["LDOUSDT", "RPLUSDT"],
    ["MANAUSDT", "SANDUSDT"],
];

/// Fifty coins and four that merely track others, the most traded first.
pub(crate) const COINS: [Coin; 54] = [
    coin("USDC", Kind::Alone, 1.0),
    coin("XRP", Kind::Alone, 2.1),
    coin("FDUSD", Kind::Alone, 1.0),
    coin("DOGE", Kind::Alone, 0.18),
    coin("ADA", Kind::Alone, 0.72),
    coin("DOT", Kind::Follows("ADA"), 4.3),
    coin("LTC", Kind::Alone, 92.0),
    coin("BCH", Kind::Follows("LTC"), 480.0),
    coin("WBTC", Kind::Alone, 60_000.0),
    coin("LINK", Kind::Alone, 15.0),
    coin("UNI", Kind::Alone, 7.4),
    coin("AAVE", Kind::Follows("UNI"), 210.0),
    coin("BTCUP", Kind::Alone, 18.0),
    coin("AVAX", Kind::Alone, 24.0),
    coin("SAND", Kind::Alone, 0.29),
    coin("MANA", Kind::Follows("SAND"), 0.31),
    coin("RPL", Kind::Alone, 6.1),
    coin("LDO", Kind::Follows("RPL"), 0.95),
    coin("TRX", Kind::Alone, 0.24),
    coin("ATOM", Kind::Alone, 4.6),
    coin("NEAR", Kind::Alone, 2.7),
    coin("HALT", Kind::Halted, 3.0),
    coin("NEWS", Kind::New, 1.4),
    coin("HOLE", Kind::Gappy, 12.0),
    coin("TWIN", Kind::Copies("LINK"), 30.0),
    coin("FIL", Kind::Alone, 2.9),
    coin("ETC", Kind::Alone, 17.5),
    coin("XLM", Kind::Alone, 0.27),
    coin("ALGO", Kind::Alone, 0.21),
    coin("VET", Kind::Alone, 0.026),
    coin("ICP", Kind::Alone, 5.2),
    coin("APT", Kind::Alone, 5.0),
    coin("ARB", Kind::Alone, 0.34),
    coin("OP", Kind::Alone, 0.71),
    coin("INJ", Kind::Alone, 9.8),
    coin("SUI", Kind::Alone, 2.5),
    coin("SEI", Kind::Alone, 0.19),
    coin("TIA", Kind::Alone, 2.6),
    coin("RUNE", Kind::Alone, 1.2),
    coin("GRT", Kind::Alone, 0.09),
    coin("MKR", Kind::Alone, 1_400.0),
    coin("SNX", Kind::Alone, 0.66),
    coin("CRV", Kind::Alone, 0.51),
    coin("COMP", Kind::Alone, 41.0),
    coin("EGLD", Kind::Alone, 15.2),
    coin("FLOW", Kind::Alone, 0.37),
    coin("CHZ", Kind::Alone, 0.04),
    coin("AXS", Kind::Alone, 2.4),
    coin("KAVA", Kind::Alone, 0.42),
    coin("ZEC", Kind::Alone, 38.0),
    coin("DASH", Kind::Alone, 22.0),
    coin("NEO", Kind::Alone, 6.3),
    coin("QTUM", Kind::Alone, 2.0),
    coin("ZIL", Kind::Alone, 0.011),
];

impl Coin {
    /// Returns the symbol, such as `ADAUSDT`.
    pub(crate) fn symbol(&self) -> String {
        format!("{}USDT", self.base)
    }

    /// Returns its quote volume in a day.
    pub(crate) fn quote_a_day(&self) -> f64 {
        let place = COINS.iter().position(|coin| coin.base == self.base).unwrap_or(0);
        4e8 / (1.0 + place as f64)
    }

    /// Returns its bars that open from `opens[0]` to `opens[1]`, both included and in tape time, for a server that started
    /// at `start`. A bar in progress ends with the second of `now`.
    pub(crate) fn klines(&self, steps: Steps, start: i64, opens: [i64; 2], now: i64) -> Vec<Kline> {
        let Steps { step_ms, shift_ms } = steps;
        let begun = (start + shift_ms).div_euclid(DAY_MS) * DAY_MS - PAST_DAYS * DAY_MS - shift_ms;
        let [from, to] = [steps.ceil(opens[0].max(begun)), steps.floor(opens[1].min(now)) + step_ms]
            .map(|time| time - begun);
        let until = now + 1 - begun;
        let listed = if self.kind == Kind::New { start - begun - NEW_MS } else { 0 };
        let days = usize::try_from(until.div_euclid(DAY_MS) + 1).unwrap_or(0);
        let seen = Seen { coin: self, walk: self.walk(days), parts_ms: parts_ms(step_ms), listed, until };
        let mut bars: Vec<(i64, Traded)> = Vec::new();
        for (open_ms, part) in seen.bars(from, to) {
            let open_ms = open_ms.div_euclid(step_ms) * step_ms;
            match bars.last_mut().filter(|(last, _)| *last == open_ms) {
                Some((_, bar)) => *bar = bar.fold(part),
                None => bars.push((open_ms, part)),
            }
        }
        bars.into_iter().map(|(open_ms, bar)| bar.kline(open_ms + begun)).collect()
    }

    /// Returns its price at `now`.
    pub(crate) fn price_e8(&self, shift_ms: i64, start: i64, now: i64) -> u64 {
        let steps = Steps { step_ms: HOUR_MS, shift_ms };
        let newest = self.klines(steps, start, [now - (GAPPY_HOURS + 1) * HOUR_MS, now], now);
        newest.last().map_or(0, |bar| bar.prices_e8[3])
    }

    fn walk(&self, days: usize) -> Walk {
        let (Kind::Follows(leader) | Kind::Copies(leader)) = self.kind else {
            return Walk::new(self.base, self.price, days);
        };
        let leader_price = COINS.iter().find(|coin| coin.base == leader).map_or(1.0, |leader| leader.price);
        let walk = Walk::new(leader, leader_price, days);
        if let Kind::Copies(_) = self.kind {
            return walk;
        }
        walk.followed_by(Follower { price: self.price, leader_price, spread: Spread::new(self.base) })
    }

    /// Returns this coin's prices in a bar of its walk.
    pub(super) fn prices(&self, of_walk: Prices) -> Prices {
        match self.kind {
            Kind::Halted => of_walk.map(|_| self.price),
            Kind::Copies(leader) => {
                let leader_price =
                    COINS.iter().find(|coin| coin.base == leader).map_or(1.0, |leader| leader.price);
                of_walk.map(|price| price * self.price / leader_price)
            }
            Kind::Alone | Kind::Follows(_) | Kind::New | Kind::Gappy => of_walk,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Steps = Steps { step_ms: 3_600_000, shift_ms: 0 };
    const START: i64 = 490_992 * 3_600_000;

    fn closes(base: &str, bars: i64, now: i64) -> Vec<f64> {
        let coin = COINS.iter().find(|coin| coin.base == base).unwrap();
        let klines = coin.klines(HOUR, START, [now - (bars - 1) * HOUR.step_ms, now], now + HOUR.step_ms);
        klines.iter().map(|bar| bar.prices_e8[3] as f64 / 1e8).collect()
    }

    #[test]
    fn a_bar_is_the_same_whenever_it_is_requested() {
        let (early, late) = (closes("XRP", 500, START), closes("XRP", 503, START + 3 * HOUR.step_ms));
        assert_eq!((early.len(), late.len()), (500, 503));
        assert_eq!(early, late[..500]);
        let coin = &COINS[1];
        let klines = coin.klines(HOUR, START, [START - 10 * HOUR.step_ms, START], START);
        assert!(klines.windows(2).all(|pair| pair[0].prices_e8[3] == pair[1].prices_e8[0]));
    }

    /// Returns the fold of bars into longer ones.
    fn folded(bars: &[Kline], step_ms: i64) -> Vec<Kline> {
        let mut folded: Vec<Kline> = Vec::new();
        for bar in bars {
            let open_ms = bar.open_ms.div_euclid(step_ms) * step_ms;
            let Some(last) = folded.last_mut().filter(|last| last.open_ms == open_ms) else {
                folded.push(Kline { open_ms, ..*bar });
                continue;
            };
            let [_, high, low, close] = &mut last.prices_e8;
            (*high, *low, *close) =
                (bar.prices_e8[1].max(*high), bar.prices_e8[2].min(*low), bar.prices_e8[3]);
            last.volume_e8 += bar.volume_e8;
            last.quote_e8 += bar.quote_e8;
            last.trades += bar.trades;
            last.taker_base_e8 += bar.taker_base_e8;
            last.taker_quote_e8 += bar.taker_quote_e8;
        }
        folded
    }

    #[test]
    fn bars_of_every_length_fold_from_one_path() {
        const MINUTE: i64 = 60_000;
        const DAY: i64 = 1_440 * MINUTE;
        let day = START / DAY * DAY;
        // a listing, gaps, a leader, a follower, a copy; the last bars are in progress
        let now = day + 500 * MINUTE + 17_400;
        for base in ["NEWS", "HOLE", "LTC", "BCH", "TWIN", "XRP"] {
            let coin = COINS.iter().find(|coin| coin.base == base).unwrap();
            let of = |step_ms: i64, from: i64| {
                coin.klines(Steps { step_ms, shift_ms: 0 }, START, [from, now], now)
            };
            let seconds = of(1_000, day + 480 * MINUTE);
            assert_eq!(folded(&seconds, MINUTE), of(MINUTE, day + 480 * MINUTE), "{base} 1s to 1m");
            let minutes = of(MINUTE, day - 2 * DAY);
            for step in [3, 5, 15, 30, 60, 120, 240, 480, 720, 1_440] {
                let longer = of(step * MINUTE, day - 2 * DAY);
                assert_eq!(folded(&minutes, step * MINUTE), longer, "{base} 1m to {step}m");
            }
            let hours = of(60 * MINUTE, day - 40 * DAY);
            assert_eq!(folded(&hours, DAY), of(DAY, day - 40 * DAY), "{base} 1h to 1d");
            assert!(base == "NEWS" || of(DAY, day - 40 * DAY).len() == 41, "{base}");
        }
    }

    #[test]
    fn a_bar_lies_between_its_extremes_and_opens_where_the_one_before_has_closed() {
        for coin in COINS.iter().filter(|coin| coin.kind != Kind::Gappy) {
            for step_ms in [1_000, 60_000, 3_600_000, DAY_MS] {
                let from = START - 300 * step_ms;
                let bars = coin.klines(Steps { step_ms, shift_ms: 0 }, START, [from, START], START + DAY_MS);
                assert!(coin.kind == Kind::New || bars.len() >= 300, "{} {step_ms}", coin.base);
                assert!(
                    bars.windows(2).all(|pair| pair[0].prices_e8[3] == pair[1].prices_e8[0]),
                    "{}",
                    coin.base
                );
                let is_within =
                    |[open, high, low, close]: [u64; 4]| low <= open.min(close) && open.max(close) <= high;
                assert!(bars.iter().all(|bar| is_within(bar.prices_e8)), "{} {step_ms}", coin.base);
            }
        }
    }

    #[test]
    fn partners_are_told_apart_from_strangers_by_the_test_that_looks_for_them() {
        let p = |y: &str, x: &str, step_ms: i64| {
            let [y, x] = [y, x].map(|symbol| {
                let coin = COINS.iter().find(|coin| coin.symbol() == symbol).unwrap();
                let (steps, opens) = (Steps { step_ms, shift_ms: 0 }, [START - 999 * step_ms, START]);
                let bars = coin.klines(steps, START, opens, START + step_ms);
                bars.iter().map(|bar| bar.prices_e8[3] as f64).collect::<Vec<_>>()
            });
            spreadscope_stats::engle_granger(&y, &x, &spreadscope_stats::EngleGrangerSpec::default())
                .unwrap()
                .p_value
        };
        for step_ms in [60_000, 300_000, 3_600_000, DAY_MS] {
            for [y, x] in PARTNERS {
                assert!(p(y, x, step_ms) < 1e-8, "{y} {x} {step_ms}: {}", p(y, x, step_ms));
            }
            assert!(p("XRPUSDT", "DOGEUSDT", step_ms) > 1e-4, "{step_ms}");
        }
    }

    #[test]
    fn odd_ones_are_as_they_are_said_to_be() {
        assert_eq!((closes("NEWS", 500, START).len(), closes("HALT", 5, START)), (5, vec![3.0; 5]));
        assert!((100..200).contains(&closes("HOLE", 500, START).len()));
        let symbols: std::collections::BTreeSet<String> = COINS.iter().map(Coin::symbol).collect();
        assert_eq!(symbols.len(), 54);
        assert!(COINS.iter().all(|coin| coin.price_e8(0, START, START) > 0));
    }
}
