//! Common parts of the tests of one series: checks of the input, scaling, Schwert's rule.

use crate::Undefined;
use crate::series::{Series, is_rounding};
use crate::sums::{dot, mean};
use crate::unit_root::lag_regression::LagRegression;
use crate::unit_root::mackinnon::Trend;

/// A series and its changes, ready for a regression.
#[derive(Debug)]
pub(crate) struct Sample {
    /// The levels, as they are or minus their mean.
    pub(crate) levels: Vec<f64>,
    /// `changes[i] = levels[i + 1] - levels[i]`.
    pub(crate) changes: Vec<f64>,
    /// Size of the numbers that the levels were computed from.
    pub(crate) scale: f64,
    /// Products of the changes, if an earlier test has computed them.
    pub(crate) lag_products: Option<Vec<f64>>,
}

impl Sample {
    /// Checks `y`, and subtracts its mean if the regression has a constant. Scales it by a power of two so that
    /// its largest value is near one, which costs no digits and keeps squares from overflowing; the statistics
    /// here do not depend on scale.
    pub(crate) fn new(y: Series<'_>, with_constant: bool) -> Result<Self, Undefined> {
        y.usable()?;
        let scale = inverse_power_of_two(y.largest());
        let mut levels: Vec<f64> = y.values().iter().map(|value| value * scale).collect();
        let changes = levels.windows(2).map(|pair| pair[1] - pair[0]).collect();
        if with_constant {
            let centre = mean(&levels);
            for level in &mut levels {
                *level -= centre;
            }
        }
        let lag_products = y.lag_products().map(<[f64]>::to_vec);
        Ok(Self { levels, changes, scale: y.scale() * scale, lag_products })
    }

    /// As [`Self::new`], but fails if each level follows exactly from the two before it: on a straight line, a
    /// regression of the changes means nothing.
    pub(crate) fn bent(y: Series<'_>, with_constant: bool) -> Result<Self, Undefined> {
        let sample = Self::new(y, with_constant)?;
        let step = mean(&sample.changes);
        let turns: Vec<f64> = sample.changes.iter().map(|change| change - step).collect();
        if sample.is_rounding(&turns) { Err(Undefined::Deterministic) } else { Ok(sample) }
    }

    /// Whether residuals of levels or changes are only rounding error.
    pub(crate) fn is_rounding(&self, residuals: &[f64]) -> bool {
        is_rounding(residuals, self.scale)
    }

    /// The regression of the changes on the previous levels, with at most `most_lags` lags.
    pub(crate) fn regression(&self, most_lags: usize) -> LagRegression<'_> {
        LagRegression::new(&self.levels, &self.changes, most_lags, self.lag_products.as_deref())
    }
}

/// The power of two that scales a positive number to between one and four, short of subnormals.
fn inverse_power_of_two(largest: f64) -> f64 {
    let exponent = largest.to_bits() >> 52;
    f64::from_bits((2_046 - exponent).max(1) << 52)
}

/// Subtracts the least-squares fit of a constant, or of a constant and a linear trend.
pub(crate) fn less_trend(values: &mut [f64], trend: Trend) {
    debug_assert!(trend != Trend::Quadratic, "Invariant: no test here has a quadratic trend");
    let less_mean = |values: &mut [f64]| {
        let centre = mean(values);
        for value in values {
            *value -= centre;
        }
    };
    if trend.terms() > 0 {
        less_mean(values);
    }
    if trend.terms() > 1 {
        let middle = (values.len() - 1) as f64 / 2.0;
        let places: Vec<f64> = (0..values.len()).map(|place| place as f64 - middle).collect();
        let slope = dot(values, &places) / dot(&places, &places);
        values.iter_mut().zip(&places).for_each(|(value, place)| *value -= slope * place);
        // what rounding leaves of the mean would add up in running sums
        less_mean(values);
    }
}

/// Schwert's rule for the maximum number of lags, `ceil(12 (n/100)^(1/4))`.
///
/// # Source
/// Schwert (1989), "Tests for unit roots: a Monte Carlo investigation", JBES 7; rounded up as in statsmodels
/// and arch.
pub(crate) fn schwert(observations: usize) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
    let lags = (12.0 * (observations as f64 / 100.0).powf(0.25)).ceil() as usize;
    lags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_finite_scale_is_brought_near_one() {
        for largest in [f64::MAX, 1e300, 60_000.0, 1.0, 1e-8, f64::MIN_POSITIVE] {
            let scaled = largest * inverse_power_of_two(largest);
            assert!((1e-3..=4.0).contains(&scaled), "{largest:e}: {scaled}");
        }
        let huge = Sample::new((&[f64::MAX, -f64::MAX, 1.0]).into(), true).unwrap();
        assert!(huge.changes.iter().chain(&huge.levels).all(|value| value.is_finite()));
        assert_eq!(Sample::new((&[0.0, -0.0]).into(), false).unwrap_err(), Undefined::Constant);
        assert_eq!(Sample::new((&[0.0, f64::INFINITY]).into(), false).unwrap_err(), Undefined::NonFinite);
    }

    #[test]
    fn schwert_rounds_up() {
        assert_eq!([100, 101, 300, 1_000, 3_600].map(schwert), [12, 13, 16, 22, 30]);
    }
}
