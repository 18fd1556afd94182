//! The consequences of a failed request: a pause for all requests, and what ends it.
//!
//! A wait that the exchange itself demands (a ban, a rate limit) ends only when its time is up, whatever else
//! arrives and whatever the user clicks.

use super::{History, Moment, Pending};
use crate::UnixMillis;
use crate::base::note::{News, NoteKind};
use crate::binance::FetchError;
use crate::connection::Refusal;
use crate::connection::refusal;
use crate::connection::refusal::{Pause, Probe, Setback};
use crate::market::leg::Market;

/// First wait after a failure; it doubles up to [`FAILED_MOST_MILLIS`].
const FAILED_MILLIS: i64 = 2_000;
const FAILED_MOST_MILLIS: i64 = 60_000;
/// Waits after consecutive failures that the browser hides; the last one repeats.
const HIDDEN_MILLIS: [i64; 4] = [60_000, 120_000, 240_000, 900_000];
/// Consecutive unreadable responses before another host is tried.
const UNREADABLE_MOST: u32 = 2;

/// Failures this close together count as one: those of both legs, or of several tabs.
const TOGETHER_MILLIS: i64 = 5_000;

/// Consecutive failures that the browser hides.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hidden {
    count: u32,
    /// Local time of the newest failure.
    newest: UnixMillis,
}

impl Hidden {
    /// Counts a failure at `local` and returns how many came before it; `None` if it belongs to the previous
    /// one.
    fn count(&mut self, local: UnixMillis) -> Option<u32> {
        if self.count > 0 && local.since(self.newest).abs() < TOGETHER_MILLIS {
            return None;
        }
        self.newest = local;
        self.count = self.count.saturating_add(1);
        Some(self.count - 1)
    }
}

impl History {
    pub(super) fn fail(&mut self, now: Moment, request: Pending, error: &FetchError) {
        self.host += 1;
        let probed = self.probe == Probe::Sent;
        self.probe = if probed { Probe::Failed } else { Probe::None };
        match refusal::read(error, now, probed || self.host.is_multiple_of(self.hosts.len())) {
            Setback::Failed(reason) => self.failed(now.local, reason),
            Setback::Refused { refusal: Refusal::Hidden, pause } => self.hidden(now.local, pause.reason),
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

    /// Pauses after a failure that the browser hides, which may be a ban: each in a row lengthens the pause.
    fn hidden(&mut self, local: UnixMillis, reason: String) {
        let before = self.hidden.count(local).unwrap_or(self.hidden.count.saturating_sub(1));
        let place = usize::try_from(before).unwrap_or(usize::MAX).min(HIDDEN_MILLIS.len() - 1);
        let wait = HIDDEN_MILLIS[place];
        // up to 10 % longer, by the millisecond of the failure, so that machines do not come back in step
        let jitter = local.0.rem_euclid(1_000) * wait / 10_000;
        self.refused(local, Refusal::Hidden, Pause::new(local + wait + jitter, reason));
    }

    /// A response could not be read: the network's own page, or an odd row. After two in a row the next request
    /// goes to another host; a gap whose trades were requested is left to bars in the end.
    pub(super) fn unreadable(&mut self, local: UnixMillis, reason: String, gap_of: Option<&mut Market>) {
        self.unreadable += 1;
        if self.unreadable >= UNREADABLE_MOST {
            self.unreadable = 0;
            self.host += 1;
        }
        if let Some(market) = gap_of {
            market.misread(local);
        }
        self.failed(local, reason);
    }

    /// Takes note that another request to the venue got a response.
    pub fn responded(&mut self) {
        self.hidden = Hidden::default();
    }

    /// Takes note that another tab got a response: ends a pause for a failure that the browser hides.
    pub fn reached(&mut self) {
        self.hidden = Hidden::default();
        if self.refusal == Some(Refusal::Hidden) {
            self.refusal = None;
            self.resume();
        }
    }

    /// Takes note of the failure of another request to the venue: a wait that the exchange demands applies to
    /// all, and so does one for a hidden failure, from the second in a row on.
    pub fn heed(&mut self, now: Moment, error: &FetchError) {
        if *error == FetchError::Hidden {
            if self.hidden.count == 0 {
                self.hidden.count(now.local);
            } else if let Setback::Refused { pause, .. } = refusal::read(error, now, true) {
                self.hidden(now.local, pause.reason);
            }
            return;
        }
        if let Setback::Refused { refusal, pause } = refusal::read(error, now, false)
            && refusal.demands_wait()
        {
            self.refused(now.local, refusal, pause);
        }
    }

    /// The reason for a wait that the exchange demands, and its remaining milliseconds. Nothing here may cut it
    /// short.
    pub fn demanded_wait(&self, local: UnixMillis) -> Option<(&str, i64)> {
        let Pause { until, reason, .. } = self.paused.as_ref().filter(|pause| local < pause.until)?;
        self.refusal.filter(|refusal| refusal.demands_wait())?;
        Some((reason.as_str(), until.since(local)))
    }

    /// The machine was asleep for the last `millis` before local time `now`, or its clock was set ahead by that
    /// much: a wait that the exchange demands is extended by as much.
    pub(crate) fn hold(&mut self, now: UnixMillis, millis: i64) {
        let demands = self.refusal.is_some_and(Refusal::demands_wait);
        if let Some(pause) = self.paused.as_mut().filter(|pause| demands && pause.until > now - millis) {
            pause.until = pause.until + millis;
        }
    }

    /// Takes note that a socket went live at local time `live_since`. If no request has succeeded before, one
    /// is sent in spite of the pause, unless the exchange itself demands it.
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
        let wait = (FAILED_MILLIS << self.failures.min(5)).min(FAILED_MOST_MILLIS);
        let longer = self.paused.as_ref().is_some_and(|pause| pause.until > local + wait);
        if longer && self.refusal == Some(Refusal::Hidden) {
            // the other leg's request, sent at the same time, was refused by what may be a ban
            return;
        }
        // the demanded wait is over
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

    #[test]
    fn a_wait_for_what_the_browser_hides_is_not_cut_short_by_the_other_legs_request() {
        let hosts = ["https://a", "https://b"].map(str::to_owned).to_vec();
        let mut history = History::new(hosts, 1_200, 1);
        let [mut y, mut x] = Leg::BOTH.map(|leg| Market::new(&Settings::default(), leg));
        let after =
            |secs: i64| Moment { local: UnixMillis(1_700_000_000_000) + secs * 1_000, exchange: None };
        assert!(history.next_request(after(0), Leg::Y, &mut y).is_some());
        history.take_response(after(0), Leg::Y, &mut y, Err(FetchError::Hidden));
        // both legs go to the second host: the first response is from the last host, the second from the first
        // again
        assert!(
            history.next_request(after(3), Leg::Y, &mut y).is_some()
                && history.next_request(after(3), Leg::X, &mut x).is_some()
        );
        history.take_response(after(3), Leg::Y, &mut y, Err(FetchError::Hidden));
        history.take_response(after(3), Leg::X, &mut x, Err(FetchError::Hidden));
        for secs in [6, 30, 62] {
            assert_eq!(history.next_request(after(secs), Leg::Y, &mut y), None, "{secs} s");
        }
        assert!(history.next_request(after(70), Leg::Y, &mut y).is_some());
    }
}
