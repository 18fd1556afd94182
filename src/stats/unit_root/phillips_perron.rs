//! The Phillips-Perron tests.

use crate::Undefined;
use crate::sample::{Sample, less_trend, schwert};
use crate::series::Series;
use crate::sums::dot;
use crate::unit_root::bartlett::long_run_variance;
use crate::unit_root::error::UnitRootError;
use crate::unit_root::mackinnon::{self, CriticalValues, Trend};
use crate::unit_root::table::{RHO_CONSTANT, RHO_LINEAR, RHO_NONE, Surface};

/// What to test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhillipsPerronSpec {
    /// Deterministic terms: none, a constant, or a constant and a linear trend.
    pub trend: Trend,
    /// Lags of the Newey-West variance; `None` for Schwert's rule, `ceil(12 (n/100)^(1/4))`.
    pub bandwidth: Option<usize>,
}

impl Default for PhillipsPerronSpec {
    fn default() -> Self {
        Self { trend: Trend::Constant, bandwidth: None }
    }
}

/// One of the two statistics with its p-value and critical values. Dimensionless; small values reject a unit
/// root.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhillipsPerronStatistic {
    /// The corrected statistic.
    pub statistic: f64,
    /// Asymptotic p-value of the null of a unit root.
    pub p_value: f64,
    /// Critical values for this number of observations.
    pub critical_values: CriticalValues,
}

/// The tests' result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhillipsPerron {
    /// Z-tau: the t-statistic of `rho - 1`, corrected.
    pub tau: PhillipsPerronStatistic,
    /// Z-rho: `n (rho - 1)`, corrected.
    pub rho: PhillipsPerronStatistic,
    /// Lags of the Newey-West variance.
    pub bandwidth: usize,
    /// Observations in the regression.
    pub observations: usize,
}

/// Tests `y` for a unit root with the Phillips-Perron statistics: `y_t = trend + rho y_{t-1} + e_t` by least
/// squares, corrected for correlated errors through their long-run variance.
///
/// With n rows and k columns, s the residuals' standard deviation (divisor n - k), σ the standard error of rho,
/// γ the residuals' variance (divisor n) and λ² their Newey-West long-run variance:
/// `Z_tau = sqrt(γ/λ²) (rho - 1)/σ - (λ² - γ)/(2λ) nσ/s`,
/// `Z_rho = n (rho - 1) - (n²σ²/s²) (λ² - γ)/2`.
///
/// `y`: levels, evenly spaced, oldest first, finite. O(n bandwidth).
///
/// At 5 %, by the critical values, tau rejects 5.0 to 5.2 % of Gaussian random walks of 300 and 1,000
/// observations, and rho 5.0 to 5.2 % with constant or trend, with bandwidth 0; with Schwert's bandwidth, tau
/// rejects 5.9 and 5.6 %. Rho without a constant rejects 6.5 and 5.8 %: its surface is less accurate, and so is
/// its p-value, which drops by 0.012 at -1.79 (20,000 replications, standard error 0.15 %: `examples/size.rs`).
///
/// # Errors
/// [`UnitRootError`]: too short, a bandwidth beyond the rows, a quadratic trend, not finite, constant, or
/// deterministic.
///
/// # Source
/// Phillips, Perron (1988); MacKinnon (1994) for the p-value of tau, (2010) for its critical values; the
/// surfaces of arch for rho. Statistics and p-values checked against arch 8.0.0 `PhillipsPerron` to 1e-8 in
/// `tests/oracle`.
///
/// ```
/// use spreadscope_stats::{PhillipsPerronSpec, phillips_perron, random::Congruential};
/// let y: Vec<f64> = Congruential::new(1).path(0.5, 0.0).take(1_000).collect();
/// let found = phillips_perron(&y, &PhillipsPerronSpec::default())?;
/// assert!(found.tau.p_value < 0.01 && found.rho.p_value < 0.01);
/// # Ok::<(), spreadscope_stats::UnitRootError>(())
/// ```
pub fn phillips_perron<'a>(
    y: impl Into<Series<'a>>,
    spec: &PhillipsPerronSpec,
) -> Result<PhillipsPerron, UnitRootError> {
    let y = y.into();
    let surface = match spec.trend {
        Trend::None => &RHO_NONE,
        Trend::Constant => &RHO_CONSTANT,
        Trend::Linear => &RHO_LINEAR,
        Trend::Quadratic => return Err(UnitRootError::Trend),
    };
    let got = y.values().len();
    let needed = 3 + spec.trend.terms();
    if got < needed {
        return Err(Undefined::TooShort { needed, got }.into());
    }
    let sample = Sample::bent(y, spec.trend != Trend::None)?;
    let most = got - 2;
    let bandwidth = spec.bandwidth.unwrap_or(schwert(got).min(most));
    if bandwidth > most {
        return Err(UnitRootError::Bandwidth { max: most, was: bandwidth });
    }
    let fit = FirstLag::new(&sample, spec.trend).ok_or(UnitRootError::DETERMINISTIC)?;
    let (tau, rho) = fit.corrected(bandwidth).ok_or(UnitRootError::DETERMINISTIC)?;
    let observations = fit.residuals.len();
    Ok(PhillipsPerron {
        tau: judged_tau(tau, spec.trend, observations),
        rho: judged_rho(rho, surface, observations),
        bandwidth,
        observations,
    })
}

