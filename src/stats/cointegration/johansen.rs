//! Johansen's tests of the number of cointegrating relations between several series.

use crate::cointegration::cointegrating_regression::{detrend, time_terms};
use crate::cointegration::johansen_sides::{Model, Sides, by_products, by_qr};
use crate::cointegration::johansen_tables::{MAX_EIGENVALUE, MOST_SERIES, TRACE, Table};
use crate::sums::{dot, largest};
use crate::unit_root::mackinnon::{CriticalValues, Trend};
use core::fmt;

/// The deterministic part of the series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JohansenTrend {
    /// None: the levels have mean zero (order -1 elsewhere).
    None,
    /// A constant (order 0).
    #[default]
    Constant,
    /// A constant and a linear trend (order 1).
    Linear,
}

/// What to test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JohansenSpec {
    /// The deterministic part.
    pub trend: JohansenTrend,
    /// Lagged changes of every series in the model.
    pub lagged_changes: usize,
}

impl Default for JohansenSpec {
    /// A constant and one lagged change.
    fn default() -> Self {
        Self { trend: JohansenTrend::Constant, lagged_changes: 1 }
    }
}

/// One statistic of the sequence, and its critical values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JohansenTest {
    /// Dimensionless; large values reject.
    pub statistic: f64,
    /// A statistic above these rejects.
    pub critical_values: CriticalValues,
}

/// The tests' result for m series.
#[derive(Debug, Clone, PartialEq)]
pub struct Johansen {
    /// Squared canonical correlations of changes and levels, largest first, each in `[0, 1)`.
    pub eigenvalues: Vec<f64>,
    /// For each eigenvalue, the weights of the series in its combination, in the order of the series. They are
    /// scaled so that the variance of the combination of the residual levels is 1, and the first non-zero
    /// weight is positive.
    pub eigenvectors: Vec<Vec<f64>>,
    /// `trace[r]`: null of at most r cointegrating relations against m of them.
    pub trace: Vec<JohansenTest>,
    /// `max_eigenvalue[r]`: null of r cointegrating relations against r + 1.
    pub max_eigenvalue: Vec<JohansenTest>,
    /// Observations in the regressions.
    pub observations: usize,
}

impl Johansen {
    /// Cointegration rank by the trace test at 5 %: the first null that is not rejected, or m.
    pub fn rank_at_five_percent(&self) -> usize {
        let stands = |test: &JohansenTest| test.statistic <= test.critical_values.five_percent;
        self.trace.iter().position(stands).unwrap_or(self.trace.len())
    }
}

/// Why series cannot be tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JohansenError {
    /// Fewer than 2 or more than 12 series.
    Series {
        /// Series given.
        was: usize,
    },
    /// A series is not as long as the first.
    Lengths {
        /// Length of the first series.
        first: usize,
        /// Length of the other series.
        other: usize,
    },
    /// Shorter than the regressions need.
    TooShort {
        /// Observations needed.
        needed: usize,
        /// Observations given.
        got: usize,
    },
    /// A value is not finite, or too large to be squared.
    NonFinite,
    /// A series, or one of its changes, is a combination of the others or does not vary.
    Collinear,
    /// A combination follows from the past without error, so that there is nothing to test.
    Deterministic,
}

impl fmt::Display for JohansenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Series { was } => write!(formatter, "series must be 2 to {MOST_SERIES}, were {was}"),
            Self::Lengths { first, other } => {
                write!(formatter, "the series must be of the same length, were {first} and {other}")
            }
            Self::TooShort { needed, got } => write!(formatter, "{got} of {needed} observations"),
            Self::NonFinite => write!(formatter, "a value is not a finite number that can be squared"),
            Self::Collinear => write!(formatter, "a series is a combination of the others"),
            Self::Deterministic => write!(formatter, "a combination follows from the past without error"),
        }
    }
}

impl core::error::Error for JohansenError {}

