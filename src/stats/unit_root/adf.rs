//! The augmented Dickey-Fuller test.

use crate::Undefined;
use crate::sample::{Sample, schwert};
use crate::series::{Series, rounding};
use crate::unit_root::error::UnitRootError;
use crate::unit_root::lag_regression::{LagRegression, LevelFit, Nested};
use crate::unit_root::mackinnon::{self, CriticalValues, Trend};
use core::f64::consts::PI;

/// How the number of lagged changes in the regression is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LagChoice {
    /// A fixed number.
    Fixed(usize),
    /// The minimum of Akaike's criterion, up to `max`.
    Aic {
        /// Most lags; `None` for Schwert's rule.
        max: Option<usize>,
    },
    /// The minimum of the Bayesian criterion, up to `max`.
    Bic {
        /// Most lags; `None` for Schwert's rule.
        max: Option<usize>,
    },
    /// Counting down from `max`, the first number of lags whose last lag has |t| of at least 1.645.
    TStat {
        /// Most lags; `None` for Schwert's rule.
        max: Option<usize>,
    },
}

/// Two-sided 10 % point of the normal distribution.
const LAST_LAG_T: f64 = 1.644_853_626_951_472_2;

/// What to test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdfSpec {
    /// Deterministic terms.
    pub trend: Trend,
    /// Lags.
    pub lags: LagChoice,
}

impl Default for AdfSpec {
    fn default() -> Self {
        Self { trend: Trend::Constant, lags: LagChoice::Aic { max: None } }
    }
}

/// The test's result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adf {
    /// t-statistic of the level's coefficient.
    pub statistic: f64,
    /// Asymptotic p-value of the null of a unit root in an observed series.
    pub p_value: f64,
    /// Lagged changes in the regression.
    pub lags: usize,
    /// Observations in the regression.
    pub observations: usize,
    /// Critical values for this number of observations.
    pub critical_values: CriticalValues,
}

/// Tests `y` for a unit root with the augmented Dickey-Fuller regression
/// `Δy_t = trend + b y_{t-1} + c_1 Δy_{t-1} + … + c_p Δy_{t-p} + e_t`; the statistic is the t-statistic of b.
///
/// `y`: levels, evenly spaced, oldest first, finite. Lags are compared on the common sample that the maximum
/// number leaves; the chosen regression then uses all its observations. Statistic and p-value are
/// dimensionless.
///
/// At 5 %, by the critical values, it rejects 5.0 to 5.2 % of Gaussian random walks of 300 and 1,000
/// observations with 0 lags, and 5.6 and 5.1 % with a constant and AIC (20,000 replications, standard error
/// 0.15 %: `examples/size.rs`).
///
/// # Errors
/// [`UnitRootError`]: too short, too many lags, not finite, constant, or deterministic.
///
/// # Source
/// Said, Dickey (1984); Schwert (1989) for the maximum lags, `ceil(12 (n/100)^(1/4))`; MacKinnon (1994) for the
/// p-value, (2010) for critical values. Checked against statsmodels `adfuller` to 1e-8 in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::{AdfSpec, adf, random::Congruential};
/// let y: Vec<f64> = Congruential::new(1).path(0.5, 0.0).take(1_000).collect();
/// assert!(adf(&y, &AdfSpec::default())?.p_value < 0.01);
/// # Ok::<(), spreadscope_stats::UnitRootError>(())
/// ```
pub fn adf<'a>(y: impl Into<Series<'a>>, spec: &AdfSpec) -> Result<Adf, UnitRootError> {
    let DickeyFuller { found: [(statistic, lags, observations)], .. } =
        dickey_fuller(y.into(), [spec.trend], spec.lags)?;
    Ok(Adf::judge(statistic, lags, observations, spec.trend))
}

impl Adf {
    /// The statistic of one observed series with its p-value and critical values.
    pub(crate) fn judge(statistic: f64, lags: usize, observations: usize, trend: Trend) -> Self {
        let known = "Invariant: one variable is in every table and the statistic is a number";
        Self {
            statistic,
            p_value: mackinnon::p_value(statistic, trend, 1).expect(known),
            lags,
            observations,
            critical_values: mackinnon::critical_values(trend, 1, observations).expect(known),
        }
    }
}

/// Tests of one series with several trends.
pub(crate) struct DickeyFuller<const N: usize> {
    /// Statistic, lags and observations for each trend.
    pub(crate) found: [(f64, usize, usize); N],
    /// [`LagRegression::products`].
    pub(crate) lag_products: Vec<f64>,
}

/// Tests one series with each of these trends.
pub(crate) fn dickey_fuller<const N: usize>(
    y: Series<'_>,
    trends: [Trend; N],
    lags: LagChoice,
) -> Result<DickeyFuller<N>, UnitRootError> {
    let got = y.values().len();
    let terms = trends.iter().map(|trend| trend.terms()).max().unwrap_or(0);
    // the level, the trend terms and one degree of freedom
    let needed = (2 * terms + 2).max(terms + 3);
    if got < needed {
        return Err(Undefined::TooShort { needed, got }.into());
    }
    // a constant in the regression absorbs any shift; without one, the level must not be shifted
    let sample = Sample::bent(y, !trends.contains(&Trend::None))?;
    let most = trends.map(|trend| most_lags(got, got / 2 - trend.terms() - 1, lags));
    let shared = most.iter().flatten().copied().max().unwrap_or(0);
    let regression = sample.regression(shared);
    let mut found = [(0.0, 0, 0); N];
    for ((found, trend), most) in found.iter_mut().zip(trends).zip(most) {
        let chosen = chosen_lags(&regression, trend, most?, lags, choose)?;
        let fit = level_t(&sample, &regression, trend, chosen)?;
        *found = (fit.t, chosen, fit.rows);
    }
    Ok(DickeyFuller { found, lag_products: regression.products().to_vec() })
}

