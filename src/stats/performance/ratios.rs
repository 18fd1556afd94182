//! Return relative to risk, per period.

use super::{checked, finite};
use crate::sums::mean;
use crate::{Estimator as _, Reading, RollingShape, Shape, Undefined};

/// Standard deviation of the returns, divisor n - 1.
///
/// # Errors
/// [`Undefined::TooShort`] below two returns, [`Undefined::NonFinite`].
pub fn volatility(returns: &[f64]) -> Result<f64, Undefined> {
    let returns = checked(returns, 2)?;
    let mean = mean(returns);
    let squares: f64 = returns.iter().map(|r| (r - mean) * (r - mean)).sum();
    finite((squares / (returns.len() - 1) as f64).sqrt())
}

/// Sharpe ratio per period: mean over standard deviation.
///
/// # Errors
/// As [`volatility`]; [`Undefined::Constant`] if the returns do not vary.
///
/// # Source
/// Sharpe (1994). Checked against empyrical-reloaded `sharpe_ratio` in `tests/oracle`.
pub fn sharpe(returns: &[f64]) -> Result<f64, Undefined> {
    let deviation = volatility(returns)?;
    let mean = mean(returns);
    // the rounding error of constant returns is not a deviation
    if deviation <= 4.0 * f64::EPSILON * mean.abs() || deviation == 0.0 {
        return Err(Undefined::Constant);
    }
    finite(mean / deviation)
}

/// Sortino ratio per period with a target of 0: mean over the root mean square of losses, where periods without
/// a loss count as 0.
///
/// # Errors
/// [`Undefined::TooShort`] below two returns, [`Undefined::NonFinite`]; [`Undefined::Constant`] if no return is
/// a loss.
///
/// # Source
/// Sortino, van der Meer (1991). Checked against empyrical-reloaded `sortino_ratio` in `tests/oracle`. Counting
/// only the losing periods gives a different ratio:
///
/// ```
/// use spreadscope_stats::performance::sortino;
/// let ratio = sortino(&[0.01, -0.02, 0.03, -0.01])?;
/// assert!((ratio * 252_f64.sqrt() - 3.549_6).abs() < 1e-4); // a year of 252 days; not 7.94
/// # Ok::<(), spreadscope_stats::Undefined>(())
/// ```
pub fn sortino(returns: &[f64]) -> Result<f64, Undefined> {
    let returns = checked(returns, 2)?;
    let squares: f64 = returns.iter().map(|r| r.min(0.0) * r.min(0.0)).sum();
    if squares == 0.0 {
        return Err(Undefined::Constant);
    }
    finite(mean(returns) / (squares / returns.len() as f64).sqrt())
}

/// Skewness and excess kurtosis of the returns, both adjusted for sample size.
///
/// # Errors
/// [`Undefined::TooShort`] below four returns, [`Undefined::NonFinite`], [`Undefined::Constant`].
pub fn shape(returns: &[f64]) -> Result<Shape, Undefined> {
    let returns = checked(returns, 4)?;
    let too_short = Undefined::TooShort { needed: 4, got: returns.len() };
    let mut rolling = RollingShape::new(returns.len()).map_err(|_window| too_short)?;
    let mut last = Reading::Undefined(too_short);
    for &value in returns {
        last = rolling.update(value);
    }
    match last {
        Reading::Ready(shape) => Ok(shape),
        Reading::Undefined(reason) => Err(reason),
        Reading::Warming { .. } | Reading::Provisional { .. } => Err(too_short),
    }
}