/// Tests `series` for cointegration by the rank of the matrix Π of
/// `Δx_t = Π x_{t-1} + Γ_1 Δx_{t-1} + … + Γ_k Δx_{t-k} + e_t`.
///
/// `series`: 2 to 12 series of levels, each of length n, evenly spaced, oldest first, finite. The deterministic
/// part is first removed from the levels; then the means are removed from changes and levels. With T = n -
/// 1 - k rows and eigenvalues λ, the trace statistic is `-T Σ_{i>r} ln(1 - λ_i)` and the maximum eigenvalue
/// statistic `-T ln(1 - λ_{r+1})`. Canonical correlations are computed from products of the columns or, if the
/// columns are so nearly dependent that products would lose digits, from QR factors of both sides. The
/// statistics depend neither on the units of the series nor on their order.
///
/// The critical values with a constant are those for series with drift. Two unrelated walks without drift
/// exceed the 5 % value in 11.8 % of samples of 300 and 11.2 % of 1,000 (`examples/size.rs`): for the final
/// decision on a pair use Engle-Granger or Phillips-Ouliaris, which keep to their level.
///
/// # Errors
/// [`JohansenError`].
///
/// # Source
/// Johansen (1988, 1991); critical values of MacKinnon, Haug, Michelis (1996). Checked against statsmodels
/// `coint_johansen` to 1e-8 in `tests/oracle`, except without lagged changes: there statsmodels 0.15 pairs
/// a change with the level after it, this function with the level before it, as in the model.
///
/// ```
/// use spreadscope_stats::{JohansenSpec, johansen, random::Congruential};
/// // a random walk, and twice that walk plus a stationary error
/// let x: Vec<f64> = Congruential::new(1).path(1.0, 100.0).take(500).collect();
/// let mut error = Congruential::new(2);
/// let y: Vec<f64> = x.iter().map(|x| 3.0 + 2.0 * x + error.centred()).collect();
/// let found = johansen(&[&y, &x], &JohansenSpec::default())?;
/// assert_eq!(found.rank_at_five_percent(), 1);
/// let weights = &found.eigenvectors[0];
/// assert!((weights[1] / weights[0] + 2.0).abs() < 0.05); // y - 2 x
/// # Ok::<(), spreadscope_stats::JohansenError>(())
/// ```
pub fn johansen(series: &[&[f64]], spec: &JohansenSpec) -> Result<Johansen, JohansenError> {
    let count = series.len();
    if !(2..=MOST_SERIES).contains(&count) {
        return Err(JohansenError::Series { was: count });
    }
    let length = series[0].len();
    if let Some(other) = series.iter().find(|other| other.len() != length) {
        return Err(JohansenError::Lengths { first: length, other: other.len() });
    }
    let lags = spec.lagged_changes;
    // one row for each column of either side, the lagged changes and the mean
    let needed = count.saturating_mul(lags.saturating_add(2)).saturating_add(lags).saturating_add(3);
    if length < needed {
        return Err(JohansenError::TooShort { needed, got: length });
    }
    if !series.iter().all(|values| dot(values, values).is_finite()) {
        return Err(JohansenError::NonFinite);
    }
    let terms = match spec.trend {
        JohansenTrend::None => None,
        JohansenTrend::Constant => Some(time_terms(length, Trend::Constant)),
        JohansenTrend::Linear => Some(time_terms(length, Trend::Linear)),
    };
    let levels: Vec<Vec<f64>> = series
        .iter()
        .map(|values| {
            let mut values = values.to_vec();
            if let Some(terms) = &terms {
                detrend(&mut values, terms);
            }
            values
        })
        .collect();
    let rows = length - 1 - lags;
    let scales: Vec<f64> = series.iter().map(|values| largest(values)).collect();
    let model = Model { levels, scales, lags, centred: terms.is_some() };
    let sides = match by_products(&model) {
        Some(sides) => sides,
        None => by_qr(&model)?,
    };
    canonical(&sides, spec.trend, rows)
}

