//! The uncertainty of a Sharpe ratio, by resampling whole blocks of returns, since periods are not independent.

use super::{checked, finite, ratios};
use crate::Undefined;
use crate::confidence::Confidence;
use crate::quantile::quantile;
use crate::random::Random;
use crate::sums::{dot, mean};
use core::num::NonZeroUsize;

/// Fewest returns from which a block length is estimated.
const FEWEST: usize = 12;

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BlockBootstrapSpec {
    /// Number of resampled series.
    pub resamples: NonZeroUsize,
    /// Fixes the result: the same seed gives the same interval.
    pub seed: u64,
    /// Confidence level of the interval.
    pub confidence: Confidence,
}

/// An interval for the Sharpe ratio per period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharpeInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Mean block length, in periods.
    pub block_length: f64,
}

/// Mean block length for the stationary bootstrap of the mean of `values`, at least 1.
///
/// # Errors
/// [`Undefined::TooShort`] below twelve values, [`Undefined::NonFinite`], [`Undefined::Constant`].
///
/// # Source
/// Politis, White (2004), corrected by Patton, Politis, White (2009). Checked against arch
/// `optimal_block_length`.
pub fn optimal_block_length(values: &[f64]) -> Result<f64, Undefined> {
    let values = checked(values, FEWEST)?;
    let count = values.len() as f64;
    let mean = mean(values);
    let from_mean: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let last = values.len() - 1;
    let run = whole(count.log10()).max(5);
    let most = (whole(count.sqrt().ceil()) + run).min(last - 1);
    let band = 2.0 * (count.log10() / count).sqrt();
    let mut covariances = Vec::with_capacity(most + 1);
    let mut correlations: Vec<f64> = Vec::with_capacity(most + 1);
    let mut chosen = None;
    for lag in 0..=most {
        let later = &from_mean[lag + 1..];
        let earlier = &from_mean[..last - lag];
        let product = dot(&from_mean[lag..], &from_mean[..values.len() - lag]);
        covariances.push(product / count);
        correlations.push(product.abs() / (dot(later, later) * dot(earlier, earlier)).sqrt());
        if lag >= run && chosen.is_none() && correlations[lag - run..lag].iter().all(|size| *size < band) {
            chosen = Some(lag - run);
        }
    }
    let lags = chosen.map_or(most, |lag| 2 * lag.max(1)).min(most);
    let (mut slope, mut variance) = (0.0, covariances[0]);
    for (lag, covariance) in covariances.iter().enumerate().take(lags + 1).skip(1) {
        let share = lag as f64 / lags as f64;
        let weight = if share <= 0.5 { 1.0 } else { 2.0 * (1.0 - share) };
        slope += 2.0 * weight * lag as f64 * covariance;
        variance += 2.0 * weight * covariance;
    }
    let longest = (3.0 * count.sqrt()).min(count / 3.0).ceil();
    let length = (slope * slope / (variance * variance)).cbrt() * count.cbrt();
    finite(length).map(|length| length.min(longest).max(1.0))
}

/// Makes the indices of a stationary bootstrap in place. `places` are the indices drawn; each is replaced by
/// its predecessor plus one unless its number in `uniform` is at most `1 / block_length`. The first index
/// follows the last.
///
/// # Source
/// Politis, Romano (1994). Checked against arch `stationary_bootstrap_sample`, given the same draws.
pub fn stationary_indices(places: &mut [usize], uniform: &[f64], block_length: f64) {
    let chance = 1.0 / block_length;
    for at in 1..places.len() {
        if uniform[at] > chance {
            places[at] = (places[at - 1] + 1) % places.len();
        }
    }
}

/// Interval of the Sharpe ratio per period by the stationary bootstrap; its ends are percentiles, interpolated
/// linearly.
///
/// # Errors
/// As [`optimal_block_length`], and as [`ratios::sharpe`].
pub fn sharpe_interval(returns: &[f64], spec: &BlockBootstrapSpec) -> Result<SharpeInterval, Undefined> {
    ratios::sharpe(returns)?;
    let block_length = optimal_block_length(returns)?;
    let count = returns.len();
    let mut random = Random::new(spec.seed);
    let mut found = Vec::with_capacity(spec.resamples.get());
    let (mut places, mut uniform, mut drawn) = (vec![0; count], vec![0.0; count], vec![0.0; count]);
    for _ in 0..spec.resamples.get() {
        places.fill_with(|| random.place(count));
        uniform.fill_with(|| random.unit());
        stationary_indices(&mut places, &uniform, block_length);
        drawn.iter_mut().zip(&places).for_each(|(drawn, &place)| *drawn = returns[place]);
        // a resample of one return repeated does not vary, and has no ratio
        if let Ok(ratio) = ratios::sharpe(&drawn) {
            found.push(ratio);
        }
    }
    if found.is_empty() {
        return Err(Undefined::Constant);
    }
    found.sort_by(f64::total_cmp);
    let tail = spec.confidence.tail();
    Ok(SharpeInterval { low: quantile(&found, tail), high: quantile(&found, 1.0 - tail), block_length })
}

fn whole(number: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and below a length"
    )]
    let whole = number.floor() as usize;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::autoregression;

    /// Standard deviation over many starts of the resampled mean, against the one of single draws.
    #[test]
    fn an_interval_of_returns_that_follow_each_other_is_wider_than_one_of_single_draws() {
        // trap "iid bootstrap": a first-order autoregression of 0.3 has a mean 1.363 times as uncertain
        let returns = autoregression(0.3, 4_000);
        let width = |block_length: f64| {
            let mut random = Random::new(3);
            let means: Vec<f64> = (0..600)
                .map(|_| {
                    let mut places: Vec<usize> = (0..4_000).map(|_| random.place(4_000)).collect();
                    let uniform: Vec<f64> = (0..4_000).map(|_| random.unit()).collect();
                    stationary_indices(&mut places, &uniform, block_length);
                    places.iter().map(|&place| returns[place]).sum::<f64>() / 4_000.0
                })
                .collect();
            ratios::volatility(&means).unwrap()
        };
        let wider = width(optimal_block_length(&returns).unwrap().max(10.0)) / width(1.0);
        assert!((wider - 1.363).abs() < 0.12, "{wider}");
    }

    #[test]
    fn the_interval_holds_the_ratio_and_follows_its_seed() {
        let returns: Vec<f64> = autoregression(0.1, 400).iter().map(|value| 0.02 + value).collect();
        let spec = BlockBootstrapSpec {
            resamples: NonZeroUsize::new(500).unwrap(),
            seed: 7,
            confidence: Confidence::PERCENT_95,
        };
        let found = sharpe_interval(&returns, &spec).unwrap();
        let ratio = ratios::sharpe(&returns).unwrap();
        assert!(found.low < ratio && ratio < found.high, "{found:?} {ratio}");
        assert_eq!(sharpe_interval(&returns, &spec), Ok(found));
        assert_eq!(sharpe_interval(&[0.5; 40], &spec), Err(Undefined::Constant));
    }
}
