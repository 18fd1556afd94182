//! Measures of reversion, and corrections for many tests, against statsmodels, arch and numpy.

use crate::cointegration_fixture::{Made, close_p, table};
use crate::support::close;
use core::num::NonZeroUsize;
use serde::Deserialize;
use spreadscope_stats::{
    BootstrapSpec, Confidence, Reading, Undefined, VarianceRatioSpec, benjamini_hochberg, bonferroni,
    by_stride, half_life, half_life_bootstrap, hurst, mean_crossings, ornstein_uhlenbeck, variance_ratio,
};

#[derive(Deserialize)]
struct HalfLifeTable {
    half_life: Vec<HalfLifeCase>,
}

#[derive(Deserialize, Debug)]
struct HalfLifeCase {
    #[serde(flatten)]
    made: Made,
    slope: f64,
    slope_std_error: f64,
    bars: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    bootstrap: Option<Ends>,
}

#[derive(Deserialize, Debug)]
struct Ends {
    low: f64,
    high: Option<f64>,
}

#[test]
fn half_lives_and_both_their_intervals_are_those_of_the_regression_of_statsmodels() {
    let cases = table::<HalfLifeTable>().half_life;
    assert_eq!(cases.len(), 40);
    let (mut ready, mut resampled) = (0, 0);
    for case in &cases {
        let spread = case.made.series();
        match half_life(&spread) {
            Reading::Ready(got) => {
                ready += 1;
                close(got.slope, case.slope, 1e-10, case);
                close(got.slope_std_error, case.slope_std_error, 1e-10, case);
                // the generator requires slightly more than the critical value
                let Some(bars) = case.bars else { continue };
                close(got.bars, bars, 1e-10, case);
                let interval = got.interval(Confidence::PERCENT_95);
                close(interval.low, case.low.unwrap(), 1e-9, case);
                close(interval.high, case.high.unwrap(), 1e-9, case);
            }
            Reading::Undefined(Undefined::Oscillating) => assert!(case.slope <= -1.0, "{case:?}"),
            Reading::Undefined(_) => assert!(case.bars.is_none(), "{case:?}"),
            other => panic!("{other:?}"),
        }
        if let Some(expected) = &case.bootstrap {
            resampled += 1;
            let resamples = NonZeroUsize::new(199).unwrap();
            let spec = BootstrapSpec { resamples, seed: case.made.seed, confidence: Confidence::PERCENT_95 };
            let got = half_life_bootstrap(&spread, &spec).unwrap();
            close(got.low, expected.low, 1e-8, case);
            assert_eq!(got.high.is_some(), expected.high.is_some(), "{case:?}");
            close(got.high.unwrap_or(0.0), expected.high.unwrap_or(0.0), 1e-8, case);
        }
    }
    assert!(ready >= 15 && resampled >= 8, "{ready} {resampled}");
}

#[derive(Deserialize)]
struct OrnsteinUhlenbeckTable {
    ornstein_uhlenbeck: Vec<OrnsteinUhlenbeckCase>,
}

#[derive(Deserialize, Debug)]
struct OrnsteinUhlenbeckCase {
    #[serde(flatten)]
    made: Made,
    phi: f64,
    #[serde(flatten)]
    fit: Option<OrnsteinUhlenbeckFit>,
}

#[derive(Deserialize, Debug)]
struct OrnsteinUhlenbeckFit {
    theta: f64,
    mu: f64,
    sigma: f64,
    theta_std_error: f64,
    mu_std_error: f64,
    sigma_std_error: f64,
    log_likelihood: f64,
}

#[test]
fn ornstein_uhlenbeck_is_the_autoregression_of_statsmodels() {
    let cases = table::<OrnsteinUhlenbeckTable>().ornstein_uhlenbeck;
    assert_eq!(cases.len(), 40);
    let mut fitted = 0;
    for case in &cases {
        let got = ornstein_uhlenbeck(&case.made.series());
        let Some(expected) = &case.fit else {
            let reason = if case.phi <= 0.0 { Undefined::Oscillating } else { Undefined::NotReverting };
            assert_eq!(got, Err(reason), "{case:?}");
            continue;
        };
        fitted += 1;
        let got = got.unwrap();
        let pairs = [
            (got.theta, expected.theta),
            (got.mu, expected.mu),
            (got.sigma, expected.sigma),
            (got.theta_std_error, expected.theta_std_error),
            (got.mu_std_error, expected.mu_std_error),
            (got.sigma_std_error, expected.sigma_std_error),
            (got.log_likelihood, expected.log_likelihood),
        ];
        for (got, expected) in pairs {
            close(got, expected, 1e-8, case);
        }
        // the rate is a difference from one, and has the digits that remain of the one
        close(got.theta, -case.phi.ln(), 1e-8, case);
    }
    assert!(fitted >= 30, "{fitted}");
}

