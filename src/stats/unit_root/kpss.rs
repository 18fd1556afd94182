//! The KPSS test, whose null is stationarity.

use crate::Undefined;
use crate::sample::{Sample, less_trend, schwert};
use crate::series::Series;
use crate::unit_root::bartlett::{long_run_variance, product_at};
use crate::unit_root::error::UnitRootError;
use crate::unit_root::kpss_table::{
    PUBLISHED_LEVEL, PUBLISHED_TREND, RESIDUAL_LEVEL, RESIDUAL_TREND, SIMULATED_LEVEL, SIMULATED_TREND,
};
use crate::unit_root::mackinnon::{CriticalValues, Trend};
use crate::unit_root::tabulated::TabulatedP;

/// The deterministic part around which a series is stationary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// A level: a constant.
    Level,
    /// A constant and a linear trend.
    Trend,
}

impl Around {
    /// Critical values of KPSS on the residual of a fit of one series on another, with these terms: the fit takes
    /// some of the wandering out, so they are smaller than those of a series.
    ///
    /// # Source
    /// Shin (1994), table 1, one regressor. They hold for a regressor that the errors do not depend on. A test
    /// below checks them against simulated pairs.
    pub const fn residual_critical_values(self) -> CriticalValues {
        let [ten_percent, five_percent, one_percent] = match self {
            Self::Level => RESIDUAL_LEVEL,
            Self::Trend => RESIDUAL_TREND,
        };
        CriticalValues { one_percent, five_percent, ten_percent }
    }

    fn trend(self) -> Trend {
        match self {
            Self::Level => Trend::Constant,
            Self::Trend => Trend::Linear,
        }
    }
}

/// The number of lags in the Newey-West variance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bandwidth {
    /// From the data, by Hobijn, Franses, Ooms: `floor(1.1447 (s1/s0)^(2/3) n^(1/3))`.
    Automatic,
    /// From the length alone, by Schwert: `ceil(12 (n/100)^(1/4))`.
    Schwert,
    /// A fixed number.
    Fixed(usize),
}

/// What to test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KpssSpec {
    /// The null.
    pub around: Around,
    /// Lags of the variance.
    pub bandwidth: Bandwidth,
}

impl Default for KpssSpec {
    fn default() -> Self {
        Self { around: Around::Level, bandwidth: Bandwidth::Automatic }
    }
}

/// Critical values of a right-tailed statistic: a statistic above them rejects stationarity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KpssCriticalValues {
    /// At 1 %.
    pub one_percent: f64,
    /// At 2.5 %.
    pub two_and_a_half_percent: f64,
    /// At 5 %.
    pub five_percent: f64,
    /// At 10 %.
    pub ten_percent: f64,
}

/// The test's result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kpss {
    /// Dimensionless; large values reject stationarity.
    pub statistic: f64,
    /// p-value of the null of stationarity from the authors' table, which covers 0.01 to 0.1; a bound outside.
    /// As in statsmodels.
    pub p_value: TabulatedP,
    /// The same from a simulated table that covers 0.0001 to 1. As in arch.
    pub simulated_p_value: TabulatedP,
    /// The authors' asymptotic critical values.
    pub critical_values: KpssCriticalValues,
    /// Lags of the variance.
    pub bandwidth: usize,
    /// The long-run variance of the residual.
    pub long_run_variance: f64,
}

