//! The sample for the unit-root and cointegration tests.

use crate::UnixMillis;

/// One row of the sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleRow {
    /// When the bar opened.
    pub open_time: UnixMillis,
    /// Close of the dependent leg.
    pub y: f64,
    /// Close of the explanatory leg.
    pub x: f64,
    /// Whether a price is carried from an earlier bar.
    pub carried: bool,
}
