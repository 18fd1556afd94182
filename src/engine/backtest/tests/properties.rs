//! Properties of every tape and every set of rules.

use super::*;
use crate::settings::{HedgeKind, PriceScale};
use proptest::prelude::*;
use spreadscope_stats::performance as stats;

fn any_rules() -> impl Strategy<Value = Rules> {
    let off = |values: core::ops::Range<f64>| prop::option::weighted(0.3, values);
    let thresholds = (0.5..2.0_f64, -1.0..0.5_f64, off(0.1..1.5), off(1.0..200.0), off(0.001..0.05));
    let counts = (
        prop_oneof![2 => Just(0), 1 => 1_usize..20],
        0_usize..8,
        0_usize..6,
        prop_oneof![3 => Just(0), 1 => 1_usize..9],
        any::<bool>(),
    );
    let choices = (0..3_usize, 0..3_usize, 0..3_usize, 0.0..20.0_f64, 0.0..5.0_f64, 0.0..500.0_f64);
    (thresholds, counts, choices).prop_map(|(thresholds, counts, choices)| {
        let (entry_z, exit_z, stop, max_loss, drawdown_stop) = thresholds;
        let (time_stop_bars, cooldown_bars, wait_bars, rehedge_bars, compounding) = counts;
        let (side, fill, sizing, fee_bps, slippage_bps, holding) = choices;
        Rules {
            entry_z,
            exit_z,
            stop_z: stop.map(|beyond| entry_z + beyond),
            max_loss,
            drawdown_stop,
            time_stop_bars,
            cooldown_bars,
            wait_bars,
            rehedge_bars,
            compounding,
            side: Side::ALL[side],
            fill: FillAt::ALL[fill],
            sizing: Sizing::ALL[sizing],
            fee_bps,
            slippage_bps,
            funding_bps_per_day: if holding > 250.0 { holding } else { 0.0 },
            borrow_bps_per_day: if holding > 400.0 { holding } else { 0.0 },
            ..Rules::default()
        }
    })
}

fn near(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + scale.abs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn money_adds_up(rules in any_rules(), seed in 0_u64..1_000, quiet in prop_oneof![Just(0_u64), 2_u64..9]) {
        let bars = market(seed, 300, quiet);
        let settings = parameters().settings;
        let tape = tape(legs(&bars), &settings).unwrap();
        let ledger = traded(&tape, &rules);
        let [found, _] = metrics(&tape, &rules, 0..tape.len(), &ledger);
        // the round trips add up to the change of equity
        let change = ledger.equity.last().unwrap() - rules.notional;
        prop_assert!(near(found.net, change, found.turnover), "{} {change}", found.net);
        // a fee is a share of the money of its fill
        let fees: f64 = ledger.orders.iter().map(|o| o.quantity.abs() * o.price * rules.fee_bps / 1e4).sum();
        prop_assert!(near(found.fees, fees, found.turnover));
        let costs = found.slippage + found.fees + found.funding + found.borrow;
        prop_assert!(near(found.net, found.gross - costs, found.turnover));
        // nothing is held at the end, and every entry has an exit
        let held: f64 = ledger.orders.iter().map(|order| order.quantity).sum();
        prop_assert!(held.abs() < 1e-6, "{held}");
        prop_assert_eq!(ledger.equity.len(), tape.len());
        // a run that skips the bars without events finds the same
        let mut tests = TestResults::default();
        let found_by_cell = cell(&tape, &mut tests, &rules, 0..tape.len());
        prop_assert_eq!((found_by_cell.trades, found_by_cell.net), (found.trades, found.net));
        let by_bar = trust_in_run(&tape, &rules, &ledger);
        prop_assert_eq!(by_bar.trials, 0);
    }

    #[test]
    fn a_shorter_tape_has_the_same_ledger_up_to_its_end(
        rules in any_rules(),
        seed in 0_u64..1_000,
        quiet in prop_oneof![Just(0_u64), 2_u64..9],
        kind in 0..HedgeKind::ALL.len(),
        bars in 60_usize..300,
    ) {
        let market = market(seed, 300, quiet);
        let mut parameters = Parameters { rules, ..parameters() };
        parameters.settings.hedge_model = HedgeKind::ALL[kind];
        let whole = traded(&tape(legs(&market), &parameters.settings).unwrap(), &parameters.rules);
        let found = truncation(legs(&market), &parameters, &whole, bars).unwrap();
        prop_assert_eq!(found.differs, None);
    }

    #[test]
    fn no_fee_is_never_worse_than_a_fee(seed in 0_u64..1_000, fee in 0.0..50.0_f64) {
        let bars = market(seed, 300, 0);
        let tape = tape(legs(&bars), &parameters().settings).unwrap();
        let net = |fee_bps| {
            let rules = Rules { fee_bps, ..parameters().rules };
            traded(&tape, &rules).trades.iter().map(|trade| trade.net).sum::<f64>()
        };
        prop_assert!(net(0.0) >= net(fee));
    }

    #[test]
    fn the_break_even_fee_leaves_nothing(seed in 0_u64..1_000, slippage_bps in 0.0..3.0_f64) {
        let bars = market(seed, 300, 5);
        let tape = tape(legs(&bars), &parameters().settings).unwrap();
        let found = |fee_bps| {
            let rules = Rules { fee_bps, slippage_bps, ..parameters().rules };
            metrics(&tape, &rules, 0..tape.len(), &traded(&tape, &rules))[0].clone()
        };
        let first = found(10.0);
        let fee = first.break_even_fee_bps.value();
        prop_assume!(fee.is_some());
        prop_assert!(near(found(fee.unwrap()).net, 0.0, first.turnover));
    }

    #[test]
    fn prices_and_notional_scaled_together_scale_the_profit(seed in 0_u64..1_000) {
        let bars = market(seed, 300, 0);
        // scaling by a power of two does not round, so the same bars decide
        let scaled = scaled(&bars, [4.0, 4.0]);
        for price_scale in PriceScale::ALL {
            let mut parameters = parameters();
            parameters.settings.price_scale = price_scale;
            let net = |bars: &[Bars; 2], notional| {
                let tape = tape(legs(bars), &parameters.settings).unwrap();
                let rules = Rules { notional, ..parameters.rules.clone() };
                traded(&tape, &rules).trades.iter().map(|trade| trade.net).collect::<Vec<f64>>()
            };
            let (small, large) = (net(&bars, 10_000.0), net(&scaled, 40_000.0));
            prop_assert_eq!(small.len(), large.len());
            prop_assert!(small.iter().zip(&large).all(|(a, b)| (4.0 * a - b).abs() < 1e-4), "{:?} {:?}", small, large);
        }
    }
}

