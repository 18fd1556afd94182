//! When the evidence is computed: on demand, and again at most every ten seconds.

use super::{Evidence, EvidenceAsk, EvidenceSample, Job};
use crate::{Settings, UnixMillis};

/// What has been asked within this time is not computed again.
const AGAIN_MILLIS: i64 = 10_000;

/// The evidence that is asked for, under way, and newest.
#[derive(Debug, Default)]
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

    /// The ask that may begin at local time `now`, if one waits and nothing is under way.
    pub fn due(&self, now: UnixMillis) -> Option<EvidenceAsk> {
        let asked = self.asked.filter(|_| self.job.is_none())?;
        let is_again =
            self.begun.is_some_and(|(ask, begun)| ask == asked && now.since(begun) < AGAIN_MILLIS);
        (!is_again).then_some(asked)
    }

    /// Begins with `ask` on its samples at local time `now`.
    pub fn begin(
        &mut self,
        now: UnixMillis,
        ask: EvidenceAsk,
        [main, beside]: [Option<EvidenceSample>; 2],
        settings: &Settings,
    ) {
        self.asked = None;
        self.begun = Some((ask, now));
        self.job = main.map(|main| Job::new(ask, main, beside, settings));
    }

    /// Runs one more test; returns the evidence when it is whole.
    pub fn work(&mut self) -> Option<&Evidence> {
        let evidence = self.job.as_mut()?.work()?;
        self.job = None;
        Some(self.newest.insert(evidence))
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
