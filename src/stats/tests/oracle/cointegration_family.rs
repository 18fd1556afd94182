//! Engle-Granger in both directions, Johansen and Phillips-Ouliaris against statsmodels and arch.

use crate::cointegration_fixture::{Made, close_p, plain, table};
use crate::support::{autoregression, close, lags, trend, uniforms};
use serde::Deserialize;
use spreadscope_stats::{
    CriticalValues, Direction, EngleGrangerSpec, JohansenSpec, JohansenTest, JohansenTrend,
    PhillipsOuliarisSpec, PhillipsOuliarisTest, engle_granger, engle_granger_both, johansen,
    phillips_ouliaris,
};

#[derive(Deserialize)]
struct EngleGrangerTable {
    engle_granger: Vec<EngleGrangerCase>,
}

#[derive(Deserialize, Debug)]
struct EngleGrangerCase {
    #[serde(flatten)]
    made: Made,
    turned: bool,
    trend: String,
    lags: String,
    statistic: f64,
    p: f64,
    used: usize,
    critical: [f64; 3],
    slope: f64,
    std_error: f64,
}

#[test]
fn engle_granger_is_statsmodels_both_ways_with_every_trend_and_choice_of_lags() {
    let cases = table::<EngleGrangerTable>().engle_granger;
    assert_eq!(cases.iter().filter(|case| case.made.is_seeded()).count(), 42 * 6 * 2);
    for case in &cases {
        let Some((y, x)) = case.made.pair() else { continue };
        let (y, x) = if case.turned { (x, y) } else { (y, x) };
        let spec = EngleGrangerSpec { trend: trend(&case.trend), lags: lags(&case.lags) };
        let got = engle_granger(&y, &x, &spec).unwrap();
        assert_eq!(got.lags, case.used, "{case:?}");
        close(got.statistic, case.statistic, 1e-8, case);
        close_p(got.p_value, case.p, case);
        close(got.hedge_ratio, case.slope, 1e-10, case);
        close(got.hedge_ratio_std_error, case.std_error, 1e-10, case);
        let CriticalValues { one_percent, five_percent, ten_percent } = got.critical_values;
        // statsmodels' 1 % value with a constant has a mistake in its second term: -33.527, the paper has
        // -22.527
        let n = (case.made.length - 1) as f64;
        let slip = if case.trend == "c" { 11.0 / (n * n) } else { 0.0 };
        close(one_percent, case.critical[0] + slip, 1e-12, case);
        close(five_percent, case.critical[1], 1e-12, case);
        close(ten_percent, case.critical[2], 1e-12, case);
        let both = engle_granger_both(&y, &x, &spec).unwrap();
        assert_eq!(both.y_on_x, got);
        let better = both.y_on_x.statistic <= both.x_on_y.statistic;
        assert_eq!(both.better() == Direction::YOnX, better, "{case:?}");
    }
}

#[derive(Deserialize)]
struct JohansenTable {
    johansen: JohansenCases,
}

#[derive(Deserialize)]
struct JohansenCases {
    cases: Vec<JohansenCase>,
    tables: Vec<CriticalCase>,
}

#[derive(Deserialize, Debug)]
struct JohansenCase {
    #[serde(flatten)]
    made: Made,
    series: usize,
    order: i32,
    lags: usize,
    eigenvalues: Vec<f64>,
    trace: Vec<f64>,
    max_eigenvalue: Vec<f64>,
    vectors: Option<Vec<Vec<f64>>>,
}

#[derive(Deserialize, Debug)]
struct CriticalCase {
    order: i32,
    apart: usize,
    trace: [f64; 3],
    max_eigenvalue: [f64; 3],
}

fn johansen_trend(order: i32) -> JohansenTrend {
    match order {
        -1 => JohansenTrend::None,
        0 => JohansenTrend::Constant,
        1 => JohansenTrend::Linear,
        other => panic!("no order {other}"),
    }
}

