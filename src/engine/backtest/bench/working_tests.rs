//! The bench tested through the bytes that go in and come out, with workers and without.

use super::super::message::Ran;
use super::*;
use crate::alert::{Dwell, Quantity, Repeat, RuleId, Severity, Test, Way};
use crate::backtest::pool::Sweeper;
use crate::backtest::{Run, TestResults, Train, metrics, tape};
use crate::bars::{Bar, DecimalSum, Origin, Traded};
use std::collections::BTreeMap;

/// Two legs whose spread drifts away and comes back.
fn legs(bars: i64) -> [Bars; 2] {
    [0.0, 1.0].map(|leg| {
        let mut made = Bars::new(crate::Interval::OneSecond);
        for at in 0..bars {
            let common = 100.0 + (at as f64 / 300.0).sin();
            let price = common + leg * 0.3 * (at as f64 / 17.0).sin() + 0.01 * ((at * 7 % 11) as f64);
            let sum = DecimalSum::of(1.0);
            let traded = Traded {
                open: price - 0.001,
                high: price + 0.01,
                low: price - 0.01,
                close: price,
                volume: sum,
                quote_volume: sum,
                taker_base: sum,
                taker_quote: sum,
                trades: 1,
                first_trade_id: None,
                last_trade_id: None,
            };
            let bar = Bar { traded: Some(traded), origin: Origin::Live };
            made.put(UnixMillis(1_700_000_000_000 + 1_000 * at), bar);
        }
        made
    })
}

fn settings() -> Settings {
    Settings { hedge_window_bars: 120, z_window_bars: 60, ..Settings::default() }
}

fn input<'a>(settings: &'a Settings, bars: &'a [Bars; 2]) -> BenchInput<'a> {
    let span = bars[0].first().zip(bars[0].end());
    BenchInput { settings, bars: [&bars[0], &bars[1]], closes_alone: [false; 2], span, left_out: 0 }
}

fn outcome(bench: &mut dyn Bench, wanted: Wanted, input: BenchInput<'_>) -> News {
    bench.command(&encode(&BacktestCommand { id: CommandId { page: 7, number: 1 }, wanted }), input);
    loop {
        for told in bench.work(UnixMillis(0)) {
            let told: BacktestReport = decode(&told).unwrap();
            assert_eq!(told.id, CommandId { page: 7, number: 1 });
            if !matches!(told.news, News::Progress { .. } | News::Cells(_)) {
                return told.news;
            }
        }
        assert!(bench.is_busy(), "it ended without a report");
    }
}

fn run(settings: &Settings) -> Wanted {
    let parameters = Box::new(Parameters { settings: settings.clone(), ..Parameters::default() });
    Wanted::Run { parameters, enter_by: None, renew: false, within: None }
}

fn ran(news: News) -> Ran {
    let News::Ran(ran) = news else { panic!("{news:?}") };
    *ran
}

#[test]
fn what_the_page_is_told_is_what_a_run_over_the_same_bars_gives() {
    let (settings, bars) = (settings(), legs(9_000));
    let mut bench = set_up(0);
    let told = ran(outcome(&mut *bench, run(&settings), input(&settings, &bars)));
    let legs = Legs { bars: [&bars[0], &bars[1]], closes_alone: [false; 2] };
    let tape = tape(legs, &settings).unwrap();
    let mut alone = Run::new(&told.parameters.rules, 0..tape.len(), true);
    while alone.work(&tape, &mut TestResults::default(), 1_000) {}
    let ledger = alone.finish();
    assert!(told.ledger.trades.len() > 10, "{}", told.ledger.trades.len());
    assert_eq!(told.metrics, metrics(&tape, &told.parameters.rules, 0..tape.len(), &ledger));
    assert_eq!((told.ledger, told.bars), (ledger, 9_000));
}

#[test]
fn runs_are_over_the_same_bars_until_those_of_now_are_asked_for() {
    let (settings, short, long) = (settings(), legs(2_000), legs(2_500));
    let mut bench = set_up(0);
    assert_eq!(ran(outcome(&mut *bench, run(&settings), input(&settings, &short))).bars, 2_000);
    assert_eq!(ran(outcome(&mut *bench, run(&settings), input(&settings, &long))).bars, 2_000);
    let Wanted::Run { parameters, .. } = run(&settings) else { panic!() };
    let anew = Wanted::Run { parameters, enter_by: None, renew: true, within: None };
    assert_eq!(ran(outcome(&mut *bench, anew, input(&settings, &long))).bars, 2_500);
}