fn canonical(sides: &Sides, trend: JohansenTrend, rows: usize) -> Result<Johansen, JohansenError> {
    let Sides { across, weights: made_of } = sides;
    let eigen = (across * across.transpose()).symmetric_eigen();
    let count = eigen.eigenvalues.len();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let eigenvalues: Vec<f64> = order.iter().map(|&at| eigen.eigenvalues[at].max(0.0)).collect();
    // 1 - λ must exceed the rounding error of λ
    if !eigenvalues.iter().all(|&value| value < 1.0 - 1e-12) {
        return Err(JohansenError::Deterministic);
    }
    let eigenvectors = order.iter().map(|&at| {
        let weights = made_of * eigen.eigenvectors.column(at);
        let sign = weights.iter().find(|weight| **weight != 0.0).map_or(1.0, |weight| weight.signum());
        let scale = sign * (rows as f64).sqrt();
        weights.iter().map(|weight| scale * weight).collect()
    });
    let eigenvectors = eigenvectors.collect();
    let informative: Vec<f64> = eigenvalues.iter().map(|value| -(rows as f64) * (-value).ln_1p()).collect();
    let table = |tables: &[Table; 3], rank: usize| {
        let [ten_percent, five_percent, one_percent] = tables[trend as usize][count - 1 - rank];
        CriticalValues { one_percent, five_percent, ten_percent }
    };
    let trace = (0..count).map(|rank| JohansenTest {
        statistic: informative[rank..].iter().sum(),
        critical_values: table(&TRACE, rank),
    });
    let max_eigenvalue = (0..count).map(|rank| JohansenTest {
        statistic: informative[rank],
        critical_values: table(&MAX_EIGENVALUE, rank),
    });
    Ok(Johansen {
        trace: trace.collect(),
        max_eigenvalue: max_eigenvalue.collect(),
        eigenvalues,
        eigenvectors,
        observations: rows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn two_copies_of_one_walk_with_noise_share_one_trend() {
        let walk = contract::walk(1_500);
        let noise = |from: usize, at: usize| walk[from + at + 1] - walk[from + at];
        let series: Vec<Vec<f64>> = (1..4)
            .map(|times| {
                let from = 300 * times;
                (0..300).map(|at| times as f64 * walk[at] + noise(from, at)).collect()
            })
            .collect();
        let series: Vec<&[f64]> = series.iter().map(Vec::as_slice).collect();
        let found = johansen(&series, &JohansenSpec::default()).unwrap();
        let exceeds =
            |rank: usize| found.trace[rank].statistic > found.trace[rank].critical_values.one_percent;
        assert_eq!([0, 1, 2].map(exceeds), [true, true, false], "{found:?}");
        assert!(found.rank_at_five_percent() >= 2);
        assert!(found.eigenvalues.is_sorted_by(|a, b| a >= b));
        assert_eq!(found.observations, 298);
        let turned: Vec<&[f64]> = series.iter().rev().copied().collect();
        let other = johansen(&turned, &JohansenSpec::default()).unwrap();
        for (a, b) in found.trace.iter().zip(&other.trace) {
            assert!((a.statistic / b.statistic - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn what_cannot_be_tested_is_refused_by_kind() {
        let walk = contract::walk(100);
        let spec = JohansenSpec::default();
        let refused = |series: &[&[f64]]| johansen(series, &spec).unwrap_err();
        assert_eq!(refused(&[&walk]), JohansenError::Series { was: 1 });
        assert_eq!(refused(&[walk.as_slice(); 13]), JohansenError::Series { was: 13 });
        assert_eq!(refused(&[&walk, &walk[1..]]), JohansenError::Lengths { first: 100, other: 99 });
        assert_eq!(refused(&[&walk[..9], &walk[10..19]]), JohansenError::TooShort { needed: 10, got: 9 });
        assert_eq!(refused(&[&walk, &walk]), JohansenError::Collinear);
        assert_eq!(refused(&[&walk, &[1.0; 100]]), JohansenError::Collinear);
        assert_eq!(refused(&[&walk, &[f64::NAN; 100]]), JohansenError::NonFinite);
        let many = JohansenSpec { lagged_changes: usize::MAX, ..spec };
        assert!(matches!(johansen(&[&walk, &walk], &many), Err(JohansenError::TooShort { .. })));
        // a line and a parabola follow exactly from their pasts
        let line: Vec<f64> = (0..100).map(f64::from).collect();
        let parabola: Vec<f64> = line.iter().map(|t| t * t).collect();
        assert!(johansen(&[&line, &parabola], &spec).is_err());
    }
}