/// Tests `y` for stationarity around a level or a trend: `Σ_t S_t² / (n² λ²)`, where S are the running sums of
/// the residuals from the level or trend, and λ² is their Newey-West long-run variance.
///
/// `y`: levels, evenly spaced, oldest first, finite. O(n bandwidth).
///
/// At 5 % it rejects 4.9 and 5.0 % of white noise of 300 and 1,000 observations around a level, 5.2 and 5.0 %
/// around a trend, with bandwidth 0; 4.8 and 4.9 %, 5.0 and 4.9 % with the automatic one; 4.1 to 4.7 % with
/// Schwert's (20,000 replications, standard error 0.15 %: `examples/size.rs`).
///
/// # Errors
/// [`UnitRootError`]: too short, a bandwidth beyond the length, not finite, constant, on a line, or without a
/// long-run variance.
///
/// # Source
/// Kwiatkowski, Phillips, Schmidt, Shin (1992), equations 10 to 13 and table 1; Hobijn, Franses, Ooms (2004)
/// for the automatic bandwidth. Statistics, bandwidths and p-values checked against statsmodels 0.15.0 `kpss`,
/// the simulated p-value against arch 8.0.0 `KPSS`, to 1e-8 in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::{KpssSpec, TabulatedP, kpss, random::Congruential};
/// let walk: Vec<f64> = Congruential::new(1).path(1.0, 0.0).take(1_000).collect();
/// let found = kpss(&walk, &KpssSpec::default())?;
/// assert_eq!(found.p_value, TabulatedP::AtMost(0.01));
/// # Ok::<(), spreadscope_stats::UnitRootError>(())
/// ```
pub fn kpss<'a>(y: impl Into<Series<'a>>, spec: &KpssSpec) -> Result<Kpss, UnitRootError> {
    let y = y.into();
    let got = y.values().len();
    let needed = match spec.around {
        Around::Level => 3,
        Around::Trend => 4,
    };
    if got < needed {
        return Err(Undefined::TooShort { needed, got }.into());
    }
    let sample = Sample::new(y, true)?;
    let mut residuals = sample.levels.clone();
    less_trend(&mut residuals, spec.around.trend());
    if sample.is_rounding(&residuals) {
        return Err(UnitRootError::DETERMINISTIC);
    }
    let bandwidth = match spec.bandwidth {
        Bandwidth::Automatic => automatic(&residuals).ok_or(UnitRootError::LongRunVariance)?,
        Bandwidth::Schwert => schwert(got).min(got - 1),
        Bandwidth::Fixed(lags) => lags,
    };
    if bandwidth > got - 1 {
        return Err(UnitRootError::Bandwidth { max: got - 1, was: bandwidth });
    }
    let n = got as f64;
    let mut sum = 0.0;
    let squares: f64 = residuals
        .iter()
        .map(|residual| {
            sum += residual;
            sum * sum
        })
        .sum();
    let long_run = long_run_variance(&residuals, bandwidth);
    let statistic = squares / (n * n * long_run);
    if long_run <= 0.0 || !statistic.is_finite() {
        return Err(UnitRootError::LongRunVariance);
    }
    let (published, simulated) = match spec.around {
        Around::Level => (&PUBLISHED_LEVEL, &SIMULATED_LEVEL[..]),
        Around::Trend => (&PUBLISHED_TREND, &SIMULATED_TREND[..]),
    };
    let [ten_percent, five_percent, two_and_a_half_percent, one_percent] =
        published.map(|(critical, _)| critical);
    Ok(Kpss {
        statistic,
        p_value: TabulatedP::read(published, statistic),
        simulated_p_value: TabulatedP::read(simulated, statistic),
        critical_values: KpssCriticalValues {
            one_percent,
            two_and_a_half_percent,
            five_percent,
            ten_percent,
        },
        bandwidth,
        long_run_variance: long_run,
    })
}

