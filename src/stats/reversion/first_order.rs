//! The first-order autoregression on which every measure of reversion is based.

use crate::Undefined;
use crate::series::{Series, rounding};
use crate::sums::{dot, mean};

/// `Δs_t = intercept + slope s_{t-1} + e_t` by least squares.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FirstOrder {
    pub(crate) slope: f64,
    pub(crate) intercept: f64,
    /// Number of changes.
    pub(crate) rows: usize,
    /// Mean of the levels before the changes.
    pub(crate) mean_level: f64,
    /// Sum of squared deviations of those levels from their mean.
    pub(crate) sxx: f64,
    /// Sum of squared residuals.
    pub(crate) residual: f64,
    /// Size of the numbers that the levels were computed from.
    scale: f64,
}

impl FirstOrder {
    /// Whether the levels follow one another exactly, up to rounding error.
    pub(crate) fn is_deterministic(&self) -> bool {
        self.residual <= self.rows as f64 * rounding(self.scale).powi(2)
    }

    /// Standard error of the slope, divisor n - 2.
    pub(crate) fn slope_std_error(&self) -> f64 {
        (self.residual / (self.rows as f64 - 2.0)).sqrt() / self.sxx.sqrt()
    }
}

/// Regresses the changes of `levels` on the levels before them; needs at least 4 values.
pub(crate) fn first_order(series: Series<'_>) -> Result<FirstOrder, Undefined> {
    let levels = series.values();
    debug_assert!(levels.len() >= 4, "Invariant: one degree of freedom is left");
    let rows = levels.len() - 1;
    let before = &levels[..rows];
    let changes: Vec<f64> = levels.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let (mean_level, mean_change) = (mean(before), mean(&changes));
    let deviations: Vec<f64> = before.iter().map(|level| level - mean_level).collect();
    let (sxx, sxy) = (dot(&deviations, &deviations), dot(&deviations, &changes));
    // an overflowed sum of squares means that a value is too large to compute with
    if !(sxx + sxy.abs() + mean_change.abs()).is_finite() || !levels[rows].is_finite() {
        return Err(Undefined::NonFinite);
    }
    series.varies_by((sxx / rows as f64).sqrt())?;
    let slope = sxy / sxx;
    let residuals: Vec<f64> = changes
        .iter()
        .zip(&deviations)
        .map(|(change, deviation)| change - mean_change - slope * deviation)
        .collect();
    let intercept = mean_change - slope * mean_level;
    let residual = dot(&residuals, &residuals);
    Ok(FirstOrder { slope, intercept, rows, mean_level, sxx, residual, scale: series.scale() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn it_is_the_regression_of_changes_on_levels() {
        let levels: Vec<f64> = contract::walk(500).into_iter().map(|value| 100.0 + value).collect();
        let changes: Vec<f64> = levels.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let (got, expected) =
            (first_order((&levels).into()).unwrap(), crate::ols(&changes, &levels[..499]).unwrap());
        let pairs = [(got.slope, expected.slope), (got.slope_std_error(), expected.slope_std_error)];
        for (got, expected) in pairs {
            assert!((got / expected - 1.0).abs() < 1e-10, "{got} {expected}");
        }
        assert_eq!(first_order((&[0.1; 9]).into()).unwrap_err(), Undefined::Constant);
        assert_eq!(first_order((&[0.1, 0.2, f64::NAN, 0.3]).into()).unwrap_err(), Undefined::NonFinite);
        assert_eq!(first_order((&[0.1, 0.2, 0.3, f64::INFINITY]).into()).unwrap_err(), Undefined::NonFinite);
    }
}
