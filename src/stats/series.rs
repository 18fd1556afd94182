//! A series, and how large the numbers behind it were: the one judge of what is a value and what is rounding.
//!
//! A difference is known no better than the numbers that it was taken of. The spread of a series and its scaled
//! and shifted copy is not zero but the rounding of their prices, and by its own size it looks like any other.

use crate::Undefined;
use crate::sums::{all_finite, largest, mean};

/// A value of so many roundings of the largest number behind it is none.
///
/// Whole-sample and rolling fits of exact copies leave up to 30; one tick is worth more than 1e7 of them
/// wherever a price has at most eight digits.
const ROUNDINGS: f64 = 128.0;

/// Values, evenly spaced, oldest first, and the size of the largest number that they were computed from.
///
/// Made from a slice, that is the largest of the values themselves, as it is for observed prices.
///
/// ```
/// use spreadscope_stats::{Series, Undefined, half_life, Reading};
/// // differences of prices near 60,000 that are their rounding
/// let noise: Vec<f64> = (0..100).map(|bar| f64::from(bar % 7) * 7.3e-12).collect();
/// let spread = Series::computed_from(&noise, 60_000.0);
/// assert_eq!(half_life(spread), Reading::Undefined(Undefined::ScaledCopy));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    values: &'a [f64],
    /// Of the values.
    largest: f64,
    scale: f64,
    /// [`LagRegression::products`](crate::unit_root::lag_regression::LagRegression::products) of an earlier test.
    lag_products: Option<&'a [f64]>,
}

impl<'a> Series<'a> {
    /// `values` that were computed from numbers up to `scale` in size: a spread from prices.
    pub fn computed_from(values: &'a [f64], scale: f64) -> Self {
        let largest = largest(values);
        Self { values, largest, scale: scale.max(largest), lag_products: None }
    }

    /// With the products of its changes that a test has summed already, so that the next one need not.
    pub(crate) fn with_lag_products(self, products: &'a [f64]) -> Self {
        Self { lag_products: Some(products), ..self }
    }

    /// Those products, where they are known.
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

    /// Size of the largest number behind the values.
    pub(crate) fn scale(self) -> f64 {
        self.scale
    }

    /// What is not larger than this is rounding.
    pub(crate) fn rounding(self) -> f64 {
        rounding(self.scale)
    }

    /// Nothing, or the reason where the values are not finite or do not leave their mean by more than rounding.
    pub(crate) fn usable(self) -> Result<(), Undefined> {
        if !all_finite(self.values) {
            return Err(Undefined::NonFinite);
        }
        let centre = mean(self.values);
        let furthest = self.values.iter().fold(0.0, |most: f64, value| most.max((value - centre).abs()));
        self.varies_by(furthest)
    }

    /// The same of deviations that are this large already.
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

/// What is left of y under a line of x, and the size of the numbers that it is the difference of.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    values: Vec<f64>,
    scale: f64,
}

impl Spread {
    /// `y - intercept - slope x`, oldest first; `y`, `x`: prices of one length, or their logarithms, which are as
    /// uncertain as numbers of size 1.
    ///
    /// # Errors
    /// [`Undefined::ScaledCopy`] where all of it is the rounding of prices that do vary.
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
        // a y that does not vary is no copy of anything: its slope is 0
        if slope != 0.0 && is_rounding(&values, scale) {
            return Err(Undefined::ScaledCopy);
        }
        Ok(Self { values, scale })
    }

    /// For the tests.
    pub fn series(&self) -> Series<'_> {
        Series::computed_from(&self.values, self.scale)
    }

    /// The values, oldest first.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

/// Size of the numbers that a spread `y - intercept - slope x` is the difference of.
pub fn spread_scale(y: f64, slope_times_x: f64, intercept: f64) -> f64 {
    y.abs() + slope_times_x.abs() + intercept.abs()
}

/// What is not larger than this, computed from numbers up to `scale` in size, is their rounding.
pub fn rounding(scale: f64) -> f64 {
    ROUNDINGS * f64::EPSILON * scale
}

/// Whether all of `residuals` are the rounding of numbers up to `scale` in size.
pub(crate) fn is_rounding(residuals: &[f64], scale: f64) -> bool {
    largest(residuals) <= rounding(scale) && all_finite(residuals)
}
