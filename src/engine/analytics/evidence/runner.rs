//! When the evidence is computed: on demand, and again at most every ten seconds.

use super::{Evidence, EvidenceAsk, EvidenceSample, Job, compute};
use crate::analytics::past_trace::{PastTrace, Trace};
use crate::{Settings, UnixMillis};

/// What has been asked within this time is not computed again.
const AGAIN_MILLIS: i64 = 10_000;

/// The code of the tests. It is handed over from outside, since the page fetches it when they are first asked for.
#[derive(Debug, Clone, Copy)]
pub struct Examine {
    /// Runs one more test of a job: [`Job::work`].
    pub work: fn(&mut Job) -> Option<Evidence>,
    /// Johansen's trace of two legs, where it can be computed.
    pub trace: Trace,
}

impl Examine {
    /// All of it.
    pub fn all() -> Self {
        Self { work: Job::work, trace: compute::trace }
    }
}

/// The evidence that is asked for, under way, and newest.
#[derive(Debug, Clone, Default)]
pub struct Runner {
    asked: Option<EvidenceAsk>,
    job: Option<Job>,
    /// The ask that was last begun, and when.
    begun: Option<(EvidenceAsk, UnixMillis)>,
    newest: Option<Evidence>,
}

impl Runner {
    /// Has `ask` answered. An ask under way is finished first; only the newest of those that wait is kept.
    pub fn ask(&mut self, ask: EvidenceAsk) {
        self.asked = Some(ask);
    }

    /// Has the evidence of ten seconds ago computed again at local time `now`, without resampling: what watches it needs
    /// it fresh.
    pub fn keep_fresh(&mut self, now: UnixMillis) {
        let is_fresh = self.begun.is_some_and(|(_, begun)| now.since(begun) < AGAIN_MILLIS);
        if self.asked.is_none() && self.job.is_none() && !is_fresh {
            let last = self.begun.map(|(ask, _)| ask).unwrap_or_default();
            self.asked = Some(EvidenceAsk { bootstrap: false, ..last });
        }
    }

    /// The ask that may begin at local time `now`, if one waits and nothing is under way.
    pub fn due(&self, now: UnixMillis) -> Option<EvidenceAsk> {
        let asked = self.asked.filter(|_| self.job.is_none())?;
        let is_again = self.begun.is_some_and(|(ask, begun)| ask == asked && now.since(begun) < AGAIN_MILLIS);
        (!is_again).then_some(asked)
    }

    /// Begins with `ask` on its samples at local time `now`.
    pub fn begin(
        &mut self,
        now: UnixMillis,
        ask: EvidenceAsk,
        main: EvidenceSample,
        beside: Option<EvidenceSample>,
        settings: &Settings,
    ) {
        self.asked = None;
        self.begun = Some((ask, now));
        self.job = Some(Job::new(ask, main, beside, settings));
    }

    /// Runs one more test by `examine`; returns the evidence when it is whole, with `traces` of the past.
    pub fn work(&mut self, examine: Examine, traces: impl FnOnce() -> Vec<PastTrace>) -> Option<&Evidence> {
        let evidence = (examine.work)(self.job.as_mut()?)?;
        self.job = None;
        Some(self.newest.insert(Evidence { traces: traces(), ..evidence }))
    }

    /// A runner for other rows: what is asked for and not yet answered is begun anew there.
    #[must_use]
    pub fn afresh(&self) -> Self {
        let under_way = self.job.as_ref().and(self.begun).map(|(ask, _)| ask);
        Self { asked: self.asked.or(under_way), ..Self::default() }
    }

    /// Whether tests are under way.
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    /// What was last computed.
    pub fn newest(&self) -> Option<&Evidence> {
        self.newest.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytics::SampleRow;
    use crate::analytics::evidence::Beside;

    fn sample() -> EvidenceSample {
        let rows = (0..80).map(|at: i64| {
            let x = 100.0 + (at as f64 / 9.0).sin();
            let y = 2.0 * x + (at as f64 / 2.3).cos();
            SampleRow { open_time: UnixMillis(at * 1_000), y, x, carried: false }
        });
        EvidenceSample::new(rows, crate::Interval::OneSecond, &Settings::default())
    }

    #[test]
    fn the_same_is_computed_again_after_ten_seconds_and_something_else_at_once() {
        let (mut runner, ask) = (Runner::default(), EvidenceAsk::default());
        assert_eq!(runner.due(UnixMillis(0)), None);
        runner.ask(ask);
        assert_eq!(runner.due(UnixMillis(0)), Some(ask));
        runner.begin(UnixMillis(0), ask, sample(), None, &Settings::default());
        runner.ask(ask);
        assert_eq!(runner.due(UnixMillis(60_000)), None, "one at a time");
        while runner.work(Examine::all(), Vec::new).is_none() {}
        assert_eq!((runner.due(UnixMillis(9_999)), runner.due(UnixMillis(10_000))), (None, Some(ask)));
        let other = EvidenceAsk { beside: Beside::OtherDirection, ..ask };
        runner.ask(other);
        assert_eq!(runner.due(UnixMillis(1)), Some(other));
    }

    #[test]
    fn what_is_under_way_begins_anew_on_other_rows() {
        let (mut runner, ask) = (Runner::default(), EvidenceAsk::default());
        runner.ask(ask);
        runner.begin(UnixMillis(0), ask, sample(), None, &Settings::default());
        assert!(runner.work(Examine::all(), Vec::new).is_none() && runner.is_busy());
        assert_eq!(runner.afresh().due(UnixMillis(1)), Some(ask));
        while runner.work(Examine::all(), Vec::new).is_none() {}
        assert_eq!(runner.afresh().due(UnixMillis(1)), None, "it has been answered");
    }
}