/// The bandwidth by Hobijn, Franses, Ooms for Bartlett weights; `None` if the sum of autocovariances in the
/// denominator is zero.
fn automatic(residuals: &[f64]) -> Option<usize> {
    let n = residuals.len() as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
    let far = n.powf(2.0 / 9.0) as usize;
    let (mut s0, mut s1) = (product_at(residuals, 0) / n, 0.0);
    for lag in 1..=far {
        let product = product_at(residuals, lag) / (n / 2.0);
        s0 += product;
        s1 += lag as f64 * product;
    }
    let ratio = s1 / s0;
    let bandwidth = 1.1447 * (ratio * ratio).cbrt() * n.cbrt();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive number")]
    let whole = bandwidth.min(n - 1.0) as usize;
    bandwidth.is_finite().then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;
    use crate::random::Random;

    #[test]
    fn what_cannot_be_tested_is_refused_by_kind() {
        let spec = KpssSpec::default();
        for length in 0..3 {
            let too_short = Undefined::TooShort { needed: 3, got: length }.into();
            assert_eq!(kpss(&contract::walk(length), &spec), Err(too_short));
        }
        assert_eq!(kpss(&[60_000.0; 50], &spec), Err(Undefined::Constant.into()));
        assert_eq!(kpss(&[1.0, f64::INFINITY, 2.0, 3.0], &spec), Err(Undefined::NonFinite.into()));
        let line: Vec<f64> = (0..50).map(|t| 60_000.0 + 0.01 * f64::from(t)).collect();
        let around_trend = KpssSpec { around: Around::Trend, ..spec };
        assert_eq!(kpss(&line, &around_trend), Err(Undefined::Deterministic.into()));
        assert!(kpss(&line, &spec).is_ok());
        let wide = KpssSpec { bandwidth: Bandwidth::Fixed(50), ..spec };
        assert_eq!(kpss(&contract::walk(50), &wide), Err(UnitRootError::Bandwidth { max: 49, was: 50 }));
        let undone = KpssSpec { bandwidth: Bandwidth::Fixed(1), ..spec };
        assert!(kpss(&[1.0, -1.0, 1.0, -1.0], &undone).is_ok(), "Bartlett's weights keep it positive");
    }

    #[test]
    fn a_residual_is_rejected_as_often_as_its_critical_values_say() {
        const PAIRS: usize = 2_000;
        const LENGTH: usize = 400;
        let take_out = |on: &[f64], values: &mut [f64]| {
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let share = dot(on, values) / dot(on, on);
            values.iter_mut().zip(on).for_each(|(value, on)| *value -= share * on);
        };
        let middle = (LENGTH as f64 - 1.0) / 2.0;
        let line: Vec<f64> = (0..LENGTH).map(|place| place as f64 - middle).collect();
        let mut random = Random::new(20_261_130);
        for (around, plain) in [(Around::Level, PUBLISHED_LEVEL), (Around::Trend, PUBLISHED_TREND)] {
            let critical = around.residual_critical_values();
            let mut above = [0; 3];
            for _ in 0..PAIRS {
                let mut level = 0.0;
                let mut x: Vec<f64> = Vec::with_capacity(LENGTH);
                let mut e: Vec<f64> = Vec::with_capacity(LENGTH);
                for _ in 0..LENGTH {
                    level += random.normal();
                    x.push(level);
                    e.push(random.normal());
                }
                for values in [&mut x, &mut e] {
                    take_out(&[1.0; LENGTH], values);
                    if around == Around::Trend {
                        take_out(&line, values);
                    }
                }
                take_out(&x, &mut e);
                let spec = KpssSpec { around, bandwidth: Bandwidth::Fixed(0) };
                let statistic = kpss(&e, &spec).unwrap().statistic;
                let limits = [critical.ten_percent, critical.five_percent, plain[1].0];
                for (count, limit) in above.iter_mut().zip(limits) {
                    *count += usize::from(statistic > limit);
                }
            }
            let [ten, five, too_lenient] = above.map(|count| count as f64 / PAIRS as f64);
            assert!((0.08..0.12).contains(&ten) && (0.037..0.063).contains(&five), "{ten} {five}");
            assert!(too_lenient < 0.037, "a plain series' 5 %: {too_lenient}");
        }
    }

    #[test]
    fn short_series_of_any_kind_do_not_panic() {
        let walk = contract::walk(40);
        for around in [Around::Level, Around::Trend] {
            for bandwidth in [Bandwidth::Automatic, Bandwidth::Schwert, Bandwidth::Fixed(2)] {
                for length in 0..walk.len() {
                    if let Ok(found) = kpss(&walk[..length], &KpssSpec { around, bandwidth }) {
                        assert!(found.statistic > 0.0 && (0.0..=1.0).contains(&found.p_value.number()));
                    }
                }
            }
        }
    }
}
