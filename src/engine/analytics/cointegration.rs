//! The slow statistics: unit root, cointegration and half-life on the last closed bars.

use crate::analytics::SampleRow;
use crate::analytics::epps;
use crate::analytics::epps::EppsPoint;
use crate::settings::test_options;
use crate::settings::test_options::{FitTerms, LagRule};
use crate::{Reading, Settings, UnixMillis};
use serde::{Deserialize, Serialize};
use spreadscope_stats::{EngleGrangerWithAdf, Series, engle_granger, engle_granger_with_adf, half_life};

/// Test results at one bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tests {
    /// Open time of the last bar in the sample.
    pub open_time: UnixMillis,
    /// Bars in the sample.
    pub bars: usize,
    /// Share of the sample's bars in which at least one leg had no trade, 0 to 1.
    pub carried_share: f64,
    /// The result, or why there is none.
    pub outcome: Outcome,
    /// Correlation of the sample's returns by sampling interval.
    pub epps: Vec<EppsPoint>,
}

/// The outcome of the tests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// Too few bars.
    Warming {
        /// Bars so far.
        seen: usize,
        /// Bars needed.
        needed: usize,
    },
    /// Computed.
    Done(Report),
    /// Not computable on this sample, in words.
    Undefined(String),
}

/// Critical values of a test statistic; a smaller (more negative) statistic rejects.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CriticalValues {
    /// At 1 %.
    pub one_percent: f64,
    /// At 5 %.
    pub five_percent: f64,
    /// At 10 %.
    pub ten_percent: f64,
}

/// One least-squares fit of y on x over the whole sample, and the tests of its residual.
///
/// The tests use the residual of this one fit, never the spread of a rolling ratio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// How the number of lags was chosen.
    pub lag_rule: LagRule,
    /// The terms of the fit.
    pub fit_terms: FitTerms,
    /// Slope over the whole sample.
    pub hedge_ratio: f64,
    /// Its standard error.
    pub hedge_ratio_std_error: f64,
    /// Intercept over the whole sample.
    pub intercept: f64,
    /// Engle-Granger statistic: Dickey-Fuller on the residual without deterministic terms.
    pub statistic: f64,
    /// Its lags.
    pub lags: usize,
    /// Ordinary augmented Dickey-Fuller statistic of the residual, with a constant.
    pub adf_statistic: f64,
    /// Its lags.
    pub adf_lags: usize,
    /// Observations in its regression.
    pub observations: usize,
    /// p-value as if the residual were an observed series (MacKinnon, N = 1); too small for a fitted spread.
    pub adf_p_value: f64,
    /// Critical values for that p-value.
    pub adf_critical: CriticalValues,
    /// p-value that allows for the fit (MacKinnon, N = 2); the one to judge by.
    pub engle_granger_p_value: f64,
    /// Critical values for that p-value.
    pub engle_granger_critical: CriticalValues,
    /// Half-life of the residual.
    pub half_life: HalfLife,
}

/// Half-life of mean reversion; given only if there is reversion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum HalfLife {
    /// Time in which half of a deviation is gone.
    Reverting {
        /// In bars.
        bars: f64,
        /// In seconds.
        secs: f64,
    },
    /// No measurable reversion; why, in words.
    None(String),
}

impl Tests {
    /// Bars in the sample and in a full one under `settings`, if the sample is only part of that.
    pub fn part(&self, settings: &Settings) -> Option<(usize, usize)> {
        part(self.bars, settings)
    }
}

/// `bars` and the bars of a full sample under `settings`, if there are fewer than that. Nothing is judged by
/// part of a sample: it finds relations that do not exist.
pub(crate) fn part(bars: usize, settings: &Settings) -> Option<(usize, usize)> {
    let needed = settings.test_lookback_bars;
    (bars < needed).then_some((bars, needed))
}

/// Fewest bars for the tests.
pub(crate) const FEWEST_BARS: usize = 60;

/// Runs the tests on `sample`, oldest first; `None` if it is empty.
///
/// `settings` choose the tests and the length of a bar. The sample leaves out rows with a missing or stale leg;
/// the tests treat the rest as evenly spaced.
pub fn run(sample: impl ExactSizeIterator<Item = SampleRow>, settings: &Settings) -> Option<Tests> {
    let sample: Vec<SampleRow> = sample.collect();
    let bars = sample.len();
    let carried = sample.iter().filter(|row| row.carried).count();
    let open_time = sample.last()?.open_time;
    let carried_share = carried as f64 / bars as f64;
    let outcome = outcome(&sample, settings);
    let epps = epps::by_interval(&sample, settings.interval);
    Some(Tests { open_time, bars, carried_share, outcome, epps })
}

