//! What becomes of a question that fails: a pause for all of them, and what ends it.
//!
//! A wait that the exchange itself demands (a ban, a limit) ends by its time alone: whatever else comes meanwhile,
//! and whatever the user clicks.

use super::{History, Moment, Question};
use crate::UnixMillis;
use crate::base::note::{News, NoteKind};
use crate::binance::FetchError;
use crate::connection::Refusal;
use crate::connection::refusal;
use crate::connection::refusal::{Pause, Probe, Setback};

/// First wait after a failure; it doubles up to [`FAILED_MOST_MILLIS`].
const FAILED_MILLIS: i64 = 2_000;
const FAILED_MOST_MILLIS: i64 = 60_000;

impl History {
    pub(super) fn fail(&mut self, now: Moment, question: Question, error: &FetchError) {
        self.host += 1;
        let probed = self.probe == Probe::Asked;
        self.probe = if probed { Probe::Failed } else { Probe::None };
        match refusal::read(error, now, probed || self.host.is_multiple_of(self.hosts.len())) {
            Setback::Failed(reason) => self.failed(now.local, reason),
            Setback::Refused { refusal, pause } => self.refused(now.local, refusal, pause),
        }
        if question.asked < self.live_since {
            self.reconnected(self.live_since);
        }
    }

    fn refused(&mut self, local: UnixMillis, refusal: Refusal, pause: Pause) {
        let demanded = self.paused.as_ref().filter(|_| self.demanded_wait(local).is_some());
        if demanded.is_some_and(|demanded| demanded.until >= pause.until || !refusal.demands_wait()) {
            return;
        }
        if self.refusal != Some(refusal) {
            self.news.push(News::new(NoteKind::Refused, pause.reason.clone()));
        }
        self.refusal = Some(refusal);
        self.paused = Some(pause);
    }

    /// Takes note of what another question to the venue has come to: a wait that the exchange demands holds for all.
    pub fn heed(&mut self, now: Moment, error: &FetchError) {
        if let Setback::Refused { refusal, pause } = refusal::read(error, now, false)
            && refusal.demands_wait()
        {
            self.refused(now.local, refusal, pause);
        }
    }

    /// The reason and the rest of a wait that the exchange demands and that nothing here may cut short.
    pub fn demanded_wait(&self, local: UnixMillis) -> Option<(&str, i64)> {
        let Pause { until, reason, .. } = self.paused.as_ref().filter(|pause| local < pause.until)?;
        self.refusal.filter(|refusal| refusal.demands_wait())?;
        Some((reason.as_str(), until.since(local)))
    }

    /// Takes note that a socket became live at local time `live_since`. Where nothing has answered before, one
    /// question is asked in spite of the pause; never where the exchange itself demands it.
    pub fn reconnected(&mut self, live_since: UnixMillis) {
        self.live_since = live_since;
        let hidden = self.refusal.is_none_or(|refusal| refusal == Refusal::Hidden);
        if hidden && self.paused.is_some() && self.probe == Probe::None {
            self.probe = Probe::Due;
        }
    }

    pub(super) fn failed(&mut self, local: UnixMillis, reason: String) {
        if self.demanded_wait(local).is_some() {
            return;
        }
        // the wait that it demanded is over
        self.refusal.take_if(|refusal| refusal.demands_wait());
        let wait = (FAILED_MILLIS << self.failures.min(5)).min(FAILED_MOST_MILLIS);
        if self.failures == 0 {
            self.news.push(News::new(NoteKind::Refused, reason.clone()));
        }
        self.failures += 1;
        self.paused = Some(Pause::new(local + wait, reason));
    }

    /// Ends a pause at local time `now`, as the user wishes, unless the exchange demands it.
    pub fn retry(&mut self, now: UnixMillis) {
        if self.demanded_wait(now).is_none() {
            self.resume();
        }
    }

    pub(super) fn resume(&mut self) {
        self.paused = None;
        self.failures = 0;
        self.probe = Probe::None;
    }

    /// The kind, the reason and the rest of a pause that the exchange itself demands.
    pub fn refusal(&self, local: UnixMillis) -> Option<(Refusal, &str, i64)> {
        let Pause { until, reason, .. } = self.paused.as_ref()?;
        self.refusal.map(|refusal| (refusal, reason.as_str(), until.since(local).max(0)))
    }
}
