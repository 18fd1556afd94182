//! A pair's hedge lines and rolling statistics, as of the last observation.

use crate::options::Options;
use crate::values::{Field, Outcome, leaf, number, object, outcome, ready, tree, tree_of};
use serde_json::Value;
use spreadscope_stats::{
    Decay, Estimator, EwmaMoments, EwmaZScore, Observation, OlsFit, Reading, RecursiveOls,
    RollingCorrelation, RollingExtremes, RollingMoments, RollingOls, RollingShape, RollingZScore, Series,
    huber, kalman_by_likelihood, ols, theil_sen, tls,
};

fn decay(options: &Options) -> Decay {
    Decay::half_life((options.window as f64 / 5.0).clamp(1.0, 1e9)).expect("Invariant: it is in its range")
}

fn observations(y: &[f64], x: &[f64]) -> impl Iterator<Item = Observation> {
    y.iter().zip(x).map(|(&y, &x)| Observation { y, x })
}

/// The last reading of an estimator over the inputs.
fn last<E: Estimator>(mut estimator: E, inputs: impl Iterator<Item = E::Input>) -> Outcome<E::Output> {
    let nothing = Reading::Warming { seen: 0, needed: estimator.window() };
    ready(inputs.map(|input| estimator.update(input)).last().unwrap_or(nothing))
}

pub(crate) fn hedge(y: &[f64], x: &[f64], options: &Options) -> Value {
    let line: [Field<OlsFit>; 5] = [
        ("slope", |fit| number(fit.slope)),
        ("intercept", |fit| number(fit.intercept)),
        ("slope_stderr", |fit| number(fit.slope_std_error)),
        ("intercept_stderr", |fit| number(fit.intercept_std_error)),
        ("r_squared", |fit| number(fit.r_squared)),
    ];
    tree([
        ("ols", object(&outcome(ols(y, x)), &line)),
        (
            "tls",
            object(
                &outcome(tls(y, x)),
                &[
                    ("slope", |fit| number(fit.slope)),
                    ("intercept", |fit| number(fit.intercept)),
                    ("slope_stderr", |fit| number(fit.slope_std_error)),
                ],
            ),
        ),
        (
            "huber",
            object(
                &outcome(huber(y, x)),
                &[
                    ("slope", |fit| number(fit.slope)),
                    ("intercept", |fit| number(fit.intercept)),
                    ("slope_stderr", |fit| number(fit.slope_std_error)),
                ],
            ),
        ),
        (
            "theil_sen",
            object(
                &outcome(theil_sen(y, x)),
                &[
                    ("slope", |fit| number(fit.slope)),
                    ("intercept", |fit| number(fit.intercept)),
                    ("slope_low", |fit| number(fit.slope_interval.low)),
                    ("slope_high", |fit| number(fit.slope_interval.high)),
                ],
            ),
        ),
        (
            "kalman",
            object(
                &outcome(kalman_by_likelihood(y, x)),
                &[
                    ("slope_last", |fit| number(fit.last.slope)),
                    ("intercept_last", |fit| number(fit.last.intercept)),
                    ("slope_last_stderr", |fit| number(fit.last.slope_std_error)),
                    ("level_noise_ratio", |fit| number(fit.ratio.level)),
                    ("slope_noise_ratio", |fit| number(fit.ratio.slope)),
                    ("log_likelihood", |fit| number(fit.last.log_likelihood.unwrap_or(f64::NAN))),
                ],
            ),
        ),
        (
            "exponential",
            object(
                &last(RecursiveOls::new(decay(options)), observations(y, x)),
                &[
                    ("slope_last", |fit| number(fit.slope)),
                    ("intercept_last", |fit| number(fit.intercept)),
                    ("slope_last_stderr", |fit| number(fit.slope_std_error)),
                ],
            ),
        ),
    ])
}

pub(crate) fn rolling_spread(spread: Series<'_>, options: &Options) -> Value {
    let window = options.window;
    let long = "Invariant: the window is at least 4";
    let values = || spread.values().iter().copied();
    tree_of([
        object(
            &last(RollingZScore::new(window).expect(long), values()),
            &[("z_last", |found| number(found.z))],
        ),
        object(
            &last(RollingMoments::new(window).expect(long), values()),
            &[("mean_last", |found| number(found.mean)), ("std_dev_last", |found| number(found.std_dev))],
        ),
        object(
            &last(RollingShape::new(window).expect(long), values()),
            &[
                ("skewness_last", |found| number(found.skewness)),
                ("excess_kurtosis_last", |found| number(found.excess_kurtosis)),
            ],
        ),
        object(
            &last(RollingExtremes::new(window).expect(long), values()),
            &[("min_last", |found| number(found.min)), ("max_last", |found| number(found.max))],
        ),
    ])
}

pub(crate) fn rolling_pair(y: &[f64], x: &[f64], options: &Options) -> Value {
    let long = "Invariant: the window is at least 4";
    tree([
        (
            "correlation_last",
            leaf(last(RollingCorrelation::new(options.window).expect(long), observations(y, x))),
        ),
        (
            "slope_last",
            leaf(last(RollingOls::new(options.window).expect(long), observations(y, x)).map(|fit| fit.slope)),
        ),
    ])
}

pub(crate) fn weighted(spread: Series<'_>, options: &Options) -> Value {
    let values = || spread.values().iter().copied();
    tree_of([
        object(
            &last(EwmaMoments::new(decay(options)), values()),
            &[("mean_last", |found| number(found.mean)), ("std_dev_last", |found| number(found.std_dev))],
        ),
        object(&last(EwmaZScore::new(decay(options)), values()), &[("z_last", |found| number(found.z))]),
    ])
}
