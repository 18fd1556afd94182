//! A seeded tape: two cointegrated coins and a third that is not, in bursts and silences.

use super::{Market, More, Tape, TapeTrade};
use spreadscope_stats::random::Random;

/// Initial time of the tape's own clock, without a shift: 2026-01-05T00:00:00Z.
pub const START_MS: i64 = 1_767_571_200_000;

const HOUR_MS: i64 = 3_600_000;
/// History more recent than this has the rate of live trades.
const DENSE_MS: i64 = 4 * HOUR_MS;
/// Share of that rate for older history.
const SPARSE: f64 = 0.15;
/// Half-life of the pair's spread. With this one the usual lookback of 900 s finds the pair cointegrated at any
/// time (p < 0.05); with 60 s only now and then.
pub const HALF_LIFE_SECS: u32 = 15;
/// Standard deviation of the spread, dollars.
const SPREAD_DEVIATION: f64 = 6.7;

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// The same seed gives the same tape.
    pub seed: u64,
    /// Hours before now.
    pub history_hours: u32,
    /// Hours from now on that are made at once; a server makes more as they run out. With 0 the tape ends at
    /// now.
    pub live_hours: u32,
}

impl Default for Spec {
    fn default() -> Self {
        // 1,000 bars of 5 m are 83.5 hours
        Self { seed: 1, history_hours: 84, live_hours: 1 }
    }
}

/// Characteristics of a market.
struct Habits {
    symbol: &'static str,
    first_id: u64,
    /// Mean number of trades in an ordinary second.
    pace: f64,
    /// Share of seconds without a trade.
    silence: f64,
    /// Smallest size, in units of 1e-8.
    lot_e8: u64,
}

const HABITS: [Habits; 3] = [
    Habits { symbol: "BTCUSDT", first_id: 4_000_000_000, pace: 9.0, silence: 0.01, lot_e8: 1_000 },
    Habits { symbol: "ETHUSDT", first_id: 2_000_000_000, pace: 7.0, silence: 0.06, lot_e8: 10_000 },
    Habits { symbol: "SOLUSDT", first_id: 900_000_000, pace: 2.0, silence: 0.30, lot_e8: 1_000_000 },
];

/// Makes the tape.
pub fn tape(spec: &Spec) -> Tape {
    tape_with_half_life(spec, HALF_LIFE_SECS)
}

/// As [`tape`], with another half-life of the pair's spread, at least 1 s, and the same standard deviation.
pub fn tape_with_half_life(spec: &Spec, half_life_secs: u32) -> Tape {
    let kept = half_root(half_life_secs.max(1));
    let history_ms = i64::from(spec.history_hours) * HOUR_MS;
    let mut seconds = Seconds {
        random: Random::new(spec.seed ^ 0x5eed),
        eth: 2_700.0,
        sol: 150.0,
        spread: 0.0,
        spread_kept: kept,
        spread_step: SPREAD_DEVIATION * (1.0 - kept * kept).sqrt(),
        burst: 1.0,
        opens_ms: START_MS - history_ms,
    };
    let mut markets: Vec<Market> =
        HABITS.iter().map(|habits| Market::new(habits.symbol, Vec::new())).collect();
    seconds.play(&mut markets, START_MS + i64::from(spec.live_hours) * HOUR_MS);
    let more = if spec.live_hours == 0 { More::None } else { More::Seconds(seconds) };
    Tape::new(markets, START_MS, more)
}