/// The outcome of the tests on `sample`, oldest first.
pub(crate) fn outcome(sample: &[SampleRow], settings: &Settings) -> Outcome {
    if sample.len() < FEWEST_BARS {
        return Outcome::Warming { seen: sample.len(), needed: FEWEST_BARS };
    }
    let scale = settings.price_scale;
    let (y, x): (Vec<f64>, Vec<f64>) = sample.iter().map(|row| (scale.of(row.y), scale.of(row.x))).unzip();
    test(&y, &x, settings)
}

/// The Engle-Granger p-value of `sample`, and the half-life of the residual in bars if reversion can be
/// measured; `None` if the test cannot be computed.
pub fn in_short(sample: impl Iterator<Item = SampleRow>, settings: &Settings) -> Option<(f64, Option<f64>)> {
    let Settings { price_scale: scale, test_lags, test_terms, .. } = *settings;
    let (y, x): (Vec<f64>, Vec<f64>) = sample.map(|row| (scale.of(row.y), scale.of(row.x))).unzip();
    let [y, x] = [&y, &x].map(|values| Series::computed_from(values, scale.least_size()));
    let found = engle_granger(y, x, &test_options::spec(test_lags, test_terms)).ok()?;
    Some((found.p_value, half_life(found.spread()).value().map(|half_life| half_life.bars)))
}

fn test(y: &[f64], x: &[f64], settings: &Settings) -> Outcome {
    let Settings { interval, price_scale: scale, test_lags: lag_rule, test_terms: fit_terms, .. } = *settings;
    let [y, x] = [y, x].map(|values| Series::computed_from(values, scale.least_size()));
    let tested = engle_granger_with_adf(y, x, &test_options::spec(lag_rule, fit_terms));
    let EngleGrangerWithAdf { cointegration: found, residual_adf } = match tested {
        Ok(tested) => tested,
        Err(error) => return Outcome::Undefined(error.to_string()),
    };
    let half_life = match half_life(found.spread()) {
        Reading::Ready(half_life) => {
            HalfLife::Reverting { bars: half_life.bars, secs: half_life.bars * interval.secs() }
        }
        Reading::Undefined(reason) => HalfLife::None(reason.to_string()),
        Reading::Warming { seen, needed } | Reading::Provisional { seen, needed, .. } => {
            HalfLife::None(format!("{seen} of {needed} bars"))
        }
    };
    Outcome::Done(Report {
        lag_rule,
        fit_terms,
        hedge_ratio: found.hedge_ratio,
        hedge_ratio_std_error: found.hedge_ratio_std_error,
        intercept: found.intercept,
        statistic: found.statistic,
        lags: found.lags,
        adf_statistic: residual_adf.statistic,
        adf_lags: residual_adf.lags,
        observations: residual_adf.observations,
        adf_p_value: residual_adf.p_value,
        adf_critical: critical(&residual_adf.critical_values),
        engle_granger_p_value: found.p_value,
        engle_granger_critical: critical(&found.critical_values),
        half_life,
    })
}

pub(crate) fn critical(values: &spreadscope_stats::CriticalValues) -> CriticalValues {
    CriticalValues {
        one_percent: values.one_percent,
        five_percent: values.five_percent,
        ten_percent: values.ten_percent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pair whose spread drifts and reverts to its drift.
    fn drifting() -> Vec<SampleRow> {
        let mut random = spreadscope_stats::random::Congruential::new(12_345);
        let mut uniform = || random.centred();
        let (mut x, mut spread) = (100.0, 0.0);
        let row = |at: i64| {
            x += uniform();
            spread = 0.6 * spread + uniform() + uniform();
            let y = 2.0 * x + 0.05 * at as f64 + spread;
            SampleRow { open_time: UnixMillis(at * 1_000), y, x, carried: false }
        };
        (0..400).map(row).collect()
    }

    fn report(settings: &Settings) -> Report {
        match run(drifting().into_iter(), settings).map(|tests| tests.outcome) {
            Some(Outcome::Done(report)) => report,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_spread_that_drifts_is_stationary_about_its_trend_alone() {
        let settings = Settings { test_lags: LagRule::Bic, ..Settings::default() };
        let plain = report(&settings);
        let with_trend = report(&Settings { test_terms: FitTerms::Linear, ..settings.clone() });
        assert!(plain.engle_granger_p_value > 0.05, "{plain:?}");
        assert!(with_trend.engle_granger_p_value < 0.01, "{with_trend:?}");
        assert!((with_trend.hedge_ratio - 2.0).abs() < 0.1, "{with_trend:?}");
        let (p_value, _) = in_short(drifting().into_iter(), &settings).unwrap();
        assert_eq!(p_value, plain.engle_granger_p_value);
    }

    #[test]
    fn the_rule_decides_how_many_lags_there_are() {
        let lags = LagRule::ALL.map(|test_lags| report(&Settings { test_lags, ..Settings::default() }).lags);
        assert!(lags[1] < lags[0], "BIC takes fewer than AIC: {lags:?}");
    }
}
