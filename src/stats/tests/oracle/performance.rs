//! Performance measures against empyrical-reloaded, pandas, ffn and arch, by `generate_performance.py`.

use crate::support::{autoregression, close, uniforms};
use serde::Deserialize;
use spreadscope_stats::performance::{
    deflated_sharpe, expected_shortfall, optimal_block_length, overfitting_probability, probabilistic_sharpe,
    shape, sharpe, sortino, stationary_indices, value_at_risk, volatility,
};

const FIXTURE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/oracle/performance.json"));

#[derive(Deserialize)]
struct Fixture {
    judged: Vec<Judged>,
    overfitting: Vec<Overfitted>,
    resampled: Vec<Resampled>,
}

#[derive(Deserialize, Debug)]
struct Judged {
    phi: f64,
    seed: u64,
    length: usize,
    sharpe: f64,
    sortino: f64,
    volatility: f64,
    value_at_risk_95: f64,
    expected_shortfall_95: f64,
    value_at_risk_99: Option<f64>,
    expected_shortfall_99: Option<f64>,
    skewness: f64,
    excess_kurtosis: f64,
    probabilistic_sharpe: f64,
    deflated_sharpe: f64,
    block_length: f64,
}

#[derive(Deserialize, Debug)]
struct Overfitted {
    trials: usize,
    length: usize,
    blocks: usize,
    seed: u64,
    probability: f64,
    mean_rank: f64,
}

#[derive(Deserialize)]
struct Resampled {
    length: usize,
    block_length: f64,
    seed: u64,
    places: Vec<usize>,
}

fn fixture() -> Fixture {
    serde_json::from_str(FIXTURE).unwrap()
}

fn returns(phi: f64, seed: u64, length: usize) -> Vec<f64> {
    autoregression(phi, &uniforms(seed, length)).into_iter().map(|value| 0.001 + 0.02 * value).collect()
}

#[test]
fn ratios_and_tails_are_those_of_other_libraries() {
    for case in fixture().judged {
        let r = returns(case.phi, case.seed, case.length);
        close(sharpe(&r).unwrap(), case.sharpe, 1e-12, &case);
        close(sortino(&r).unwrap(), case.sortino, 1e-12, &case);
        close(volatility(&r).unwrap(), case.volatility, 1e-12, &case);
        close(value_at_risk(&r, 0.05).unwrap(), case.value_at_risk_95, 1e-12, &case);
        close(expected_shortfall(&r, 0.05).unwrap(), case.expected_shortfall_95, 1e-12, &case);
        // fewer than a hundred returns have no worst hundredth
        assert_eq!(value_at_risk(&r, 0.01).is_ok(), case.value_at_risk_99.is_some());
        if let Some((at_risk, shortfall)) = case.value_at_risk_99.zip(case.expected_shortfall_99) {
            close(value_at_risk(&r, 0.01).unwrap(), at_risk, 1e-12, &case);
            close(expected_shortfall(&r, 0.01).unwrap(), shortfall, 1e-12, &case);
        }
        // the library adds cubes and squares in another order
        let found = shape(&r).unwrap();
        close(found.skewness, case.skewness, 1e-10, &case);
        close(found.excess_kurtosis, case.excess_kurtosis, 1e-10, &case);
    }
}

#[test]
fn trust_in_a_ratio_is_that_of_ffn_and_blocks_are_as_long_as_those_of_arch() {
    for case in fixture().judged {
        let r = returns(case.phi, case.seed, case.length);
        let trials: Vec<f64> = uniforms(case.seed + 50, 40).into_iter().map(|u| 0.1 * u).collect();
        // this crate's error function is good to ten digits
        close(probabilistic_sharpe(&r, 0.0).unwrap(), case.probabilistic_sharpe, 1e-11, &case);
        close(deflated_sharpe(&r, &trials, 40).unwrap(), case.deflated_sharpe, 1e-10, &case);
        // a block has at least one return
        close(optimal_block_length(&r).unwrap(), case.block_length.max(1.0), 1e-9, &case);
    }
}

#[test]
fn overfitting_is_as_probable_as_ffn_has_it() {
    for case in fixture().overfitting {
        let trials: Vec<Vec<f64>> = (0..case.trials)
            .map(|at| {
                let r = returns(0.1 * (at % 5) as f64, case.seed + at as u64, case.length);
                r.into_iter().map(|value| value + 0.000_2 * (at % 3) as f64).collect()
            })
            .collect();
        let found = overfitting_probability(&trials, case.blocks).unwrap();
        close(found.probability, case.probability, 1e-12, &case);
        close(found.mean_rank, case.mean_rank, 1e-12, &case);
    }
}

#[test]
fn blocks_are_drawn_as_arch_draws_them() {
    for case in fixture().resampled {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the length")]
        let mut places: Vec<usize> = uniforms(case.seed, case.length)
            .iter()
            .map(|u| ((u + 0.5) * case.length as f64) as usize)
            .collect();
        let uniform: Vec<f64> = uniforms(case.seed + 1, case.length).iter().map(|u| u + 0.5).collect();
        stationary_indices(&mut places, &uniform, case.block_length);
        assert_eq!(places, case.places);
    }
}
