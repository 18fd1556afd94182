//! The same statistics on coarser samples of a pair, which shows what remains of them without trading noise.
//!
//! Correlation rises with the sampling interval (Epps), because prices that trade at different moments move
//! together only when sampled less often; and a price that bounces between bid and ask seems to revert at the
//! finest interval. A statistic that holds at one interval only is an artefact of trading.

use crate::reversion::half_life::{HalfLife, half_life};
use crate::reversion::variance_ratio::{
    VarianceRatio, VarianceRatioError, VarianceRatioSpec, variance_ratio,
};
use crate::series::{Series, spread_scale};
use crate::sums::largest;
use crate::{Reading, Undefined, ols, pearson};
use core::fmt;
use core::num::NonZeroUsize;

/// The statistics at one stride.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StrideStatistics {
    /// Base observations per observation.
    pub stride: NonZeroUsize,
    /// Number of observations at this stride.
    pub observations: usize,
    /// Pearson correlation of the changes of y and x, or why there is none.
    pub correlation: Result<f64, Undefined>,
    /// Half-life of the spread, in observations at this stride; times `stride` for base observations.
    pub half_life: Reading<HalfLife>,
    /// Variance ratio of the spread at this stride.
    pub variance_ratio: Result<VarianceRatio, VarianceRatioError>,
}

/// Why a pair cannot be sampled.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum SamplingError {
    /// The series differ in length.
    Lengths {
        /// Length of y.
        y: usize,
        /// Length of x.
        x: usize,
    },
    /// There is no spread: the regression of y on x does not exist.
    Regression(Undefined),
}

impl fmt::Display for SamplingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lengths { y, x } => {
                write!(formatter, "the series must be of the same length, were {y} and {x}")
            }
            Self::Regression(reason) => write!(formatter, "no regression: {reason}"),
        }
    }
}

impl core::error::Error for SamplingError {}

/// Statistics of `y` and `x` at each of the strides, in the order given.
///
/// `y`, `x`: levels of the same length (log prices for a correlation of log returns), evenly spaced, oldest
/// first, finite. The sample at a stride ends with the newest observation. The spread is the residual of y on x
/// over all base observations, so that every stride samples the same spread. `variance_ratio` specifies each
/// stride's variance ratio, in that stride's own observations.
///
/// # Errors
/// [`SamplingError`]. A statistic that does not exist at one stride (too few observations) says so there.
///
/// # Source
/// Epps (1979); Roll (1984) for the bounce. Its parts are checked separately, and together against numpy in
/// `tests/oracle`.
///
/// ```
/// use core::num::NonZeroUsize;
/// use spreadscope_stats::{VarianceRatioSpec, by_stride, random::Congruential};
/// // one walk; each price adds its own bounce
/// let mut bounce = Congruential::new(2);
/// let walk = Congruential::new(1).path(1.0, 0.0).take(6_000);
/// let (y, x): (Vec<f64>, Vec<f64>) =
///     walk.map(|level| (level + 2.0 * bounce.centred(), level + 2.0 * bounce.centred())).unzip();
/// let strides = [1, 60].map(|stride| NonZeroUsize::new(stride).expect("it is not zero"));
/// let found = by_stride(&y, &x, &strides, &VarianceRatioSpec::of(2))?;
/// assert!(found[0].correlation? < 0.2 && found[1].correlation? > 0.7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn by_stride(
    y: &[f64],
    x: &[f64],
    strides: &[NonZeroUsize],
    ratio: &VarianceRatioSpec,
) -> Result<Vec<StrideStatistics>, SamplingError> {
    if y.len() != x.len() {
        return Err(SamplingError::Lengths { y: y.len(), x: x.len() });
    }
    let fit = ols(y, x).map_err(SamplingError::Regression)?;
    let whole: Vec<f64> = y.iter().zip(x).map(|(y, x)| y - fit.intercept - fit.slope * x).collect();
    let scale = spread_scale(largest(y), fit.slope * largest(x), fit.intercept);
    let at_stride = |&stride: &NonZeroUsize| {
        let sample = |values: &[f64]| {
            let mut sample: Vec<f64> = values.iter().rev().step_by(stride.get()).copied().collect();
            sample.reverse();
            sample
        };
        let spread = sample(&whole);
        let spread = Series::computed_from(&spread, scale);
        StrideStatistics {
            stride,
            observations: spread.values().len(),
            correlation: correlation_of_changes(&sample(y), &sample(x)),
            half_life: half_life(spread),
            variance_ratio: variance_ratio(spread, ratio),
        }
    };
    Ok(strides.iter().map(at_stride).collect())
}

fn correlation_of_changes(y: &[f64], x: &[f64]) -> Result<f64, Undefined> {
    if y.len() < 3 {
        return Err(Undefined::TooShort { needed: 3, got: y.len() });
    }
    let changes = |values: &[f64]| values.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<f64>>();
    pearson(&changes(y), &changes(x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    fn strides<const N: usize>(strides: [usize; N]) -> [NonZeroUsize; N] {
        strides.map(|stride| NonZeroUsize::new(stride).unwrap())
    }

    #[test]
    fn every_stride_ends_with_the_newest_and_a_stride_of_one_is_the_series() {
        let walk = contract::walk(600);
        let (y, x) = (&walk[..300], &walk[300..]);
        let found = by_stride(y, x, &strides([1, 7, 299, 1_000]), &VarianceRatioSpec::of(2)).unwrap();
        let lengths: Vec<usize> = found.iter().map(|at| at.observations).collect();
        assert_eq!(lengths, [300, 43, 2, 1]);
        let fit = ols(y, x).unwrap();
        let spread: Vec<f64> = y.iter().zip(x).map(|(y, x)| y - fit.intercept - fit.slope * x).collect();
        assert_eq!(found[0].half_life, half_life(&spread));
        let last = 299;
        let by_hand: Vec<f64> = (0..43).map(|at| spread[last - 7 * (42 - at)]).collect();
        assert_eq!(found[1].variance_ratio, variance_ratio(&by_hand, &VarianceRatioSpec::of(2)));
        assert_eq!(found[3].correlation, Err(Undefined::TooShort { needed: 3, got: 1 }));
        assert!(matches!(found[2].half_life, Reading::Undefined(Undefined::TooShort { .. })));
    }

    #[test]
    fn what_cannot_be_sampled_is_refused_by_kind() {
        let walk = contract::walk(50);
        let one = strides([1]);
        let refused = |y: &[f64], x: &[f64]| by_stride(y, x, &one, &VarianceRatioSpec::of(2)).unwrap_err();
        assert_eq!(refused(&walk, &walk[1..]), SamplingError::Lengths { y: 50, x: 49 });
        assert_eq!(refused(&walk, &[1.0; 50]), SamplingError::Regression(Undefined::Collinear));
        assert!(matches!(refused(&[], &[]), SamplingError::Regression(Undefined::TooShort { .. })));
        let held: Vec<f64> =
            walk.iter().enumerate().map(|(at, w)| if at % 2 == 1 { 3.0 } else { *w }).collect();
        let found = by_stride(&held, &walk, &strides([2]), &VarianceRatioSpec::of(2)).unwrap();
        assert_eq!(found[0].correlation, Err(Undefined::Constant));
    }
}
