//! How far the history has come, for the page and for whoever waits for it.

use super::{Moment, RequestSchedule, SEAM_MOST_MILLIS};
use crate::UnixMillis;
use crate::bars::track::Track;
use crate::connection::refusal::Pause;
use crate::connection::{Backfill, Refusal};
use crate::market::leg::Market;
use crate::market::seam;

impl RequestSchedule {
    /// Whether one leg's initial history is ahead of the other's, and the rest is on its way.
    pub fn is_uneven(&self, legs: &[Market; 2]) -> bool {
        let [y, x] = Self::outstanding_at_start(legs);
        self.paused.is_none() && y != x
    }

    /// Whether initial bars are still to come, and nothing holds them up.
    ///
    /// The seam is not waited for once the feed, and exchange time with it, has stopped. Before the first feed
    /// there is no seam yet; then `begins` says whether a first attempt is under way.
    pub fn is_coming(&self, legs: &[Market; 2], now: Moment, begins: bool) -> bool {
        let goes_on = now.local.since(self.live_since) < SEAM_MOST_MILLIS;
        let open = now.exchange.filter(|_| goes_on);
        let open = (begins && self.live_since == UnixMillis(0))
            || open.is_some_and(|now| legs.iter().any(|leg| seam::is_open(leg, now)));
        self.paused.is_none() && (open || Self::outstanding_at_start(legs) != [0, 0])
    }

    /// Whether all of the initial history is here, so that older bars may be requested.
    pub(crate) fn has_started(legs: &[Market; 2]) -> bool {
        Self::outstanding_at_start(legs) == [0, 0]
    }

    /// Whether a failure or a refusal holds up all requests.
    pub(crate) const fn is_held_up(&self) -> bool {
        self.paused.is_some()
    }

    fn outstanding_at_start(legs: &[Market; 2]) -> [usize; 2] {
        let of_start = |track: &&Track| !track.is_growing_back();
        legs.each_ref().map(|leg| leg.tracks.iter().filter(of_start).map(Track::outstanding).sum())
    }

    /// Why others send no requests yet, as a clause; `None` if they may: the desk's initial history goes first, and
    /// so does any pause. A refusal of what the desk itself asks for, such as a market that is not listed, concerns
    /// nobody else: who finds no bars of a pair looks for another one.
    pub fn others_wait(&self, local: UnixMillis, legs: &[Market; 2]) -> Option<String> {
        if self.refusal == Some(Refusal::Request) {
            return None;
        }
        let (wanted, fetched) = bars(legs);
        let reason = self.wait(local).map(|(reason, _)| reason.to_owned());
        reason.or_else(|| (fetched < wanted).then(|| "the pair on the desk gets its bars first".to_owned()))
    }

    /// Progress of the history, for the page.
    pub fn progress(&self, local: UnixMillis, legs: &[Market; 2]) -> Backfill {
        let (wanted, fetched) = bars(legs);
        match &self.paused {
            Some(Pause { until, reason, .. }) => {
                let (refusal, retry_in_millis) = (self.refusal, until.since(local).max(0));
                Backfill::Failed { refusal, reason: reason.clone(), retry_in_millis }
            }
            None if wanted == 0 => Backfill::Unavailable,
            None if fetched < wanted => Backfill::Loading { done: fetched, wanted },
            None => Backfill::Done,
        }
    }
}

/// Bars of the initial history: wanted, and fetched of them.
fn bars(legs: &[Market; 2]) -> (usize, usize) {
    legs.iter().flat_map(|leg| &leg.tracks).fold((0, 0), |(wanted, fetched), track| {
        (wanted + track.wanted, fetched + track.fetched.min(track.wanted))
    })
}
