//! The loss of the whole capital, and what is said of it.

use super::*;

/// y is sold at 100 and closes at `price` in bar 3; z is back in bar 6 and far away again from bar 7 on.
fn bars_up_to(price: f64) -> Vec<Made> {
    let mut bars = vec![at(2.0); 12];
    bars[3].prices[0] = Some((100.0, price));
    bars[6] = at(-0.1);
    bars
}

#[test]
fn a_run_ends_when_the_capital_is_lost_with_fixed_capital_too() {
    let tape = tape_of(&bars_up_to(260.0));
    for compounding in [false, true] {
        let rules = Rules { compounding, ..rules() };
        let ledger = traded(&tape, &rules);
        let seen: Vec<(i64, Reason)> = of_y(&ledger).iter().map(|order| (order.0, order.2)).collect();
        assert_eq!(seen, [(1, Reason::Entry), (4, Reason::Loss)], "compounding {compounding}");
        assert_eq!(ledger.ruined_at, Some(tape.open_time(3)));
        assert_eq!(
            (ledger.refusals.bars(Refusal::Halted), ledger.refusals.bars(Refusal::Ruined)),
            (0, 4),
            "{:?}",
            ledger.refusals
        );
        let remarks = remarks(&rules, &ledger);
        assert!(remarks[0].starts_with("The capital was lost in the bar of 2023-11-15 00:03"), "{remarks:?}");
        // a run that skips bars finds the same
        let cell = cell(&tape, &mut TestResults::default(), &rules, 0..tape.len());
        assert_eq!((cell.trades, cell.lost), (1, true));
        assert!((cell.net - ledger.trades[0].net).abs() < 1e-9);
    }
    let alive = traded(&tape_of(&bars_up_to(190.0)), &rules());
    assert_eq!((alive.trades[0].reason_out, alive.ruined_at), (Reason::Exit, None));
}

#[test]
fn ratios_of_what_is_lost_are_undefined_and_say_so() {
    let mut bars = bars_up_to(260.0);
    bars.extend(vec![at(0.0); 40 * 60]);
    let tape = tape_of(&bars);
    for compounding in [false, true] {
        let rules = Rules { compounding, ..rules() };
        let ledger = traded(&tape, &rules);
        let [found, _] = metrics(&tape, &rules, 0..tape.len(), &ledger);
        let trust = trust_in_run(&tape, &rules, &ledger);
        let Metrics { sharpe, sortino, volatility, cagr, calmar, sterling, pain_ratio, var_95, skew, .. } =
            found;
        for figure in [sharpe, sortino, volatility, cagr, calmar, sterling, pain_ratio, var_95, skew] {
            assert_eq!(figure.0, Err("the capital is lost".to_owned()));
        }
        for figure in [trust.sharpe_low, trust.probabilistic_sharpe, trust.overfitting] {
            assert_eq!(figure.0, Err("the capital is lost".to_owned()));
        }
        assert!(found.max_drawdown > 1.0);
    }
}
