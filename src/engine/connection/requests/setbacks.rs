//! The consequences of a failed request: a pause for all requests, and what ends it.
//!
//! A wait that the exchange itself demands (a ban, a rate limit) ends only when its time is up, whatever else
//! arrives and whatever the user clicks. Failures that the browser hides may be a ban as well: from the second in
//! a row on, all requests wait, and what still fails meanwhile was sent before and counts for nothing.

use super::taking::MISFITS_MOST;
use super::{Moment, Pending, RequestSchedule};
use crate::UnixMillis;
use crate::base::note::{News, NoteKind};
use crate::binance::FetchError;
use crate::connection::Refusal;
use crate::connection::refusal;
use crate::connection::refusal::{Pause, Probe, Setback};

/// First wait after a failure; it doubles up to [`FAILED_MOST_MILLIS`].
const FAILED_MILLIS: i64 = 2_000;
const FAILED_MOST_MILLIS: i64 = 60_000;
/// Waits after the second failure in a row that the browser hides, and those that follow; the last one repeats.
const HIDDEN_MILLIS: [i64; 4] = [60_000, 120_000, 240_000, 900_000];
/// Said of the first failure that the browser hides, and of those that follow.
const HIDDEN_ONCE: &str = "the exchange refuses for a reason that the browser hides";
const HIDDEN_AGAIN: &str =
    "the exchange refuses for a reason that the browser hides: this address may be banned for a while";

/// Failures of other requests this close to the newest one count as one with it: those of several tabs, or of a
/// request that is sent to each host in turn.
const TOGETHER_MILLIS: i64 = 5_000;

/// Consecutive failures that the browser hides.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hidden {
    count: u32,
    /// Local time of the newest failure.
    newest: UnixMillis,
}

impl Hidden {
    /// Counts a failure at `local` and returns how many there are in a row.
    fn count(&mut self, local: UnixMillis) -> u32 {
        self.newest = local;
        self.count = self.count.saturating_add(1);
        self.count
    }
}