/// The number of lags given, or the maximum for a criterion; `room` is the most possible.
pub(crate) fn most_lags(observations: usize, room: usize, lags: LagChoice) -> Result<usize, UnitRootError> {
    let most = match lags {
        LagChoice::Fixed(lags) => lags,
        LagChoice::Aic { max } | LagChoice::Bic { max } | LagChoice::TStat { max } => {
            max.unwrap_or(schwert(observations).min(room))
        }
    };
    if most > room { Err(UnitRootError::TooManyLags { max: room, was: most }) } else { Ok(most) }
}

/// The number of lags; by `choose` if it depends on the data.
pub(crate) fn chosen_lags(
    regression: &LagRegression<'_>,
    trend: Trend,
    most: usize,
    lags: LagChoice,
    choose: impl Fn(&Nested, LagChoice) -> usize,
) -> Result<usize, UnitRootError> {
    if let LagChoice::Fixed(lags) = lags {
        return Ok(lags);
    }
    let nested = regression.nested(trend, most).ok_or(UnitRootError::DETERMINISTIC)?;
    Ok(choose(&nested, lags))
}

/// The level's t-statistic, which must be finite.
pub(crate) fn level_t(
    sample: &Sample,
    regression: &LagRegression<'_>,
    trend: Trend,
    lags: usize,
) -> Result<LevelFit, UnitRootError> {
    let fit = regression.level_t(trend, lags).map_err(|_singular| UnitRootError::DETERMINISTIC)?;
    let is_rounding = fit.residual <= fit.rows as f64 * rounding(sample.scale).powi(2);
    if is_rounding || !fit.t.is_finite() { Err(UnitRootError::DETERMINISTIC) } else { Ok(fit) }
}

/// The number of lags that `choice` prefers among nested regressions.
pub(crate) fn choose(nested: &Nested, choice: LagChoice) -> usize {
    let rows = nested.rows as f64;
    let criterion = |lags: usize, penalty: f64| {
        let log_likelihood = -0.5 * rows * ((2.0 * PI * nested.residual[lags] / rows).ln() + 1.0);
        penalty * (nested.base + lags) as f64 - 2.0 * log_likelihood
    };
    let smallest = |penalty: f64| {
        let lags = 0..nested.residual.len();
        lags.min_by(|&a, &b| criterion(a, penalty).total_cmp(&criterion(b, penalty))).unwrap_or(0)
    };
    match choice {
        LagChoice::Fixed(lags) => lags,
        LagChoice::Aic { .. } => smallest(2.0),
        LagChoice::Bic { .. } => smallest(rows.ln()),
        LagChoice::TStat { .. } => nested.last_t.iter().rposition(|t| t.abs() >= LAST_LAG_T).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn known_statistics_of_seeded_series() {
        // statsmodels 0.15.0
        let cases = [
            (0.0, 100, [-11.424_951_023_206, -7.421_199_792_937, -4.559_078_691_979]),
            (0.5, 1_000, [-19.010_275_722_524, -16.047_758_215_231, -11.136_689_602_262]),
            (0.95, 1_000, [-5.941_494_384_524, -5.690_033_522_228, -6.019_931_398_637]),
            (1.0, 1_000, [-2.675_190_713_111, -2.563_491_272_221, -2.733_711_265_237]),
        ];
        for (phi, length, expected) in cases {
            let y = contract::autoregression(phi, length);
            for (lags, expected) in [0, 1, 5].into_iter().zip(expected) {
                let spec = AdfSpec { lags: LagChoice::Fixed(lags), ..AdfSpec::default() };
                let got = adf(&y, &spec).unwrap().statistic;
                assert!((got / expected - 1.0).abs() < 1e-11, "{phi} {length} {lags}: {got} {expected}");
            }
        }
    }

    #[test]
    fn what_cannot_be_tested_is_refused_by_kind() {
        let spec = AdfSpec::default();
        assert_eq!(adf(&[], &spec), Err(Undefined::TooShort { needed: 4, got: 0 }.into()));
        assert_eq!(adf(&[1.0; 50], &spec), Err(Undefined::Constant.into()));
        assert_eq!(adf(&[1.0, f64::NAN, 2.0, 3.0, 1.0], &spec), Err(Undefined::NonFinite.into()));
        let line: Vec<f64> = (0..50).map(f64::from).collect();
        assert_eq!(adf(&line, &spec), Err(Undefined::Deterministic.into()));
        let many = AdfSpec { lags: LagChoice::Fixed(40), ..spec };
        assert_eq!(adf(&contract::walk(50), &many), Err(UnitRootError::TooManyLags { max: 23, was: 40 }));
    }

    #[test]
    fn short_series_of_any_kind_do_not_panic() {
        let walk = contract::walk(40);
        for trend in [Trend::None, Trend::Constant, Trend::Linear, Trend::Quadratic] {
            for length in 0..walk.len() {
                let spec = AdfSpec { trend, ..AdfSpec::default() };
                if let Ok(found) = adf(&walk[..length], &spec) {
                    assert!((0.0..=1.0).contains(&found.p_value) && found.statistic.is_finite());
                }
            }
        }
    }
}
