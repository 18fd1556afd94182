//! Dickey-Fuller and its response surfaces against statsmodels.

use crate::support::{ORACLE, close, lags, series, trend};
use serde::Deserialize;
use spreadscope_stats::{AdfSpec, adf, mackinnon};

#[derive(Deserialize)]
struct Oracle {
    adf: Vec<AdfCase>,
    mackinnon: MacKinnonCases,
}

#[derive(Deserialize, Debug)]
struct AdfCase {
    kind: String,
    seed: u64,
    length: usize,
    trend: String,
    lags: String,
    statistic: f64,
    p: f64,
    used: usize,
    nobs: usize,
    critical: [f64; 3],
}

#[derive(Deserialize)]
struct MacKinnonCases {
    p_values: Vec<PValueCase>,
    critical: Vec<CriticalCase>,
}

#[derive(Deserialize)]
struct PValueCase {
    trend: String,
    n: usize,
    statistic: f64,
    p: f64,
}

#[derive(Deserialize)]
struct CriticalCase {
    trend: String,
    n: usize,
    nobs: usize,
    critical: [f64; 3],
}

fn oracle() -> Oracle {
    serde_json::from_str(ORACLE).unwrap()
}

#[test]
fn dickey_fuller_is_statsmodels() {
    let cases = oracle().adf;
    assert_eq!(cases.len(), 280);
    for case in &cases {
        let y = series(&case.kind, case.seed, case.length);
        let got = adf(&y, &AdfSpec { trend: trend(&case.trend), lags: lags(&case.lags) }).unwrap();
        assert_eq!((got.lags, got.observations), (case.used, case.nobs), "{case:?}");
        close(got.statistic, case.statistic, 1e-8, case);
        assert!((got.p_value - case.p).abs() <= 1e-8 * case.p.max(1e-4), "{} {case:?}", got.p_value);
        let critical = got.critical_values;
        for (got, expected) in
            [critical.one_percent, critical.five_percent, critical.ten_percent].into_iter().zip(case.critical)
        {
            close(got, expected, 1e-12, case);
        }
    }
}

#[test]
fn the_response_surfaces_are_statsmodels_but_for_the_slip() {
    let MacKinnonCases { p_values, critical } = oracle().mackinnon;
    for case in &p_values {
        let got = mackinnon::p_value(case.statistic, trend(&case.trend), case.n).unwrap();
        let what = (&case.trend, case.n, case.statistic);
        assert!((got - case.p).abs() <= 1e-8 * case.p.max(1e-4), "{got} {} {what:?}", case.p);
    }
    for case in &critical {
        let got = mackinnon::critical_values(trend(&case.trend), case.n, case.nobs).unwrap();
        let slip = case.trend == "c" && case.n == 2;
        let nobs = case.nobs as f64;
        let one = case.critical[0] + if slip { 11.0 / (nobs * nobs) } else { 0.0 };
        let what = (&case.trend, case.n, case.nobs);
        close(got.one_percent, one, 1e-12, &what);
        close(got.five_percent, case.critical[1], 1e-12, &what);
        close(got.ten_percent, case.critical[2], 1e-12, &what);
    }
}
