//! Stored trades of a past span, read a few minutes at a time: a busy hour has a hundred thousand of them.

use super::key;
use super::key::Span;
use super::store::{Query, Record};
use super::ticks::TickChunk;
use crate::base::symbol::Leg;
use crate::{Pair, Trade, UnixMillis};
use std::collections::BTreeSet;

const MINUTE_MILLIS: i64 = 60_000;
/// Minutes of both legs read at a time.
const MINUTES_A_READ: usize = 4;
/// Most trades of both legs; of a longer list, the first ones are read.
const MOST_TRADES: usize = 200_000;

/// The stored trades of a span.
#[derive(Debug)]
pub(super) struct Recall {
    /// Start and end of the span, both included.
    span: (UnixMillis, UnixMillis),
    /// Prefixes of the records of y and of x.
    prefixes: [String; 2],
    /// The id of the pending request; `None` once all is here.
    pub(super) pending: Option<u64>,
    /// Minutes with records still to read; `None` until their names have come.
    minutes: Option<BTreeSet<UnixMillis>>,
    /// In the order in which they were sent.
    trades: [Vec<Trade>; 2],
}

impl Recall {
    pub(super) fn new(venue: &str, pair: &Pair, span: (UnixMillis, UnixMillis)) -> Self {
        let prefixes = Leg::BOTH.map(|leg| key::ticks_prefix(venue, pair.symbol(leg)));
        Self { span, prefixes, pending: None, minutes: None, trades: Default::default() }
    }

    pub(super) fn is_of(&self, span: (UnixMillis, UnixMillis)) -> bool {
        self.span == span
    }

    /// Prefixes of the names that it needs.
    pub(super) fn prefixes(&self) -> Vec<String> {
        self.prefixes.to_vec()
    }

    /// Takes the names of all trade records of both legs.
    pub(super) fn listed(&mut self, names: &[String]) {
        let (from, to) = self.span;
        let minute = |name: &String| match key::parse(name)? {
            Span::Ticks { start } => (start + MINUTE_MILLIS > from && start <= to).then_some(start),
            Span::Bars { .. } => None,
        };
        self.minutes = Some(names.iter().filter_map(minute).collect());
    }

    /// The next records to read; none once all, or enough, are here.
    pub(super) fn queries(&mut self) -> Vec<Query> {
        let Some(minutes) = &mut self.minutes else { return Vec::new() };
        if self.trades.iter().map(Vec::len).sum::<usize>() >= MOST_TRADES {
            minutes.clear();
        }
        let next: Vec<UnixMillis> = (0..MINUTES_A_READ).map_while(|_| minutes.pop_first()).collect();
        let query = |(start, prefix): (UnixMillis, &String)| Query {
            prefix: format!("{prefix}{:013}", start.0),
            newest: usize::MAX,
        };
        next.into_iter()
            .flat_map(|start| self.prefixes.iter().map(move |prefix| (start, prefix)))
            .map(query)
            .collect()
    }

    /// Takes records; returns a sentence about one that cannot be read.
    pub(super) fn read(&mut self, records: Vec<Record>) -> Option<String> {
        let mut unreadable = None;
        for Record { key, bytes } in records {
            let Some(leg) = self.prefixes.iter().position(|prefix| key.starts_with(prefix)) else { continue };
            match TickChunk::decode(&bytes) {
                Ok(chunk) => put_behind(&mut self.trades[leg], chunk.trades),
                Err(error) => {
                    unreadable =
                        Some(format!("The stored record {key} could not be read and is left out: {error}."));
                }
            }
        }
        unreadable
    }

    /// Takes note that no more records will come.
    pub(super) fn end(&mut self) {
        self.pending = None;
        self.minutes = None;
    }

    /// Whether no more are to come.
    pub(super) fn is_whole(&self) -> bool {
        self.pending.is_none()
    }

    /// The trades of y and of x.
    pub(super) fn into_trades(self) -> [Vec<Trade>; 2] {
        self.trades
    }
}

/// Puts the trades of a record behind those of the records before it: of a few of these some were sent later.
fn put_behind(trades: &mut Vec<Trade>, record: Vec<Trade>) {
    let Some(first) = record.iter().map(Trade::order).min() else { return };
    let behind = trades.partition_point(|trade| trade.order() < first);
    trades.extend(record);
    trades[behind..].sort_by_key(Trade::order);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_put_in_the_order_in_which_their_trades_were_sent() {
        let trade = |trade_id: u64, sent: i64| Trade {
            trade_id,
            trade_time: UnixMillis(sent),
            event_time: UnixMillis(sent),
            price: 1.0,
            size: 1.0,
            buyer_is_maker: false,
        };
        let mut trades = Vec::new();
        for record in [vec![(1, 5), (2, 9), (4, 12)], Vec::new(), vec![(3, 9), (5, 12)], vec![(6, 20)]] {
            put_behind(&mut trades, record.into_iter().map(|(id, sent)| trade(id, sent)).collect());
        }
        let ids: Vec<u64> = trades.iter().map(|trade| trade.trade_id).collect();
        assert_eq!(ids, [1, 2, 3, 4, 5, 6]);
    }
}
