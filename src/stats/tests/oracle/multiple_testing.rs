//! Corrections for many tests against statsmodels, to the last bit.

use crate::support::uniforms;
use serde::Deserialize;
use spreadscope_stats::{benjamini_hochberg, benjamini_yekutieli, holm};

const FIXTURE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/oracle/scan.json"));

#[derive(Deserialize)]
struct Table {
    multiple_testing: Vec<Case>,
}

#[derive(Deserialize, Debug)]
struct Case {
    count: usize,
    step: usize,
    benjamini_hochberg: Vec<f64>,
    benjamini_yekutieli: Vec<f64>,
    holm: Vec<f64>,
}

fn p_values(count: usize) -> Vec<f64> {
    let cubes = uniforms(500 + count as u64, count).into_iter().map(|u| {
        let share = u + 0.5;
        share * share * share
    });
    let has_ties = count == 9 || count == 190;
    cubes.map(|value| if has_ties { (value * 8.0 + 0.5).floor() / 8.0 } else { value }).collect()
}

#[test]
fn corrections_for_up_to_thousands_of_tests_equal_those_of_statsmodels() {
    let cases = serde_json::from_str::<Table>(FIXTURE).unwrap().multiple_testing;
    assert_eq!(cases.last().map(|case| case.count), Some(4_950));
    for case in cases {
        let p_values = p_values(case.count);
        let all = [
            (benjamini_hochberg(&p_values), case.benjamini_hochberg),
            (benjamini_yekutieli(&p_values), case.benjamini_yekutieli),
            (holm(&p_values), case.holm),
        ];
        for (adjusted, expected) in all {
            let adjusted: Vec<f64> = adjusted.unwrap().into_iter().step_by(case.step).collect();
            assert_eq!(adjusted.len(), expected.len());
            for (got, expected) in adjusted.into_iter().zip(expected) {
                // the fixture's JSON reader may be off by the last bit
                let apart = got.to_bits().abs_diff(expected.to_bits());
                assert!(apart <= 1, "{got} is not {expected}, of {} tests", case.count);
            }
        }
    }
}
