//! All tests of the evidence as a job in slices: one test, or a few resamples, per call.

use super::compute::Compute;
use super::found::{Bounds, Found};
use super::{Answer, Evidence, EvidenceKind, EvidenceOptions, EvidenceSample, Examined, Finding};
use crate::analytics::cointegration::FEWEST_BARS;
use crate::{Settings, UnixMillis};
use core::num::NonZeroUsize;
use spreadscope_stats::{BootstrapSpec, Confidence, HalfLifeResampling};
use std::collections::VecDeque;

/// Resampled series for the interval of a half-life.
const RESAMPLES: NonZeroUsize = NonZeroUsize::new(399).expect("it is not 0");
/// Approximate number of resampled observations per call.
const OBSERVATIONS_PER_CALL: usize = 100_000;
/// Fixed, so that the same sample gives the same interval.
const SEED: u64 = 1;

/// The tests on one or two samples, as far as they have run.
#[derive(Debug, Clone)]
pub struct Job {
    options: EvidenceOptions,
    samples: VecDeque<Part>,
    done: Vec<Examined>,
}

impl Job {
    /// The tests that `options` want on `main` and on `beside`.
    pub fn new(
        options: EvidenceOptions,
        main: EvidenceSample,
        beside: Option<EvidenceSample>,
        settings: &Settings,
    ) -> Self {
        let part = |sample| Part::new(sample, options.bootstrap, settings);
        Self {
            options,
            samples: [Some(main), beside].into_iter().flatten().map(part).collect(),
            done: Vec::new(),
        }
    }

    /// Runs one more test. Returns the evidence once all are done, `None` before.
    pub fn work(&mut self) -> Option<Evidence> {
        if let Some(part) = self.samples.front_mut()
            && let Some(examined) = part.work()
        {
            self.done.push(examined);
            self.samples.pop_front();
        }
        if !self.samples.is_empty() {
            return None;
        }
        let mut done = core::mem::take(&mut self.done).into_iter();
        let main = done.next()?;
        Some(Evidence { options: self.options, main, beside: done.next(), traces: Vec::new() })
    }
}

/// The tests on one sample.
#[derive(Debug, Clone)]
struct Part {
    compute: Compute,
    examined: Examined,
    bootstrap: bool,
    resampling: Option<HalfLifeResampling>,
}

impl Part {
    fn new(sample: EvidenceSample, bootstrap: bool, settings: &Settings) -> Self {
        let bars = sample.y.len();
        let examined = Examined {
            direction: sample.direction,
            interval: sample.interval,
            lag_rule: settings.test_lags,
            fit_terms: settings.test_terms,
            open_time: sample.times.last().copied().unwrap_or(UnixMillis(0)),
            bars,
            carried_share: if bars == 0 { 0.0 } else { sample.carried as f64 / bars as f64 },
            short_because: sample.short_because.clone(),
            findings: Vec::with_capacity(EvidenceKind::ALL.len()),
        };
        Self { compute: Compute::new(sample, settings), examined, bootstrap, resampling: None }
    }

    fn work(&mut self) -> Option<Examined> {
        if let Some(resampling) = &mut self.resampling {
            let each = (OBSERVATIONS_PER_CALL / self.examined.bars.max(1)).max(1);
            if !resampling.resample(each) {
                let interval = self.resampling.take().and_then(|resampling| resampling.interval().ok());
                if let Some(Answer::Found(Found::HalfLife(half_life))) =
                    self.examined.findings.last_mut().map(|finding| &mut finding.answer)
                {
                    half_life.resampled = interval.map(|found| Bounds { low: found.low, high: found.high });
                }
            }
            return None;
        }
        let findings = &mut self.examined.findings;
        let Some(&kind) = EvidenceKind::ALL.get(findings.len()) else {
            return Some(self.examined.clone());
        };
        let (bars, full_bars) = (self.compute.bars(kind.group()), self.compute.full_bars(kind.group()));
        if bars < FEWEST_BARS {
            let answer = Answer::Warming { seen: bars, needed: full_bars };
            findings.push(Finding { kind, bars, full_bars, put_in: Vec::new(), answer });
            return None;
        }
        let answer = self.compute.answer(kind);
        if self.bootstrap && matches!(answer, Answer::Found(Found::HalfLife(_))) {
            let spec = BootstrapSpec { resamples: RESAMPLES, seed: SEED, confidence: Confidence::PERCENT_95 };
            self.resampling = self
                .compute
                .residual(kind.group())
                .ok()
                .and_then(|residual| HalfLifeResampling::new(residual, spec).ok());
        }
        let put_in = match &answer {
            Answer::Found(found) => self.compute.put_in(kind, found),
            Answer::Warming { .. } | Answer::Undefined(_) => Vec::new(),
        };
        findings.push(Finding { kind, bars, full_bars, put_in, answer });
        None
    }
}
