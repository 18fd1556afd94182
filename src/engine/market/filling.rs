//! Bars that arrive after their time: over REST and from the store.

use super::Markets;
use crate::bars::track::fold_all;
use crate::bars::{Bar, Origin};
use crate::base::note::{News, NoteKind};
use crate::base::symbol::Leg;
use crate::market::Filled;
use crate::market::late::LateSpan;
use crate::market::leg::Market;
use crate::{Interval, UnixMillis};

impl Markets {
    /// Takes note of bars filled over REST, and folds the seconds into the chosen interval again.
    pub fn filled(&mut self, filled: Filled) {
        let Some(closed) = self.closed else { return self.revise(filled.from) };
        let leg = &mut self.legs[filled.leg as usize];
        if filled.interval == Interval::OneSecond {
            leg.drop_filled_gaps();
            leg.settle(filled.from, closed, Origin::Repaired);
            leg.look_for_unheard(filled.from);
        }
        let track = leg.tracks.iter().find(|track| track.bars.interval() == filled.interval);
        if let Some((now, begun)) = self.clock.newest().zip(leg.begun())
            && let Some(track) = track
        {
            leg.late.look(&track.bars, filled.from.max(begun), now);
        }
        self.revise(filled.from);
        let repaired = self.legs[filled.leg as usize].take_repaired();
        if repaired > 0 {
            let symbol = &self.legs[filled.leg as usize].symbol;
            let words = format!("{symbol}: {repaired} missing trades filled in over REST");
            self.news.push(News::new(NoteKind::Repaired, words));
            self.counts.repaired += repaired;
        }
    }

    /// Puts stored runs of bars, at local time `now`, wherever no bar is known. Each run has its first open
    /// time and the times when its bars became known. What the runs cover is not fetched again.
    pub fn restore<'a>(
        &mut self,
        now: UnixMillis,
        leg: Leg,
        interval: Interval,
        runs: impl IntoIterator<Item = (UnixMillis, &'a [Bar], &'a [LateSpan])>,
    ) {
        self.legs[leg as usize].await_joint();
        let Market { tracks, late, .. } = &mut self.legs[leg as usize];
        let Some(track) = tracks.iter_mut().find(|track| track.bars.interval() == interval) else { return };
        let changed = track.bars.take_changes();
        let mut from = None;
        for (first, bars, spans) in runs {
            let mut open_time = first;
            for &bar in bars {
                let vacant = track.bars.get(open_time).origin == Origin::Missing;
                if vacant && bar.origin != Origin::Missing {
                    track.bars.put(open_time, bar);
                    from = Some(from.map_or(open_time, |earlier: UnixMillis| earlier.min(open_time)));
                }
                open_time = open_time + interval.millis();
            }
            for span in spans.iter().filter(|span| track.bars.get(span.from).known()) {
                late.restore(*span);
            }
        }
        track.resume(now);
        // bars from the store need not be written back to it
        track.bars.take_changes();
        if let Some(changed) = changed {
            track.bars.note_change(changed);
        }
        if let Some(from) = from {
            self.revise(from);
        }
    }

    pub(super) fn revise(&mut self, from: UnixMillis) {
        for leg in &mut self.legs {
            if let Some(end) = self.closed.or(leg.seconds().end()) {
                fold_all(&mut leg.tracks, from, end);
            }
        }
        self.revised_from = Some(self.revised_from.map_or(from, |earlier| earlier.min(from)));
    }
}
