//! Data older than the loaded history, on demand: bars from the store first, then over REST; trades from the
//! store.

use super::{Engine, Running};
use crate::base::symbol::Leg;
use crate::{Trade, UnixMillis};

/// Most older bars loaded at a time; none of them are shown until all are here.
const MOST_BARS: usize = 10_000;

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

    /// Reads the stored trades of a span.
    pub(super) fn recall_trades(&mut self, from: UnixMillis, to: UnixMillis) {
        if let Some(Running { analysis, .. }) = &self.running {
            self.archive.recall(analysis.settings(), (from, to));
        }
    }

    /// The trades of y and of x: those stored from `from` to `to` in order of their ids, then those still in
    /// memory, some of them twice. `None` until the store has answered
    /// [`Command::RecallTrades`](crate::Command::RecallTrades), unless it is `late`.
    pub fn trades_of(
        &self,
        from: UnixMillis,
        to: UnixMillis,
        late: bool,
    ) -> Option<impl Iterator<Item = (Leg, Trade)>> {
        let stored = self.archive.recalled((from, to)).or_else(|| late.then(Default::default))?;
        let markets = &self.running.as_ref()?.markets;
        Some(Leg::BOTH.into_iter().flat_map(move |leg| {
            let held = markets.legs[leg as usize].ticks.iter();
            stored[leg as usize].iter().chain(held).map(move |trade| (leg, *trade))
        }))
    }

    /// Requests the bars before the oldest ones of `legs` over REST.
    pub(super) fn fetch_older(&mut self, legs: Vec<Leg>) {
        let Some(Running { markets, .. }) = &mut self.running else { return };
        for leg in legs {
            markets.legs[leg as usize].want_older(MOST_BARS);
        }
    }
}
