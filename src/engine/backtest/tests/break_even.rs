//! The fee at which nothing is left, also where another fee makes other fills.

use super::*;

fn net(tape: &Tape, rules: &Rules, fee_bps: f64) -> f64 {
    let rules = Rules { fee_bps, ..rules.clone() };
    cell(tape, &mut TestResults::default(), &rules, 0..tape.len()).net
}

fn found(tape: &Tape, rules: &Rules) -> Option<f64> {
    break_even_fee_bps(tape, &mut TestResults::default(), rules, 0..tape.len())
}

#[test]
fn a_run_pays_up_to_its_break_even_fee_and_no_further() {
    let plain = Rules { entry_z: 1.0, exit_z: 0.0, slippage_bps: 0.5, ..Rules::default() };
    let all = [
        plain.clone(),
        Rules { max_loss: Some(20.0), ..plain.clone() },
        Rules { max_loss: Some(60.0), fee_bps: 0.0, ..plain.clone() },
        Rules { drawdown_stop: Some(0.01), ..plain.clone() },
        Rules { compounding: true, fee_bps: 25.0, ..plain.clone() },
        Rules {
            max_loss: Some(15.0),
            drawdown_stop: Some(0.02),
            compounding: true,
            fee_bps: 1.0,
            ..plain.clone()
        },
        // a few hundred round trips at this fee cost more than the capital
        Rules { fee_bps: 400.0, ..plain },
    ];
    let (mut other_fills, mut lost) = (0, 0);
    for seed in 0..30 {
        let bars = market(seed, 600, 7);
        let tape = tape(legs(&bars), &parameters().settings).unwrap();
        for rules in &all {
            let ledger = traded(&tape, rules);
            let same_fills = metrics(&tape, rules, 0..tape.len(), &ledger)[0].break_even_fee_bps.value();
            let fee = found(&tape, rules).unwrap();
            let rounding = 1e-6 * rules.notional;
            if fee < 0.0 {
                assert!(net(&tape, rules, 0.0) <= 0.0, "{seed} {rules:?}: {fee}");
            } else {
                let step = 2e-5 * fee.max(1.0);
                assert!(net(&tape, rules, fee) >= -rounding, "{seed} {rules:?}: {fee}");
                assert!(net(&tape, rules, fee + step) <= rounding, "{seed} {rules:?}: {fee}");
            }
            // what is said at one's own fee and what is said of the other fees agree
            assert_eq!(net(&tape, rules, rules.fee_bps) > 0.0, fee > rules.fee_bps, "{seed} {rules:?}");
            other_fills += usize::from((same_fills.unwrap() - fee).abs() > 1e-3);
            lost += usize::from(ledger.ruined_at.is_some());
        }
    }
    assert!(other_fills > 20 && lost > 20, "{other_fills} {lost}");
}

#[test]
fn without_a_fill_there_is_none() {
    assert_eq!(found(&tape_of(&[at(0.0); 9]), &rules()), None);
}