impl RequestSchedule {
    pub(super) fn fail(&mut self, now: Moment, request: Pending, error: &FetchError) {
        self.leave_host(request.host);
        let probed = self.probe == Probe::Sent;
        self.probe = if probed { Probe::Failed } else { Probe::None };
        match refusal::read(error, now) {
            Setback::Failed(reason) => self.failed(now.local, reason),
            Setback::Hidden if probed || request.since > self.hidden.newest => self.hidden(now.local, probed),
            // sent before the newest failure was known: one with it
            Setback::Hidden => self.failed(now.local, HIDDEN_ONCE.to_owned()),
            Setback::Refused { refusal, pause } => self.refused(now.local, refusal, pause),
        }
        if request.since < self.live_since {
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

    /// Counts a failure that the browser hides. The first is a failure like any other; from the second in a row
    /// on it may be a ban, and each lengthens the pause. `probed`: the one request sent within a pause has failed.
    fn hidden(&mut self, local: UnixMillis, probed: bool) {
        if self.hidden_wait(local) && !probed {
            return;
        }
        let Some(place) = self.hidden.count(local).checked_sub(2) else {
            return self.failed(local, HIDDEN_ONCE.to_owned());
        };
        let place = usize::try_from(place).unwrap_or(usize::MAX).min(HIDDEN_MILLIS.len() - 1);
        let wait = HIDDEN_MILLIS[place];
        // up to 10 % longer, by the millisecond of the failure, so that machines do not come back in step
        let jitter = local.0.rem_euclid(1_000) * wait / 10_000;
        let pause = Pause::new(local + wait + jitter, HIDDEN_AGAIN.to_owned());
        // a failure of some time ago, of which another tab tells, cuts no pause short
        if self.paused.as_ref().is_none_or(|current| current.until < pause.until) {
            self.refused(local, Refusal::Hidden, pause);
        }
    }

    /// Whether a pause for failures that the browser hides is running.
    fn hidden_wait(&self, local: UnixMillis) -> bool {
        self.refusal == Some(Refusal::Hidden) && self.is_paused(local)
    }

    /// Sends the next request to another host than `host`, unless another failure has done so.
    pub(super) fn leave_host(&mut self, host: usize) {
        if host == self.host {
            self.host += 1;
        }
    }

    /// Takes note that another request to the venue, or another tab, got a response: ends a pause for failures
    /// that the browser hides.
    pub fn reached(&mut self) {
        (self.hidden, self.unreadable) = (Hidden::default(), 0);
        if self.refusal == Some(Refusal::Hidden) {
            self.refusal = None;
            self.resume();
        }
    }

    /// Takes note that the response to another request to the venue could not be read. That request waits by
    /// itself; after two in a row, the next one goes to another host.
    pub fn unread(&mut self) {
        self.unreadable += 1;
        if self.unreadable.is_multiple_of(MISFITS_MOST) {
            self.host += 1;
        }
    }

    /// Takes note of the failure of another request to the venue: a wait that the exchange demands applies to
    /// all, and so does one for a hidden failure, from the second in a row on.
    pub fn heed(&mut self, now: Moment, error: &FetchError) {
        match refusal::read(error, now) {
            // that request waits by itself
            Setback::Hidden if self.hidden.count == 0 => drop(self.hidden.count(now.local)),
            Setback::Hidden if now.local.since(self.hidden.newest).abs() < TOGETHER_MILLIS => {}
            Setback::Hidden => self.hidden(now.local, false),
            Setback::Refused { refusal, pause } if refusal.demands_wait() => {
                self.refused(now.local, refusal, pause);
            }
            Setback::Refused { .. } | Setback::Failed(_) => {}
        }
    }

    /// The reason for which whoever sends requests of its own to this venue waits, too, and for how many
    /// milliseconds at least: a pause of any kind, and after one for a ban the request that tries again.
    pub fn wait(&self, local: UnixMillis) -> Option<(&str, i64)> {
        let Pause { until, reason, .. } = self.paused.as_ref()?;
        let left = until.since(local);
        let tries = self.refusal.is_some_and(Refusal::may_be_ban)
            && self.pending.iter().flatten().any(|request| request.since >= *until);
        (left > 0 || tries).then(|| (reason.as_str(), left.max(1)))
    }

    /// As [`Self::wait`], if the exchange or the network refuses: what the user asks for once, such as a list, may
    /// be tried while a request that has merely failed waits.
    pub fn refused_wait(&self, local: UnixMillis) -> Option<(&str, i64)> {
        self.refusal.and_then(|_| self.wait(local))
    }

    pub(super) fn is_paused(&self, local: UnixMillis) -> bool {
        self.paused.as_ref().is_some_and(|pause| local < pause.until)
    }

    /// The reason for a wait that the exchange demands, and its remaining milliseconds. Nothing here may cut it
    /// short.
    pub fn demanded_wait(&self, local: UnixMillis) -> Option<(&str, i64)> {
        self.refusal.filter(|refusal| refusal.demands_wait() && self.is_paused(local))?;
        self.wait(local)
    }

    /// The machine was asleep for the last `millis` before local time `now`, or its clock was set ahead by that
    /// much: a wait for a ban, told or hidden, is extended by as much.
    pub(crate) fn hold(&mut self, now: UnixMillis, millis: i64) {
        let bans = self.refusal.is_some_and(Refusal::may_be_ban);
        if let Some(pause) = self.paused.as_mut().filter(|pause| bans && pause.until > now - millis) {
            pause.until = pause.until + millis;
        }
    }

    /// Takes note that a socket went live at local time `live_since`. If no request has succeeded before, one
    /// is sent in spite of the pause, unless the exchange itself demands it.
    pub fn reconnected(&mut self, live_since: UnixMillis) {
        self.live_since = live_since;
        let may_probe = self.refusal.is_none_or(|refusal| refusal == Refusal::Hidden);
        if may_probe && self.paused.is_some() && self.probe == Probe::None {
            self.probe = Probe::Due;
        }
    }

    pub(super) fn failed(&mut self, local: UnixMillis, reason: String) {
        if self.demanded_wait(local).is_some() {
            return;
        }
        let wait = (FAILED_MILLIS << self.failures.min(5)).min(FAILED_MOST_MILLIS);
        if self.hidden_wait(local) {
            // the other leg's request, sent at the same time, was refused by what may be a ban
            return;
        }
        // the wait for a ban is over
        self.refusal.take_if(|refusal| refusal.demands_wait());
        if self.failures == 0 {
            self.news.push(News::new(NoteKind::Refused, reason.clone()));
        }
        self.failures += 1;
        self.paused = Some(Pause::new(local + wait, reason));
    }

    /// Ends a pause at local time `now` at the user's request, unless the exchange demands it.
    pub fn retry(&mut self, now: UnixMillis) {
        if self.demanded_wait(now).is_none() {
            self.resume();
        }
    }

    /// Ends a pause that is over at local time `now`, although nothing is left to request that would show it.
    pub(super) fn lapse(&mut self, now: UnixMillis) {
        if !self.is_paused(now) && self.pending.iter().all(Option::is_none) {
            (self.paused, self.refusal) = (None, None);
        }
    }

    pub(super) fn resume(&mut self) {
        self.paused = None;
        self.failures = 0;
        self.probe = Probe::None;
    }

    /// The kind, the reason and the remaining milliseconds of a refusal's pause.
    pub fn refusal(&self, local: UnixMillis) -> Option<(Refusal, &str, i64)> {
        let Pause { until, reason, .. } = self.paused.as_ref()?;
        self.refusal.map(|refusal| (refusal, reason.as_str(), until.since(local).max(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;
    use crate::base::symbol::Leg;
    use crate::market::leg::Market;

    #[test]
    fn a_wait_for_what_the_browser_hides_is_not_cut_short_by_the_other_legs_request() {
        let hosts = ["https://a", "https://b"].map(str::to_owned).to_vec();
        let mut schedule = RequestSchedule::new(hosts, 1_200, 1);
        let [mut y, mut x] = Leg::BOTH.map(|leg| Market::new(&Settings::default(), leg));
        let after =
            |secs: i64| Moment { local: UnixMillis(1_700_000_000_000) + secs * 1_000, exchange: None };
        assert!(schedule.next_request(after(0), Leg::Y, &mut y).is_some());
        schedule.take_response(after(0), Leg::Y, &mut y, Err(FetchError::Hidden));
        // both legs go to the second host: the first response is from the last host, the second from the first
        // again
        assert!(
            schedule.next_request(after(3), Leg::Y, &mut y).is_some()
                && schedule.next_request(after(3), Leg::X, &mut x).is_some()
        );
        schedule.take_response(after(3), Leg::Y, &mut y, Err(FetchError::Hidden));
        schedule.take_response(after(3), Leg::X, &mut x, Err(FetchError::Hidden));
        for secs in [6, 30, 62] {
            assert_eq!(schedule.next_request(after(secs), Leg::Y, &mut y), None, "{secs} s");
        }
        assert!(schedule.next_request(after(70), Leg::Y, &mut y).is_some());
    }
}
