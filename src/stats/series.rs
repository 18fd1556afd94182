//! A series and the size of the numbers that it was computed from: the single criterion for telling values from
//! rounding error.
//!
//! A difference is known no better than the numbers it was computed from. The spread of a series and its scaled
//! and shifted copy is not zero but the rounding error of the prices, and judged by its own size it looks like
//! any other spread.

use crate::Undefined;
use crate::sums::{all_finite, largest, mean};

/// A value below this many roundings of the largest number behind it counts as zero.
///
/// Fits of exact copies, over whole samples or rolling, leave up to 30; one tick is more than 1e7 of them for
/// any price with at most eight digits.
const ROUNDINGS: f64 = 128.0;

/// Values, evenly spaced, oldest first, and the size of the largest number they were computed from.
///
/// For a series made from a slice, that is the largest of the values themselves, as for observed prices.
///
/// ```
/// use spreadscope_stats::{Series, Undefined, half_life, Reading};
/// // rounding errors of prices near 60,000
/// let noise: Vec<f64> = (0..100).map(|bar| f64::from(bar % 7) * 7.3e-12).collect();
/// let spread = Series::computed_from(&noise, 60_000.0);
/// assert_eq!(half_life(spread), Reading::Undefined(Undefined::ScaledCopy));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    values: &'a [f64],
    /// Size of the largest value.
    largest: f64,
    scale: f64,
    /// [`LagRegression::products`](crate::unit_root::lag_regression::LagRegression::products) of an earlier
    /// test.
    lag_products: Option<&'a [f64]>,
}

impl<'a> Series<'a> {
    /// `values` computed from numbers up to `scale` in size, such as a spread from prices.
    pub fn computed_from(values: &'a [f64], scale: f64) -> Self {
        let largest = largest(values);
        Self { values, largest, scale: scale.max(largest), lag_products: None }
    }

    /// Adds the products of its changes from an earlier test, for the next one to reuse.
    pub(crate) fn with_lag_products(self, products: &'a [f64]) -> Self {
        Self { lag_products: Some(products), ..self }
    }

    /// Those products, if known.
    pub(crate) fn lag_products(self) -> Option<&'a [f64]> {
        self.lag_products
    }

    /// The values, oldest first.
    pub fn values(self) -> &'a [f64] {
        self.values
    }

    /// Size of the largest of the values.
    pub(crate) fn largest(self) -> f64 {
        self.largest
    }

    /// Size of the largest number that the values were computed from.
    pub(crate) fn scale(self) -> f64 {
        self.scale
    }

    /// Values up to this size are rounding error.
    pub(crate) fn rounding(self) -> f64 {
        rounding(self.scale)
    }

    /// Checks that the values are finite and deviate from their mean by more than rounding error.
    pub(crate) fn usable(self) -> Result<(), Undefined> {
        if !all_finite(self.values) {
            return Err(Undefined::NonFinite);
        }
        let centre = mean(self.values);
        let furthest = self.values.iter().fold(0.0, |most: f64, value| most.max((value - centre).abs()));
        self.varies_by(furthest)
    }

    /// The same check for a known deviation.
    pub(crate) fn varies_by(self, deviation: f64) -> Result<(), Undefined> {
        if deviation <= rounding(self.largest) {
            Err(Undefined::Constant)
        } else if deviation <= self.rounding() {
            Err(Undefined::ScaledCopy)
        } else {
            Ok(())
        }
    }
}

impl<'a> From<&'a [f64]> for Series<'a> {
    fn from(values: &'a [f64]) -> Self {
        Self::computed_from(values, 0.0)
    }
}

impl<'a> From<&'a Vec<f64>> for Series<'a> {
    fn from(values: &'a Vec<f64>) -> Self {
        values.as_slice().into()
    }
}

impl<'a, const N: usize> From<&'a [f64; N]> for Series<'a> {
    fn from(values: &'a [f64; N]) -> Self {
        values.as_slice().into()
    }
}

/// The residual of y on a line in x, and the size of the numbers that it is a difference of.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    values: Vec<f64>,
    scale: f64,
}

impl Spread {
    /// `y - intercept - slope x`, oldest first. `y`, `x`: prices of the same length, or their logarithms, whose
    /// rounding error is that of numbers of size 1.
    ///
    /// # Errors
    /// [`Undefined::ScaledCopy`] if the prices vary but the spread is only rounding error.
    pub fn new<'a, 'b>(
        y: impl Into<Series<'a>>,
        x: impl Into<Series<'b>>,
        slope: f64,
        intercept: f64,
    ) -> Result<Self, Undefined> {
        let (y, x) = (y.into(), x.into());
        let values: Vec<f64> =
            y.values.iter().zip(x.values).map(|(y, x)| y - intercept - slope * x).collect();
        let scale = spread_scale(y.scale, slope * x.scale, intercept);
        // a constant y is not a copy: its slope is 0
        if slope != 0.0 && is_rounding(&values, scale) {
            return Err(Undefined::ScaledCopy);
        }
        Ok(Self { values, scale })
    }

    /// The spread as input for tests.
    pub fn series(&self) -> Series<'_> {
        Series::computed_from(&self.values, self.scale)
    }

    /// The values, oldest first.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

/// Size of the numbers that a spread `y - intercept - slope x` is a difference of.
pub fn spread_scale(y: f64, slope_times_x: f64, intercept: f64) -> f64 {
    y.abs() + slope_times_x.abs() + intercept.abs()
}

/// Values up to this size, computed from numbers up to `scale`, are rounding error.
pub fn rounding(scale: f64) -> f64 {
    ROUNDINGS * f64::EPSILON * scale
}

/// Whether all of `residuals` are rounding errors of numbers up to `scale` in size.
pub(crate) fn is_rounding(residuals: &[f64], scale: f64) -> bool {
    largest(residuals) <= rounding(scale) && all_finite(residuals)
}