/// Returns the `n`th root of 0.5, found by bisection of `[0, 1]` with products only: these are the same on
/// every machine, unlike the last digit of a power function.
fn half_root(n: u32) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        let power: f64 = (0..n).map(|_| middle).product();
        if power < 0.5 {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The seconds to come, and the state of prices and bursts.
#[derive(Debug, Clone)]
pub(crate) struct Seconds {
    random: Random,
    eth: f64,
    sol: f64,
    spread: f64,
    /// Share of the spread that remains after a second, and the standard deviation of what is added.
    spread_kept: f64,
    spread_step: f64,
    burst: f64,
    /// When the next second opens.
    opens_ms: i64,
}

impl Seconds {
    /// Returns up to where there are trades.
    pub(crate) fn until_ms(&self) -> i64 {
        self.opens_ms
    }

    /// Adds the trades of all seconds that open before `until_ms` to `markets`, which are those of [`tape`].
    pub(crate) fn play(&mut self, markets: &mut [Market], until_ms: i64) {
        while self.opens_ms < until_ms {
            self.second(markets);
            self.opens_ms += 1_000;
        }
        for market in markets {
            market.sum_up();
        }
    }

    fn second(&mut self, markets: &mut [Market]) {
        let Self { random, eth, sol, spread, spread_kept, spread_step, burst, opens_ms } = self;
        // volatility and rate come in bursts that decay within a minute
        *burst = (1.0 + (*burst - 1.0) * 0.93).max(1.0);
        if random.unit() < 0.004 {
            *burst += 2.0 + 6.0 * random.unit();
        }
        *eth *= 1.0 + 2.2e-5 * burst.min(4.0) * random.nearly_normal();
        *sol *= 1.0 + 6.0e-5 * random.nearly_normal();
        *spread = *spread * *spread_kept + *spread_step * random.nearly_normal();
        let prices = [9_000.0 + 19.0 * *eth + *spread, *eth, *sol];
        // old history is sparse: enough for 1 m bars, in little memory
        let pace = if *opens_ms < START_MS - DENSE_MS { SPARSE } else { 1.0 };
        for ((habits, market), price) in HABITS.iter().zip(markets).zip(prices) {
            second_of(random, habits, &mut market.trades, price, *burst * pace, *opens_ms);
        }
    }
}

/// Returns one second's trades around `price`.
fn second_of(
    random: &mut Random,
    habits: &Habits,
    trades: &mut Vec<TapeTrade>,
    price: f64,
    burst: f64,
    opens: i64,
) {
    if random.unit() < habits.silence {
        return;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive count")]
    let count = 1 + (habits.pace * burst * 2.0 * random.unit() * random.unit()) as u64;
    let mut offset = random.below(200);
    let mut left = count;
    while left > 0 && offset < 1_000 {
        // a taker's sweep: several trades at one time, pushed within 0.2 s
        let sweep = if random.unit() < 0.5 { 1 + random.below(left.min(40)) } else { 1 };
        let buyer_is_maker = random.unit() < 0.5;
        let lag = if sweep > 8 { random.below(180) } else { random.below(3) };
        for step in 0..sweep {
            let half_spread = if buyer_is_maker { -0.005 } else { 0.005 };
            let slip = (step / 4) as f64 * half_spread * 2.0;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "prices are positive"
            )]
            let ticks = ((price + half_spread + slip) * 100.0).round() as u64;
            let time_ms = opens + i64::try_from(offset).unwrap_or(999);
            let pushed_before = trades.last().map_or(i64::MIN, |trade: &TapeTrade| trade.event_ms);
            let event_ms = (time_ms + i64::try_from(lag).unwrap_or(0)).max(pushed_before);
            let id = trades.last().map_or(habits.first_id, |trade| trade.id + 1);
            let size_e8 = habits.lot_e8 * (1 + random.below(20) * random.below(200));
            trades.push(TapeTrade {
                id,
                time_ms,
                event_ms,
                price_e8: ticks * 1_000_000,
                size_e8,
                buyer_is_maker,
            });
        }
        left -= sweep;
        offset += 1 + random.below(2_000 / (count + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::klines::klines;

    #[test]
    fn the_same_seed_gives_the_same_tape_and_another_another() {
        let make = |seed| tape(&Spec { seed, history_hours: 1, live_hours: 0 });
        let (first, again, other) = (make(1), make(1), make(2));
        assert_eq!(first.markets[0].trades, again.markets[0].trades);
        assert_ne!(first.markets[0].trades, other.markets[0].trades);
    }

    #[test]
    fn a_spread_is_halved_in_its_half_life() {
        assert_eq!(half_root(1), 0.5);
        assert!((half_root(2) - 0.5_f64.sqrt()).abs() < 1e-15);
        assert!((half_root(75) - 0.990_800_613).abs() < 1e-9);
    }

    #[test]
    fn it_is_the_same_in_whatever_pieces_it_is_made() {
        let make = |live_hours| tape(&Spec { seed: 4, history_hours: 1, live_hours });
        let (whole, mut pieces) = (make(3), make(1));
        for minutes in [61, 75, 75, 180] {
            pieces.play_until(START_MS + minutes * 60_000);
        }
        for (whole, pieces) in whole.markets.iter().zip(&pieces.markets) {
            assert_eq!((&whole.trades, &whole.aggregates), (&pieces.trades, &pieces.aggregates));
        }
        assert_eq!((whole.until_ms(), make(0).until_ms()), (pieces.until_ms(), None));
    }

    #[test]
    fn what_is_forgotten_leaves_the_rest_as_it_was() {
        let whole = tape(&Spec { seed: 4, history_hours: 2, live_hours: 0 });
        let mut late = whole.clone();
        late.forget_before(START_MS - HOUR_MS);
        for (whole, late) in whole.markets.iter().zip(&late.markets) {
            let dropped = whole.trades.len() - late.trades.len();
            assert!(dropped > 0 && whole.trades[dropped - 1].time_ms < START_MS - HOUR_MS);
            assert_eq!(whole.trades[dropped..], late.trades);
            let moved = whole.aggregates.iter().skip(whole.aggregates.len() - late.aggregates.len());
            assert!(
                moved
                    .zip(&late.aggregates)
                    .all(|(run, moved)| run.id == moved.id && run.first == moved.first + dropped)
            );
            let span = (START_MS - 1_800_000, START_MS);
            assert_eq!(whole.summary(span.0, span.1), late.summary(span.0, span.1));
        }
    }

    #[test]
    fn it_has_bursts_shared_times_and_silences() {
        let tape = tape(&Spec { seed: 1, history_hours: 2, live_hours: 0 });
        let btc = &tape.markets[0].trades;
        let per_second = |trades: &[TapeTrade]| {
            let mut counts = std::collections::BTreeMap::new();
            for trade in trades {
                *counts.entry(trade.time_ms.div_euclid(1_000)).or_insert(0_usize) += 1;
            }
            counts
        };
        assert!(per_second(btc).values().max().unwrap() > &30);
        let eth_seconds = per_second(&tape.markets[1].trades).len();
        assert!((6_500..7_000).contains(&eth_seconds), "{eth_seconds}");
        let shared = btc.windows(2).filter(|pair| pair[0].time_ms == pair[1].time_ms).count();
        assert!(shared * 5 > btc.len() * 2, "{shared} of {}", btc.len());
        assert!(btc.windows(2).all(|pair| pair[0].event_ms <= pair[1].event_ms));
        assert!(btc.windows(2).all(|pair| pair[0].time_ms <= pair[1].time_ms));
    }

    #[test]
    fn its_pair_strays_and_comes_back_every_few_minutes() {
        for half_life_secs in [HALF_LIFE_SECS, 75] {
            let (passes, hours) = passes_of_two_deviations(half_life_secs);
            assert!(f64::from(passes) / hours > 10.0, "{passes} in {hours} h at {half_life_secs} s");
        }
    }

    /// Returns how often the spread passes two deviations of its last 300 s, and in how many hours.
    fn passes_of_two_deviations(half_life_secs: u32) -> (u32, f64) {
        let tape = tape_with_half_life(&Spec { seed: 1, history_hours: 4, live_hours: 0 }, half_life_secs);
        let closes = |place: usize| -> Vec<f64> {
            let bars = klines(&tape.markets[place].trades, 1_000, START_MS - 14_000_000, START_MS - 1_000);
            bars.iter().map(|bar| (bar.prices_e8[3] as f64 / 1e8).ln()).collect()
        };
        let (btc, eth) = (closes(0), closes(1));
        let spread: Vec<f64> = btc.iter().zip(&eth).map(|(btc, eth)| btc - 0.85 * eth).collect();
        let mut passes = 0;
        let mut beyond = false;
        for window in spread.windows(300) {
            let mean = window.iter().sum::<f64>() / 300.0;
            let variance = window.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 299.0;
            let z = (window[299] - mean) / variance.sqrt();
            if !beyond && z.abs() > 2.0 {
                passes += 1;
            }
            beyond = if beyond { z.abs() > 1.0 } else { z.abs() > 2.0 };
        }
        let hours = (spread.len() - 300) as f64 / 3_600.0;
        (passes, hours)
    }
}