fn scaled(bars: &[Bars; 2], by: [f64; 2]) -> [Bars; 2] {
    let scale = |leg: usize| {
        let mut scaled = Bars::new(Interval::OneMinute);
        let mut time = bars[leg].first().unwrap();
        while time < bars[leg].end().unwrap() {
            let bar = bars[leg].get(time);
            let traded = bar.traded.map(|t| Traded {
                open: t.open * by[leg],
                high: t.high * by[leg],
                low: t.low * by[leg],
                close: t.close * by[leg],
                ..t
            });
            scaled.put(time, Bar { traded, ..bar });
            time = time + Interval::OneMinute.millis();
        }
        scaled
    };
    [scale(0), scale(1)]
}

#[test]
fn the_mirror_of_a_run_is_its_mirror() {
    // y and x change places and z its sign: sales become purchases, and the money is the same without slippage,
    // whose prices are not symmetric
    let mirrored = |bar: &Made| Made {
        prices: [bar.prices[1], bar.prices[0]],
        z: bar.z.map(|z| -z),
        ratio: bar.ratio.map(|ratio| 1.0 / ratio),
        ..*bar
    };
    let mut random = Random::new(9);
    let bars: Vec<Made> = (0..400)
        .map(|_| {
            let price = |level: f64, random: &mut Random| (level + random.normal(), level + random.normal());
            let prices = [Some(price(100.0, &mut random)), Some(price(50.0, &mut random))];
            Made { prices, known: true, z: Some(1.5 * random.normal()), ratio: Some(2.0) }
        })
        .collect();
    let rules = Rules { sizing: Sizing::Gross, slippage_bps: 0.0, ..Rules::default() };
    let one = traded(&tape_of(&bars), &rules);
    let other = traded(&tape_of(&bars.iter().map(mirrored).collect::<Vec<Made>>()), &rules);
    assert!(one.trades.len() > 20);
    assert_eq!(one.trades.len(), other.trades.len());
    for (a, b) in one.trades.iter().zip(&other.trades) {
        assert!((a.net - b.net).abs() < 1e-9 && (a.quantity_y - b.quantity_x).abs() < 1e-9, "{a:?} {b:?}");
        assert!(a.held != b.held && a.reason_out == b.reason_out);
    }
}

