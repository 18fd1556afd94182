//! Rolling, recursive and hedge models against statsmodels, scipy, pandas and numpy, by `generate_hedge.py`.

use crate::support::{autoregression, close, series, uniforms};
use crate::unit_root_family::recording;
use serde::Deserialize;
use spreadscope_stats::{
    Decay, Estimator, EwmaMoments, NoiseRatio, Observation, OlsFit, RecursiveOls, Undefined, huber, kalman,
    kalman_by_likelihood, ols, theil_sen, tls,
};

const HEDGE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/oracle/hedge.json"));

#[derive(Deserialize)]
struct Oracle {
    pairs: Vec<PairCase>,
}

#[derive(Deserialize, Debug)]
pub(crate) struct PairCase {
    pub(crate) kind: String,
    seed: u64,
    length: usize,
    /// File and column of y and of x.
    columns: Option<[[String; 2]; 2]>,
    ols: OlsCase,
    tls: TlsCase,
    huber: Option<HuberCase>,
    theil_sen: TheilSenCase,
    exponential: ExponentialCase,
    recursive: RecursiveCase,
    kalman: Vec<KalmanCase>,
    greatest_log_likelihood: f64,
    pub(crate) windows: Vec<WindowCase>,
    ewma: EwmaCase,
}

#[derive(Deserialize, Debug)]
pub(crate) struct OlsCase {
    slope: f64,
    intercept: f64,
    slope_std_error: f64,
    intercept_std_error: f64,
    r_squared: f64,
    residual_std_dev: f64,
}

#[derive(Deserialize, Debug)]
struct TlsCase {
    slope: f64,
    intercept: f64,
    slope_std_error: f64,
    intercept_std_error: f64,
    odr_slope: f64,
}

#[derive(Deserialize, Debug)]
struct HuberCase {
    slope: f64,
    intercept: f64,
    slope_std_error: f64,
    intercept_std_error: f64,
    scale: f64,
}

#[derive(Deserialize, Debug)]
struct TheilSenCase {
    slope: f64,
    intercept: f64,
    low: f64,
    high: f64,
}

#[derive(Deserialize, Debug)]
struct ExponentialCase {
    half_life: f64,
    slope: f64,
    intercept: f64,
    slope_std_error: f64,
    intercept_std_error: f64,
    residual_std_dev: f64,
}

#[derive(Deserialize, Debug)]
struct RecursiveCase {
    slope: f64,
    slope_std_error: Option<f64>,
}

#[derive(Deserialize, Debug)]
struct KalmanCase {
    level: f64,
    slope_noise: f64,
    slope: f64,
    intercept: f64,
    slope_std_error: f64,
    intercept_std_error: f64,
    innovation: f64,
    observation_std_dev: f64,
    log_likelihood: f64,
}

#[derive(Deserialize, Debug)]
pub(crate) struct WindowCase {
    pub(crate) at: usize,
    pub(crate) window: usize,
    pub(crate) mean: f64,
    pub(crate) std_dev: f64,
    pub(crate) skewness: Option<f64>,
    pub(crate) excess_kurtosis: Option<f64>,
    pub(crate) covariance: f64,
    pub(crate) correlation: Option<f64>,
    pub(crate) z: Option<f64>,
    pub(crate) ols: Option<OlsCase>,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

#[derive(Deserialize, Debug)]
struct EwmaCase {
    half_life: f64,
    mean: f64,
    variance: f64,
}

pub(crate) fn cases() -> Vec<PairCase> {
    let Oracle { mut pairs } = serde_json::from_str(HEDGE).unwrap();
    assert_eq!(pairs.len(), 41);
    pairs.retain(|case| case.columns.is_none() || case.recorded().is_some());
    assert!(pairs.len() >= 40, "{}", pairs.len());
    pairs
}

fn floor_cents(value: f64) -> f64 {
    (value * 100.0 + 0.5).floor() / 100.0
}

impl PairCase {
    fn recorded(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        let [[file_y, column_y], [file_x, column_x]] = self.columns.as_ref()?;
        Some((recording(file_y, column_y)?, recording(file_x, column_x)?))
    }

