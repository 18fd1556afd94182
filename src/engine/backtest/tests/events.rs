//! The order of events within and between bars.

use super::*;

#[test]
fn a_decision_at_a_close_is_filled_at_the_next_open() {
    let tape = tape_of(&[at(0.0), at(-2.0), at(-1.0), at(0.1), at(0.0), at(0.0)]);
    let ledger = traded(&tape, &rules());
    assert_eq!(of_y(&ledger), [(2, 10_000.0 / 101.0, Reason::Entry), (4, -10_000.0 / 101.0, Reason::Exit)]);
    assert!(ledger.orders.iter().all(|order| order.price == [100.0, 50.0][order.leg as usize]));
    let trade = ledger.trades[0];
    assert_eq!((trade.held, trade.bars_held, trade.entry_z), (PositionSide::Long, 2, -2.0));
    assert_eq!(ledger.orders[1].quantity, -ledger.orders[0].quantity);
}

#[test]
fn it_may_be_filled_at_the_next_close_or_at_its_own() {
    let tape = tape_of(&[at(2.5), at(1.0), at(-0.1), at(0.0), at(0.0)]);
    let by = |fill| traded(&tape, &Rules { fill, ..rules() });
    let next = by(FillAt::NextClose);
    assert_eq!(of_y(&next).iter().map(|order| order.0).collect::<Vec<i64>>(), [1, 3]);
    assert_eq!((next.orders[0].price, next.orders[0].quantity < 0.0), (101.0, true));
    assert_eq!(next.trades[0].bars_held, 2);
    let same = by(FillAt::SameClose);
    assert_eq!(of_y(&same).iter().map(|order| order.0).collect::<Vec<i64>>(), [0, 2]);
}

#[test]
fn a_jump_across_the_mean_leaves_and_does_not_enter_in_the_same_bar() {
    // the threshold is passed without being hit: from +3 to -1, then -2.5 in the bar of the fill
    let tape = tape_of(&[at(3.0), at(3.0), at(-2.5), at(-2.5), at(-2.5), at(0.0)]);
    let reasons: Vec<(i64, Reason)> =
        of_y(&traded(&tape, &rules())).iter().map(|order| (order.0, order.2)).collect();
    let expected = [(1, Reason::Entry), (3, Reason::Exit), (4, Reason::Entry), (5, Reason::EndOfData)];
    assert_eq!(reasons, expected);
}

#[test]
fn an_exit_may_be_decided_at_the_close_of_the_bar_that_filled_the_entry() {
    let tape = tape_of(&[at(2.0), at(-0.5), at(0.0), at(0.0)]);
    let places: Vec<i64> = of_y(&traded(&tape, &rules())).iter().map(|order| order.0).collect();
    assert_eq!(places, [1, 2]);
}

#[test]
fn a_stop_is_not_followed_by_an_entry_before_z_has_come_back() {
    // trap "stop, then re-entry in the same bar": z = -4.5 with an entry of 2 and a stop of 4
    let tape =
        tape_of(&[at(-2.0), at(-3.0), at(-4.5), at(-3.0), at(-3.0), at(-1.0), at(-2.5), at(-2.0), at(0.0)]);
    let ledger = traded(&tape, &Rules { stop_z: Some(4.0), ..rules() });
    let seen: Vec<(i64, Reason)> = of_y(&ledger).iter().map(|order| (order.0, order.2)).collect();
    let expected = [(1, Reason::Entry), (3, Reason::Stop), (7, Reason::Entry), (8, Reason::EndOfData)];
    assert_eq!(seen, expected);
    assert_eq!(
        (ledger.refusals.bars(Refusal::NotRearmed), ledger.refusals.bars(Refusal::BeyondStop)),
        (2, 0)
    );
    let beyond = traded(&tape_of(&[at(-4.5), at(0.0), at(0.0)]), &Rules { stop_z: Some(4.0), ..rules() });
    assert_eq!((beyond.orders.len(), beyond.refusals.bars(Refusal::BeyondStop)), (0, 1));
}

#[test]
fn largest_loss_goes_before_the_stop_and_the_stop_before_time() {
    let mut bars = vec![at(2.0), at(3.0), at(9.0), at(0.0), at(0.0)];
    bars[2].prices[0] = Some((100.0, 140.0));
    let reason = |rules: &Rules| traded(&tape_of(&bars), rules).trades[0].reason_out;
    let all = Rules { max_loss: Some(100.0), stop_z: Some(5.0), time_stop_bars: 1, ..rules() };
    assert_eq!(reason(&Rules { time_stop_bars: 0, ..all.clone() }), Reason::Loss);
    assert_eq!(reason(&Rules { max_loss: None, time_stop_bars: 0, ..all.clone() }), Reason::Stop);
    assert_eq!(reason(&Rules { max_loss: None, stop_z: None, ..all.clone() }), Reason::Time);
    assert_eq!(reason(&Rules { max_loss: None, stop_z: None, time_stop_bars: 0, ..all }), Reason::Exit);
}

