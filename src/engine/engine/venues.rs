//! Waits demanded and weight spent, at the selected venue and at those selected before.

use super::{Engine, Running};
use crate::UnixMillis;
use crate::binance::FetchError;
use crate::connection::Moment;
use crate::connection::requests::RequestSchedule;
use crate::connection::{Refused, Spent, Venues};
use crate::settings::Source;

impl Engine {
    /// Takes out what its venues demand, what was spent there, and whether a feed can be had, for another engine.
    pub fn take_venues(&mut self) -> Venues {
        if let Some(running) = &self.running {
            self.venues.leave(&running.schedule);
        }
        self.venues.polling = core::mem::take(&mut self.polling);
        core::mem::take(&mut self.venues)
    }

    /// Puts in those of another engine.
    pub fn put_venues(&mut self, venues: Venues) {
        self.venues = venues;
        self.polling = core::mem::take(&mut self.venues.polling);
    }

    /// The schedule of requests to the venue of `source`, in place of that of `old`.
    pub(super) fn schedule_after(&mut self, old: Option<&Running>, source: &Source) -> RequestSchedule {
        let Some(Running { schedule, .. }) = old else { return self.venues.enter(source, 1) };
        self.venues.leave(schedule);
        self.venues.enter(source, schedule.next_id())
    }

    /// The local clock has leapt ahead by `millis` to `now`: waits for a ban, told or hidden, are extended by as
    /// much.
    pub(super) fn leap(&mut self, now: UnixMillis, millis: i64) {
        if let Some(Running { schedule, .. }) = &mut self.running {
            schedule.hold(now, millis);
        }
        self.venues.hold(now, millis);
    }

    /// Why `url` must not be requested at `now`, as a clause.
    pub(super) fn refused_wait(&self, now: UnixMillis, url: &str) -> Option<String> {
        let of_desk =
            self.running.as_ref().map(|running| &running.schedule).filter(|schedule| schedule.serves(url));
        let (reason, millis) = of_desk.or(self.venues.serving(url))?.refused_wait(now)?;
        Some(format!("the venue's list can be requested in {} s: {reason}", (millis + 999) / 1_000))
    }

    /// Makes the schedule wait, too, if the exchange demanded it in response to a request to `url`.
    pub(super) fn heed(&mut self, now: UnixMillis, url: &str, error: &FetchError) {
        let Some(Running { markets, schedule, .. }) = &mut self.running else { return };
        let moment = Moment { local: now, exchange: markets.clock.newest() };
        let of_desk = Some(schedule).filter(|schedule| schedule.serves(url));
        if let Some(schedule) = of_desk.or(self.venues.serving_mut(url)) {
            schedule.heed(moment, error);
        }
    }

    /// Makes the schedule wait like the tab that was refused, counted from that refusal.
    pub(super) fn refused_elsewhere(&mut self, now: UnixMillis, refused: &Refused) {
        let age_millis = self.local.local(now).since(refused.time).max(0);
        // a ban with a date ends at that date, however old the news is by clocks that may have been set since
        let since = if refused.error.banned_until().is_some() { now } else { now - age_millis };
        self.heed(since, &refused.url, &refused.error);
    }

    /// Another tab got a response at `url`: ends the pause for a hidden failure.
    pub(super) fn responded_elsewhere(&mut self, url: &str) {
        let of_desk = self.running.as_mut().map(|running| &mut running.schedule);
        let of_desk = of_desk.filter(|schedule| schedule.serves(url));
        if let Some(schedule) = of_desk.or(self.venues.serving_mut(url)) {
            schedule.reached();
        }
    }

    /// Counts weight spent outside the schedule's own requests, in the exchange's minute at that time.
    pub(super) fn weight_spent(&mut self, now: UnixMillis, Spent { url, weight, time }: &Spent) {
        let age_millis = self.local.local(now).since(*time);
        let Some(Running { markets, schedule, .. }) = &mut self.running else { return };
        let exchange_now = markets.clock.now(now).unwrap_or(now);
        let of_desk = Some(schedule).filter(|schedule| schedule.serves(url));
        if let Some(schedule) = of_desk.or(self.venues.serving_mut(url)) {
            schedule.budget_mut().others_spent(*weight, exchange_now - age_millis, exchange_now);
        }
    }
}
