//! One market's trades on their way into the store: the newest minutes are held here whole, those of earlier visits
//! included, so that writing a minute again never leaves out a trade that is in its record.

use super::key;
use super::key::Span;
use super::record::RecordError;
use super::store::{Change, Query, Record};
use super::ticks::{MOST_TRADES, TickChunk};
use crate::bars::ticks::{TICKS_KEPT, Ticks};
use crate::base::symbol::Leg;
use crate::{Symbol, Trade, UnixMillis};

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
    trades: Vec<Trade>,
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
    /// The records of each minute held, oldest first.
    minutes: Vec<(UnixMillis, Vec<Part>)>,
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
            minutes: Vec::new(),
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
        let mut trades = Vec::new();
        for trade in chunk.iter().flat_map(|chunk| &chunk.trades) {
            put(&mut trades, *trade);
        }
        let part = Part { key: key.to_owned(), trades, sealed: chunk.is_err(), changed: false };
        self.parts_of(start).push(part);
        chunk.map(drop)
    }

    /// Takes note that what is stored has been read, and returns its trades by their ids.
    pub(super) fn open(&mut self) -> Vec<Trade> {
        if core::mem::replace(&mut self.opened, true) {
            return Vec::new();
        }
        self.floor = self.minutes.first().map_or(self.floor, |(start, _)| *start);
        let mut trades = Vec::new();
        for part in self.minutes.iter().flat_map(|(_, parts)| parts) {
            part.trades.iter().for_each(|trade| put(&mut trades, *trade));
        }
        trades
    }

    /// The records of the minute that begins at `start`.
    fn parts_of(&mut self, start: UnixMillis) -> &mut Vec<Part> {
        let place = self.minutes.partition_point(|(known, _)| *known < start);
        if self.minutes.get(place).is_none_or(|(known, _)| *known != start) {
            self.minutes.insert(place, (start, Vec::new()));
        }
        &mut self.minutes[place].1
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
        let parts = self.minutes.iter_mut().flat_map(|(_, parts)| parts);
        let changes = parts.filter_map(Part::take_change).collect();
        let surplus = self.minutes.len().saturating_sub(MINUTES_HELD);
        if surplus > 0 {
            self.minutes.drain(..surplus);
            self.floor = self.floor.max(self.minutes[0].0);
        }
        changes
    }

    /// Puts a trade into the newest record of its minute, or into one more where that is full, not to be replaced
    /// or not held.
    fn place(&mut self, trade: Trade) {
        let start = UnixMillis(trade.trade_time.0.div_euclid(MINUTE_MILLIS) * MINUTE_MILLIS);
        let parts = self.parts_of(start);
        if parts.iter().any(|part| place_of(&part.trades, trade.trade_id).is_ok()) {
            return;
        }
        if let Some(part) = parts.last_mut().filter(|part| !part.sealed && part.trades.len() < MOST_TRADES) {
            put(&mut part.trades, trade);
            part.changed = true;
            return;
        }
        let key = if parts.is_empty() && start >= self.floor {
            key::ticks(&self.venue, &self.symbol, start)
        } else {
            key::more_ticks(&self.venue, &self.symbol, start, trade.trade_id)
        };
        self.parts_of(start).push(Part { key, trades: vec![trade], sealed: false, changed: true });
    }
}

fn place_of(trades: &[Trade], trade_id: u64) -> Result<usize, usize> {
    trades.binary_search_by_key(&trade_id, |trade| trade.trade_id)
}

/// Puts a trade in its place by id, over the one that is there.
fn put(trades: &mut Vec<Trade>, trade: Trade) {
    match place_of(trades, trade.trade_id) {
        Ok(place) => trades[place] = trade,
        Err(place) => trades.insert(place, trade),
    }
}

impl Part {
    fn take_change(&mut self) -> Option<Change> {
        core::mem::take(&mut self.changed).then(|| {
            let chunk = TickChunk { trades: self.trades.clone() };
            Change::Put(Record { key: self.key.clone(), bytes: chunk.encode() })
        })
    }
}

#[cfg(test)]
#[path = "tick_shelf_tests.rs"]
mod tests;
