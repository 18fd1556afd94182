//! How one market's trades are stored. The newest minutes are in memory whole, including trades of earlier
//! visits, so that rewriting a minute never loses a trade from its record.

use super::key;
use super::key::Span;
use super::record::RecordError;
use super::store::{Change, Query, Record};
use super::ticks::{MOST_TRADES, TickChunk};
use crate::bars::ticks::{TICKS_KEPT, Ticks};
use crate::base::symbol::Leg;
use crate::{Symbol, Trade, UnixMillis};

const MINUTE_MILLIS: i64 = 60_000;
/// Minutes kept in memory after they are written, for late trades.
const MINUTES_HELD: usize = 5;
/// Records read at the start: more trades than are kept in memory, except in the quietest markets.
const RECORDS_AT_START: usize = 15;
/// Most trades that may wait while the store does not accept writes.
const WAITING_MOST: usize = 10 * TICKS_KEPT;

/// The trades of one record.
#[derive(Debug)]
struct Part {
    key: String,
    /// In order of their ids.
    trades: Vec<Trade>,
    /// Whether the stored record could not be read and so is not replaced.
    sealed: bool,
    changed: bool,
}

/// The state of one market's trades in the store.
#[derive(Debug)]
pub(super) struct TickShelf {
    pub(super) leg: Leg,
    venue: String,
    symbol: Symbol,
    /// The records of each minute in memory, oldest first.
    minutes: Vec<(UnixMillis, Vec<Part>)>,
    /// Earlier minutes may have records that are not in memory.
    floor: UnixMillis,
    /// Trades not yet in a record, in order of arrival.
    waiting: Vec<Trade>,
    /// How many trades have arrived.
    arrived: u64,
    /// Whether the stored trades have been read; nothing is written before that.
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

    /// Prefix of the names of all its records.
    pub(super) fn prefix(&self) -> String {
        key::ticks_prefix(&self.venue, &self.symbol)
    }

    /// The records to read before any is written.
    pub(super) fn query(&self) -> Option<Query> {
        (!self.opened).then(|| Query { prefix: self.prefix(), newest: RECORDS_AT_START })
    }

    /// Takes a stored record; one that cannot be read is left unchanged.
    pub(super) fn read(&mut self, key: &str, bytes: &[u8]) -> Result<(), RecordError> {
        if self.opened {
            return Ok(());
        }
        let Some(Span::Ticks { start }) = key::parse(key) else {
            return Err(RecordError::content("name does not give a minute"));
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

    /// Takes note that the stored trades have been read, and returns them in order of their ids.
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

    /// The records of the minute that starts at `start`.
    fn parts_of(&mut self, start: UnixMillis) -> &mut Vec<Part> {
        let place = self.minutes.partition_point(|(known, _)| *known < start);
        if self.minutes.get(place).is_none_or(|(known, _)| *known != start) {
            self.minutes.insert(place, (start, Vec::new()));
        }
        &mut self.minutes[place].1
    }

    /// Takes the trades that have arrived since the last call; `false` if some waited too long and are lost.
    pub(super) fn look(&mut self, ticks: &Ticks) -> bool {
        self.waiting.extend(ticks.since(self.arrived));
        self.arrived = ticks.arrived();
        let excess = self.waiting.len().saturating_sub(WAITING_MOST);
        self.waiting.drain(..excess);
        excess == 0
    }

    /// Takes note that all stored trades have been deleted; those in memory are not stored again.
    pub(super) fn cleared(&mut self, ticks: &Ticks) {
        self.arrived = ticks.arrived();
        self.waiting.clear();
        self.minutes.clear();
        self.floor = UnixMillis(i64::MIN);
        self.opened = true;
    }

    /// The changes that bring the store up to the trades taken.
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

    /// Puts a trade into the newest record of its minute, or into a new one if that is full, must not be
    /// replaced, or is not in memory.
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

/// Inserts a trade by its id, or replaces the one with that id.
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
