//! The rules of the contract, its traps with their numbers, and properties of every tape.

mod books;
mod break_even;
mod events;
mod properties;
mod published;
mod ruin;
mod traps;

use super::tape::Tape;
use super::*;
use crate::bars::Origin;
use crate::bars::{Bar, Bars, Traded};
use crate::{Interval, Settings, UnixMillis};
use spreadscope_stats::random::Random;

const START: UnixMillis = UnixMillis(1_700_006_400_000);

/// One bar of a tape: opens and closes of both legs, `None` if a leg did not trade, z and hedge ratio.
#[derive(Clone, Copy)]
struct Made {
    prices: [Option<(f64, f64)>; 2],
    known: bool,
    z: Option<f64>,
    ratio: Option<f64>,
}

/// A bar in which the legs open at 100 and 50 and close slightly higher, with a hedge ratio of 1.
fn at(z: f64) -> Made {
    Made { prices: [Some((100.0, 101.0)), Some((50.0, 50.5))], known: true, z: Some(z), ratio: Some(1.0) }
}

/// A bar in which y did not trade.
fn quiet() -> Made {
    Made { prices: [None, Some((50.0, 50.5))], z: None, ..at(0.0) }
}

/// An unknown bar.
fn missing() -> Made {
    Made { prices: [None, None], known: false, z: None, ratio: None }
}

fn tape_of(bars: &[Made]) -> Tape {
    Tape::made(bars.iter().map(|bar| (bar.prices, bar.known, bar.z, bar.ratio)))
}

fn rules() -> Rules {
    Rules { fee_bps: 0.0, slippage_bps: 0.0, ..Rules::default() }
}

fn traded(tape: &Tape, rules: &Rules) -> Ledger {
    let mut run = Run::new(rules, 0..tape.len(), true);
    let mut tests = TestResults::default();
    // in slices of odd length, which must change nothing
    while run.work(tape, &mut tests, 7) {}
    run.finish()
}

/// Each order of y: index of its bar, units, reason.
fn of_y(ledger: &Ledger) -> Vec<(i64, f64, Reason)> {
    let place = |order: &Order| order.time.since(START) / Interval::OneMinute.millis();
    let orders = ledger.orders.iter().filter(|order| order.leg == OrderLeg::Y);
    orders.map(|order| (place(order), order.quantity, order.reason)).collect()
}

/// Seeded bars of two legs with a mean-reverting spread; one bar in `quiet` is without trades of a leg, one in
/// 50 unknown.
pub(in crate::backtest) fn market(seed: u64, bars: usize, quiet: u64) -> [Bars; 2] {
    let mut random = Random::new(seed);
    let mut legs = [Bars::new(Interval::OneMinute), Bars::new(Interval::OneMinute)];
    let (mut x, mut spread) = (100.0, 0.0);
    for at in 0..bars {
        let mut prices = [[0.0; 2]; 2];
        for price in &mut prices {
            x += 0.2 * random.normal();
            spread = 0.85 * spread + 0.3 * random.normal();
            *price = [300.0 + 1.5 * x + spread, x];
        }
        let time = START + i64::try_from(at).unwrap() * Interval::OneMinute.millis();
        for (leg, bars) in legs.iter_mut().enumerate() {
            let [open, close] = [prices[0][leg], prices[1][leg]];
            let traded =
                Traded { open, high: open.max(close), low: open.min(close), close, trades: 3, ..one() };
            let is_quiet = quiet > 0 && random.bits().is_multiple_of(quiet);
            let origin =
                if quiet > 0 && random.bits().is_multiple_of(50) { Origin::Missing } else { Origin::Live };
            bars.put(time, Bar { origin, traded: (!is_quiet).then_some(traded) });
        }
    }
    legs
}

fn one() -> Traded {
    let time = START;
    let trade = crate::Trade {
        trade_id: 1,
        trade_time: time,
        event_time: time,
        price: 1.0,
        size: 1.0,
        buyer_is_maker: false,
    };
    Traded { first_trade_id: None, last_trade_id: None, ..Traded::from(&trade) }
}

pub(in crate::backtest) fn legs(bars: &[Bars; 2]) -> Legs<'_> {
    Legs { bars: [&bars[0], &bars[1]], closes_alone: [false; 2] }
}

pub(in crate::backtest) fn parameters() -> Parameters {
    let settings = Settings {
        interval: Interval::OneMinute,
        hedge_window_bars: 30,
        z_window_bars: 20,
        correlation_window_bars: 20,
        ..Settings::default()
    };
    Parameters { settings, rules: Rules { entry_z: 1.2, ..Rules::default() } }
}
