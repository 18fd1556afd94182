//! Computes one test at a time on one sample.

mod values;

use super::found::{
    Bounds, Estimate, Found, HalfLifeFound, PValue, RankFound, RankStep, Reversion, TestFound,
};
use super::{Answer, EvidenceKind, EvidenceSample, FitDirection, Group, margins};
use crate::analytics::cointegration::critical;
use crate::analytics::past_cointegration::PastShare;
use crate::settings::test_options::{self, FitTerms};
use crate::{Reading, Settings};
use spreadscope_stats::{
    Adf, Around, Confidence, CriticalValues, DfGlsSpec, EngleGranger, EngleGrangerSpec, EngleGrangerWithAdf,
    Johansen, JohansenSpec, JohansenTest, JohansenTrend, KpssSpec, PhillipsOuliarisSpec, PhillipsPerronSpec,
    Series, Trend, Undefined, VarianceRatioSpec, ZivotAndrewsSpec, mackinnon,
};

/// The longer step of the variance ratio, bars.
const RATIO_BARS: usize = 10;
/// Series in a fit, as MacKinnon counts them.
const LEGS: usize = 2;

/// The tests on one sample, and the results that several of them share.
#[derive(Debug, Clone)]
pub(super) struct Compute {
    pub(super) sample: EvidenceSample,
    spec: EngleGrangerSpec,
    terms: FitTerms,
    /// Bars in a full sample of each group of tests, in the groups' order.
    lookbacks: [usize; 4],
    /// The fits whose residuals are tested, with ADF on them, by the number of bars used.
    fits: Vec<(usize, Result<EngleGrangerWithAdf, String>)>,
    johansen: Option<Result<Johansen, String>>,
    /// The fit in the direction that the sample does not have.
    other_way: Option<EngleGranger>,
    /// What KPSS divides by, and the variances of the variance ratio, once they have been computed.
    long_run_variance: Option<f64>,
    variances: Option<[f64; 2]>,
}

impl Compute {
    pub(super) fn new(sample: EvidenceSample, settings: &Settings) -> Self {
        let spec = test_options::spec(settings.test_lags, settings.test_terms);
        let lookbacks = Group::ALL.map(|group| group.lookback_bars(settings));
        Self {
            sample,
            spec,
            terms: settings.test_terms,
            lookbacks,
            fits: Vec::new(),
            johansen: None,
            other_way: None,
            long_run_variance: None,
            variances: None,
        }
    }

    /// Bars that the tests of `group` use.
    pub(super) fn bars(&self, group: Group) -> usize {
        self.full_bars(group).min(self.sample.y.len())
    }

    /// Bars that they use once there are enough.
    pub(super) fn full_bars(&self, group: Group) -> usize {
        self.lookbacks[group as usize]
    }

    /// What a stationary residual lies about: after a fit with a trend, the critical values are those of a series
    /// whose trend has been removed.
    const fn around(&self) -> Around {
        match self.terms {
            FitTerms::Constant => Around::Level,
            FitTerms::Linear => Around::Trend,
        }
    }

    fn legs(&self, group: Group) -> [&[f64]; 2] {
        let from = self.sample.y.len() - self.bars(group);
        [&self.sample.y[from..], &self.sample.x[from..]]
    }

    /// The result of the test of `kind`. For a half-life, the resampled interval is not included.
    pub(super) fn answer(&mut self, kind: EvidenceKind) -> Answer {
        match self.found(kind) {
            Ok(found) => Answer::Found(found),
            Err(reason) => Answer::Undefined(reason),
        }
    }

