//! What the unit-root and cointegration tests look at.

use crate::UnixMillis;

/// One row of the sample for the tests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleRow {
    /// When the bar opened.
    pub open_time: UnixMillis,
    /// Close of the dependent leg.
    pub y: f64,
    /// Close of the explaining leg.
    pub x: f64,
    /// Whether a price is from an earlier bar.
    pub carried: bool,
}
