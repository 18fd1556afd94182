//! Prints what the steps of a replay cost on this machine, over a day of 1 s bars with a burst of trades in it.
//! The longest step is how long the worker is blocked, whatever the speed. With default settings, with the slowest
//! hedge model, and with a rule on the evidence as well; a number of bars as argument shortens the day.
//!
//! Several rounds do the same work; the minimum of each call counts, because other programs use the machine
//! too.
//!
//! ```sh
//! cargo run --release -p spreadscope_bench --example replay_cost
//! ```

use spreadscope_engine::alert::{Dwell, Quantity, Repeat, Rule, RuleId, Severity, Test};
use spreadscope_engine::analytics::evidence::Examine;
use spreadscope_engine::bars::{Bar, Bars, Origin, Traded};
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::market::late::LateBars;
use spreadscope_engine::replay::{LegBars, Place, ReplayCommand, Session, Taping};
use spreadscope_engine::settings::HedgeKind;
use spreadscope_engine::{Interval, Settings, Trade, UnixMillis};
use spreadscope_stats::random::Congruential;
use std::time::Instant;

const START: UnixMillis = UnixMillis(1_700_006_400_000);
/// Trades of both legs in a hundred seconds, which is one second at 100×: the worst of the recorded tape.
const BURST: i64 = 95_000;
const ROUNDS: usize = 3;

/// Milliseconds of calls by their purpose, each the minimum of all rounds.
struct Calls {
    name: &'static str,
    millis: Vec<f64>,
    next: usize,
}

impl Calls {
    const fn of(name: &'static str) -> Self {
        Self { name, millis: Vec::new(), next: 0 }
    }

    fn time<T>(&mut self, call: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = call();
        let millis = start.elapsed().as_secs_f64() * 1e3;
        match self.millis.get_mut(self.next) {
            Some(least) => *least = least.min(millis),
            None => self.millis.push(millis),
        }
        self.next += 1;
        value
    }

    fn print(mut self) {
        self.millis.sort_by(f64::total_cmp);
        let last = self.millis.len() - 1;
        let [median, late] = [last / 2, last - last / 1_000].map(|place| self.millis[place]);
        let sum: f64 = self.millis.iter().sum();
        let slow = self.millis.iter().filter(|millis| **millis > 8.0).count();
        let (name, most) = (self.name, self.millis[last]);
        println!("{name:<22} {:>8} {sum:>10.1} {median:>9.3} {late:>9.3} {most:>9.2} {slow:>6}", last + 1);
    }
}

fn trade(id: i64, time: UnixMillis, price: f64) -> Trade {
    let trade_id = id.unsigned_abs();
    Trade { trade_id, trade_time: time, event_time: time, price, size: 1.0, buyer_is_maker: false }
}

fn main() {
    let bars: i64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(86_400);
    let mut legs = [Bars::new(Interval::OneSecond), Bars::new(Interval::OneSecond)];
    let mut spread = Congruential::new(2).path(0.95, 0.0);
    for (at, x) in (0..bars).zip(Congruential::new(1).path(1.0, 2_600.0)) {
        let y = 20.0 * x + spread.next().unwrap_or_default();
        let time = START + 1_000 * at;
        for (bars, price) in legs.iter_mut().zip([y, x]) {
            let traded = Traded::from(&trade(1, time, price));
            bars.put(time, Bar { origin: Origin::Live, traded: Some(traded) });
        }
    }
    let end = START + 1_000 * bars;
    let burst = end - 400_000;
    let of = |leg: Leg| {
        let price = if leg == Leg::Y { 52_000.0 } else { 2_600.0 };
        let ids = (0..BURST).filter(move |at| at % 2 == leg as i64);
        ids.map(move |at| trade(at, burst + at * 100_000 / BURST, price + (at % 7) as f64 / 100.0))
    };
    let trades: Vec<(Leg, Vec<Trade>)> = Leg::BOTH.map(|leg| (leg, of(leg).collect())).into();
    let late = LateBars::default();
    let held = LegBars { bars: legs.each_ref(), seconds: legs.each_ref(), late: [&late; 2] };
    let dearest = Settings {
        hedge_model: HedgeKind::TheilSen,
        hedge_window_bars: HedgeKind::TheilSen.row().longest_window,
        test_lookback_bars: 3_600,
        ..Settings::default()
    };
    let place = |from| Place { from, to: end, at: end - 600_000, begins: None };
    println!("default settings");
    replay(&held, place(START), &trades, &Settings::default(), &[]);
    println!("the slowest hedge model");
    replay(&held, place(end - 1_200_000), &trades, &dearest, &[]);
    println!("the same, and a rule on the evidence");
    replay(&held, place(end - 1_200_000), &trades, &dearest, &[on_evidence()]);
}

/// A rule that has all of the evidence examined again and again.
fn on_evidence() -> Rule {
    Rule {
        id: RuleId(7),
        name: "evidence".to_owned(),
        enabled: true,
        severity: Severity::Info,
        quantity: Quantity::BreakP,
        test: Test::Below(0.01),
        conditions: Vec::new(),
        hysteresis: 0.0,
        dwell: Dwell::Millis(0),
        cooldown_secs: 0,
        repeat: Repeat::Always,
        snoozed_until: None,
    }
}

/// Replays the last ten minutes of `place` at 100 times the speed, and prints what the calls cost.
fn replay(
    held: &LegBars<'_>,
    place: Place,
    trades: &[(Leg, Vec<Trade>)],
    settings: &Settings,
    rules: &[Rule],
) {
    let mut calls = [
        "trades put in order",
        "bars put on the tape",
        "opening",
        "on the way there",
        "at 100 times",
        "news for the page",
    ]
    .map(Calls::of);
    for _ in 0..ROUNDS {
        for calls in &mut calls {
            calls.next = 0;
        }
        let [begin, put, open, go, play, news] = &mut calls;
        let runs = trades.to_vec();
        let mut taping = begin.time(|| Taping::new(START, place.to, runs));
        while !put.time(|| taping.work(held, 250)) {}
        let tape = taping.finish();
        let Ok(mut session) = open.time(|| Session::open(tape, place, settings, rules.to_vec())) else {
            return;
        };
        session.examine_with(Examine::all());
        let mut now = UnixMillis(0);
        while go.time(|| session.work(now, 1)) {}
        while session.has_news() {
            news.time(|| session.take_news());
        }
        session.control(now, ReplayCommand::Speed(100));
        session.control(now, ReplayCommand::Play);
        while session.is_playing() {
            now = now + 10;
            while play.time(|| session.work(now, 1)) {}
            if now.0 % 250 == 0 {
                news.time(|| session.take_news());
            }
        }
    }
    println!("call                      calls        sum    median      p99.9      most  >8ms");
    for calls in calls {
        calls.print();
    }
}
