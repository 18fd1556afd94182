//! What the exchange has demanded and what was spent there, at the desk's venue and at those that it was on before.

use super::{Engine, Running};
use crate::UnixMillis;
use crate::binance::FetchError;
use crate::connection::history::{History, Moment};
use crate::connection::{Refused, Spent, Venues};
use crate::settings::Source;

impl Engine {
    /// What its venues have demanded, and what was spent there: another engine takes this one's place.
    pub fn take_venues(&mut self) -> Venues {
        if let Some(running) = &self.running {
            self.venues.leave(&running.history);
        }
        core::mem::take(&mut self.venues)
    }

    /// Puts in what another engine had.
    pub fn put_venues(&mut self, venues: Venues) {
        self.venues = venues;
    }

    /// The plan that asks the venue of `source` from here on, in place of that of the desk `old`.
    pub(super) fn history_after(&mut self, old: Option<&Running>, source: &Source) -> History {
        let Some(Running { history, .. }) = old else { return self.venues.enter(source, 1) };
        self.venues.leave(history);
        self.venues.enter(source, history.next_id())
    }

    /// The local clock has gone on by `millis` at once, to `now`: no wait that an exchange demands ends by that.
    pub(super) fn leap(&mut self, now: UnixMillis, millis: i64) {
        if let Some(Running { history, .. }) = &mut self.running {
            history.hold(now, millis);
        }
        self.venues.hold(now, millis);
    }

    /// Why `url` is not to be asked at `now`, as a clause.
    pub(super) fn demanded_wait(&self, now: UnixMillis, url: &str) -> Option<String> {
        let of_desk =
            self.running.as_ref().map(|running| &running.history).filter(|history| history.asks(url));
        let (reason, millis) = of_desk.or(self.venues.asked_by(url))?.demanded_wait(now)?;
        Some(format!("the venue's list can be asked for in {} s: {reason}", (millis + 999) / 1_000))
    }

    /// Has the history wait, too, when the exchange has demanded it of a request to `url`.
    pub(super) fn heed(&mut self, now: UnixMillis, url: &str, error: &FetchError) {
        let Some(Running { markets, history, .. }) = &mut self.running else { return };
        let moment = Moment { local: now, exchange: markets.clock.newest() };
        let of_desk = Some(history).filter(|history| history.asks(url));
        if let Some(history) = of_desk.or(self.venues.asked_by_mut(url)) {
            history.heed(moment, error);
        }
    }

    /// Has the history wait as the tab does that was refused, from the time on at which it was.
    pub(super) fn refused_elsewhere(&mut self, now: UnixMillis, refused: &Refused) {
        let age_millis = self.local.local(now).since(refused.time).max(0);
        self.heed(now - age_millis, &refused.url, &refused.error);
    }

    /// Another tab was answered at `url`: what the browser hid is over.
    pub(super) fn answered_elsewhere(&mut self, url: &str) {
        let of_desk = self.running.as_mut().map(|running| &mut running.history);
        let of_desk = of_desk.filter(|history| history.asks(url));
        if let Some(history) = of_desk.or(self.venues.asked_by_mut(url)) {
            history.reached();
        }
    }

    /// Counts what was spent beside the history's own requests, in the exchange's minute of that time.
    pub(super) fn weight_spent(&mut self, now: UnixMillis, Spent { url, weight, time }: &Spent) {
        let age_millis = self.local.local(now).since(*time);
        let Some(Running { markets, history, .. }) = &mut self.running else { return };
        let exchange_now = markets.clock.now(now).unwrap_or(now);
        let of_desk = Some(history).filter(|history| history.asks(url));
        if let Some(history) = of_desk.or(self.venues.asked_by_mut(url)) {
            history.budget_mut().others_spent(*weight, exchange_now - age_millis, exchange_now);
        }
    }
}
