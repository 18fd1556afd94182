//! How fast a spread reverts.

use crate::reversion::first_order::first_order;
use crate::unit_root::mackinnon::{self, Trend};
use crate::{Reading, Series, Undefined};

/// Half-life of mean reversion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HalfLife {
    /// Observations after which half of a deviation is expected to be gone.
    pub bars: f64,
    /// Slope of the change on the previous level, between -1 and 0.
    pub slope: f64,
    /// Its standard error.
    pub slope_std_error: f64,
    /// Slope over standard error.
    pub t_statistic: f64,
}

/// Fewest observations.
pub(crate) const FEWEST: usize = 10;

/// Half-life of `spread` from `Δs_t = a + b s_{t-1} + e_t`: `-ln 2 / ln(1 + b)`.
///
/// `spread`: evenly spaced, oldest first. Ready only if there is reversion: b is negative, its t-statistic is
/// below the 5 % Dickey-Fuller value (with constant, one variable), and b is above -1. Otherwise undefined,
/// with the reason. Never negative, never infinite.
///
/// # Source
/// The discrete solution of an Ornstein-Uhlenbeck process sampled once per bar; critical value of MacKinnon
/// (2010). Checked against the same formula with numpy's least squares in `tests/oracle`.
pub fn half_life<'a>(spread: impl Into<Series<'a>>) -> Reading<HalfLife> {
    let spread = spread.into();
    let got = spread.values().len();
    if got < FEWEST {
        return Reading::Undefined(Undefined::TooShort { needed: FEWEST, got });
    }
    let fit = match first_order(spread) {
        Ok(fit) => fit,
        Err(reason) => return Reading::Undefined(reason),
    };
    if fit.residual <= 0.0 {
        return Reading::Undefined(Undefined::Deterministic);
    }
    let critical = mackinnon::critical_values(Trend::Constant, 1, fit.rows)
        .expect("Invariant: one variable with constant is in the table");
    let (slope, slope_std_error) = (fit.slope, fit.slope_std_error());
    let t_statistic = slope / slope_std_error;
    if slope >= 0.0 || slope.is_nan() {
        Reading::Undefined(Undefined::NotReverting)
    } else if fit.is_deterministic() {
        Reading::Undefined(Undefined::Deterministic)
    } else if t_statistic > critical.five_percent {
        Reading::Undefined(Undefined::NotSignificant { t: t_statistic, critical: critical.five_percent })
    } else if slope <= -1.0 {
        Reading::Undefined(Undefined::Oscillating)
    } else {
        let bars = -core::f64::consts::LN_2 / slope.ln_1p();
        Reading::Ready(HalfLife { bars, slope, slope_std_error, t_statistic })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{self, autoregression};

    #[test]
    fn a_deviation_that_loses_a_tenth_each_bar_halves_in_six_and_a_half() {
        let Reading::Ready(found) = half_life(&autoregression(0.9, 3_000)) else { panic!() };
        assert!((found.slope + 0.1).abs() < 3.0 * found.slope_std_error, "{found:?}");
        let exact = -core::f64::consts::LN_2 / found.slope.ln_1p();
        assert!((found.bars / exact - 1.0).abs() < 1e-12, "{found:?} {exact}");
    }

    #[test]
    fn where_there_is_no_reversion_there_is_no_number() {
        assert!(matches!(
            half_life(&contract::walk(300)),
            Reading::Undefined(Undefined::NotSignificant { .. })
        ));
        let runaway: Vec<f64> = (0..50).map(|t| 1.1_f64.powi(t)).collect();
        assert_eq!(half_life(&runaway), Reading::Undefined(Undefined::NotReverting));
        let flips: Vec<f64> = autoregression(-0.2, 3_000);
        assert_eq!(half_life(&flips), Reading::Undefined(Undefined::Oscillating));
        assert_eq!(half_life(&[1.0; 50]), Reading::Undefined(Undefined::Constant));
        assert_eq!(half_life(&[]), Reading::Undefined(Undefined::TooShort { needed: 10, got: 0 }));
    }
}