#[derive(Deserialize)]
struct VarianceRatioTable {
    variance_ratio: Vec<VarianceRatioCase>,
}

#[derive(Deserialize, Debug)]
struct VarianceRatioCase {
    #[serde(flatten)]
    made: Made,
    #[serde(flatten)]
    spec: SpecCase,
    ratio: f64,
    statistic: f64,
    p: f64,
}

#[derive(Deserialize, Debug)]
struct SpecCase {
    lags: usize,
    drift: bool,
    unbiased: bool,
    robust: bool,
}

#[test]
fn variance_ratio_is_arch() {
    let cases = table::<VarianceRatioTable>().variance_ratio;
    assert_eq!(cases.len(), 40 * 6);
    for case in &cases {
        let &SpecCase { lags, drift, unbiased, robust } = &case.spec;
        let spec = VarianceRatioSpec { lags, drift, unbiased, robust };
        let got = variance_ratio(&case.made.series(), &spec).unwrap();
        close(got.ratio, case.ratio, 1e-10, case);
        close(got.statistic, case.statistic, 1e-8, case);
        close_p(got.p_value, case.p, case);
    }
}

#[derive(Deserialize)]
struct HurstTable {
    hurst: Vec<HurstCase>,
}

#[derive(Deserialize, Debug)]
struct HurstCase {
    #[serde(flatten)]
    made: Made,
    exponent: f64,
    scales: usize,
}

#[test]
fn hurst_is_its_formula_over_numpy() {
    let cases = table::<HurstTable>().hurst;
    assert_eq!(cases.len(), 32);
    for case in &cases {
        let got = hurst(&case.made.series()).unwrap();
        assert_eq!(got.scales, case.scales);
        assert!((got.exponent - case.exponent).abs() <= 1e-10, "{got:?} {case:?}");
    }
}

#[derive(Deserialize)]
struct MeanCrossingsTable {
    mean_crossings: Vec<MeanCrossingsCase>,
}

#[derive(Deserialize, Debug)]
struct MeanCrossingsCase {
    #[serde(flatten)]
    made: Made,
    crossings: usize,
    rate: f64,
    expected_rate: f64,
}

#[test]
fn mean_crossings_are_counted_as_numpy_counts_them() {
    let cases = table::<MeanCrossingsTable>().mean_crossings;
    assert_eq!(cases.len(), 40);
    for case in &cases {
        let got = mean_crossings(&case.made.series()).unwrap();
        assert_eq!(got.crossings, case.crossings, "{case:?}");
        close(got.rate, case.rate, 1e-15, case);
        close(got.expected_rate, case.expected_rate, 1e-10, case);
    }
}

#[derive(Deserialize)]
struct MultipleTestingTable {
    multiple_testing: Vec<MultipleTestingCase>,
}

#[derive(Deserialize, Debug)]
struct MultipleTestingCase {
    p_values: Vec<f64>,
    bonferroni: Vec<f64>,
    benjamini_hochberg: Vec<f64>,
}

#[test]
fn adjusted_p_values_are_those_of_statsmodels() {
    let cases = table::<MultipleTestingTable>().multiple_testing;
    assert_eq!(cases.len(), 40);
    for case in &cases {
        let by_bonferroni = bonferroni(&case.p_values).unwrap();
        let by_rank = benjamini_hochberg(&case.p_values).unwrap();
        let expected = case.bonferroni.iter().chain(&case.benjamini_hochberg);
        assert_eq!(by_rank.len() + by_bonferroni.len(), expected.clone().count());
        for (got, expected) in by_bonferroni.iter().chain(&by_rank).zip(expected) {
            close(*got, *expected, 1e-14, case);
        }
    }
}

#[derive(Deserialize)]
struct StrideTable {
    strides: Vec<StrideCase>,
}

#[derive(Deserialize, Debug)]
struct StrideCase {
    #[serde(flatten)]
    made: Made,
    stride: NonZeroUsize,
    observations: usize,
    correlation: f64,
}

#[test]
fn correlations_by_stride_are_those_of_numpy() {
    let cases = table::<StrideTable>().strides;
    assert!(cases.iter().filter(|case| case.made.is_seeded()).count() >= 40 * 3);
    for case in &cases {
        let Some((y, x)) = case.made.pair() else { continue };
        let got = by_stride(&y, &x, &[case.stride], &VarianceRatioSpec::of(2)).unwrap();
        assert_eq!((got.len(), got[0].observations), (1, case.observations), "{case:?}");
        let correlation = got[0].correlation.unwrap();
        assert!((correlation - case.correlation).abs() <= 1e-10, "{correlation} {case:?}");
    }
}
