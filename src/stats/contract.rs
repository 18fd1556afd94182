//! The contract of every estimator, checked with one call.

use crate::random::Congruential;
use crate::{Estimator, Reading, WindowError};

/// A seeded random walk.
pub(crate) fn walk(length: usize) -> Vec<f64> {
    autoregression(1.0, length)
}

/// A seeded autoregression, starting at 0.
pub(crate) fn autoregression(kept: f64, length: usize) -> Vec<f64> {
    Congruential::new(12_345).path(kept, 0.0).take(length).collect()
}

/// An observation far from all others, which must be forgotten.
pub(crate) trait Outlier {
    fn outlier() -> Self;
}

impl Outlier for f64 {
    fn outlier() -> Self {
        1e9
    }
}

impl Outlier for crate::Observation {
    fn outlier() -> Self {
        Self { y: 1e9, x: -1e9 }
    }
}

impl Outlier for crate::Traded {
    fn outlier() -> Self {
        Self { price: 1e9, volume: 1e3 }
    }
}

/// Checks an estimator whose window is shorter than a third of `inputs`: ready exactly when full, over three
/// windows; reset equals new; an outlier is forgotten.
pub(crate) fn check<E: Estimator>(
    new: impl Fn() -> Result<E, WindowError>,
    inputs: &[E::Input],
    value: impl Fn(&E::Output) -> f64,
) where
    E::Input: Outlier,
{
    check_recursive(&new, inputs, &value);
    let new = || new().expect("the window is long enough");
    let (mut scarred, mut clean) = (new(), new());
    let window = clean.window();
    scarred.update(E::Input::outlier());
    for (at, &input) in inputs.iter().enumerate() {
        let (scarred, clean) = (scarred.update(input), clean.update(input));
        if at >= 2 * window {
            let (scarred, clean) = (value(scarred.value().unwrap()), value(clean.value().unwrap()));
            assert!((scarred - clean).abs() <= 1e-9 * (1.0 + clean.abs()), "{at}: {scarred} {clean}");
        }
    }
}

/// Checks the parts of the contract that hold without a window: ready exactly when stated, and reset equals
/// new.
pub(crate) fn check_recursive<E: Estimator>(
    new: &impl Fn() -> Result<E, WindowError>,
    inputs: &[E::Input],
    value: &impl Fn(&E::Output) -> f64,
) {
    let new = || new().expect("the window is long enough");
    let mut estimator = new();
    let window = estimator.window();
    assert!(inputs.len() >= 3 * window, "{} inputs for a window of {window}", inputs.len());
    let run = |estimator: &mut E| inputs.iter().map(|&x| estimator.update(x)).collect::<Vec<_>>();

    let first = run(&mut estimator);
    for (at, reading) in first.iter().enumerate() {
        assert_eq!(reading.is_ready(), at + 1 >= window, "observation {at}");
        if let Reading::Warming { seen, needed } | Reading::Provisional { seen, needed, .. } = reading {
            assert_eq!((*seen, *needed), (at + 1, window));
        }
    }

    estimator.reset();
    for (reset, new) in run(&mut estimator).iter().zip(run(&mut new())) {
        assert_eq!(reset.value().map(value), new.value().map(value), "reset equals new");
    }
}
