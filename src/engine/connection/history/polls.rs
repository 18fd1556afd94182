//! Bars that are asked for one after the other, in the place of a feed.

use super::{About, History, Moment, Request};
use crate::base::symbol::Leg;
use crate::market::leg::Market;

impl History {
    /// Whether something has been answered, and nothing keeps the next answer away.
    pub(crate) fn answers(&self) -> bool {
        self.has_answered && self.paused.is_none()
    }

    /// The request for the bars of `leg` that have closed since the last one, in the place of a feed.
    pub(crate) fn poll(&mut self, now: Moment, leg: Leg, market: &Market) -> Option<Request> {
        if !self.is_free(now, leg) {
            return None;
        }
        let track = market.tracks.last().filter(|track| track.may_ask(now.local))?;
        let about = About::Poll { interval: track.bars.interval(), from: track.bars.end()? };
        self.request(now, leg, market, about)
    }
}
