//! The joint between the bars of an earlier feed and the feed of now: whether the trade ids go on.
//!
//! A second without trades is known to be quiet only once the next trade has the next id. If the feed ends before
//! that trade, because the tab is closed or bars are polled instead, the first trade of the next feed decides.

use super::leg::Market;
use super::sequence::PATIENCE_MILLIS;
use crate::bars::Origin;
use crate::{Interval, UnixMillis};

impl Market {
    /// Bars of an earlier feed are there, so that the first trade of this one must be compared with them.
    pub(crate) fn await_joint(&mut self) {
        self.joined = false;
    }

    /// Compares the first trade of this feed with the last one of the bars before it, once no other can have
    /// been overtaken by it. If ids are missing in between, the seconds since that last trade that count as
    /// live may lack them. Returns the first second now in doubt.
    pub(crate) fn join(&mut self, exchange_now: UnixMillis) -> Option<UnixMillis> {
        let (first, first_time) = self.sequence.first().filter(|_| !self.joined)?;
        let begun = self.begun()?;
        if exchange_now.since(first_time) < PATIENCE_MILLIS {
            return None;
        }
        self.joined = true;
        let of_first = Interval::OneSecond.floor(first_time);
        let (from, last) = self.last_id_before(of_first)?;
        (first > last.saturating_add(1)).then(|| self.doubt_live(from, begun))?
    }

    /// The newest second before `end` with trades whose ids are known, and the highest of them.
    fn last_id_before(&self, end: UnixMillis) -> Option<(UnixMillis, u64)> {
        let (bars, step) = (self.seconds(), Interval::OneSecond.millis());
        let mut second = end.min(bars.end()?) - step;
        while second >= bars.first()? {
            if let Some(id) = bars.get(second).traded.and_then(|traded| traded.last_trade_id) {
                return Some((second, id));
            }
            second = second - step;
        }
        None
    }

    /// The live seconds from `from` up to `to` may lack trades. Returns the first of them.
    fn doubt_live(&mut self, from: UnixMillis, to: UnixMillis) -> Option<UnixMillis> {
        let mut changed = None;
        let mut second = from;
        while second < to {
            let live = self.seconds().get(second).origin == Origin::Live;
            // REST may have given only some of the trades of the last second that has any
            if (live || second == from) && self.seconds_mut().reopen(second) {
                changed.get_or_insert(second);
            }
            second = second + Interval::OneSecond.millis();
        }
        changed
    }
}

#[cfg(test)]
#[path = "joint_tests.rs"]
mod tests;