    fn found(&mut self, kind: EvidenceKind) -> Result<Found, String> {
        let group = kind.group();
        match kind {
            EvidenceKind::EngleGrangerYOnX => self.engle_granger(FitDirection::YOnX),
            EvidenceKind::EngleGrangerXOnY => self.engle_granger(FitDirection::XOnY),
            EvidenceKind::JohansenTrace => self.rank(|found| &found.trace),
            EvidenceKind::JohansenMaxEigenvalue => self.rank(|found| &found.max_eigenvalue),
            EvidenceKind::PhillipsOuliaris => {
                let spec = PhillipsOuliarisSpec { trend: self.spec.trend, bandwidth: None };
                let [y, x] = self.legs(group);
                let (test, bandwidth) =
                    spreadscope_stats::phillips_ouliaris_z_t(y, x, &spec).map_err(words)?;
                Ok(tested(test.statistic, test.p_value, &test.critical_values, bandwidth))
            }
            EvidenceKind::Adf => {
                let Adf { statistic, p_value, lags, critical_values, .. } = self.fit(group)?.residual_adf;
                Ok(tested(statistic, p_value, &critical_values, lags as f64))
            }
            EvidenceKind::DfGls => {
                let spec = DfGlsSpec { around: self.around(), lags: self.spec.lags };
                let found = spreadscope_stats::df_gls(self.residual(group)?, &spec).map_err(words)?;
                Ok(tested(found.statistic, found.p_value, &found.critical_values, found.lags as f64))
            }
            EvidenceKind::PhillipsPerron => {
                let spec = PhillipsPerronSpec { trend: self.spec.trend, ..PhillipsPerronSpec::default() };
                let found =
                    spreadscope_stats::phillips_perron(self.residual(group)?, &spec).map_err(words)?;
                let tau = found.tau;
                Ok(tested(tau.statistic, tau.p_value, &tau.critical_values, found.bandwidth as f64))
            }
            EvidenceKind::Kpss => {
                let spec = KpssSpec { around: self.around(), ..KpssSpec::default() };
                let found = spreadscope_stats::kpss(self.residual(group)?, &spec).map_err(words)?;
                self.long_run_variance = Some(found.long_run_variance);
                // of the residual of a fit, not of any series
                let critical = critical(&spec.around.residual_critical_values());
                Ok(Found::Test(TestFound {
                    statistic: found.statistic,
                    p_value: PValue::by_critical_values(found.statistic, &critical),
                    critical,
                    lags: found.bandwidth as f64,
                }))
            }
            EvidenceKind::HalfLife => self.half_life(),
            EvidenceKind::OrnsteinUhlenbeck => {
                let trend = self.spec.trend;
                let residual = self.residual(group)?;
                let found = spreadscope_stats::ornstein_uhlenbeck(residual).map_err(words)?;
                let reversion = reversion(reversion_t(residual)?, residual, trend);
                let estimate = |value, std_error| Estimate { value, std_error };
                Ok(Found::OrnsteinUhlenbeck {
                    reversion,
                    theta: estimate(found.theta, found.theta_std_error),
                    mu: estimate(found.mu, found.mu_std_error),
                    sigma: estimate(found.sigma, found.sigma_std_error),
                })
            }
            EvidenceKind::VarianceRatio => {
                let spec = VarianceRatioSpec::of(RATIO_BARS);
                let found = spreadscope_stats::variance_ratio(self.residual(group)?, &spec).map_err(words)?;
                let spreadscope_stats::VarianceRatio {
                    ratio,
                    short_variance,
                    long_variance,
                    statistic,
                    p_value,
                } = found;
                self.variances = Some([short_variance, long_variance]);
                Ok(Found::VarianceRatio { ratio, statistic, p_value, bars: RATIO_BARS })
            }
            EvidenceKind::Hurst => {
                let found = spreadscope_stats::hurst(self.residual(group)?).map_err(words)?;
                let walk = margins::hurst_of_a_walk(self.bars(group), found.longest);
                Ok(Found::Hurst { exponent: found.exponent, longest_bars: found.longest, walk })
            }
            EvidenceKind::MeanCrossings => {
                let found = spreadscope_stats::mean_crossings(self.residual(group)?).map_err(words)?;
                Ok(Found::MeanCrossings {
                    crossings: found.crossings,
                    per_100_bars: 100.0 * found.rate,
                    expected_per_100_bars: 100.0 * found.expected_rate,
                    few_per_100_bars: 100.0 * margins::few_crossings(self.bars(group), found.expected_rate),
                })
            }
            EvidenceKind::ZivotAndrews => self.zivot_andrews(),
            EvidenceKind::PastShare => match self.sample.past {
                Some(past) if past.tested > 0 => {
                    let PastShare { cointegrated, tested, apart } = past;
                    Ok(Found::PastShare { cointegrated, tested, apart })
                }
                Some(_) => Err("no test of the past has been run yet".to_owned()),
                None => Err("tests of the past are those of y on x on the desk's own bars".to_owned()),
            },
        }
    }

