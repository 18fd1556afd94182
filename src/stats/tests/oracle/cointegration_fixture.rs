//! The values that `generate_cointegration.py` obtained from statsmodels and arch, and the series behind them.

use crate::support::{autoregression, series, uniforms};
use crate::unit_root_family::recording;
use serde::Deserialize;

const FIXTURE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/oracle/cointegration.json"));

/// One table of the fixture; the others are skipped.
pub(crate) fn table<'a, T: Deserialize<'a>>() -> T {
    serde_json::from_str(FIXTURE).unwrap()
}

/// The recipe of a series or a pair.
#[derive(Deserialize, Debug, Clone, PartialEq)]
pub(crate) struct Made {
    pub(crate) kind: String,
    pub(crate) seed: u64,
    pub(crate) length: usize,
    /// For a recorded pair: file and column of y and of x.
    files: Option<[[String; 2]; 2]>,
}

impl Made {
    pub(crate) fn series(&self) -> Vec<f64> {
        series(&self.kind, self.seed, self.length)
    }

    /// y and x; `None` if they are recorded and not available.
    pub(crate) fn pair(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        let Some([y, x]) = &self.files else { return Some(self.seeded_pair()) };
        let pair = (recording(&y[0], &y[1])?, recording(&x[0], &x[1])?);
        assert_eq!((pair.0.len(), pair.1.len()), (self.length, self.length), "{self:?}");
        Some(pair)
    }

    /// Whether it is made from its seed; only recorded ones are not.
    pub(crate) fn is_seeded(&self) -> bool {
        self.files.is_none()
    }

    fn seeded_pair(&self) -> (Vec<f64>, Vec<f64>) {
        let Self { kind, seed, length, .. } = self;
        let walk = series("walk", *seed, *length);
        let other = uniforms(seed + 7, *length);
        let spread = |phi: f64| autoregression(phi, &other);
        let high: Vec<f64> = walk.iter().map(|value| 2_600.0 + value).collect();
        let both = |x: &[f64], spread: &[f64], y: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
            x.iter().zip(spread).map(|(&x, &spread)| y(x, spread)).collect()
        };
        match kind.as_str() {
            "cointegrated" => (both(&high, &spread(0.9), &|x, s| 5.0 + 20.0 * x + s), high),
            "independent" => (both(&high, &spread(1.0), &|_, s| 60_000.0 + 10.0 * s), high),
            "broken" => {
                let y = both(&high, &spread(0.8), &|x, s| 5.0 + 20.0 * x + s);
                let jump = |(at, y): (usize, f64)| y + if at < length / 2 { 0.0 } else { 4.0 };
                (y.into_iter().enumerate().map(jump).collect(), high)
            }
            "near_unit" => (both(&high, &spread(0.995), &|x, s| 5.0 + 2.0 * x + s), high),
            "price" => {
                let y = both(&walk, &spread(0.9), &|w, s| cents(60_000.0 + 0.2 * w + 0.05 * s));
                (y, walk.iter().map(|value| cents(3_000.0 + 0.1 * value)).collect())
            }
            "tiny" => {
                let y = both(&walk, &spread(0.8), &|w, s| 1e-8 * (w + s));
                (y, walk.iter().map(|value| 1e-8 * value).collect())
            }
            "ties" => {
                let y = both(&walk, &spread(0.5), &|w, s| (2.0 * (w + s)).floor());
                (y, walk.iter().map(|value| value.floor()).collect())
            }
            other => panic!("no pair of kind {other}"),
        }
    }
}

fn cents(value: f64) -> f64 {
    (value * 100.0 + 0.5).floor() / 100.0
}

/// Minus the mean, and scaled by a power of two to about one.
pub(crate) fn plain(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max((value - mean).abs()));
    let size = largest.log2().floor().exp2();
    values.iter().map(|value| (value - mean) / size).collect()
}

/// Compares p-values to 1e-8, relative down to 1e-4.
pub(crate) fn close_p(got: f64, expected: f64, what: &dyn std::fmt::Debug) {
    assert!((got - expected).abs() <= 1e-8 * expected.max(1e-4), "{got} is not {expected}: {what:?}");
}