#[test]
fn a_surface_a_walk_and_a_proof_are_of_the_newest_run_and_refused_before_one() {
    let (settings, bars) = (settings(), legs(4_000));
    let mut bench = set_up(0);
    let input = input(&settings, &bars);
    let axes = "entry_z=1:2.5:4,exit_z=-0.5:0.5:3".to_owned();
    let surface = Wanted::Surface { axes: axes.clone() };
    assert!(matches!(outcome(&mut *bench, surface.clone(), input), News::Refused(_)));
    outcome(&mut *bench, run(&settings), input);
    let News::Surface(found) = outcome(&mut *bench, surface, input) else { panic!() };
    assert_eq!((found.cells.len(), found.cells.iter().flatten().count()), (12, 12));
    let forward = Wanted::WalkForward { axes, train: Train::Rolling };
    let News::Walked(walked) = outcome(&mut *bench, forward, input) else { panic!() };
    assert_eq!((walked.folds.len(), walked.equity.len()), (5, 2_000));
    let News::Proved(proofs) = outcome(&mut *bench, Wanted::Proof, input) else { panic!() };
    assert!(proofs.len() == 6 && proofs.iter().all(|proof| proof.differs.is_none()), "{proofs:?}");
}

#[test]
fn cells_are_told_while_others_are_tried_and_are_those_of_the_surface() {
    let (settings, bars) = (settings(), legs(4_000));
    let mut bench = set_up(0);
    let input = input(&settings, &bars);
    outcome(&mut *bench, run(&settings), input);
    let wanted = Wanted::Surface { axes: "entry_z=1:2.5:20,exit_z=-0.5:0.5:20".to_owned() };
    bench.command(&encode(&BacktestCommand { id: CommandId::default(), wanted }), input);
    let (mut words, mut partly, mut whole) = (0, Vec::new(), None);
    while bench.is_busy() {
        for told in bench.work(UnixMillis(0)) {
            match decode::<BacktestReport>(&told).unwrap().news {
                News::Cells(cells) => {
                    words += 1;
                    partly.extend(cells);
                }
                News::Surface(surface) => whole = Some(surface),
                _ => {}
            }
        }
    }
    let whole = whole.unwrap();
    assert!(words >= 2 && partly.len() >= 100, "{words} words, {} cells", partly.len());
    for (place, cell) in partly {
        let found = whole.cells[place].as_ref().unwrap();
        assert_eq!((cell.net, cell.trades, cell.returns.len()), (found.net, found.trades, 0));
    }
}

/// A bench that has been asked for a surface and may have `workers` workers.
fn exploring(workers: usize) -> Box<dyn Bench> {
    let (settings, bars) = (settings(), legs(4_000));
    let mut bench = set_up(workers);
    outcome(&mut *bench, run(&settings), input(&settings, &bars));
    let wanted = Wanted::Surface { axes: "entry_z=1:2.5:20,exit_z=-0.5:0.5:10".to_owned() };
    bench.command(&encode(&BacktestCommand { id: CommandId::default(), wanted }), input(&settings, &bars));
    bench
}

fn surface(workers: usize) -> Vec<u8> {
    let mut bench = exploring(workers);
    let mut sweepers: BTreeMap<u64, Sweeper> = BTreeMap::new();
    let mut words = 0;
    loop {
        let told = bench.work(UnixMillis(0));
        for errand in bench.take_errands() {
            match errand {
                Errand::Start(number) => {
                    sweepers.insert(number, Sweeper::default());
                    bench.hear(WorkerNews::Word(number, Sweeper::greeting()));
                }
                Errand::Post(number, bytes) => sweepers.get_mut(&number).unwrap().hear(&bytes),
                Errand::End(number) => assert!(sweepers.remove(&number).is_some()),
            }
        }
        for (number, sweeper) in &mut sweepers {
            if let Some(answer) = sweeper.work() {
                bench.hear(WorkerNews::Word(*number, answer));
            }
        }
        for told in told {
            match decode::<BacktestReport>(&told).unwrap().news {
                News::Surface(_) => {
                    assert!(sweepers.is_empty() && (workers == 0 || words > 0), "{words} words of progress");
                    return told;
                }
                News::Progress { of, .. } => words += usize::from(of == 200),
                _ => {}
            }
        }
    }
}

