//! Stored bars: the size of a day, on the seeded tape and on the recorded one.

use crate::recording::Log;
use crate::virtual_time::play;
use spreadscope_engine::archive::BarChunk;
use spreadscope_engine::bars::Origin;
use spreadscope_engine::bars::{Bar, Bars};
use spreadscope_engine::{Interval, Settings, UnixMillis};
use spreadscope_exchange::tape::{Market, synthetic};
use spreadscope_simulation::trade_of;

/// Most bytes that a day of 1 s bars of both legs may take.
const DAY_BYTES: f64 = 5e6;
const DAY_SECONDS: f64 = 86_400.0;

fn hour_of(bars: &Bars, first: UnixMillis, count: i64) -> BarChunk {
    let seconds = (0..count).map(|second| bars.get(first + second * 1_000));
    BarChunk { interval: Interval::OneSecond, first, bars: seconds.collect(), late: Vec::new() }
}

/// Encodes, checks the round trip, and returns bytes per bar.
fn bytes_per_bar(chunk: &BarChunk) -> f64 {
    let bytes = chunk.encode();
    assert_eq!(BarChunk::decode(&bytes).as_ref(), Ok(chunk));
    bytes.len() as f64 / chunk.bars.len() as f64
}

fn seconds_of(market: &Market) -> Bars {
    let mut bars = Bars::new(Interval::OneSecond);
    for trade in &market.trades {
        bars.add(&trade_of(trade));
    }
    let (first, end) = (bars.first().unwrap(), bars.end().unwrap());
    bars.mark(first, end, Origin::Live);
    bars
}

#[test]
fn a_day_of_both_legs_takes_far_less_than_its_budget() {
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 2, live_hours: 0 });
    let first = UnixMillis(tape.now_ms - 3_600_000);
    let legs = [0, 1].map(|leg| bytes_per_bar(&hour_of(&seconds_of(&tape.markets[leg]), first, 3_600)));
    let day = (legs[0] + legs[1]) * DAY_SECONDS;
    println!("seeded tape: {legs:.1?} bytes a bar, {:.2} MB for a day of both legs", day / 1e6);
    assert!(day < DAY_BYTES, "{day} bytes");
}

#[test]
fn a_day_of_real_trades_takes_far_less_than_its_budget() {
    let Some(log) = Log::recorded() else { return };
    let run = play(&Settings::default(), &log.frames);
    let market = run.driver.engine.markets().unwrap();
    let legs = [0, 1].map(|leg| {
        let seconds = market.legs[leg].seconds();
        let first = seconds.first().unwrap();
        bytes_per_bar(&hour_of(seconds, first, 640))
    });
    let day = (legs[0] + legs[1]) * DAY_SECONDS;
    println!("recorded tape: {legs:.1?} bytes a bar, {:.2} MB for a day of both legs", day / 1e6);
    assert!(day < DAY_BYTES, "{day} bytes");
}

#[test]
fn an_hour_of_silence_takes_next_to_nothing() {
    let quiet = Bar { origin: Origin::Live, traded: None };
    let first = UnixMillis(1_700_002_800_000);
    let chunk = BarChunk { interval: Interval::OneSecond, first, bars: vec![quiet; 3_600], late: Vec::new() };
    assert!(chunk.encode().len() < 64);
}
