//! One market's trades on their way into the store: the newest minutes are held here whole, those of earlier visits
//! included, so that writing a minute again never leaves out a trade that is in its record.

use super::key::{self, Span};
use super::record::RecordError;
use super::store::{Change, Query, Record};
use super::ticks::{MOST_TRADES, TickChunk};
use crate::symbol::Leg;
use crate::ticks::{TICKS_KEPT, Ticks};
use crate::{Symbol, Trade, UnixMillis};
use std::collections::BTreeMap;

const MINUTE_MILLIS: i64 = 60_000;
/// Minutes held once they are written: a late trade finds its own.
const MINUTES_HELD: usize = 5;
/// Records read at the start: more trades than the desk holds, in all but the quietest markets.
const RECORDS_AT_START: usize = 15;
/// Trades that may wait for a store that takes none.
const WAITING_MOST: usize = 10 * TICKS_KEPT;

/// Trades that are one record.
#[derive(Debug)]
struct Part {
    key: String,
    /// By id.
    trades: BTreeMap<u64, Trade>,
    /// What is stored could not be read, and is not replaced.
    sealed: bool,
    changed: bool,
}

/// The store's view of one market's trades.
#[derive(Debug)]
pub(super) struct TickShelf {
    pub(super) leg: Leg,
    venue: String,
    symbol: Symbol,
    /// The records of each minute held.
    minutes: BTreeMap<UnixMillis, Vec<Part>>,
    /// Of earlier minutes there may be records that are not held.
    floor: UnixMillis,
    /// Trades that have no place yet, in the order of their arrival.
    waiting: Vec<Trade>,
    /// How many have arrived.
    arrived: u64,
    /// What is stored has been read: before that, nothing is written.
    opened: bool,
}

impl TickShelf {
    pub(super) fn new(leg: Leg, venue: String, symbol: Symbol) -> Self {
        Self {
            leg,
            venue,
            symbol,
            minutes: BTreeMap::new(),
            floor: UnixMillis(i64::MIN),
            waiting: Vec::new(),
            arrived: 0,
            opened: false,
        }
    }

    /// What the names of all its records begin with.
    pub(super) fn prefix(&self) -> String {
        key::ticks_prefix(&self.venue, &self.symbol)
    }

    /// The records to be read before any is written.
    pub(super) fn query(&self) -> Option<Query> {
        (!self.opened).then(|| Query { prefix: self.prefix(), newest: RECORDS_AT_START })
    }

    /// Takes a stored record; one that cannot be read is left as it is.
    pub(super) fn read(&mut self, key: &str, bytes: &[u8]) -> Result<(), RecordError> {
        if self.opened {
            return Ok(());
        }
        let Some(Span::Ticks { start }) = key::parse(key) else {
            return Err(RecordError::content("name tells of no minute"));
        };
        let chunk = TickChunk::decode(bytes);
        let trades = chunk.iter().flat_map(|chunk| &chunk.trades).map(|trade| (trade.trade_id, *trade));
        let part =
            Part { key: key.to_owned(), trades: trades.collect(), sealed: chunk.is_err(), changed: false };
        self.minutes.entry(start).or_default().push(part);
        chunk.map(drop)
    }

    /// Takes note that what is stored has been read, and returns its trades by their ids.
    pub(super) fn open(&mut self) -> Vec<Trade> {
        if core::mem::replace(&mut self.opened, true) {
            return Vec::new();
        }
        self.floor = self.minutes.keys().next().copied().unwrap_or(self.floor);
        let parts = self.minutes.values().flatten();
        let by_id: BTreeMap<u64, Trade> =
            parts.flat_map(|part| part.trades.iter().map(|(id, trade)| (*id, *trade))).collect();
        by_id.into_values().collect()
    }

    /// Takes what has arrived since it last looked; `false` when some had waited for too long and are lost.
    pub(super) fn look(&mut self, ticks: &Ticks) -> bool {
        self.waiting.extend(ticks.since(self.arrived));
        self.arrived = ticks.arrived();
        let excess = self.waiting.len().saturating_sub(WAITING_MOST);
        self.waiting.drain(..excess);
        excess == 0
    }

    /// Takes note that all stored trades have been deleted; those on the desk now are not stored again.
    pub(super) fn cleared(&mut self, ticks: &Ticks) {
        self.arrived = ticks.arrived();
        self.waiting.clear();
        self.minutes.clear();
        self.floor = UnixMillis(i64::MIN);
        self.opened = true;
    }

    /// The changes that bring the store up to what it has looked at.
    pub(super) fn changes(&mut self) -> Vec<Change> {
        for trade in core::mem::take(&mut self.waiting) {
            self.place(trade);
        }
        let parts = self.minutes.values_mut().flatten();
        let changes = parts.filter_map(Part::take_change).collect();
        while self.minutes.len() > MINUTES_HELD {
            self.minutes.pop_first();
            let first = self.minutes.keys().next().copied();
            self.floor = self.floor.max(first.unwrap_or(self.floor));
        }
        changes
    }

    /// Puts a trade into the newest record of its minute, or into one more where that is full, not to be replaced
    /// or not held.
    fn place(&mut self, trade: Trade) {
        let start = UnixMillis(trade.trade_time.0.div_euclid(MINUTE_MILLIS) * MINUTE_MILLIS);
        let parts = self.minutes.entry(start).or_default();
        if parts.iter().any(|part| part.trades.contains_key(&trade.trade_id)) {
            return;
        }
        if let Some(part) = parts.last_mut().filter(|part| !part.sealed && part.trades.len() < MOST_TRADES) {
            part.trades.insert(trade.trade_id, trade);
            part.changed = true;
            return;
        }
        let key = if parts.is_empty() && start >= self.floor {
            key::ticks(&self.venue, &self.symbol, start)
        } else {
            key::more_ticks(&self.venue, &self.symbol, start, trade.trade_id)
        };
        let trades = [(trade.trade_id, trade)].into();
        parts.push(Part { key, trades, sealed: false, changed: true });
    }
}

impl Part {
    fn take_change(&mut self) -> Option<Change> {
        core::mem::take(&mut self.changed).then(|| {
            let chunk = TickChunk { trades: self.trades.values().copied().collect() };
            Change::Put(Record { key: self.key.clone(), bytes: chunk.encode() })
        })
    }
}

#[cfg(test)]
#[path = "tick_shelf_tests.rs"]
mod tests;