    /// The residual of the fit on the bars of `group`, oldest first.
    pub(super) fn residual(&mut self, group: Group) -> Result<Series<'_>, String> {
        Ok(self.fit(group)?.cointegration.spread())
    }

    fn fit(&mut self, group: Group) -> Result<&EngleGrangerWithAdf, String> {
        let bars = self.bars(group);
        let known = self.fits.iter().position(|(of, _)| *of == bars);
        let place = known.unwrap_or(self.fits.len());
        if known.is_none() {
            let [y, x] = self.legs(group);
            let fit = spreadscope_stats::engle_granger_with_adf(y, x, &self.spec).map_err(words);
            self.fits.push((bars, fit));
        }
        self.fits[place].1.as_ref().map_err(Clone::clone)
    }

    fn engle_granger(&mut self, direction: FitDirection) -> Result<Found, String> {
        let judged = |found: &EngleGranger| {
            let EngleGranger { statistic, p_value, critical_values, lags, .. } = found;
            tested(*statistic, *p_value, critical_values, *lags as f64)
        };
        if direction == self.sample.direction {
            return self.fit(Group::Together).map(|fit| judged(&fit.cointegration));
        }
        let [y, x] = self.legs(Group::Together);
        let found = spreadscope_stats::engle_granger(x, y, &self.spec).map_err(words)?;
        Ok(judged(self.other_way.insert(found)))
    }

    /// The trend terms of the fits.
    pub(super) const fn trend(&self) -> Trend {
        self.spec.trend
    }

    /// The direction of the sample's fits.
    pub(super) const fn direction(&self) -> FitDirection {
        self.sample.direction
    }

    /// The fit on the bars of `group`, if there is one.
    pub(super) fn fitted(&mut self, group: Group) -> Option<&EngleGranger> {
        self.fit(group).ok().map(|fit| &fit.cointegration)
    }

    /// The fit in the other direction, once it has been computed.
    pub(super) const fn other_way(&self) -> Option<&EngleGranger> {
        self.other_way.as_ref()
    }

    /// Johansen's eigenvalues and rows, once they have been computed.
    pub(super) fn eigenvalues(&self) -> Option<(&[f64], usize)> {
        let found = self.johansen.as_ref()?.as_ref().ok()?;
        Some((&found.eigenvalues, found.observations))
    }

    /// The long-run variance of KPSS, once it has been computed.
    pub(super) const fn long_run_variance(&self) -> Option<f64> {
        self.long_run_variance
    }

    /// Variances of changes over one bar, and over the longer step per bar, once they have been computed.
    pub(super) const fn variances(&self) -> Option<[f64; 2]> {
        self.variances
    }

    fn rank(&mut self, steps: impl Fn(&Johansen) -> &Vec<JohansenTest>) -> Result<Found, String> {
        if self.johansen.is_none() {
            let [y, x] = self.legs(Group::Together);
            self.johansen = Some(johansen(y, x, self.terms));
        }
        let found = self
            .johansen
            .as_ref()
            .expect("Invariant: the fit has been computed")
            .as_ref()
            .map_err(Clone::clone)?;
        let step = |test: &JohansenTest| RankStep {
            statistic: test.statistic,
            critical: critical(&test.critical_values),
        };
        let steps = steps(found);
        let [none, one] = [step(&steps[0]), step(&steps[1])];
        let stands = |step: &RankStep| step.statistic <= step.critical.five_percent;
        let rank = [none, one].iter().position(stands).unwrap_or(2);
        Ok(Found::Rank(RankFound { none, one, rank }))
    }

    fn half_life(&mut self) -> Result<Found, String> {
        let trend = self.spec.trend;
        let residual = self.residual(Group::Reversion)?;
        match spreadscope_stats::half_life(residual) {
            Reading::Ready(found) => {
                let interval = found.interval(Confidence::PERCENT_95);
                let interval = Bounds { low: interval.low, high: Some(interval.high) };
                let reversion = reversion(found.t_statistic, residual, trend);
                Ok(Found::HalfLife(HalfLifeFound { bars: found.bars, reversion, interval, resampled: None }))
            }
            Reading::Undefined(reason) => Err(words(reason)),
            Reading::Warming { seen, needed } | Reading::Provisional { seen, needed, .. } => {
                Err(format!("{seen} of {needed} bars"))
            }
        }
    }

    fn zivot_andrews(&mut self) -> Result<Found, String> {
        let spec = ZivotAndrewsSpec { lags: self.spec.lags, ..ZivotAndrewsSpec::default() };
        let found = spreadscope_stats::zivot_andrews(self.residual(Group::Break)?, &spec).map_err(words)?;
        let times = &self.sample.times[self.sample.times.len() - self.bars(Group::Break)..];
        let after = (found.break_after + 1).min(times.len() - 1);
        let test = TestFound {
            statistic: found.statistic,
            p_value: found.p_value.into(),
            critical: critical(&found.critical_values),
            lags: found.lags as f64,
        };
        Ok(Found::Break { test, at: times[after] })
    }
}

