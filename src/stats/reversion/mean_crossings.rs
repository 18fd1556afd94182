//! How often a spread crosses its mean.

use crate::sums::{dot, mean};
use crate::{Series, Undefined};
use core::f64::consts::PI;

/// Fewest observations.
const FEWEST: usize = 10;

/// Crossings counted, and the number that the autocorrelation implies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanCrossings {
    /// Number of crossings.
    pub crossings: usize,
    /// Crossings per observation, between 0 and 1.
    pub rate: f64,
    /// Expected crossings per observation of a Gaussian series with the same first autocorrelation ρ:
    /// `arccos(ρ) / π`.
    pub expected_rate: f64,
}

/// Counts how often `spread` crosses its sample mean.
///
/// `spread`: evenly spaced, oldest first, at least 10. An observation exactly at the mean counts to the side
/// that the series came from. A rate far below the expected one is a sign that the mean has moved.
///
/// # Errors
/// [`Undefined::TooShort`], [`Undefined::NonFinite`], [`Undefined::Constant`].
///
/// # Source
/// Kedem (1994), the cosine formula of zero-crossing rates. Checked against numpy in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::mean_crossings;
/// let found = mean_crossings(&[1.0, -1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0, 1.0, -1.0])?;
/// assert_eq!(found.crossings, 5);
/// # Ok::<(), spreadscope_stats::Undefined>(())
/// ```
pub fn mean_crossings<'a>(spread: impl Into<Series<'a>>) -> Result<MeanCrossings, Undefined> {
    let series = spread.into();
    let spread = series.values();
    if spread.len() < FEWEST {
        return Err(Undefined::TooShort { needed: FEWEST, got: spread.len() });
    }
    let middle = mean(spread);
    let deviations: Vec<f64> = spread.iter().map(|value| value - middle).collect();
    let squares = dot(&deviations, &deviations);
    if !squares.is_finite() {
        return Err(Undefined::NonFinite);
    }
    series.varies_by((squares / spread.len() as f64).sqrt())?;
    let sides = deviations.iter().filter(|deviation| **deviation != 0.0);
    let sides: Vec<bool> = sides.map(|deviation| *deviation > 0.0).collect();
    let crossings = sides.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let rows = spread.len() - 1;
    let correlation = dot(&deviations[1..], &deviations[..rows]) / squares;
    Ok(MeanCrossings {
        crossings,
        rate: crossings as f64 / rows as f64,
        expected_rate: correlation.clamp(-1.0, 1.0).acos() / PI,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn noise_crosses_every_other_time_and_a_walk_seldom() {
        let walk = contract::walk(4_000);
        let noise: Vec<f64> = walk.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let found = mean_crossings(&noise).unwrap();
        assert!((found.rate - 0.5).abs() < 0.03 && (found.expected_rate - 0.5).abs() < 0.02, "{found:?}");
        assert!(mean_crossings(&walk).unwrap().rate < 0.05);
    }

    #[test]
    fn what_stands_on_the_mean_has_not_crossed_it() {
        let touched = [1.0, 0.0, 1.0, 0.0, 0.0, -1.0, 0.0, -1.0, 0.0, 0.0];
        assert_eq!(mean_crossings(&touched).unwrap().crossings, 1);
    }

    #[test]
    fn what_has_none_says_why() {
        assert_eq!(mean_crossings(&[0.1; 30]), Err(Undefined::Constant));
        assert_eq!(mean_crossings(&[f64::INFINITY; 30]), Err(Undefined::NonFinite));
        assert_eq!(mean_crossings(&[]), Err(Undefined::TooShort { needed: 10, got: 0 }));
    }
}
