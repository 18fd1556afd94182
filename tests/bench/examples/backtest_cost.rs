//! Prints what a backtest over a day of 1 s bars costs on this machine, beside the rolling pass over the same
//! bars: a run, a surface, and the wait after a value is changed, with its longest step. Then the same over 1 m
//! bars, each of which may need tests.
//!
//! ```sh
//! cargo run --release -p spreadscope_bench --example backtest_cost
//! ```

use spreadscope_engine::alert::{
    Condition, Dwell, Level, Quantity, Repeat, Rule, RuleId, Severity, Test, Way,
};
use spreadscope_engine::backtest::bench::message::{
    BacktestCommand, BacktestReport, CommandId, News, Wanted,
};
use spreadscope_engine::backtest::bench::{Bench, BenchInput, set_up};
use spreadscope_engine::backtest::{Grid, Legs, Parameters, Rules, Run, TestResults, Train, cell, tape};
use spreadscope_engine::bars::{Bar, Bars, Origin, Traded};
use spreadscope_engine::messages::protocol::{decode, encode};
use spreadscope_engine::{Interval, Settings, Trade, UnixMillis};
use spreadscope_stats::random::Congruential;
use spreadscope_stats::{Estimator as _, Observation, RollingOls, RollingZScore};
use std::hint::black_box;
use std::time::Instant;

const START: UnixMillis = UnixMillis(1_700_006_400_000);
const WINDOW: usize = 300;
const ROUNDS: usize = 21;