    pub(crate) fn pair(&self) -> (Vec<f64>, Vec<f64>) {
        if let Some(pair) = self.recorded() {
            assert_eq!(pair.0.len(), self.length);
            return pair;
        }
        let (seed, length) = (self.seed, self.length);
        let other = uniforms(seed + 7, length);
        let x: Vec<f64> = match self.kind.as_str() {
            kind @ ("price" | "tiny" | "ties") => series(kind, seed, length),
            _ => series("walk", seed, length).into_iter().map(|value| 2_600.0 + value).collect(),
        };
        let with = |noise: Vec<f64>, line: &dyn Fn(usize, f64, f64) -> f64| -> Vec<f64> {
            noise.into_iter().enumerate().map(|(t, b)| line(t, x[t], b)).collect()
        };
        let spread = |phi: f64| autoregression(phi, &other);
        let y = match self.kind.as_str() {
            "cointegrated" => with(spread(0.9), &|_, a, b| 5.0 + 20.0 * a + b),
            "independent" => with(spread(1.0), &|_, _, b| 60_000.0 + 10.0 * b),
            "broken" => {
                with(spread(0.8), &|t, a, b| 5.0 + 20.0 * a + b + if t < length / 2 { 0.0 } else { 4.0 })
            }
            "near_unit" => with(spread(0.995), &|_, a, b| 5.0 + 20.0 * a + b),
            "price" => with(spread(0.5), &|_, a, b| floor_cents(30_000.0 + 0.5 * a + 0.02 * b)),
            "tiny" => with(other.clone(), &|_, a, b| 3e-8 + 2.0 * a + 1e-9 * b),
            "ties" => with(other.clone(), &|_, a, b| 2.0 * a + (b * 6.0).floor()),
            "outliers" => {
                with(spread(0.3), &|t, a, b| 5.0 + 20.0 * a + b + if t % 37 == 5 { 300.0 } else { 0.0 })
            }
            other => panic!("no pair of kind {other}"),
        };
        (y, x)
    }
}

/// Checks that `got` is `expected`, relative to its size or to that of the numbers it is a difference of.
pub(crate) fn near(got: f64, expected: f64, size: f64, relative: f64, what: &dyn std::fmt::Debug) {
    let error = (got - expected).abs() / expected.abs().max(size);
    assert!(error <= relative || got == expected, "{got} is not {expected} ({error:e}): {what:?}");
}

pub(crate) fn is_the_line(got: &OlsFit, case: &OlsCase, relative: f64) {
    close(got.slope, case.slope, relative, case);
    close(got.slope_std_error, case.slope_std_error, relative, case);
    close(got.residual_std_dev, case.residual_std_dev, relative, case);
    close(got.intercept_std_error, case.intercept_std_error, relative, case);
    near(got.r_squared, case.r_squared, 1.0, relative, case);
    near(got.intercept, case.intercept, case.intercept_std_error, relative, case);
}

#[test]
fn least_squares_is_its_formula_in_exact_sums() {
    for case in cases() {
        let (y, x) = case.pair();
        is_the_line(&ols(&y, &x).unwrap(), &case.ols, 1e-10);
    }
}

#[test]
fn total_least_squares_is_the_singular_vector_and_scipys() {
    for case in cases() {
        let (y, x) = case.pair();
        let (got, expected) = (tls(&y, &x).unwrap(), &case.tls);
        close(got.slope, expected.slope, 1e-10, &case);
        close(got.slope_std_error, expected.slope_std_error, 1e-10, &case);
        close(got.intercept_std_error, expected.intercept_std_error, 1e-10, &case);
        near(got.intercept, expected.intercept, expected.intercept_std_error, 1e-10, &case);
        // scipy iterates, and stops early if the direction is nearly undetermined
        if got.slope_std_error < 0.1 * got.slope.abs() {
            close(got.slope, expected.odr_slope, 1e-4, &case);
        }
    }
}

#[test]
fn huber_is_statsmodels() {
    let mut fitted = 0;
    for case in cases() {
        let (y, x) = case.pair();
        let got = huber(&y, &x);
        let Some(expected) = &case.huber else {
            assert!(matches!(got, Err(Undefined::NoScale | Undefined::NotConverged { .. })), "{got:?}");
            continue;
        };
        fitted += 1;
        let got = got.unwrap();
        close(got.slope, expected.slope, 1e-8, &case);
        close(got.scale, expected.scale, 1e-8, &case);
        close(got.slope_std_error, expected.slope_std_error, 1e-8, &case);
        close(got.intercept_std_error, expected.intercept_std_error, 1e-8, &case);
        near(got.intercept, expected.intercept, expected.intercept_std_error, 1e-8, &case);
    }
    assert!(fitted >= 35, "{fitted}");
}

#[test]
fn theil_sen_is_scipy() {
    for case in cases() {
        let (y, x) = case.pair();
        let (got, expected) = (theil_sen(&y, &x).unwrap(), &case.theil_sen);
        close(got.slope, expected.slope, 1e-15, &case);
        close(got.slope_interval.low, expected.low, 1e-15, &case);
        close(got.slope_interval.high, expected.high, 1e-15, &case);
        near(got.intercept, expected.intercept, y[0].abs(), 1e-15, &case);
    }
}

fn last_fit(decay: Decay, y: &[f64], x: &[f64]) -> OlsFit {
    let mut regression = RecursiveOls::new(decay);
    let readings = y.iter().zip(x).map(|(&y, &x)| regression.update(Observation { y, x }));
    *readings.last().unwrap().value().unwrap()
}

#[test]
fn fading_weights_are_weighted_least_squares_and_without_fading_recursive_ones() {
    for case in cases() {
        let (y, x) = case.pair();
        let expected = &case.exponential;
        let got = last_fit(Decay::half_life(expected.half_life).unwrap(), &y, &x);
        close(got.slope, expected.slope, 1e-8, &case);
        close(got.slope_std_error, expected.slope_std_error, 1e-8, &case);
        close(got.intercept_std_error, expected.intercept_std_error, 1e-8, &case);
        close(got.residual_std_dev, expected.residual_std_dev, 1e-8, &case);
        near(got.intercept, expected.intercept, expected.intercept_std_error, 1e-8, &case);
        let all = last_fit(Decay::forgetting_factor(1.0).unwrap(), &y, &x);
        close(all.slope, case.recursive.slope, 1e-8, &case);
        if let Some(std_error) = case.recursive.slope_std_error {
            close(all.slope_std_error, std_error, 1e-8, &case);
        }
    }
}

#[test]
fn exponential_moments_are_pandas() {
    for case in cases() {
        let (y, _) = case.pair();
        let mut ewma = EwmaMoments::new(Decay::half_life(case.ewma.half_life).unwrap());
        let last = y.iter().map(|&y| ewma.update(y)).last().unwrap();
        let got = last.value().unwrap();
        close(got.mean, case.ewma.mean, 1e-12, &case);
        close(got.variance, case.ewma.variance, 1e-8, &case);
    }
}

#[test]
fn the_moving_regression_is_statsmodels_with_an_exact_diffuse_start() {
    for case in cases() {
        let (y, x) = case.pair();
        for expected in &case.kalman {
            let ratio = NoiseRatio { level: expected.level, slope: expected.slope_noise };
            let got = kalman(&y, &x, ratio).unwrap().last;
            let what = (&case.kind, case.length, expected);
            near(got.slope, expected.slope, expected.slope_std_error, 1e-8, &what);
            close(got.slope_std_error, expected.slope_std_error, 1e-8, &what);
            close(got.intercept_std_error, expected.intercept_std_error, 1e-8, &what);
            near(got.intercept, expected.intercept, expected.intercept_std_error, 1e-8, &what);
            close(got.observation_std_dev, expected.observation_std_dev, 1e-8, &what);
            let innovation = got.innovation.unwrap().value;
            near(innovation, expected.innovation, expected.observation_std_dev, 1e-8, &what);
            close(got.log_likelihood.unwrap(), expected.log_likelihood, 1e-8, &what);
        }
    }
}

#[test]
fn the_greatest_likelihood_is_the_one_that_scipy_finds() {
    for case in cases() {
        let (y, x) = case.pair();
        let got = kalman_by_likelihood(&y, &x).unwrap();
        let log = got.last.log_likelihood.unwrap();
        let expected = case.greatest_log_likelihood;
        assert!(
            (log - expected).abs() <= 1e-7 * expected.abs().max(1.0),
            "{log} {expected} {got:?} {case:?}"
        );
    }
}