#[test]
fn johansen_is_statsmodels() {
    let cases = table::<JohansenTable>().johansen.cases;
    assert_eq!(cases.iter().filter(|case| case.made.is_seeded()).count(), 42 * 2 * 6);
    for case in &cases {
        let Some((y, x)) = case.made.pair() else { continue };
        let third = autoregression(1.0, &uniforms(case.made.seed + 11, case.made.length));
        let series = [plain(&y), plain(&x), plain(&third)];
        let series: Vec<&[f64]> = series[..case.series].iter().map(Vec::as_slice).collect();
        let spec = JohansenSpec { trend: johansen_trend(case.order), lagged_changes: case.lags };
        let got = johansen(&series, &spec).unwrap();
        assert_eq!(got.observations, case.made.length - 1 - case.lags);
        for at in 0..case.series {
            // a correlation near zero has an absolute error, as squares of canonical correlations do
            let (value, expected) = (got.eigenvalues[at], case.eigenvalues[at]);
            assert!((value - expected).abs() <= 1e-8 * expected.max(1e-4), "{value} {expected} {case:?}");
            let informative = got.observations as f64 * 1e-12;
            for (test, expected) in
                [(got.trace[at], case.trace[at]), (got.max_eigenvalue[at], case.max_eigenvalue[at])]
            {
                let error = (test.statistic - expected).abs();
                assert!(error <= 1e-8 * expected + informative, "{} {expected} {case:?}", test.statistic);
            }
        }
        let Some(vectors) = &case.vectors else { continue };
        // an eigenvector is only as well determined as its eigenvalue is separated from the others
        let apart = case.eigenvalues.windows(2).fold(1.0_f64, |least, pair| least.min(pair[0] - pair[1]));
        for (got, expected) in got.eigenvectors.iter().zip(vectors) {
            let sign = expected[0].signum();
            let size = expected.iter().fold(0.0_f64, |size, weight| size.max(weight.abs()));
            for (got, expected) in got.iter().zip(expected) {
                let error = (got - sign * expected).abs();
                assert!(error <= 1e-8 * size * (0.01 / apart).max(1.0), "{got} {expected} {apart} {case:?}");
            }
        }
    }
}

#[test]
fn the_tables_of_johansens_tests_are_those_of_statsmodels() {
    let tables = table::<JohansenTable>().johansen.tables;
    assert_eq!(tables.len(), 36);
    let walk = autoregression(1.0, &uniforms(5, 2_000));
    // eleven stretches of one walk and more: any series will do, since the tables depend only on their number
    for case in tables.iter().filter(|case| case.apart >= 2) {
        let series: Vec<&[f64]> = (0..case.apart).map(|at| &walk[150 * at..150 * (at + 1)]).collect();
        let spec = JohansenSpec { trend: johansen_trend(case.order), lagged_changes: 0 };
        let found = johansen(&series, &spec).unwrap();
        let is = |test: &JohansenTest, expected: [f64; 3]| {
            let CriticalValues { one_percent, five_percent, ten_percent } = test.critical_values;
            assert_eq!([ten_percent, five_percent, one_percent], expected, "{case:?}");
        };
        is(&found.trace[0], case.trace);
        is(&found.max_eigenvalue[0], case.max_eigenvalue);
        let alone = tables.iter().find(|other| other.order == case.order && other.apart == 1).unwrap();
        is(found.trace.last().unwrap(), alone.trace);
        is(found.max_eigenvalue.last().unwrap(), alone.max_eigenvalue);
    }
}

#[derive(Deserialize)]
struct PhillipsOuliarisTable {
    phillips_ouliaris: Vec<PhillipsOuliarisCase>,
}

#[derive(Deserialize, Debug)]
struct PhillipsOuliarisCase {
    #[serde(flatten)]
    made: Made,
    trend: String,
    bandwidth: Option<f64>,
    z_t: OneTest,
    z_alpha: OneTest,
    p_u: OneTest,
    p_z: OneTest,
}

#[derive(Deserialize, Debug)]
struct OneTest {
    statistic: f64,
    p: f64,
    critical: [f64; 3],
    bandwidth: f64,
}

#[test]
fn phillips_ouliaris_is_arch() {
    let cases = table::<PhillipsOuliarisTable>().phillips_ouliaris;
    assert_eq!(cases.iter().filter(|case| case.made.is_seeded()).count(), 42 * 4);
    for case in &cases {
        let Some((y, x)) = case.made.pair() else { continue };
        let spec = PhillipsOuliarisSpec { trend: trend(&case.trend), bandwidth: case.bandwidth };
        let got = phillips_ouliaris(&y, &x, &spec).unwrap();
        // the bandwidth depends on a sum that nearly cancels, and arch computes it from uncentred squares of
        // time; with centred ones, numpy agrees with this crate to 1e-11 where the two differ most
        let digits_of_bandwidth = if case.trend == "ctt" { 1e-7 } else { 1e-8 };
        let is = |got: PhillipsOuliarisTest, bandwidth: f64, expected: &OneTest| {
            close(got.statistic, expected.statistic, 1e-8, case);
            close_p(got.p_value, expected.p, case);
            close(bandwidth, expected.bandwidth, digits_of_bandwidth, case);
            let CriticalValues { one_percent, five_percent, ten_percent } = got.critical_values;
            for (got, expected) in [one_percent, five_percent, ten_percent].into_iter().zip(expected.critical)
            {
                close(got, expected, 1e-12, case);
            }
        };
        is(got.z_t, got.bandwidth_z, &case.z_t);
        is(got.z_alpha, got.bandwidth_z, &case.z_alpha);
        is(got.p_u, got.bandwidth_p, &case.p_u);
        is(got.p_z, got.bandwidth_p, &case.p_z);
    }
}