#[test]
fn largest_loss_counts_what_leaving_would_cost() {
    let tape = tape_of(&[at(2.0), at(2.0), at(2.0), at(2.0)]);
    // valued at the closes: y lost 99.0099, x gained 49.5, and the exit costs 0.1 % of both
    let lost = |max_loss| {
        let rules = Rules { max_loss: Some(max_loss), fee_bps: 10.0, ..rules() };
        traded(&tape, &rules).trades[0].reason_out
    };
    let open = 10_000.0 / 101.0 * (1.0 - 0.5);
    let costs = 10_000.0 / 101.0 * 0.001 * (100.0 + 50.0 + 101.0 + 50.5);
    assert_eq!(lost(open + costs - 1e-6), Reason::Loss);
    assert_eq!(lost(open + costs + 1e-6), Reason::EndOfData);
}

#[test]
fn bars_of_which_nothing_is_known_do_not_count() {
    let tape = tape_of(&[at(2.0), at(2.0), missing(), missing(), at(2.0), at(2.0), at(2.0), at(2.0)]);
    let ledger = traded(&tape, &Rules { time_stop_bars: 2, ..rules() });
    // filled in bar 1; two known bars later is bar 5; filled in bar 6
    assert_eq!(of_y(&ledger).iter().map(|order| order.0).collect::<Vec<i64>>(), [1, 6]);
    let bars = [at(2.0), at(0.0), at(2.0), missing(), at(2.0), at(2.0), at(2.0), at(2.0)];
    let ledger = traded(&tape_of(&bars), &Rules { cooldown_bars: 2, ..rules() });
    // exited in bar 2; the second known bar after it is bar 5
    assert_eq!(of_y(&ledger).iter().map(|order| order.0).collect::<Vec<i64>>(), [1, 2, 6, 7]);
    assert_eq!(ledger.refusals.bars(Refusal::Cooldown), 2);
}

#[test]
fn an_entry_waits_for_both_legs_and_is_given_up() {
    let waiting = |quiet_bars: usize| {
        let mut bars = vec![at(2.0)];
        bars.extend(core::iter::repeat_n(quiet(), quiet_bars));
        bars.extend([at(1.0), at(1.0)]);
        traded(&tape_of(&bars), &Rules { wait_bars: 2, ..rules() })
    };
    assert_eq!(of_y(&waiting(2))[0].0, 3);
    let given_up = waiting(3);
    assert_eq!((given_up.orders.len(), given_up.refusals.bars(Refusal::Untraded)), (0, 1));
}

#[test]
fn an_exit_that_has_waited_is_filled_at_the_last_price_and_flagged() {
    let bars = [at(2.0), at(1.0), at(-0.1), missing(), quiet(), at(0.0), at(0.0)];
    let ledger = traded(&tape_of(&bars), &Rules { wait_bars: 1, ..rules() });
    let exit = &ledger.orders[2..4];
    assert_eq!(exit.iter().map(|order| order.stale).collect::<Vec<bool>>(), [true, false]);
    assert_eq!((exit[0].price, exit[1].price), (101.0, 50.0));
    assert_eq!((of_y(&ledger)[1].0, ledger.trades[0].stale), (4, true));
    assert_eq!(remarks(&rules(), &ledger), ["1 exit was filled at an older price, for lack of a trade."]);
    let patient = traded(&tape_of(&bars), &rules());
    assert_eq!((of_y(&patient)[1].0, patient.trades[0].stale), (5, false));
}

#[test]
fn a_position_at_the_end_is_closed_at_the_last_close_with_all_costs() {
    // trap "last close outside equity": the ledger and the equity end with the same money
    let tape = tape_of(&[at(2.0), at(1.0), at(1.0)]);
    let rules = Rules { fee_bps: 10.0, slippage_bps: 1.0, ..Rules::default() };
    let ledger = traded(&tape, &rules);
    assert_eq!(of_y(&ledger)[1].2, Reason::EndOfData);
    assert_eq!(ledger.orders[2].price, 101.0 * 1.000_1);
    assert_eq!((ledger.trades[0].bars_held, ledger.forced_from), (2, Some(1)));
    assert!((ledger.equity[2] - 10_000.0 - ledger.trades[0].net).abs() < 1e-9);
    let [whole, without] = metrics(&tape, &rules, 0..3, &ledger);
    assert_eq!((whole.trades, without.trades, without.net), (1, 0, 0.0));
    assert!(whole.fees > 0.0 && whole.max_drawdown > 0.0 && without.max_drawdown == 0.0);
}

