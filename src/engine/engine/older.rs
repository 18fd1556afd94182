//! Older bars when the page asks for them: from the store first, then over REST.

use super::{Engine, Running};
use crate::base::symbol::Leg;

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

    /// Wants the bars before the oldest ones of `legs` over REST.
    pub(super) fn fetch_older(&mut self, legs: Vec<Leg>) {
        let Some(Running { markets, .. }) = &mut self.running else { return };
        for leg in legs {
            markets.legs[leg as usize].want_older(MOST_BARS);
        }
    }
}
