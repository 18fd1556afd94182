//! Schedules the evidence: on demand, again at most every ten seconds, and at once when the tests have run on
//! newer bars, so that a number which both compute is one number.

use super::{Evidence, EvidenceOptions, EvidenceSample, Job, compute};
use crate::analytics::past_trace::{PastTrace, Trace};
use crate::{Settings, UnixMillis};

/// The same request is not computed again on the same bars within this time.
const AGAIN_MILLIS: i64 = 10_000;
/// A request stands for this long: while the page shows the evidence, it repeats the request more often.
const STANDS_MILLIS: i64 = 10_000;

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
    requested: Option<EvidenceOptions>,
    /// The last request by the page, and when.
    standing: Option<(EvidenceOptions, UnixMillis)>,
    job: Option<Job>,
    begun: Option<Begun>,
    newest: Option<Evidence>,
}

/// The last request started.
#[derive(Debug, Clone, Copy)]
struct Begun {
    options: EvidenceOptions,
    /// Local time.
    at: UnixMillis,
    /// Open time of the last bar that the tests had run on.
    tested: Option<UnixMillis>,
}

impl Runner {
    /// Requests the evidence of `options` at local time `now`. A job in progress is finished first; of several
    /// waiting requests only the newest is kept.
    pub fn request(&mut self, now: UnixMillis, options: EvidenceOptions) {
        self.requested = Some(options);
        self.standing = Some((options, now));
    }

    /// Requests the evidence again at local time `now` if it is older than ten seconds, without resampling: for
    /// rules that watch it.
    pub fn keep_fresh(&mut self, now: UnixMillis) {
        let is_fresh = self.begun.is_some_and(|begun| now.since(begun.at) < AGAIN_MILLIS);
        if self.requested.is_none() && self.job.is_none() && !is_fresh {
            let last = self.begun.map(|begun| begun.options).unwrap_or_default();
            self.requested = Some(EvidenceOptions { bootstrap: false, ..last });
        }
    }

    /// What the page shows at local time `now`: it repeats the request while it does.
    pub fn standing(&self, now: UnixMillis) -> Option<EvidenceOptions> {
        self.standing.filter(|(_, at)| now.since(*at) < STANDS_MILLIS).map(|(options, _)| options)
    }

    /// Computes the last request again, even on the same bars.
    pub fn repeat(&mut self) {
        self.requested = self.requested.or(self.standing.map(|(options, _)| options));
        if let Some(begun) = &mut self.begun {
            begun.at = begun.at - AGAIN_MILLIS;
        }
    }

    /// The request that may start at local time `now`, if one waits or stands and no job is in progress; `tested`
    /// is the last bar that the tests have run on.
    pub fn due(&self, now: UnixMillis, tested: Option<UnixMillis>) -> Option<EvidenceOptions> {
        let is_newer = self.begun.is_none_or(|begun| begun.tested != tested);
        let standing = self.standing(now).filter(|_| is_newer);
        let requested = self.requested.or(standing).filter(|_| self.job.is_none())?;
        let is_again =
            self.begun.is_some_and(|begun| begun.options == requested && now.since(begun.at) < AGAIN_MILLIS);
        (is_newer || !is_again).then_some(requested)
    }

    /// Starts on `options` with its samples at local time `now`; `tested` as for [`Self::due`].
    pub fn begin(
        &mut self,
        now: UnixMillis,
        tested: Option<UnixMillis>,
        options: EvidenceOptions,
        main: EvidenceSample,
        beside: Option<EvidenceSample>,
        settings: &Settings,
    ) {
        self.requested = None;
        self.begun = Some(Begun { options, at: now, tested });
        self.job = Some(Job::new(options, main, beside, settings));
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
        let under_way = self.job.as_ref().and(self.begun).map(|begun| begun.options);
        Self { requested: self.requested.or(under_way), ..Self::default() }
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
        let (mut runner, options) = (Runner::default(), EvidenceOptions::default());
        assert_eq!(runner.due(UnixMillis(0), None), None);
        runner.request(UnixMillis(0), options);
        assert_eq!(runner.due(UnixMillis(0), None), Some(options));
        runner.begin(UnixMillis(0), None, options, sample(), None, &Settings::default());
        runner.request(UnixMillis(0), options);
        assert_eq!(runner.due(UnixMillis(60_000), None), None, "one at a time");
        while runner.work(Examine::all(), Vec::new).is_none() {}
        assert_eq!(
            (runner.due(UnixMillis(9_999), None), runner.due(UnixMillis(10_000), None)),
            (None, Some(options))
        );
        let other = EvidenceOptions { beside: Beside::OtherDirection, ..options };
        runner.request(UnixMillis(0), other);
        assert_eq!(runner.due(UnixMillis(1), None), Some(other));
    }

    #[test]
    fn what_is_on_the_page_follows_the_tests_at_once() {
        let (mut runner, options) = (Runner::default(), EvidenceOptions::default());
        let at = |second: i64| UnixMillis(1_000 * second);
        let run = |runner: &mut Runner, now, tested| {
            let due = runner.due(now, tested);
            if let Some(options) = due {
                runner.begin(now, tested, options, sample(), None, &Settings::default());
                while runner.work(Examine::all(), Vec::new).is_none() {}
            }
            due
        };
        runner.request(at(0), options);
        assert_eq!(run(&mut runner, at(0), Some(at(0))), Some(options));
        assert_eq!(run(&mut runner, at(1), Some(at(0))), None, "the same bars");
        assert_eq!(run(&mut runner, at(2), Some(at(2))), Some(options), "the tests have run on newer ones");
        assert_eq!(run(&mut runner, at(3), Some(at(2))), None);
        assert_eq!(run(&mut runner, at(12), Some(at(12))), None, "the page no longer asks");
    }

    #[test]
    fn what_is_under_way_begins_anew_on_other_rows() {
        let (mut runner, options) = (Runner::default(), EvidenceOptions::default());
        runner.request(UnixMillis(0), options);
        runner.begin(UnixMillis(0), None, options, sample(), None, &Settings::default());
        assert!(runner.work(Examine::all(), Vec::new).is_none() && runner.is_busy());
        assert_eq!(runner.afresh().due(UnixMillis(1), None), Some(options));
        while runner.work(Examine::all(), Vec::new).is_none() {}
        assert_eq!(runner.afresh().due(UnixMillis(1), None), None, "it has been answered");
    }
}
