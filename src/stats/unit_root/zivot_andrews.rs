//! The Zivot-Andrews test, which allows for one break at an unknown date.

use crate::Undefined;
use crate::sample::Sample;
use crate::series::Series;
use crate::unit_root::adf::{LagChoice, choose, chosen_lags, most_lags};
use crate::unit_root::break_search::BreakSearch;
use crate::unit_root::error::UnitRootError;
use crate::unit_root::mackinnon::{CriticalValues, Trend};
use crate::unit_root::tabulated::TabulatedP;
use crate::unit_root::zivot_andrews_table::{BOTH_BREAK, LEVEL_BREAK, TREND_BREAK};

/// What breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakIn {
    /// The level: model A of the paper.
    Level,
    /// The slope of the trend: model B.
    Trend,
    /// Both: model C.
    Both,
}

/// What to test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZivotAndrewsSpec {
    /// The alternative hypothesis.
    pub break_in: BreakIn,
    /// Lags; a criterion is applied once, to the Dickey-Fuller regression with trend and without a break.
    pub lags: LagChoice,
    /// Share of the series at each end that is not searched for breaks: above 0, at most 1/3.
    pub trim: f64,
}

impl Default for ZivotAndrewsSpec {
    fn default() -> Self {
        Self { break_in: BreakIn::Level, lags: LagChoice::Aic { max: None }, trim: 0.15 }
    }
}

/// The test's result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZivotAndrews {
    /// Smallest t-statistic of the level over all breaks; dimensionless.
    pub statistic: f64,
    /// p-value of the null of a unit root without a break, from a table that covers 0.00001 to 0.999.
    pub p_value: TabulatedP,
    /// Asymptotic critical values.
    pub critical_values: CriticalValues,
    /// Index of the last observation before the break, from 0.
    pub break_after: usize,
    /// Lagged changes in the regressions.
    pub lags: usize,
    /// Observations in the regressions.
    pub observations: usize,
}

/// Tests `y` for a unit root against stationarity around a trend with one break. The break chosen is the one
/// most unfavourable to the unit root: the one with the smallest t-statistic of b in
/// `Δy_t = a + d t + [θ DU_t] + [γ DT_t] + b y_{t-1} + c_1 Δy_{t-1} + … + c_p Δy_{t-p} + e_t`,
/// where DU is 1 after the break and DT counts up from it.
///
/// `y`: levels, evenly spaced, oldest first, finite. O(n (p + 3)²) for all breaks together: their common
/// columns are projected out once, and the sums over the rows after each break follow from one another.
///
/// At 5 % it rejects 4.5 and 5.1 % of Gaussian random walks of 300 and 1,000 observations with 0 lags and a
/// break in the level (20,000 replications, standard error 0.15 %: `examples/size.rs`).
///
/// # Errors
/// [`UnitRootError`]: too short, too many lags, a share out of range, not finite, constant, or deterministic.
///
/// # Source
/// Zivot, Andrews (1992), with one choice of lags for all breaks after Baum (2004), as in statsmodels and arch.
/// Statistics, breaks and p-values checked against statsmodels 0.15.0 `zivot_andrews`, statistics against arch
/// 8.0.0 `ZivotAndrews`, to 1e-8 in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::{ZivotAndrewsSpec, random::Random, zivot_andrews};
/// // noise about a level that jumps after observation 119
/// let mut random = Random::new(1);
/// let y: Vec<f64> = (0..300).map(|t| random.unit() + if t > 119 { 5.0 } else { 0.0 }).collect();
/// let found = zivot_andrews(&y, &ZivotAndrewsSpec::default())?;
/// assert!(found.statistic < found.critical_values.one_percent);
/// assert_eq!(found.break_after, 119);
/// # Ok::<(), spreadscope_stats::UnitRootError>(())
/// ```
pub fn zivot_andrews<'a>(
    y: impl Into<Series<'a>>,
    spec: &ZivotAndrewsSpec,
) -> Result<ZivotAndrews, UnitRootError> {
    let y = y.into();
    let ZivotAndrewsSpec { break_in, lags, trim } = *spec;
    if !(trim > 0.0 && trim <= 1.0 / 3.0) {
        return Err(UnitRootError::Trim { was: trim });
    }
    let got = y.values().len();
    let needed = 8;
    if got < needed {
        return Err(Undefined::TooShort { needed, got }.into());
    }
    let sample = Sample::bent(y, true)?;
    let most = most_lags(got, got / 2 - 3, lags)?;
    let lags = chosen_lags(&sample.regression(most), Trend::Linear, most, lags, choose)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
    let trimmed = (got as f64 * trim) as usize;
    // a break must leave rows before it, one more if only the slope breaks
    let before = lags + if break_in == BreakIn::Trend { 2 } else { 1 };
    let columns = 5 + lags;
    if trimmed < before || got - 1 - lags <= columns {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count over a share")]
        let for_trim = (before as f64 / trim).ceil() as usize;
        let needed = for_trim.max(2 * lags + 7).max(got + 1);
        return Err(Undefined::TooShort { needed, got }.into());
    }
    let search = BreakSearch::new(&sample, lags).ok_or(UnitRootError::DETERMINISTIC)?;
    let found = search.smallest(break_in, trimmed..got - trimmed).ok_or(UnitRootError::DETERMINISTIC)?;
    let table = match break_in {
        BreakIn::Level => &LEVEL_BREAK,
        BreakIn::Trend => &TREND_BREAK,
        BreakIn::Both => &BOTH_BREAK,
    };
    Ok(ZivotAndrews {
        statistic: found.t,
        p_value: TabulatedP::read(table, found.t),
        critical_values: critical_values(table),
        break_after: found.break_after,
        lags,
        observations: got - 1 - lags,
    })
}

