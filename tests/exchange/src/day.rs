//! The last 24 hours of a market, summed quickly.
//!
//! A day has more than a million trades, and a ticker is sent every second at any speed of the tape. Trades are
//! therefore summed in blocks once, and a day is the blocks it fully covers plus the trades at its edges.

use crate::tape::TapeTrade;

/// Trades per block.
const BLOCK: usize = 1_024;

/// Highest and lowest price and the volumes of some trades; sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "the unit stands in each name")]
pub(crate) struct Summary {
    pub(crate) high_e8: u64,
    pub(crate) low_e8: u64,
    pub(crate) volume_e8: u128,
    pub(crate) quote_e8: u128,
}

impl Summary {
    const NONE: Self = Self { high_e8: 0, low_e8: u64::MAX, volume_e8: 0, quote_e8: 0 };

    fn with(self, other: Self) -> Self {
        Self {
            high_e8: self.high_e8.max(other.high_e8),
            low_e8: self.low_e8.min(other.low_e8),
            volume_e8: self.volume_e8 + other.volume_e8,
            quote_e8: self.quote_e8 + other.quote_e8,
        }
    }

    fn of(trades: &[TapeTrade]) -> Self {
        let each = trades.iter().map(|trade| Self {
            high_e8: trade.price_e8,
            low_e8: trade.price_e8,
            volume_e8: u128::from(trade.size_e8),
            quote_e8: crate::decimal::product(trade.price_e8, trade.size_e8),
        });
        each.fold(Self::NONE, Self::with)
    }
}

/// Sums of whole blocks of a market's trades.
#[derive(Debug, Clone, Default)]
pub(crate) struct Blocks(Vec<Summary>);

impl Blocks {
    /// Sums the blocks that `trades` complete and that are not summed yet.
    pub(crate) fn extend(&mut self, trades: &[TapeTrade]) {
        let summed = self.0.len() * BLOCK;
        self.0.extend(trades[summed..].chunks_exact(BLOCK).map(Summary::of));
    }

    /// Sums `trades[from..to]`; `None` if there are none.
    pub(crate) fn summary(&self, trades: &[TapeTrade], from: usize, to: usize) -> Option<Summary> {
        if from >= to {
            return None;
        }
        let (first, last) = (from.div_ceil(BLOCK), (to / BLOCK).min(self.0.len()));
        if first >= last {
            return Some(Summary::of(&trades[from..to]));
        }
        let whole = self.0[first..last].iter().copied().fold(Summary::NONE, Summary::with);
        let edges = Summary::of(&trades[from..first * BLOCK]).with(Summary::of(&trades[last * BLOCK..to]));
        Some(whole.with(edges))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tape::synthetic;

    #[test]
    fn blocks_and_edges_add_up_to_the_trades() {
        let tape = synthetic::tape(&synthetic::Spec { seed: 9, history_hours: 1, live_hours: 0 });
        let trades = &tape.markets[1].trades;
        let mut blocks = Blocks::default();
        blocks.extend(&trades[..5_000]);
        blocks.extend(trades);
        for (from, to) in [(0, 1), (0, 1_024), (1, 1_024), (5, 9_000), (1_024, 4_096), (0, trades.len())] {
            assert_eq!(
                blocks.summary(trades, from, to),
                Some(Summary::of(&trades[from..to])),
                "{from}..{to}"
            );
        }
        assert_eq!(blocks.summary(trades, 7, 7), None);
    }
}
