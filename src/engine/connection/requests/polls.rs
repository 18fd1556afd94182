//! Bars polled over REST in place of a feed.

use super::{About, Moment, Request, RequestSchedule};
use crate::base::symbol::Leg;
use crate::market::leg::Market;

impl RequestSchedule {
    /// Whether there has been a response, and no pause holds up the next response.
    pub(crate) fn responds(&self) -> bool {
        self.has_responded && self.paused.is_none()
    }

    /// The poll for the bars of `leg` that have closed since the last one.
    pub(crate) fn poll(&mut self, now: Moment, leg: Leg, market: &Market) -> Option<Request> {
        if !self.is_free(now, leg) {
            return None;
        }
        let track = market.tracks.last().filter(|track| track.may_request(now.local))?;
        let about = About::Poll { interval: track.bars.interval(), from: track.bars.end()? };
        self.request(now, leg, market, about)
    }
}