fn critical_values(table: &[(f64, f64)]) -> CriticalValues {
    let at = |level: f64| {
        let row = table.iter().find(|(_, percent)| *percent == level);
        row.expect("Invariant: the table has the usual levels").0
    };
    CriticalValues { one_percent: at(1.0), five_percent: at(5.0), ten_percent: at(10.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn what_cannot_be_tested_is_refused_by_kind() {
        let spec = ZivotAndrewsSpec::default();
        for length in 0..8 {
            let too_short = Undefined::TooShort { needed: 8, got: length }.into();
            assert_eq!(zivot_andrews(&contract::walk(length), &spec), Err(too_short));
        }
        assert_eq!(zivot_andrews(&[60_000.0; 50], &spec), Err(Undefined::Constant.into()));
        let mut bad = contract::walk(50);
        bad[7] = f64::NAN;
        assert_eq!(zivot_andrews(&bad, &spec), Err(Undefined::NonFinite.into()));
        let line: Vec<f64> = (0..50).map(f64::from).collect();
        assert_eq!(zivot_andrews(&line, &spec), Err(Undefined::Deterministic.into()));
        let many = ZivotAndrewsSpec { lags: LagChoice::Fixed(8), ..spec };
        let too_short = Undefined::TooShort { needed: 60, got: 50 }.into();
        assert_eq!(zivot_andrews(&contract::walk(50), &many), Err(too_short));
        for trim in [0.0, -0.1, 0.34, f64::NAN] {
            let refused = zivot_andrews(&contract::walk(50), &ZivotAndrewsSpec { trim, ..spec });
            assert!(matches!(refused, Err(UnitRootError::Trim { .. })), "{refused:?}");
        }
    }

    #[test]
    fn a_broken_line_without_error_is_nothing_to_test() {
        let broken: Vec<f64> = (0..60).map(|t| f64::from(t) + if t > 29 { 7.0 } else { 0.0 }).collect();
        let spec = ZivotAndrewsSpec { lags: LagChoice::Fixed(0), ..ZivotAndrewsSpec::default() };
        assert_eq!(zivot_andrews(&broken, &spec), Err(Undefined::Deterministic.into()));
    }

    #[test]
    fn short_series_of_any_kind_do_not_panic() {
        let walk = contract::walk(60);
        for break_in in [BreakIn::Level, BreakIn::Trend, BreakIn::Both] {
            for lags in [LagChoice::Fixed(0), LagChoice::Fixed(1), LagChoice::Aic { max: Some(2) }] {
                for length in 0..walk.len() {
                    let spec = ZivotAndrewsSpec { break_in, lags, trim: 0.2 };
                    if let Ok(found) = zivot_andrews(&walk[..length], &spec) {
                        assert!(found.statistic.is_finite() && found.break_after < length);
                    }
                }
            }
        }
    }
}
