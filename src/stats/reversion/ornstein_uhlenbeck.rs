//! The Ornstein-Uhlenbeck process fitted to a spread by maximum likelihood.

use crate::reversion::first_order::{FirstOrder, first_order};
use crate::{Series, Undefined};
use core::f64::consts::{LN_2, PI};

/// Fewest observations.
const FEWEST: usize = 10;

/// `ds = θ (μ - s) dt + σ dW`, with one observation as the unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrnsteinUhlenbeck {
    /// Speed of reversion, per observation; positive.
    pub theta: f64,
    /// Level that the spread reverts to, in units of the spread.
    pub mu: f64,
    /// Volatility, in units of the spread per square root of an observation; positive.
    pub sigma: f64,
    /// Standard error of `theta`.
    pub theta_std_error: f64,
    /// Standard error of `mu`.
    pub mu_std_error: f64,
    /// Standard error of `sigma`.
    pub sigma_std_error: f64,
    /// Maximum of the log-likelihood, conditional on the first observation.
    pub log_likelihood: f64,
}

impl OrnsteinUhlenbeck {
    /// `ln 2 / θ`, in observations.
    pub fn half_life_bars(&self) -> f64 {
        LN_2 / self.theta
    }

    /// Long-run standard deviation of the spread, `σ / sqrt(2 θ)`.
    pub fn stationary_std_dev(&self) -> f64 {
        self.sigma / (2.0 * self.theta).sqrt()
    }
}