/// The regression of the change on trend terms and the previous level, whose coefficient is `rho - 1`.
struct FirstLag {
    coefficient: f64,
    /// Standard error of the coefficient, divisor n - k.
    std_error: f64,
    residuals: Vec<f64>,
    /// n - k.
    freedom: f64,
}

impl FirstLag {
    /// `None` if the level or the change is fully explained by the trend.
    fn new(sample: &Sample, trend: Trend) -> Option<Self> {
        let mut changes = sample.changes.clone();
        let rows = changes.len();
        let mut levels = sample.levels[..rows].to_vec();
        let freedom = (rows - trend.terms() - 1) as f64;
        for values in [&mut levels, &mut changes] {
            less_trend(values, trend);
        }
        if sample.is_rounding(&levels) {
            return None;
        }
        let squared = dot(&levels, &levels);
        let coefficient = dot(&levels, &changes) / squared;
        let mut residuals = changes;
        residuals.iter_mut().zip(&levels).for_each(|(residual, level)| *residual -= coefficient * level);
        if sample.is_rounding(&residuals) {
            return None;
        }
        let std_error = (dot(&residuals, &residuals) / freedom / squared).sqrt();
        Some(Self { coefficient, std_error, residuals, freedom })
    }

    /// Z-tau and Z-rho; `None` if the long-run variance is not positive.
    fn corrected(&self, bandwidth: usize) -> Option<(f64, f64)> {
        let n = self.residuals.len() as f64;
        let squares = dot(&self.residuals, &self.residuals);
        let (s2, gamma) = (squares / self.freedom, squares / n);
        let long_run = long_run_variance(&self.residuals, bandwidth);
        let (sigma, excess) = (self.std_error, long_run - gamma);
        let tau = (gamma / long_run).sqrt() * (self.coefficient / sigma)
            - 0.5 * (excess / long_run.sqrt()) * (n * sigma / s2.sqrt());
        let rho = n * self.coefficient - 0.5 * (n * n * sigma * sigma / s2) * excess;
        (long_run > 0.0 && tau.is_finite() && rho.is_finite()).then_some((tau, rho))
    }
}

fn judged_tau(statistic: f64, trend: Trend, observations: usize) -> PhillipsPerronStatistic {
    let known = "Invariant: one variable is in every table and the statistic is a number";
    PhillipsPerronStatistic {
        statistic,
        p_value: mackinnon::p_value(statistic, trend, 1).expect(known),
        critical_values: mackinnon::critical_values(trend, 1, observations).expect(known),
    }
}

fn judged_rho(statistic: f64, surface: &Surface, observations: usize) -> PhillipsPerronStatistic {
    PhillipsPerronStatistic {
        statistic,
        p_value: surface.p_value_by_log(statistic),
        critical_values: surface.critical_values(observations),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AdfSpec, LagChoice, adf, contract};

    #[test]
    fn without_lags_tau_is_the_dickey_fuller_statistic() {
        let y = contract::walk(200);
        let spec = PhillipsPerronSpec { bandwidth: Some(0), ..PhillipsPerronSpec::default() };
        let tau = phillips_perron(&y, &spec).unwrap().tau;
        let plain = adf(&y, &AdfSpec { lags: LagChoice::Fixed(0), ..AdfSpec::default() }).unwrap();
        assert!((tau.statistic / plain.statistic - 1.0).abs() < 1e-12, "{tau:?} {plain:?}");
        assert_eq!(tau.critical_values, plain.critical_values);
    }

    #[test]
    fn what_cannot_be_tested_is_refused_by_kind() {
        let spec = PhillipsPerronSpec::default();
        for length in 0..4 {
            let too_short = Undefined::TooShort { needed: 4, got: length }.into();
            assert_eq!(phillips_perron(&contract::walk(length), &spec), Err(too_short));
        }
        assert_eq!(phillips_perron(&[1.0; 50], &spec), Err(Undefined::Constant.into()));
        assert_eq!(phillips_perron(&[1.0, f64::NAN, 2.0, 3.0], &spec), Err(Undefined::NonFinite.into()));
        let line: Vec<f64> = (0..50).map(f64::from).collect();
        assert_eq!(phillips_perron(&line, &spec), Err(Undefined::Deterministic.into()));
        let wide = PhillipsPerronSpec { bandwidth: Some(49), ..spec };
        let refused = UnitRootError::Bandwidth { max: 48, was: 49 };
        assert_eq!(phillips_perron(&contract::walk(50), &wide), Err(refused));
        let quadratic = PhillipsPerronSpec { trend: Trend::Quadratic, ..spec };
        assert_eq!(phillips_perron(&contract::walk(50), &quadratic), Err(UnitRootError::Trend));
    }

    #[test]
    fn short_series_of_any_kind_do_not_panic() {
        let walk = contract::walk(40);
        for trend in [Trend::None, Trend::Constant, Trend::Linear] {
            for length in 0..walk.len() {
                let spec = PhillipsPerronSpec { trend, bandwidth: None };
                if let Ok(found) = phillips_perron(&walk[..length], &spec) {
                    assert!((0.0..=1.0).contains(&found.tau.p_value) && found.rho.statistic.is_finite());
                }
            }
        }
    }
}
