//! Tapes: all trades of a few markets, past and to come, and the moment on them that is "now" at first.

pub mod recorded;
pub mod synthetic;

use crate::agg::{self, Aggregate};
use crate::day::{Blocks, Summary};
use crate::frames::{self, Told};
use crate::streams;

/// A trade on a tape. Times are the tape's own; the server may shift them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TapeTrade {
    /// One more than the trade before.
    pub id: u64,
    /// When it was matched, ms.
    pub time_ms: i64,
    /// When it is pushed, ms; never before the push of the trade before.
    pub event_ms: i64,
    /// Price in 1e-8.
    pub price_e8: u64,
    /// Size in 1e-8.
    pub size_e8: u64,
    /// The taker sold.
    pub buyer_is_maker: bool,
}

/// One market's trades, oldest first, ids without a gap.
#[derive(Debug, Clone, Default)]
pub struct Market {
    /// `BTCUSDT`.
    pub symbol: String,
    /// The trades.
    pub trades: Vec<TapeTrade>,
    /// Runs of trades of one taker at one price and time.
    pub(crate) aggregates: Vec<Aggregate>,
    blocks: Blocks,
}

impl Market {
    pub(crate) fn new(symbol: &str, trades: Vec<TapeTrade>) -> Self {
        debug_assert!(
            trades.windows(2).all(|pair| pair[0].id + 1 == pair[1].id),
            "Invariant: ids are contiguous"
        );
        debug_assert!(
            trades.windows(2).all(|pair| pair[0].event_ms <= pair[1].event_ms),
            "Invariant: pushes are in the order of ids"
        );
        let aggregates = agg::aggregate(&trades);
        let mut blocks = Blocks::default();
        blocks.extend(&trades);
        Self { symbol: symbol.to_owned(), trades, aggregates, blocks }
    }

    /// The first and the last trade and the sums of what was matched after `from` and pushed by `to`.
    pub(crate) fn summary(&self, from: i64, to: i64) -> Option<(&TapeTrade, &TapeTrade, Summary)> {
        let end = self.pushed_by(to).len();
        let start = self.trades[..end].partition_point(|trade| trade.time_ms <= from);
        let summary = self.blocks.summary(&self.trades, start, end)?;
        Some((&self.trades[start], &self.trades[end - 1], summary))
    }

    /// The base volume of a run, 1e-8.
    pub(crate) fn size_of(&self, run: &Aggregate) -> u128 {
        self.trades[run.first..=run.last].iter().map(|trade| u128::from(trade.size_e8)).sum()
    }

    /// The trades that have been pushed by `now`.
    pub fn pushed_by(&self, now: i64) -> &[TapeTrade] {
        &self.trades[..self.trades.partition_point(|trade| trade.event_ms <= now)]
    }
}

/// Markets on one clock.
#[derive(Debug, Clone)]
pub struct Tape {
    /// The markets.
    pub markets: Vec<Market>,
    /// What is before it is the past when the server starts.
    pub now_ms: i64,
}

impl Tape {
    /// The market of `symbol`, upper case.
    pub fn market(&self, symbol: &str) -> Option<&Market> {
        self.markets.iter().find(|market| market.symbol == symbol)
    }

    /// The combined frames of `streams` (`btcusdt@trade`) that fall due after `from_ms` and not after
    /// `to_ms`, with the tape's own times and in the order in which a subscriber gets them.
    pub fn frames(&self, streams: &[&str], from_ms: i64, to_ms: i64) -> Vec<String> {
        let told = Told { shift_ms: 0, micros: false };
        let mut due = Vec::new();
        for stream in streams {
            let Some((place, topic)) = streams::topic(self, stream) else { continue };
            let payloads = streams::payloads(&self.markets[place], &topic, from_ms, to_ms, told);
            due.extend(payloads.into_iter().map(|(at, payload)| (at, frames::combined(stream, &payload))));
        }
        due.sort_by_key(|(at, _)| *at);
        due.into_iter().map(|(_, frame)| frame).collect()
    }
}
