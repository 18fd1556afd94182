//! Markets with bars only, for scans of many at once: pairs that belong together, others that do not, and a few
//! that cannot be tested.

use crate::klines::{Kline, Steps};
use spreadscope_stats::random::Random;

/// Bars before the server's start.
const PAST_BARS: i64 = 5_200;
/// Bars of a newly listed market.
const NEW_BARS: i64 = 40;
const DAY_MS: i64 = 86_400_000;
/// Standard deviation of a coin's return over a bar, whatever its length.
const VOLATILITY: f64 = 0.004;
/// Share of a partner's spread that remains after a bar: half of it after five.
const SPREAD_KEPT: f64 = 0.870_550_563;
/// Standard deviation of the innovations of the spread, as a share of the price.
const SPREAD_STEP: f64 = 0.002;

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
    /// Most of its bars are empty and left out.
    Gappy,
}

/// A coin and its market: base, kind, initial price.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coin {
    base: &'static str,
    kind: Kind,
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

    /// Returns its bars that open from `from` to `to`, both included and on the tape, for a server that started
    /// at `start`. Each interval has its own path, the same for every server.
    pub(crate) fn klines(&self, steps: Steps, start: i64, from: i64, to: i64) -> Vec<Kline> {
        let Steps { step_ms, .. } = steps;
        let first = steps.floor(start) - PAST_BARS * step_ms;
        let bars = (steps.floor(to) - first) / step_ms + 1;
        let Ok(bars) = usize::try_from(bars) else { return Vec::new() };
        let path = path(self, step_ms, bars);
        let listed = if self.kind == Kind::New { PAST_BARS - NEW_BARS } else { 0 };
        let quote = self.quote_a_day() * step_ms as f64 / DAY_MS as f64;
        let mut klines = Vec::new();
        for (place, close) in (0_i64..).zip(&path) {
            let open_ms = first + place * step_ms;
            let is_empty = self.kind == Kind::Gappy && place % 3 > 0;
            if place < listed || is_empty || open_ms < from || open_ms > to {
                continue;
            }
            let before = usize::try_from(place - 1).ok().map_or(close, |before| &path[before]);
            klines.push(kline(open_ms, *before, *close, quote));
        }
        klines
    }

    /// Returns its price at `now`, from its 1 m bars.
    pub(crate) fn price_e8(&self, shift_ms: i64, start: i64, now: i64) -> u64 {
        let steps = Steps { step_ms: 60_000, shift_ms };
        let newest = self.klines(steps, start, steps.floor(now) - 10 * 60_000, now);
        newest.last().map_or(0, |bar| bar.prices_e8[3])
    }
}

fn e8(value: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "prices are positive")]
    ((value * 1e8).round() as u64)
}

fn kline(open_ms: i64, open: f64, close: f64, quote: f64) -> Kline {
    let [open_e8, close_e8] = [open, close].map(|price| e8(price).max(1));
    let volume_e8 = u128::from(e8(quote / close));
    let quote_e8 = u128::from(e8(quote));
    Kline {
        open_ms,
        prices_e8: [open_e8, open_e8.max(close_e8), open_e8.min(close_e8), close_e8],
        volume_e8,
        quote_e8,
        trades: 100,
        taker_base_e8: volume_e8 / 2,
        taker_quote_e8: quote_e8 / 2,
        ids: None,
    }
}

/// Returns the closes of a coin's first `bars` bars.
fn path(coin: &Coin, step_ms: i64, bars: usize) -> Vec<f64> {
    let leader = |name: &str| COINS.iter().find(|coin| coin.base == name).map(|leader| leader.price);
    match coin.kind {
        Kind::Halted => vec![coin.price; bars],
        Kind::Alone | Kind::New | Kind::Gappy => walk(coin.base, coin.price, step_ms, bars),
        Kind::Copies(name) => {
            let price = leader(name).unwrap_or(1.0);
            let scale = coin.price / price;
            walk(name, price, step_ms, bars).into_iter().map(|close| scale * close).collect()
        }
        Kind::Follows(name) => {
            let price = leader(name).unwrap_or(1.0);
            let mut noise = random(coin.base, step_ms);
            let mut spread = 0.0;
            let follow = |close: f64| {
                spread = spread * SPREAD_KEPT + SPREAD_STEP * noise.nearly_normal();
                coin.price * (0.2 + 0.8 * close / price + spread)
            };
            walk(name, price, step_ms, bars).into_iter().map(follow).collect()
        }
    }
}

fn walk(base: &str, price: f64, step_ms: i64, bars: usize) -> Vec<f64> {
    let mut random = random(base, step_ms);
    let mut level = price;
    let next = |_| {
        level *= 1.0 + VOLATILITY * random.nearly_normal();
        level
    };
    (0..bars).map(next).collect()
}

/// Returns the generator of a coin's bars of one length.
fn random(base: &str, step_ms: i64) -> Random {
    let letters = base.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(257).wrapping_add(u64::from(byte)));
    Random::new(letters.wrapping_mul(0x9e37_79b9) ^ step_ms.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Steps = Steps { step_ms: 3_600_000, shift_ms: 0 };
    const START: i64 = 490_992 * 3_600_000;

    fn closes(base: &str, bars: i64, now: i64) -> Vec<f64> {
        let coin = COINS.iter().find(|coin| coin.base == base).unwrap();
        let klines = coin.klines(HOUR, START, now - (bars - 1) * HOUR.step_ms, now);
        klines.iter().map(|bar| bar.prices_e8[3] as f64 / 1e8).collect()
    }

    #[test]
    fn a_bar_is_the_same_whenever_it_is_requested() {
        let (early, late) = (closes("XRP", 500, START), closes("XRP", 503, START + 3 * HOUR.step_ms));
        assert_eq!((early.len(), late.len()), (500, 503));
        assert_eq!(early, late[..500]);
        let coin = &COINS[1];
        let klines = coin.klines(HOUR, START, START - 10 * HOUR.step_ms, START);
        assert!(klines.windows(2).all(|pair| pair[0].prices_e8[3] == pair[1].prices_e8[0]));
    }

    #[test]
    fn partners_are_told_apart_from_strangers_by_the_test_that_looks_for_them() {
        let p = |y: &str, x: &str| {
            let [y, x] = [y, x].map(|symbol| closes(symbol.trim_end_matches("USDT"), 1_000, START));
            spreadscope_stats::engle_granger(&y, &x, &spreadscope_stats::EngleGrangerSpec::default())
                .unwrap()
                .p_value
        };
        for [y, x] in PARTNERS {
            assert!(p(y, x) < 1e-8, "{y} {x}: {}", p(y, x));
        }
        assert!(p("XRPUSDT", "DOGEUSDT") > 1e-4);
    }

    #[test]
    fn odd_ones_are_as_they_are_said_to_be() {
        assert_eq!((closes("NEWS", 500, START).len(), closes("HALT", 5, START)), (41, vec![3.0; 5]));
        assert!((100..200).contains(&closes("HOLE", 500, START).len()));
        let symbols: std::collections::BTreeSet<String> = COINS.iter().map(Coin::symbol).collect();
        assert_eq!(symbols.len(), 54);
        assert!(COINS.iter().all(|coin| coin.price_e8(0, START, START) > 0));
    }
}
