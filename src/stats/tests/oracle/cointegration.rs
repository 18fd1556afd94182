//! Engle-Granger and the half-life against statsmodels.

use crate::support::{ORACLE, close, pair};
use serde::Deserialize;
use spreadscope_stats::{
    EngleGrangerSpec, EngleGrangerWithAdf, Reading, engle_granger, engle_granger_with_adf, half_life, ols,
};

#[derive(Deserialize)]
struct Oracle {
    pairs: Vec<PairCase>,
}

#[derive(Deserialize, Debug)]
struct PairCase {
    kind: String,
    seed: u64,
    length: usize,
    slope: f64,
    slope_std_error: f64,
    r_squared: f64,
    statistic: f64,
    p: f64,
    critical: [f64; 3],
    adf: PlainAdf,
    reversion: Reversion,
}

#[derive(Deserialize, Debug)]
struct PlainAdf {
    statistic: f64,
    p: f64,
    used: usize,
}

#[derive(Deserialize, Debug)]
struct Reversion {
    slope: f64,
    std_error: f64,
}

fn oracle() -> Oracle {
    serde_json::from_str(ORACLE).unwrap()
}

#[test]
fn engle_granger_is_statsmodels() {
    let cases = oracle().pairs;
    assert_eq!(cases.len(), 24);
    for case in &cases {
        let (y, x) = pair(&case.kind, case.seed, case.length);
        let EngleGrangerWithAdf { cointegration: got, residual_adf } =
            engle_granger_with_adf(&y, &x, &EngleGrangerSpec::default()).unwrap();
        close(got.hedge_ratio, case.slope, 1e-10, case);
        close(got.hedge_ratio_std_error, case.slope_std_error, 1e-9, case);
        close(ols(&y, &x).unwrap().r_squared, case.r_squared, 1e-10, case);
        close(got.statistic, case.statistic, 1e-8, case);
        assert!((got.p_value - case.p).abs() <= 1e-8 * case.p.max(1e-4), "{} {case:?}", got.p_value);
        close(residual_adf.statistic, case.adf.statistic, 1e-8, case);
        assert!((residual_adf.p_value - case.adf.p).abs() <= 1e-8 * case.adf.p.max(1e-4), "{case:?}");
        assert_eq!(residual_adf.lags, case.adf.used);
        // statsmodels' 1 % value has a mistake in its second term: -33.527 instead of the paper's -22.527
        let n = (case.length - 1) as f64;
        close(got.critical_values.one_percent, case.critical[0] + 11.0 / (n * n), 1e-12, case);
        close(got.critical_values.five_percent, case.critical[1], 1e-12, case);
        close(got.critical_values.ten_percent, case.critical[2], 1e-12, case);
    }
}

#[test]
fn half_life_follows_from_the_regression_of_the_reference() {
    let mut ready = 0;
    for case in &oracle().pairs {
        let (y, x) = pair(&case.kind, case.seed, case.length);
        let residuals = engle_granger(&y, &x, &EngleGrangerSpec::default()).unwrap().residuals;
        let Reversion { slope, std_error } = case.reversion;
        match half_life(&residuals) {
            Reading::Ready(got) => {
                ready += 1;
                close(got.slope, slope, 1e-8, case);
                close(got.slope_std_error, std_error, 1e-8, case);
                close(got.bars, -(2.0_f64.ln()) / slope.ln_1p(), 1e-8, case);
            }
            Reading::Undefined(_) => assert!(slope / std_error > -2.95, "{case:?}"),
            other => panic!("{other:?}"),
        }
    }
    assert!(ready >= 10, "{ready}");
}