#[test]
fn a_decision_at_the_last_close_is_dropped() {
    for fill in FillAt::ALL {
        let ledger = traded(&tape_of(&[at(0.0), at(5.0)]), &Rules { fill, ..rules() });
        assert_eq!((ledger.orders.len(), ledger.equity.len()), (0, 2), "{fill:?}");
    }
}

#[test]
fn no_entry_without_a_positive_ratio_and_each_refusal_is_counted() {
    let mut bars = [at(2.0), at(2.0), at(2.0), at(0.0)];
    (bars[0].ratio, bars[1].ratio) = (Some(-0.5), Some(0.0));
    let ledger = traded(&tape_of(&bars), &rules());
    assert_eq!((of_y(&ledger)[0].0, ledger.refusals.bars(Refusal::Ratio)), (3, 2));
    let long = traded(&tape_of(&bars), &Rules { side: Side::Long, ..rules() });
    assert_eq!((long.orders.len(), long.refusals.bars(Refusal::Side)), (0, 3));
    // the tests have no sample here, so a filter on them lets nothing through
    let filtered = Rules { max_p_value: Some(0.05), ..rules() };
    let ledger = traded(&tape_of(&bars), &filtered);
    assert_eq!((ledger.orders.len(), ledger.refusals.bars(Refusal::FilterUndefined)), (0, 1));
    assert_eq!(
        remarks(&filtered, &ledger),
        [
            "max_p_value refused entries in 1 bar for want of a number: in the last of them there was no test result that is \
             new enough."
        ]
    );
}

#[test]
fn a_filter_that_waits_for_its_sample_says_how_much_of_it_there_is() {
    let bars = market(21, 300, 0);
    let settings = Settings { test_lookback_bars: 900, ..parameters().settings };
    let tape = tape(legs(&bars), &settings).unwrap();
    let filtered = Rules { entry_z: 1.2, max_p_value: Some(1.0), ..Rules::default() };
    let ledger = traded(&tape, &filtered);
    let undefined = &ledger.undefined_filters;
    assert_eq!((ledger.orders.len(), undefined.len()), (0, 1));
    assert_eq!(
        (undefined[0].filter.as_str(), undefined[0].bars),
        ("max_p_value", ledger.refusals.bars(Refusal::FilterUndefined))
    );
    assert!(undefined[0].reason.ends_with(" of 900 bars"), "{}", undefined[0].reason);
    // each refused bar is noted
    let refused = ledger.refused.iter().filter(|(_, why)| *why == Refusal::FilterUndefined);
    assert_eq!(refused.count(), undefined[0].bars);
    assert!(ledger.refused.iter().all(|(at, _)| tape.z(at).unwrap().abs() >= 1.2));
}

#[test]
fn a_drawdown_stop_ends_the_run_for_good() {
    let mut bars = vec![at(2.0), at(2.0), at(2.0), at(2.0), at(0.0), at(2.0), at(2.0), at(0.0)];
    bars[2].prices[0] = Some((100.0, 130.0));
    let ledger = traded(&tape_of(&bars), &Rules { drawdown_stop: Some(0.1), ..rules() });
    assert_eq!(
        of_y(&ledger).iter().map(|order| order.2).collect::<Vec<Reason>>(),
        [Reason::Entry, Reason::Loss]
    );
    assert_eq!(ledger.refusals.bars(Refusal::Halted), 2);
}

#[test]
fn profits_are_traded_again_where_they_compound() {
    let mut bars = [at(2.0), at(1.0), at(-0.1), at(2.0), at(2.0), at(0.0), at(0.0)];
    bars[3].prices[0] = Some((80.0, 101.0));
    let units = |compounding| of_y(&traded(&tape_of(&bars), &Rules { compounding, ..rules() }))[2].1;
    let won = 10_000.0 / 101.0 * 20.0;
    assert!((units(false) + 10_000.0 / 101.0).abs() < 1e-9);
    assert!((units(true) + (10_000.0 + won) / 101.0).abs() < 1e-9);
}