#[test]
fn a_surface_is_the_same_to_the_byte_with_workers_and_without() {
    let alone = surface(0);
    for workers in 1..=4 {
        assert_eq!(surface(workers), alone, "{workers} workers");
    }
}

#[test]
fn a_surface_that_is_left_ends_its_workers_at_once_and_waits_for_none() {
    let mut bench = exploring(3);
    while bench.is_busy() {
        bench.work(UnixMillis(0));
    }
    let started: Vec<Errand> = (0..3).map(Errand::Start).collect();
    assert_eq!(bench.take_errands(), started);
    let (settings, bars) = (settings(), legs(4_000));
    assert_eq!(outcome(&mut *bench, Wanted::Stop, input(&settings, &bars)), News::Stopped);
    let ended: Vec<Errand> = (0..3).map(Errand::End).collect();
    assert_eq!(bench.take_errands(), ended);
    // messages of a worker that has been ended belong to no surface
    bench.hear(WorkerNews::Word(1, Sweeper::greeting()));
    assert!(!bench.is_busy() && bench.work(UnixMillis(0)).is_empty());
}

#[test]
fn a_stop_leaves_what_is_under_way_and_no_bars_are_a_reason() {
    let (settings, bars) = (settings(), legs(9_000));
    let mut bench = set_up(0);
    let none = BenchInput { span: None, ..input(&settings, &bars) };
    let News::Refused(why) = outcome(&mut *bench, run(&settings), none) else { panic!() };
    assert_eq!(why[0].message, "there are no closed bars of both legs yet");
    let id = CommandId { page: 7, number: 2 };
    bench.command(&encode(&BacktestCommand { id, wanted: run(&settings) }), input(&settings, &bars));
    assert!(bench.work(UnixMillis(0)).is_empty() && bench.is_busy());
    assert_eq!(outcome(&mut *bench, Wanted::Stop, input(&settings, &bars)), News::Stopped);
    assert!(!bench.is_busy());
}

/// Fires when |z| reaches 1.2.
fn rule() -> Rule {
    Rule {
        id: RuleId(1),
        name: "far out".to_owned(),
        enabled: true,
        severity: Severity::Info,
        quantity: Quantity::Z,
        test: Test::Outside { low: -1.2, high: 1.2, way: Way::Either },
        conditions: Vec::new(),
        hysteresis: 0.25,
        dwell: Dwell::Millis(0),
        cooldown_secs: 0,
        repeat: Repeat::Always,
        snoozed_until: None,
    }
}

#[test]
fn what_follows_a_run_by_a_rule_uses_that_rule() {
    let (settings, bars) = (settings(), legs(4_000));
    let input = input(&settings, &bars);
    let mut bench = set_up(0);
    let by_z = ran(outcome(&mut *bench, run(&settings), input));
    let Wanted::Run { parameters, .. } = run(&settings) else { panic!() };
    let by_rule = Wanted::Run { parameters, enter_by: Some(Box::new(rule())), renew: false, within: None };
    let by_rule = ran(outcome(&mut *bench, by_rule, input));
    let [by_z, trades] = [&by_z, &by_rule].map(|ran| ran.ledger.trades.len());
    assert!(trades > 5 && trades != by_z, "{trades} by the rule, {by_z} by z");
    let News::Proved(proofs) = outcome(&mut *bench, Wanted::Proof, input) else { panic!() };
    assert!(proofs.len() == 6 && proofs.iter().all(|proof| proof.differs.is_none()), "{proofs:?}");
    // the entry threshold is not used
    let wanted = Wanted::Surface { axes: "entry_z=1:2:2,exit_z=0:0.5:2".to_owned() };
    let News::Surface(surface) = outcome(&mut *bench, wanted, input) else { panic!() };
    let nets: Vec<f64> = surface.cells.iter().flatten().map(|cell| cell.net).collect();
    assert_eq!((nets.len(), nets[0], nets[1]), (4, nets[2], nets[3]));
    assert_eq!(nets[0], by_rule.metrics[0].net);
    let wanted =
        Wanted::WalkForward { axes: "entry_z=1:2:2,exit_z=0:0.5:2".to_owned(), train: Train::Rolling };
    let News::Walked(walked) = outcome(&mut *bench, wanted, input) else { panic!() };
    assert!(walked.folds.iter().any(|fold| fold.test_trades > 0));
}