/// Returns the milliseconds that a call takes.
fn millis<T>(call: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    black_box(call());
    start.elapsed().as_secs_f64() * 1e3
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn pass(closes: &[Observation]) -> f64 {
    let (Ok(mut hedge), Ok(mut score)) = (RollingOls::new(WINDOW), RollingZScore::new(WINDOW)) else {
        return f64::NAN;
    };
    let mut sum = 0.0;
    for &observation in closes {
        if let Some(fit) = hedge.update(observation).value() {
            let spread = observation.y - fit.intercept - fit.slope * observation.x;
            sum += score.update(spread).value().map_or(0.0, |score| score.z);
        }
    }
    sum
}

/// Sends a command, and prints the time to its report and the longest step.
fn time(bench: &mut dyn Bench, name: &str, wanted: Wanted, input: BenchInput<'_>) {
    let (mut whole, mut longest, mut bytes) = (0.0, 0.0_f64, 0);
    let command = encode(&BacktestCommand { id: CommandId::default(), wanted });
    let mut step = millis(|| bench.command(&command, input));
    let mut is_done = false;
    while !is_done {
        (whole, longest) = (whole + step, longest.max(step));
        let mut told = Vec::new();
        step = millis(|| told = bench.work(UnixMillis(0)));
        for told in told {
            let news = decode::<BacktestReport>(&told).map(|told| told.news);
            is_done = !matches!(news, Ok(News::Progress { .. } | News::Cells(_)));
            bytes = told.len();
        }
    }
    (whole, longest) = (whole + step, longest.max(step));
    println!("{name:<40} {whole:>9.1} ms, longest step {longest:>6.1} ms, report {bytes} bytes");
}

fn main() {
    let bars = 86_400;
    let mut spread = Congruential::new(2).path(0.95, 0.0);
    let closes: Vec<Observation> = Congruential::new(1)
        .path(1.0, 2_600.0)
        .take(bars)
        .map(|x| Observation { y: 20.0 * x + spread.next().unwrap_or_default(), x })
        .collect();
    let leg_of = |interval: Interval, price: fn(&Observation) -> f64| {
        let mut bars = Bars::new(interval);
        for (at, close) in (0_i64..).zip(&closes).take(interval.bars_kept()) {
            let (time, price) = (START + interval.millis() * at, price(close));
            let trade = Trade {
                trade_id: 1,
                trade_time: time,
                event_time: time,
                price,
                size: 1.0,
                buyer_is_maker: false,
            };
            bars.put(time, Bar { origin: Origin::History, traded: Some(Traded::from(&trade)) });
        }
        bars
    };
    let legs_of = |interval| [leg_of(interval, |close| close.y), leg_of(interval, |close| close.x)];
    let [y, x] = legs_of(Interval::OneSecond);
    let legs = Legs { bars: [&y, &x], closes_alone: [false; 2] };
    let settings = Settings { hedge_window_bars: WINDOW, z_window_bars: WINDOW, ..Settings::default() };
    // costs would use the capital up, and trading would end long before the bars do
    let rules = Rules { fee_bps: 0.0, slippage_bps: 0.0, ..Rules::default() };
    let parameters = Parameters { settings: settings.clone(), rules };
    let Ok(made) = tape(legs, &settings) else { return println!("no tape") };
    let run = || {
        let mut run = Run::new(&parameters.rules, 0..made.len(), true);
        while run.work(&made, &mut TestResults::default(), usize::MAX) {}
        run.finish().trades.len()
    };
    // alternating, so that whatever slows the machine slows both
    let rounds: Vec<(f64, f64)> = (0..ROUNDS).map(|_| (millis(|| pass(&closes)), millis(run))).collect();
    let one_pass = median(rounds.iter().map(|round| round.0).collect());
    let ratio = median(rounds.iter().map(|round| round.1 / round.0).collect());
    println!("rolling pass {one_pass:.2} ms; a run {ratio:.3} of it, {} round trips", run());
    if let Ok(grid) = Grid::parse("entry_z,exit_z") {
        let surface = || {
            let mut tests = TestResults::default();
            let cells = (0..grid.len()).filter_map(|place| grid.parameters(&parameters, place));
            cells.map(|of| cell(&made, &mut tests, &of.rules, 0..made.len()).trades).sum::<usize>()
        };
        let rounds: Vec<f64> = (0..5)
            .map(|_| millis(surface) / median((0..5).map(|_| millis(|| pass(&closes))).collect()))
            .collect();
        println!("a surface of {} cells {:.1} of it", grid.len(), median(rounds));
    }
    let span = y.first().zip(y.end());
    let input =
        BenchInput { settings: &settings, bars: [&y, &x], closes_alone: [false; 2], left_out: 0, span };
    let mut bench = set_up(0);
    let wanted = |name: &str, value: &str| {
        let mut parameters = Box::new(parameters.clone());
        if let Err(error) = parameters.set(name, value) {
            println!("{}", error.message);
        }
        Wanted::Run { parameters, enter_by: None, renew: false, within: None }
    };
    time(&mut *bench, "the first run", wanted("entry_z", "2"), input);
    time(&mut *bench, "another entry", wanted("entry_z", "2.5"), input);
    time(&mut *bench, "a stop and a largest loss", wanted("max_loss", "50"), input);
    time(&mut *bench, "another z window: rows anew", wanted("z_window_bars", "240"), input);
    time(
        &mut *bench,
        "entry against exit, 2,500 cells",
        Wanted::Surface { axes: "entry_z,exit_z".to_owned() },
        input,
    );
    time(&mut *bench, "the proof", Wanted::Proof, input);
    let forward =
        || Wanted::WalkForward { axes: "entry_z=1:4:13,exit_z=-0.5:1:7".to_owned(), train: Train::Anchored };
    time(&mut *bench, "a walk forward, anchored, 91 choices", forward(), input);
    time(&mut *bench, "the first run again, bars anew", renewed(&parameters, None), input);

    let dear = ["huber", "theil-sen"].map(|model| wanted("hedge_model", model));
    for (name, run) in ["rows anew by Huber's line", "rows anew by Theil and Sen's"].into_iter().zip(dear) {
        time(&mut *bench, name, run, input);
    }
    let models = Wanted::Surface { axes: "hedge_model,entry_z=2:3:2".to_owned() };
    time(&mut *bench, "six models", models, input);

    let settings = Settings { interval: Interval::OneMinute, test_lookback_bars: 3_600, ..settings };
    let rules = Rules { entry_z: 0.01, max_p_value: Some(1e-9), ..Rules::default() };
    let tested = Parameters { settings: settings.clone(), rules };
    let [y, x] = legs_of(Interval::OneMinute);
    let input = BenchInput {
        settings: &settings,
        bars: [&y, &x],
        closes_alone: [false; 2],
        left_out: 0,
        span: y.first().zip(y.end()),
    };
    time(&mut *bench, "1 m: a p-value at each bar", renewed(&tested, None), input);
    time(&mut *bench, "the same rows, an alert rule", renewed(&tested, Some(unlikely())), input);
}

fn renewed(parameters: &Parameters, enter_by: Option<Rule>) -> Wanted {
    let (parameters, enter_by) = (Box::new(parameters.clone()), enter_by.map(Box::new));
    Wanted::Run { parameters, enter_by, renew: true, within: None }
}

/// A rule on z that a p-value stands behind.
fn unlikely() -> Rule {
    Rule {
        id: RuleId(1),
        name: "unlikely".to_owned(),
        enabled: true,
        severity: Severity::Info,
        quantity: Quantity::Z,
        test: Test::Outside { low: -2.0, high: 2.0, way: Way::Either },
        conditions: vec![Condition { quantity: Quantity::EngleGrangerP, level: Level::Below(0.05) }],
        hysteresis: 0.25,
        dwell: Dwell::Millis(0),
        cooldown_secs: 0,
        repeat: Repeat::Always,
        snoozed_until: None,
    }
}
