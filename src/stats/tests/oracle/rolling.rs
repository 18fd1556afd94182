//! Rolling estimators against exact sums, scipy and pandas on the same windows.

use crate::hedge::{cases, is_the_line, near};
use crate::support::close;
use spreadscope_stats::{
    Estimator, Observation, Reading, RollingCorrelation, RollingCovariance, RollingExtremes, RollingMoments,
    RollingOls, RollingShape, RollingZScore, Undefined,
};

/// The reading of an estimator at `at`, after everything before it.
fn at<E: Estimator>(mut estimator: E, inputs: &[E::Input], at: usize) -> Reading<E::Output> {
    inputs[..=at].iter().map(|&input| estimator.update(input)).last().unwrap()
}

fn is<T>(reading: &Reading<T>, expected: Option<f64>, value: impl Fn(&T) -> f64, relative: f64, size: f64)
where
    T: std::fmt::Debug,
{
    if let Some(expected) = expected {
        near(value(reading.value().unwrap()), expected, size, relative, reading);
    } else {
        let constant = matches!(reading, Reading::Undefined(Undefined::Constant | Undefined::Collinear));
        assert!(constant, "{reading:?}");
    }
}

#[test]
fn each_window_is_what_its_observations_are() {
    for case in cases() {
        let (y, x) = case.pair();
        let pairs: Vec<Observation> = y.iter().zip(&x).map(|(&y, &x)| Observation { y, x }).collect();
        for expected in &case.windows {
            let (window, place) = (expected.window, expected.at);
            let moments = at(RollingMoments::new(window).unwrap(), &y, place);
            let moments = moments.value().unwrap();
            close(moments.mean, expected.mean, 1e-13, expected);
            close(moments.std_dev, expected.std_dev, 1e-13, expected);

            let z = at(RollingZScore::new(window).unwrap(), &y, place);
            is(&z, expected.z, |z| z.z, 1e-12, 1.0);
            let shape = at(RollingShape::new(window).unwrap(), &y, place);
            is(&shape, expected.skewness, |shape| shape.skewness, 1e-11, 1.0);
            is(&shape, expected.excess_kurtosis, |shape| shape.excess_kurtosis, 1e-11, 1.0);

            let extremes = at(RollingExtremes::new(window).unwrap(), &y, place);
            let extremes = extremes.value().unwrap();
            // the fixture's JSON reader may be off by the last bit
            close(extremes.min, expected.min, 1e-15, expected);
            close(extremes.max, expected.max, 1e-15, expected);

            let covariance = at(RollingCovariance::new(window).unwrap(), &pairs, place);
            let size = expected.correlation.map_or(1.0, |r| (expected.covariance / r).abs());
            near(*covariance.value().unwrap(), expected.covariance, size, 1e-12, expected);
            let correlation = at(RollingCorrelation::new(window).unwrap(), &pairs, place);
            is(&correlation, expected.correlation, |&r| r, 1e-12, 1.0);

            let fit = at(RollingOls::new(window).unwrap(), &pairs, place);
            match &expected.ols {
                // the residual is the remainder of y's variance, so digits are lost as 1 - R²
                Some(line) => is_the_line(fit.value().unwrap(), line, 1e-8),
                None => assert_eq!(fit.value(), None, "{expected:?}"),
            }
        }
    }
}
