//! Data older than the loaded history, on demand: bars from the store first, then over REST; trades from the
//! store.

use super::{Engine, Running};
use crate::base::symbol::Leg;
use crate::engine::reach::least_bars;
use crate::{Trade, UnixMillis};

/// Most older bars loaded at a time; none of them are shown until all are here.
pub const MOST_BARS: usize = 10_000;

/// The bars that the desk holds, as far as a replay of them needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Open time of the first bar of both markets.
    pub first: UnixMillis,
    /// End of the last one.
    pub end: UnixMillis,
    /// Older bars than these are never held at this interval.
    pub reaches_to: UnixMillis,
    /// The statistics need bars from this long before a span on, to be there at its beginning.
    pub warm_up_millis: i64,
    /// Whether there may be older bars; a recording has no others.
    pub has_older: bool,
    /// Whether older bars are on their way.
    pub loads_older: bool,
}

impl Engine {
    /// Loads bars before the oldest ones: as many again as there are, within the limits of what is kept.
    pub(super) fn load_older(&mut self) {
        let Some(Running { analysis, markets, .. }) = &self.running else { return };
        if markets.is_recorded() {
            return;
        }
        let firsts = markets.firsts();
        let bars = markets.legs[0].chosen().len().min(MOST_BARS);
        if !self.archive.load_older(analysis.settings().interval, firsts, bars) {
            self.fetch_older(Leg::BOTH.to_vec());
        }
    }

    /// The closed bars of both markets; `None` if there are none.
    pub fn held(&self) -> Option<Held> {
        let Running { analysis, markets, schedule, .. } = self.running.as_ref()?;
        let (first, end) = markets.closed_span()?;
        let settings = analysis.settings();
        #[expect(clippy::cast_possible_wrap, reason = "a few ten thousand")]
        let bars = least_bars(settings) as i64;
        let fetches = markets.legs.iter().any(|leg| leg.chosen_track().is_growing_back());
        Some(Held {
            first,
            end,
            reaches_to: end - settings.interval.kept_millis(),
            warm_up_millis: bars * settings.interval.millis(),
            has_older: !markets.is_recorded(),
            loads_older: self.archive.is_reading_older() || fetches && !schedule.is_held_up(),
        })
    }

    /// Reads the stored trades of a span.
    pub(super) fn recall_trades(&mut self, from: UnixMillis, to: UnixMillis) {
        if let Some(Running { analysis, .. }) = &self.running {
            self.archive.recall(analysis.settings(), (from, to));
        }
    }

    /// Takes the trades of y and of x in runs: those stored from `from` to `to`, in the order in which they were sent,
    /// then those still in memory, some of them twice. `None` until the store has answered
    /// [`Command::RecallTrades`](crate::Command::RecallTrades), unless it is `late`. The stored ones are moved out.
    pub fn take_trades(
        &mut self,
        from: UnixMillis,
        to: UnixMillis,
        late: bool,
    ) -> Option<Vec<(Leg, Vec<Trade>)>> {
        let markets = &self.running.as_ref()?.markets;
        let stored = self.archive.take_recalled((from, to)).or_else(|| late.then(Default::default))?;
        let held = |leg: Leg| markets.legs[leg as usize].ticks.iter().copied().collect();
        let held = Leg::BOTH.map(|leg| (leg, held(leg)));
        Some(Leg::BOTH.into_iter().zip(stored).chain(held).collect())
    }

    /// Drops stored trades that nobody has taken.
    pub fn forget_trades(&mut self) {
        self.archive.forget_recalled();
    }

    /// Requests the bars before the oldest ones of `legs` over REST.
    pub(super) fn fetch_older(&mut self, legs: Vec<Leg>) {
        let Some(Running { markets, .. }) = &mut self.running else { return };
        for leg in legs {
            markets.legs[leg as usize].chosen_track_mut().want_older(MOST_BARS);
        }
    }
}
