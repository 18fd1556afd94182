//! Common parts of the checks: the series made from their seeds, and comparisons.

use spreadscope_stats::random::Congruential;
use spreadscope_stats::{LagChoice, Trend};

/// The values that `generate.py` obtained from statsmodels.
pub(crate) const ORACLE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/oracle/oracle.json"));

pub(crate) fn close(got: f64, expected: f64, relative: f64, what: &dyn std::fmt::Debug) {
    let error = (got - expected).abs() / expected.abs().max(1e-300);
    assert!(error <= relative || got == expected, "{got} is not {expected} ({error:e}): {what:?}");
}

pub(crate) fn uniforms(seed: u64, count: usize) -> Vec<f64> {
    let mut random = Congruential::new(seed);
    (0..count).map(|_| random.centred()).collect()
}

pub(crate) fn autoregression(phi: f64, noise: &[f64]) -> Vec<f64> {
    let mut value = 0.0;
    noise
        .iter()
        .map(|u| {
            value = phi * value + u;
            value
        })
        .collect()
}

pub(crate) fn series(kind: &str, seed: u64, length: usize) -> Vec<f64> {
    let noise = uniforms(seed, length);
    let mapped = |phi: f64, map: fn(f64) -> f64| autoregression(phi, &noise).into_iter().map(map).collect();
    match kind {
        "walk" => autoregression(1.0, &noise),
        "ar05" => autoregression(0.5, &noise),
        "ar095" => autoregression(0.95, &noise),
        "near_unit" => autoregression(0.995, &noise),
        "negative" => autoregression(-0.4, &noise),
        "price" => mapped(1.0, |value| ((60_000.0 + 0.2 * value) * 100.0 + 0.5).floor() / 100.0),
        "tiny" => mapped(0.9, |value| 1e-8 * value),
        "ties" => mapped(0.97, |value| (value * 2.0).floor()),
        other => panic!("no series of kind {other}"),
    }
}

/// The series of `generate_unit_root.py`: those above, and others.
pub(crate) fn more_series(kind: &str, seed: u64, length: usize) -> Vec<f64> {
    let noise = uniforms(seed, length);
    match kind {
        "cents" => noise.iter().map(|u| ((60_000.0 + 0.02 * u) * 100.0 + 0.5).floor() / 100.0).collect(),
        "trend" => {
            let around = autoregression(0.7, &noise);
            around.iter().enumerate().map(|(t, value)| 0.05 * t as f64 + value).collect()
        }
        "break" => {
            let around = autoregression(0.6, &noise);
            let jump = |t: usize| if 5 * t < 3 * length { 0.0 } else { 3.0 };
            around.iter().enumerate().map(|(t, value)| value + jump(t)).collect()
        }
        known => series(known, seed, length),
    }
}

pub(crate) fn pair(kind: &str, seed: u64, length: usize) -> (Vec<f64>, Vec<f64>) {
    let x: Vec<f64> = series("walk", seed, length).into_iter().map(|value| 2_600.0 + value).collect();
    let other = uniforms(seed + 7, length);
    let spread = |phi: f64| autoregression(phi, &other);
    let y = match kind {
        "cointegrated" => x.iter().zip(spread(0.9)).map(|(a, b)| 5.0 + 20.0 * a + b).collect(),
        "independent" => spread(1.0).into_iter().map(|value| 60_000.0 + 10.0 * value).collect(),
        "broken" => x
            .iter()
            .zip(spread(0.8))
            .enumerate()
            .map(|(t, (a, b))| 5.0 + 20.0 * a + b + if t < length / 2 { 0.0 } else { 4.0 })
            .collect(),
        other => panic!("no pair of kind {other}"),
    };
    (y, x)
}

pub(crate) fn trend(name: &str) -> Trend {
    match name {
        "n" => Trend::None,
        "c" => Trend::Constant,
        "ct" => Trend::Linear,
        "ctt" => Trend::Quadratic,
        other => panic!("no trend {other}"),
    }
}

pub(crate) fn lags(name: &str) -> LagChoice {
    match name {
        "AIC" | "aic" => LagChoice::Aic { max: None },
        "BIC" | "bic" => LagChoice::Bic { max: None },
        "t-stat" => LagChoice::TStat { max: None },
        number => LagChoice::Fixed(number.parse().unwrap()),
    }
}

/// Correct digits: -log10 of the relative error, at most 15.
pub(crate) fn digits(got: f64, certified: f64) -> f64 {
    let error = ((got - certified) / certified).abs();
    if error == 0.0 { 15.0 } else { (-error.log10()).min(15.0) }
}
