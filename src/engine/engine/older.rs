//! What is older than the desk, when it is asked for: bars from the store first, then over REST; trades from the store.

use super::{Engine, Running};
use crate::base::symbol::Leg;
use crate::{Trade, UnixMillis};

/// Bars asked for at a time at most: the desk shows none of them until all are here.
const MOST_BARS: usize = 10_000;

impl Engine {
    /// Asks for bars before the oldest ones: as many again as there are, as far as they can be held.
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

    /// Asks for the stored trades of a span.
    pub(super) fn recall_trades(&mut self, from: UnixMillis, to: UnixMillis) {
        if let Some(Running { analysis, .. }) = &self.running {
            self.archive.recall(analysis.settings(), (from, to));
        }
    }

    /// The trades of y and of x, those in the store from `from` to `to` by their ids and those that the desk still holds
    /// behind them, some of them twice; `None` until the store has answered
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

    /// Wants the bars before the oldest ones of `legs` over REST.
    pub(super) fn fetch_older(&mut self, legs: Vec<Leg>) {
        let Some(Running { markets, .. }) = &mut self.running else { return };
        for leg in legs {
            markets.legs[leg as usize].want_older(MOST_BARS);
        }
    }
}