#[test]
fn the_peak_is_the_highest_cell_and_the_plateau_the_widest() {
    let bars = market(11, 300, 7);
    let base = parameters();
    for text in [
        "entry_z=0.6:2:6,z_window_bars=10:40:4",
        "hedge_model,entry_z=1:2:3",
        "entry_z=0.6:2:5,exit_z=-1:1:5",
    ] {
        let grid = Grid::parse(text).unwrap();
        let tape = tape(legs(&bars), &base.settings).unwrap();
        let mut sweep = Sweep::new(&base, &grid);
        while sweep.work(legs(&bars)).unwrap() {}
        let surface = Surface::new(&base, &grid, sweep.finish(), &tape);
        let peak = surface.peak.unwrap();
        assert!(surface.cells.iter().flatten().all(|cell| cell.net <= peak.net), "{text}");
        assert!(surface.plateau.unwrap().median >= peak.median && peak.worst_neighbour <= peak.net);
    }
}

#[test]
fn every_cell_that_was_tried_counts_as_a_trial() {
    let bars = market(31, 50 * 60, 0);
    let parameters = parameters();
    let found = |axes: &str| {
        let grid = Grid::parse(axes).unwrap();
        let mut sweep = Sweep::new(&parameters, &grid);
        while sweep.work(legs(&bars)).unwrap() {}
        let tape = tape(legs(&bars), &parameters.settings).unwrap();
        Surface::new(&parameters, &grid, sweep.finish(), &tape)
    };
    let surface = found("entry_z=1:30:30,exit_z=-0.4:0.4:5");
    let cells: Vec<&Cell> = surface.cells.iter().flatten().collect();
    assert!((10..100).contains(&cells.len()) && surface.trust.trials == 150, "{}", cells.len());
    // the variance is that of the cells that have a ratio
    let ratios: Vec<f64> = cells.iter().filter_map(|cell| stats::sharpe(&cell.returns).ok()).collect();
    let peak = &surface.cells[surface.peak.unwrap().place].as_ref().unwrap().returns;
    let by = |trials| stats::deflated_sharpe(peak, &ratios, trials).unwrap();
    assert_eq!(surface.trust.deflated_sharpe.value().unwrap(), by(150));
    assert!(by(150) < by(cells.len()));
    // an exit at or beyond the entry is no trial: 2 of the exits up to 2 are below an entry of 1, 4 below one of 2
    assert_eq!(found("entry_z=1:2:2,exit_z=0:2:5").trust.trials, 2 + 4);
}

#[test]
fn what_is_chosen_on_one_stretch_is_traded_on_the_next() {
    let bars = market(12, 400, 0);
    let base = parameters();
    let grid = Grid::parse("entry_z=0.6:2:4,exit_z=-0.5:0.5:3").unwrap();
    let tape = tape(legs(&bars), &base.settings).unwrap();
    for train in [Train::Rolling, Train::Anchored] {
        let how = WalkForward { train, train_bars: 150, test_bars: 60 };
        let mut walk = Walk::new(&base, &grid, how, tape.len()).unwrap();
        while walk.work(legs(&bars)).unwrap() {}
        let folds = walk.finish();
        assert_eq!(folds.len(), 5);
        for fold in &folds {
            let nets = (0..grid.len()).filter_map(|place| {
                let parameters = grid.parameters(&base, place)?;
                let found = cell(&tape, &mut TestResults::default(), &parameters.rules, fold.train.clone());
                (found.trades > 0).then_some(found.net)
            });
            assert_eq!(Some(fold.train_net), nets.reduce(f64::max));
            let within = |order: &Order| fold.test.contains(&tape.place(order.time));
            assert!(fold.ledger.orders.iter().all(within), "{train:?}");
        }
        let whole = stitched(&tape, &base, &folds).unwrap();
        let net: f64 = folds.iter().map(Fold::test_net).sum();
        assert!((whole.metrics.net - net).abs() < 1e-9);
        assert!((whole.ledger.equity.last().unwrap() - base.rules.notional - net).abs() < 1e-9);
        // trap "walk-forward ratio of losses": -50 over -10 would be 5; a difference keeps the sign
        let trained: usize = folds.iter().map(|fold| fold.train.len()).sum();
        let in_sample: f64 = folds.iter().map(|fold| fold.train_net).sum::<f64>() / trained as f64;
        assert!((whole.efficiency_per_bar - (net / 250.0 - in_sample)).abs() < 1e-12);
    }
}