#[test]
fn an_alert_rule_may_say_when_to_enter_with_its_dwell_and_hysteresis() {
    use crate::alert::{Dwell, Rule, RuleId};
    let bars = market(21, 400, 0);
    let mut settings = parameters().settings;
    (settings.z_threshold, settings.z_hysteresis, settings.alert_cooldown_secs) = (1.0, 0.7, 0);
    let rule = Rule { id: RuleId(1), dwell: Dwell::Bars(2), ..Rule::of_settings(&settings) };
    let mut maker = TapeMaker::new(legs(&bars), &settings).unwrap();
    maker.enter_by(rule).unwrap();
    maker.work(legs(&bars), usize::MAX);
    let tape = maker.finish();
    let ledger = traded(&tape, &rules());
    assert!(ledger.trades.len() > 5);
    let mut before = 0;
    for trade in &ledger.trades {
        let decided = tape.place(trade.entry_time) - 1;
        // it has held for two bars, and has calmed down since it last fired
        let held = [decided - 1, decided].map(|at| tape.z(at).unwrap());
        assert!(held.iter().all(|z| z.abs() >= 1.0 && z * held[0] > 0.0), "{held:?}");
        let calm = (before..decided).any(|at| tape.z(at).is_none_or(|z| z.abs() <= 0.3 || z * held[0] < 0.0));
        assert!(calm, "{trade:?}");
        before = decided;
    }
    // a run that skips the bars without signals finds the same
    let skipped = cell(&tape, &mut TestResults::default(), &rules(), 0..tape.len());
    assert_eq!(skipped.trades, ledger.trades.len());
}

#[test]
fn neither_a_rule_nor_a_filter_goes_by_a_test_of_part_of_its_sample() {
    use crate::alert::{Condition, Level, Quantity, Rule, RuleId};
    let bars = market(21, 400, 0);
    let settings = Settings {
        z_threshold: 1.0,
        z_hysteresis: 0.7,
        alert_cooldown_secs: 0,
        test_lookback_bars: 200,
        ..parameters().settings
    };
    let any_p = Condition { quantity: Quantity::EngleGrangerP, level: Level::Above(0.0) };
    let by = |conditions: Vec<Condition>| {
        let mut maker = TapeMaker::new(legs(&bars), &settings).unwrap();
        maker.enter_by(Rule { id: RuleId(1), conditions, ..Rule::of_settings(&settings) }).unwrap();
        // a step runs a few tests at most
        while maker.work(legs(&bars), usize::MAX) {}
        maker.finish()
    };
    let early = |tape: &Tape, rules: &Rules| {
        let decided = |trade: &RoundTrip| tape.place(trade.entry_time) - 1;
        let places: Vec<usize> = traded(tape, rules).trades.iter().map(decided).collect();
        (places.len(), places.iter().filter(|at| tape.sample(**at).1 < 200).count())
    };
    let plain = by(Vec::new());
    assert!(early(&plain, &rules()).1 > 0);
    for (count, early) in [
        early(&by(vec![any_p]), &rules()),
        early(&plain, &Rules { max_p_value: Some(1.0), ..rules() }),
        early(&plain, &Rules { max_half_life_bars: Some(1e9), ..rules() }),
    ] {
        assert!(count > 0 && early == 0, "{early} of {count}");
    }
}

#[test]
fn x_follows_the_hedge_ratio_where_that_is_set() {
    let mut bars = [at(-2.0), at(-1.0), at(-1.0), at(-1.0), at(0.5), at(0.0)];
    bars[3].ratio = Some(1.5);
    let ledger = traded(&tape_of(&bars), &Rules { rehedge_bars: 2, ..rules() });
    let of_x: Vec<(f64, Reason)> = ledger
        .orders
        .iter()
        .filter(|order| order.leg == OrderLeg::X)
        .map(|order| (order.quantity * 101.0 / 10_000.0, order.reason))
        .collect();
    let expected = [(-1.0, Reason::Entry), (-0.5, Reason::Rehedge), (1.5, Reason::Exit)];
    assert_eq!(of_x.len(), 3);
    for (seen, expected) in of_x.iter().zip(expected) {
        assert!((seen.0 - expected.0).abs() < 1e-12 && seen.1 == expected.1, "{of_x:?}");
    }
}

#[test]
fn a_step_runs_a_few_tests_however_many_bars_it_may_take() {
    let (parameters, bars) = (parameters(), market(4, 400, 0));
    let tape = tape(legs(&bars), &parameters.settings).unwrap();
    let rules = Rules { entry_z: 0.01, max_p_value: Some(1e-40), ..rules() };
    let mut run = Run::new(&rules, 0..tape.len(), false);
    let (mut tests, mut steps, mut before) = (TestResults::default(), 1, 0);
    while run.work(&tape, &mut tests, usize::MAX) {
        assert!(tests.len() - before <= super::super::tested::TESTS_A_STEP, "{} {before}", tests.len());
        before = tests.len();
        steps += 1;
    }
    assert!(tests.len() > 300 && steps > 30, "{} {steps}", tests.len());
}
