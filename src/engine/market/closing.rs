//! Which seconds are over, which trades are lost, and which seconds are in doubt.

use super::{GRACE_MILLIS, Markets};
use crate::bars::Origin;
use crate::bars::track::fold_into;
use crate::base::note::{News, NoteKind};
use crate::{Interval, UnixMillis};

impl Markets {
    /// Closes every second that is due, and gives up trades that never came.
    ///
    /// Only frames prove that a second is over or that a trade is lost. By the local clock, a second with a
    /// dead connection would look like one without trades, and a delayed trade like a lost one.
    pub fn close_due(&mut self) {
        let Some((newest, mut closed)) = self.clock.newest().zip(self.closed) else { return };
        self.give_up_late(newest);
        self.doubt_unheard();
        for leg in 0..self.legs.len() {
            if let Some(from) = self.legs[leg].join(newest) {
                self.revise(from);
            }
        }
        let second = Interval::OneSecond;
        let legs = self.legs.iter();
        let waits =
            legs.flat_map(|leg| [leg.sequence.open_after(), leg.hearing.told_until(newest)]).flatten().min();
        let target = second.floor((newest - GRACE_MILLIS).min(waits.unwrap_or(newest)));
        // after a long sleep, seconds too old to keep are not closed one by one
        closed = closed.max(target - second.kept_millis());
        while closed < target {
            let next = closed + second.millis();
            for leg in &mut self.legs {
                let origin = if leg.lost(closed) { Origin::Missing } else { Origin::Live };
                leg.seconds_mut().mark(closed, next, origin);
                fold_into(&mut leg.tracks, next);
            }
            closed = next;
        }
        self.closed = Some(closed);
        for leg in &mut self.legs {
            leg.close_to(closed);
        }
    }

    fn give_up_late(&mut self, now: UnixMillis) {
        let Some(closed) = self.closed else { return };
        for leg in 0..self.legs.len() {
            while let Some(range) = self.legs[leg].sequence.give_up(now) {
                let (trades, changed) = self.legs[leg].lose(&range, closed);
                if trades > 0 {
                    self.counts.missing = self.counts.missing.saturating_add(trades);
                    let (symbol, after) = (&self.legs[leg].symbol, range.after.clock_text());
                    let words = format!("{symbol}: {trades} trades after {after} are missing");
                    self.news.push(News::new(NoteKind::Gap, words));
                }
                if let Some(from) = changed {
                    self.revise(from);
                }
            }
        }
    }

    /// Doubts a leg that should send every second and does not: it may have lost trades, even if the other leg
    /// goes on.
    fn doubt_unheard(&mut self) {
        let Some((newest, closed)) = self.clock.newest().zip(self.closed) else { return };
        for leg in 0..self.legs.len() {
            let market = &mut self.legs[leg];
            if let Some(millis) = market.hearing.unheard_millis(newest)
                && market.hearing.is_unheard(newest)
                && let Some(from) = market.doubt(newest - millis, closed)
            {
                self.revise(from);
            }
        }
    }

    /// There is no feed, and bars are polled instead. A new feed will have no connection with the old one.
    pub(crate) fn begin_polling(&mut self) {
        for leg in &mut self.legs {
            leg.forget_feed();
        }
    }

    /// Closes the bars that polling has brought for both legs.
    pub(crate) fn close_polled(&mut self) {
        let [Some(y), Some(x)] = self.legs.each_ref().map(|leg| leg.chosen().end()) else { return };
        self.closed = self.closed.max(Some(y.min(x)));
    }

    /// The connection is gone: from here on nothing is known until a trade proves otherwise.
    pub fn disconnected(&mut self) {
        let Some((newest, closed)) = self.clock.newest().zip(self.closed) else { return };
        for leg in 0..self.legs.len() {
            if let Some(from) = self.legs[leg].doubt(newest, closed) {
                self.revise(from);
            }
        }
    }
}
