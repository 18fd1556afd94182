//! The probability that a Sharpe ratio is more than luck, and more than the luck of the best of many trials.

use super::{finite, ratios};
use crate::Undefined;
use core::f64::consts::E;
use statrs::distribution::{ContinuousCDF as _, Normal};

/// The Euler-Mascheroni constant.
const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// Probability that the true Sharpe ratio per period is above `benchmark`, which is also per period.
///
/// Skewness and kurtosis are those of [`ratios::shape`], adjusted for sample size.
///
/// # Errors
/// [`Undefined::TooShort`] below four returns, [`Undefined::NonFinite`]; [`Undefined::Constant`] if the returns
/// do not vary, or if their moments give the estimate no positive variance.
///
/// # Source
/// Bailey, López de Prado (2012), equation 11. Checked against ffn in `tests/oracle`.
pub fn probabilistic_sharpe(returns: &[f64], benchmark: f64) -> Result<f64, Undefined> {
    let shape = ratios::shape(returns)?;
    let sharpe = ratios::sharpe(returns)?;
    let kurtosis = shape.excess_kurtosis + 3.0;
    probability(sharpe - benchmark, sharpe, shape.skewness, kurtosis, returns.len() as f64)
}

fn probability(beyond: f64, sharpe: f64, skewness: f64, kurtosis: f64, count: f64) -> Result<f64, Undefined> {
    let variance = 1.0 - skewness * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe;
    if variance <= 0.0 {
        return Err(Undefined::Constant);
    }
    finite(beyond * ((count - 1.0) / variance).sqrt()).map(|z| Normal::standard().cdf(z))
}

/// Expected maximum Sharpe ratio per period of `trials` strategies without skill, whose Sharpe ratios per
/// period have the standard deviation `deviation`. 0 for a single trial.
///
/// # Source
/// Bailey, López de Prado (2014), equation 1.
pub fn expected_maximum_sharpe(trials: usize, deviation: f64) -> f64 {
    if trials < 2 {
        return 0.0;
    }
    let normal = Normal::standard();
    let chance = 1.0 / trials as f64;
    let (first, second) = (normal.inverse_cdf(1.0 - chance), normal.inverse_cdf(1.0 - chance / E));
    deviation * ((1.0 - EULER_GAMMA) * first + EULER_GAMMA * second)
}

/// Probability that the true Sharpe ratio is above the expected maximum of all trials by luck. `returns` are
/// those of the best trial; `ratios` are the Sharpe ratios **per period** of the trials that have one, and `trials` is
/// the number of all that were made.
///
/// # Errors
/// As [`probabilistic_sharpe`], and as [`ratios::volatility`] of the trials.
///
/// # Source
/// Bailey, López de Prado (2014), equation 2. Checked against ffn `calc_deflated_sharpe_ratio` in
/// `tests/oracle`.
pub fn deflated_sharpe(returns: &[f64], ratios: &[f64], trials: usize) -> Result<f64, Undefined> {
    let deviation = ratios::volatility(ratios)?;
    probabilistic_sharpe(returns, expected_maximum_sharpe(trials, deviation))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Bailey, López de Prado (2014), page 9: 100 trials with an annual variance of 1/2, an
    /// annual Sharpe ratio of 2.5 over five years of 250 days, skewness -3, kurtosis 10.
    #[test]
    fn the_published_example_comes_out() {
        let example = |trials: usize, skewness: f64, kurtosis: f64, scale: f64| {
            let deviation = (0.5_f64 / 250.0).sqrt();
            let hurdle = expected_maximum_sharpe(trials, deviation);
            let sharpe = 2.5 / 250_f64.sqrt();
            let found = probability((sharpe - hurdle) * scale, sharpe * scale, skewness, kurtosis, 1_250.0);
            (hurdle, found.unwrap())
        };
        let (hurdle, found) = example(100, -3.0, 10.0, 1.0);
        assert!((hurdle - 0.113_17).abs() < 1e-5, "{hurdle}");
        assert!((found - 0.900_40).abs() < 1e-5, "{found}");
        assert!((example(46, -3.0, 10.0, 1.0).1 - 0.950_50).abs() < 1e-5);
        assert!((example(88, 0.0, 3.0, 1.0).1 - 0.950_49).abs() < 1e-5);
        // trap "DSR with annualised SR": 0.9004 becomes 0.99999994
        let (_, annualised) = example(100, -3.0, 10.0, 250_f64.sqrt());
        assert!((1.0 - annualised - 6e-8).abs() < 1e-8, "{annualised}");
    }
}
