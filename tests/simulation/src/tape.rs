//! A market of one seed: two coins, busy or quiet, in sweeps and silences, with halts of the exchange.

use crate::fault::{Place, Plan};
use crate::random::Random;
use spreadscope_engine::{Trade, UnixMillis};
use spreadscope_exchange::{Tape, TapeTrade, Venue};

/// Start of the live part, ms since 1970: eight minutes before a full hour, so that most runs include a change
/// of the hour under which bars are stored.
pub const START_MS: i64 = 1_767_574_800_000 - 8 * 60_000;
/// Span of history that REST has, ms.
pub(crate) const PAST_MS: i64 = 4_500_000;

/// Returns a trade of a tape in the engine's form.
pub fn trade_of(made: &TapeTrade) -> Trade {
    Trade {
        trade_id: made.id,
        trade_time: UnixMillis(made.time_ms),
        event_time: UnixMillis(made.event_ms),
        price: made.price_e8 as f64 / 1e8,
        size: made.size_e8 as f64 / 1e8,
        buyer_is_maker: made.buyer_is_maker,
    }
}

/// Makes the tape of `plan` up to `end_ms`.
pub(crate) fn tape(plan: &Plan, end_ms: i64) -> Tape {
    let Plan { seed, halts, place, .. } = plan;
    let mut random = Random::new(*seed, 1);
    // trades in an ordinary second, and the share of seconds without any, in percent
    let quiet = [(5, 3), (3, 15), (2, 50)][usize::try_from(random.range(0, 3)).unwrap_or(0)];
    let (busy, quiet) = match place {
        Place::Binance => ((5, 2), quiet),
        Place::BinanceUs => ((2, 60), (1, 97)),
        Place::Thin => ((1, 98), (1, 99)),
    };
    let btc = coin(&mut random, 4_000_000_000, 6_000_000, busy, end_ms, halts);
    let eth = coin(&mut random, 2_000_000_000, 260_000, quiet, end_ms, halts);
    let mut tape = Tape::of(vec![("BTCUSDT", btc), ("ETHUSDT", eth)], START_MS);
    // bars of seconds that are only partly halted hold few trades or none
    tape.halts.clone_from(halts);
    tape.of_venue(if *place == Place::BinanceUs { Venue::Us } else { Venue::Binance })
}

fn coin(
    random: &mut Random,
    first_id: u64,
    start_cents: i64,
    (pace, silence): (i64, i64),
    end_ms: i64,
    halts: &[(i64, i64)],
) -> Vec<TapeTrade> {
    let mut trades: Vec<TapeTrade> = Vec::new();
    let mut cents = start_cents;
    let mut second = START_MS - PAST_MS;
    while second < end_ms {
        let open = second;
        second += 1_000;
        // old history is sparse: enough to fill windows, at little cost
        let pace = if open < START_MS - 60_000 { 1 } else { pace };
        if random.chance(silence) {
            continue;
        }
        let mut offset = random.range(0, 400);
        for _ in 0..random.range(1, pace + 1) {
            let time_ms = open + offset.min(999);
            offset += random.range(1, 700);
            if halts.iter().any(|(from, to)| (*from..*to).contains(&time_ms)) {
                continue;
            }
            cents = (cents + random.range(-3, 4) * start_cents / 200_000).max(start_cents / 2);
            let sweep = if random.chance(10) { random.range(2, 9) } else { 1 };
            let buyer_is_maker = random.chance(50);
            let lag = if sweep > 4 { random.range(0, 200) } else { random.range(0, 5) };
            for step in 0..sweep {
                let before = trades.last();
                let event_ms = (time_ms + lag).max(before.map_or(i64::MIN, |trade| trade.event_ms));
                let time_ms = time_ms.max(before.map_or(i64::MIN, |trade| trade.time_ms));
                let id = before.map_or(first_id, |trade| trade.id + 1);
                let price = cents + i64::from(step > 3);
                trades.push(TapeTrade {
                    id,
                    time_ms,
                    event_ms,
                    price_e8: price.unsigned_abs() * 1_000_000,
                    size_e8: random.range(1, 400_000).unsigned_abs() * 1_000,
                    buyer_is_maker,
                });
            }
        }
    }
    trades
}
