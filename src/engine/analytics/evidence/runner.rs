//! Schedules the evidence: on demand, and again at most every ten seconds.

use super::{Evidence, EvidenceAsk, EvidenceSample, Job, compute};
use crate::analytics::past_trace::{PastTrace, Trace};
use crate::{Settings, UnixMillis};

/// The same request is not computed again within this time.
const AGAIN_MILLIS: i64 = 10_000;

/// The code of the tests. It is passed in from outside, since the page fetches it when it is first needed.
#[derive(Debug, Clone, Copy)]
pub struct Examine {
    /// Runs one more test of a job; see [`Job::work`].
    pub work: fn(&mut Job) -> Option<Evidence>,
    /// Computes Johansen's trace of two legs.
    pub trace: Trace,
}

impl Examine {
    /// The code of all tests.
    pub fn all() -> Self {
        Self { work: Job::work, trace: compute::trace }
    }
}

/// The evidence that is wanted, in progress, and newest.
#[derive(Debug, Clone, Default)]
pub struct Runner {
    asked: Option<EvidenceAsk>,
    job: Option<Job>,
    /// The last request started, and when.
    begun: Option<(EvidenceAsk, UnixMillis)>,
    newest: Option<Evidence>,
}

impl Runner {
    /// Requests the evidence in `ask`. A job in progress is finished first; of several waiting requests only
    /// the newest is kept.
    pub fn ask(&mut self, ask: EvidenceAsk) {
        self.asked = Some(ask);
    }

    /// Requests the evidence again at local time `now` if it is older than ten seconds, without resampling: for
    /// rules that watch it.
    pub fn keep_fresh(&mut self, now: UnixMillis) {
        let is_fresh = self.begun.is_some_and(|(_, begun)| now.since(begun) < AGAIN_MILLIS);
        if self.asked.is_none() && self.job.is_none() && !is_fresh {
            let last = self.begun.map(|(ask, _)| ask).unwrap_or_default();
            self.asked = Some(EvidenceAsk { bootstrap: false, ..last });
        }
    }

    /// The request that may start at local time `now`, if one waits and no job is in progress.
    pub fn due(&self, now: UnixMillis) -> Option<EvidenceAsk> {
        let asked = self.asked.filter(|_| self.job.is_none())?;
        let is_again = self.begun.is_some_and(|(ask, begun)| ask == asked && now.since(begun) < AGAIN_MILLIS);
        (!is_again).then_some(asked)
    }

    /// Starts on `ask` with its samples at local time `now`.
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

    /// Runs one more test with `examine`; returns the evidence once complete, with `traces` of the past.
    pub fn work(&mut self, examine: Examine, traces: impl FnOnce() -> Vec<PastTrace>) -> Option<&Evidence> {
        let evidence = (examine.work)(self.job.as_mut()?)?;
        self.job = None;
        Some(self.newest.insert(Evidence { traces: traces(), ..evidence }))
    }

    /// A runner for other rows: starts again on whatever was requested and not answered.
    #[must_use]
    pub fn afresh(&self) -> Self {
        let under_way = self.job.as_ref().and(self.begun).map(|(ask, _)| ask);
        Self { asked: self.asked.or(under_way), ..Self::default() }
    }

    /// Whether a job is in progress.
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    /// The last evidence computed.
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
