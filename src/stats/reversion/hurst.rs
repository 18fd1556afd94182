//! The Hurst exponent: how the variation of a series grows with the time scale.

use crate::sums::{all_finite, mean};
use crate::{Series, Undefined};

/// Fewest changes: four scales, with the longest fitting eight times into the series.
const FEWEST: usize = 64;

/// How often the longest scale must fit into the series.
const TIMES: usize = 8;

/// The exponent and its basis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hurst {
    /// 0.5 for a random walk; lower if changes tend to be reversed, higher if they tend to continue. Near 0 for
    /// a series that stays around its mean over all scales.
    pub exponent: f64,
    /// Number of scales: steps of 1, 2, 4, … observations.
    pub scales: usize,
    /// Longest step, in observations.
    pub longest: usize,
}

/// Hurst exponent of `levels` by aggregated variance: half the slope of `ln V(τ)` on `ln τ` over steps τ = 1,
/// 2, 4, … up to an eighth of the changes, with equal weights.
///
/// `levels`: a spread, prices or log prices, evenly spaced, oldest first, at least 65. `V(τ)` is the variance
/// of overlapping steps about the mean drift, with the divisor that makes it unbiased for a random walk:
/// `(N - τ + 1)(1 - τ/N)` for N changes. Because the logarithm of an estimate is biased downwards, half the
/// relative variance of a random walk's `V(τ)` is added to its logarithm: `(2 τ² + 1) / (3 τ N)`.
///
/// Mean and standard deviation of the estimate over 20,000 random walks each (`examples/hurst_bias.rs`):
///
/// | n | mean | deviation |
/// | ---: | ---: | ---: |
/// | 100 | 0.499 | 0.075 |
/// | 300 | 0.499 | 0.055 |
/// | 1,000 | 0.500 | 0.035 |
/// | 3,600 | 0.500 | 0.026 |
///
/// # Errors
/// [`Undefined::TooShort`], [`Undefined::NonFinite`], [`Undefined::Constant`] if the changes over some scale do
/// not vary.
///
/// # Source
/// Taqqu, Teverovsky, Willinger (1995) for aggregated variances; Lo, MacKinlay (1988) for the divisor. Checked
/// against the same formula with numpy in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::{hurst, random::Congruential};
/// let walk: Vec<f64> = Congruential::new(1).path(1.0, 0.0).take(4_000).collect();
/// assert!((hurst(&walk)?.exponent - 0.5).abs() < 0.1);
/// # Ok::<(), spreadscope_stats::Undefined>(())
/// ```
pub fn hurst<'a>(levels: impl Into<Series<'a>>) -> Result<Hurst, Undefined> {
    let series = levels.into();
    let levels = series.values();
    if levels.len() <= FEWEST {
        return Err(Undefined::TooShort { needed: FEWEST + 1, got: levels.len() });
    }
    if !all_finite(levels) {
        return Err(Undefined::NonFinite);
    }
    let changes = levels.len() - 1;
    let n = changes as f64;
    let step = (levels[changes] - levels[0]) / n;
    let (mut scales, mut variances) = (Vec::new(), Vec::new());
    let mut longest = 1;
    while longest * TIMES <= changes {
        let tau = longest as f64;
        let sum: f64 = levels[longest..]
            .iter()
            .zip(levels)
            .map(|(later, earlier)| (later - earlier - tau * step).powi(2))
            .sum();
        let variance = sum / ((n - tau + 1.0) * (1.0 - tau / n));
        if !variance.is_finite() {
            return Err(Undefined::NonFinite);
        }
        series.varies_by(variance.sqrt())?;
        scales.push(tau.ln());
        variances.push(variance.ln() + (2.0 * tau * tau + 1.0) / (3.0 * tau * n));
        longest *= 2;
    }
    let middle = mean(&scales);
    let across: f64 =
        scales.iter().zip(&variances).map(|(scale, variance)| (scale - middle) * variance).sum();
    let square: f64 = scales.iter().map(|scale| (scale - middle).powi(2)).sum();
    Ok(Hurst { exponent: 0.5 * across / square, scales: scales.len(), longest: longest / 2 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn walks_wander_by_half_and_noise_not_at_all() {
        let walk = contract::walk(4_001);
        let found = hurst(&walk).unwrap();
        assert!((found.exponent - 0.5).abs() < 0.08, "{found:?}");
        assert_eq!((found.scales, found.longest), (9, 256));
        let noise: Vec<f64> = walk.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(hurst(&noise).unwrap().exponent.abs() < 0.02);
        let mut sum = 0.0;
        let smooth: Vec<f64> = walk
            .iter()
            .map(|level| {
                sum += level;
                sum
            })
            .collect();
        assert!(hurst(&smooth).unwrap().exponent > 0.9);
    }

    #[test]
    fn what_has_none_says_why() {
        assert_eq!(hurst(&contract::walk(64)), Err(Undefined::TooShort { needed: 65, got: 64 }));
        assert_eq!(hurst(&contract::walk(65)).map(|found| found.scales), Ok(4));
        assert_eq!(hurst(&[0.1; 100]), Err(Undefined::Constant));
        let line: Vec<f64> = (0..100).map(|at| 0.1 * f64::from(at)).collect();
        assert_eq!(hurst(&line), Err(Undefined::Constant));
        // a sawtooth of period two does not move over two steps
        let saw: Vec<f64> = (0..101).map(|at| f64::from(at % 2)).collect();
        assert_eq!(hurst(&saw), Err(Undefined::Constant));
        assert_eq!(hurst(&[f64::NAN; 100]), Err(Undefined::NonFinite));
        assert_eq!(hurst(&[f64::MAX, f64::MIN].repeat(50)), Err(Undefined::NonFinite));
    }
}