/// Fits an Ornstein-Uhlenbeck process to `spread` by exact maximum likelihood conditional on the first
/// observation.
///
/// `spread`: evenly spaced, oldest first, at least 10. Sampled once per bar, the process is a first-order
/// autoregression, `s_t = μ + φ (s_{t-1} - μ) + e_t` with `φ = e^{-θ}` and `Var e = σ² (1 - φ²) / (2 θ)`, so
/// the maximum has a closed form. Standard errors come from the observed information of `(c, φ, Var e)` by the
/// delta method. The fit exists whenever 0 < φ < 1, significant or not: use [`half_life`](crate::half_life())
/// or a unit-root test to decide whether there is reversion at all. θ is biased away from 0 by about 4/n.
///
/// # Errors
/// [`Undefined::TooShort`], [`Undefined::NonFinite`], [`Undefined::Constant`], [`Undefined::NotReverting`]
/// (φ of 1 or more), [`Undefined::Oscillating`] (φ of 0 or less), [`Undefined::Deterministic`].
///
/// # Source
/// Tang, Chen (2009), "Parameter estimation and bias correction for diffusion processes", section 3. Checked in
/// `tests/oracle` against statsmodels `AutoReg` (conditional maximum likelihood) with the same transformation,
/// and against a numerical maximum of the likelihood.
///
/// ```
/// use spreadscope_stats::{ornstein_uhlenbeck, random::Congruential};
/// let spread: Vec<f64> = Congruential::new(1).path(0.9, 0.0).take(5_000).map(|s| 5.0 + s).collect();
/// let found = ornstein_uhlenbeck(&spread)?;
/// assert!((found.theta - 0.105).abs() < 3.0 * found.theta_std_error); // -ln 0.9
/// assert!((found.mu - 5.0).abs() < 3.0 * found.mu_std_error);
/// # Ok::<(), spreadscope_stats::Undefined>(())
/// ```
pub fn ornstein_uhlenbeck<'a>(spread: impl Into<Series<'a>>) -> Result<OrnsteinUhlenbeck, Undefined> {
    let spread = spread.into();
    let got = spread.values().len();
    if got < FEWEST {
        return Err(Undefined::TooShort { needed: FEWEST, got });
    }
    let fit = first_order(spread)?;
    let FirstOrder { slope, intercept, rows, mean_level, sxx, residual, .. } = fit;
    if slope >= 0.0 {
        return Err(Undefined::NotReverting);
    }
    let kept = 1.0 + slope;
    if kept <= 0.0 {
        return Err(Undefined::Oscillating);
    }
    let rows = rows as f64;
    let variance = residual / rows;
    if variance <= 0.0 || fit.is_deterministic() {
        return Err(Undefined::Deterministic);
    }
    let theta = -slope.ln_1p();
    let mu = -intercept / slope;
    // 1 - φ² = (1 - φ)(1 + φ)
    let lost = -slope * (1.0 + kept);
    let sigma = (2.0 * theta * variance / lost).sqrt();

    let slope_variance = variance / sxx;
    // μ moves with the mean of the levels, and with the slope as far as μ is from that mean
    let apart = mu - mean_level;
    let mu_variance = (variance / rows + apart * apart * slope_variance) / (slope * slope);
    // d ln σ² = (-1/(φ θ) + 2 φ/(1 - φ²)) dφ + dv/v, and v has the variance 2 v²/n
    let by_slope = -1.0 / (kept * theta) + 2.0 * kept / lost;
    let log_square_variance = by_slope * by_slope * slope_variance + 2.0 / rows;
    let found = OrnsteinUhlenbeck {
        theta,
        mu,
        sigma,
        theta_std_error: slope_variance.sqrt() / kept,
        mu_std_error: mu_variance.sqrt(),
        sigma_std_error: 0.5 * sigma * log_square_variance.sqrt(),
        log_likelihood: -0.5 * rows * ((2.0 * PI * variance).ln() + 1.0),
    };
    // a spread may be so small that its squares underflow
    if found.sigma > 0.0 && found.sigma_std_error.is_finite() && found.mu_std_error.is_finite() {
        Ok(found)
    } else {
        Err(Undefined::NonFinite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    fn autoregression(phi: f64) -> Vec<f64> {
        let mut value = 0.0;
        let walk = contract::walk(3_001);
        walk.windows(2)
            .map(|pair| {
                value = phi * value + pair[1] - pair[0];
                value
            })
            .collect()
    }

    #[test]
    fn scale_and_shift_go_where_they_belong() {
        let spread = autoregression(0.8);
        let found = ornstein_uhlenbeck(&spread).unwrap();
        assert!((found.theta + 0.8_f64.ln()).abs() < 3.0 * found.theta_std_error, "{found:?}");
        let moved: Vec<f64> = spread.iter().map(|s| 100.0 - 4.0 * s).collect();
        let other = ornstein_uhlenbeck(&moved).unwrap();
        assert!((other.theta / found.theta - 1.0).abs() < 1e-10);
        assert!((other.sigma / (4.0 * found.sigma) - 1.0).abs() < 1e-10);
        assert!((other.mu - (100.0 - 4.0 * found.mu)).abs() < 1e-9);
        assert!((other.mu_std_error / (4.0 * found.mu_std_error) - 1.0).abs() < 1e-9);
        // 3,000 uniform errors of variance 1/12 through φ = 0.8
        assert!((found.stationary_std_dev() / (1.0 / 12.0 / 0.36_f64).sqrt() - 1.0).abs() < 0.1);
        assert_eq!(found.half_life_bars(), LN_2 / found.theta);
    }

    #[test]
    fn where_there_is_no_such_process_it_says_why() {
        assert_eq!(ornstein_uhlenbeck(&autoregression(-0.3)), Err(Undefined::Oscillating));
        let runaway: Vec<f64> = (0..50).map(|t| 1.1_f64.powi(t)).collect();
        assert_eq!(ornstein_uhlenbeck(&runaway), Err(Undefined::NotReverting));
        assert_eq!(ornstein_uhlenbeck(&[1.0; 50]), Err(Undefined::Constant));
        assert_eq!(ornstein_uhlenbeck(&[f64::INFINITY; 50]), Err(Undefined::NonFinite));
        assert_eq!(ornstein_uhlenbeck(&[]), Err(Undefined::TooShort { needed: 10, got: 0 }));
    }
}