/// Judges the reversion of `residual`, of a fit with `trend`, by the t-statistic of its half-life.
fn reversion(t_statistic: f64, residual: Series<'_>, trend: Trend) -> Reversion {
    let changes = residual.values().len().saturating_sub(1);
    let critical = mackinnon::critical_values(trend, LEGS, changes)
        .expect("Invariant: two series with a constant are in the table");
    Reversion { t_statistic, five_percent: critical.five_percent }
}

/// Returns the t-statistic of the half-life of `residual`; in words if it has none.
fn reversion_t(residual: Series<'_>) -> Result<f64, String> {
    match spreadscope_stats::half_life(residual) {
        Reading::Ready(found) => Ok(found.t_statistic),
        Reading::Undefined(Undefined::NotSignificant { t, .. }) => Ok(t),
        Reading::Undefined(reason) => Err(words(reason)),
        Reading::Warming { seen, needed } | Reading::Provisional { seen, needed, .. } => {
            Err(format!("{seen} of {needed} bars"))
        }
    }
}

/// Johansen's trace statistic of the null that `y` and `x` are not cointegrated; `None` if it cannot be
/// computed.
pub(super) fn trace(y: &[f64], x: &[f64], terms: FitTerms) -> Option<f64> {
    johansen(y, x, terms).ok()?.trace.first().map(|test| test.statistic)
}

fn johansen(y: &[f64], x: &[f64], terms: FitTerms) -> Result<Johansen, String> {
    let trend = match terms {
        FitTerms::Constant => JohansenTrend::Constant,
        FitTerms::Linear => JohansenTrend::Linear,
    };
    let spec = JohansenSpec { trend, ..JohansenSpec::default() };
    spreadscope_stats::johansen(&[y, x], &spec).map_err(words)
}

fn tested(statistic: f64, p_value: f64, values: &CriticalValues, lags: f64) -> Found {
    let p_value = PValue::Exactly(p_value);
    Found::Test(TestFound { statistic, p_value, critical: critical(values), lags })
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn words(error: impl ToString) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests;
