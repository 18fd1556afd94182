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
mod tests {
    use super::*;

    /// A whole minute.
    const START: i64 = 1_700_000_040_000;

    type Records = BTreeMap<String, Vec<u8>>;

    fn trade(trade_id: u64, secs: i64) -> Trade {
        let time = UnixMillis(START + secs * 1_000);
        Trade { trade_id, trade_time: time, event_time: time, price: 1.5, size: 2.0, buyer_is_maker: true }
    }

    /// A shelf that has read the newest of `records`.
    fn shelf(records: &Records) -> TickShelf {
        let mut shelf = TickShelf::new(Leg::Y, "binance".to_owned(), Symbol::new("BTCUSDT").unwrap());
        let Query { newest, .. } = shelf.query().unwrap();
        for (key, bytes) in records.iter().skip(records.len().saturating_sub(newest)) {
            // what cannot be read is named by who asked for it
            drop(shelf.read(key, bytes));
        }
        shelf.open();
        shelf
    }

    /// Lets the trades arrive and be written; returns the names of what was written, after the last `/`.
    fn write(
        shelf: &mut TickShelf,
        ticks: &mut Ticks,
        trades: &[(u64, i64)],
        records: &mut Records,
    ) -> Vec<String> {
        for &(id, secs) in trades {
            ticks.push(trade(id, secs));
        }
        assert!(shelf.look(ticks));
        let put = shelf.changes().into_iter().map(|change| {
            let Change::Put(Record { key, bytes }) = change else { panic!("{change:?}") };
            let name = key.rsplit('/').next().unwrap().to_owned();
            records.insert(key, bytes);
            name
        });
        put.collect()
    }

    fn minute(minutes: i64) -> String {
        (START + minutes * MINUTE_MILLIS).to_string()
    }

    /// All ids that are stored, by record.
    fn ids(records: &Records) -> Vec<Vec<u64>> {
        let of = |bytes: &Vec<u8>| {
            TickChunk::decode(bytes)
                .map_or(Vec::new(), |chunk| chunk.trades.iter().map(|trade| trade.trade_id).collect())
        };
        records.values().map(of).collect()
    }

    #[test]
    fn trades_are_put_by_the_minute_and_only_the_changed_minutes_again() {
        let (mut records, mut ticks) = (Records::new(), Ticks::default());
        let mut shelf = shelf(&records);
        let first = [(1, 5), (3, 20), (2, 19), (4, 70)];
        assert_eq!(write(&mut shelf, &mut ticks, &first, &mut records), [minute(0), minute(1)]);
        assert!(write(&mut shelf, &mut ticks, &[], &mut records).is_empty());
        assert_eq!(write(&mut shelf, &mut ticks, &[(5, 80)], &mut records), [minute(1)]);
        assert_eq!(ids(&records), [vec![1, 2, 3], vec![4, 5]]);
    }

    #[test]
    fn a_reload_in_mid_minute_adds_to_the_record_and_a_trade_that_comes_again_does_not() {
        let mut records = Records::new();
        let trades = [(1, 5), (2, 70), (3, 75)];
        write(&mut shelf(&records), &mut Ticks::default(), &trades, &mut records);
        let (mut second, mut ticks) = (shelf(&records), Ticks::default());
        assert!(write(&mut second, &mut ticks, &[(3, 75)], &mut records).is_empty());
        assert_eq!(write(&mut second, &mut ticks, &[(4, 80)], &mut records), [minute(1)]);
        assert_eq!(ids(&records), [vec![1], vec![2, 3, 4]]);
    }

    #[test]
    fn a_busy_minute_keeps_its_first_trades_in_records_that_can_be_read() {
        let (mut records, mut ticks) = (Records::new(), Ticks::default());
        let mut shelf = shelf(&records);
        for thousand in 0..45 {
            let trades: Vec<(u64, i64)> = (0..1_000).map(|id| (thousand * 1_000 + id, 30)).collect();
            write(&mut shelf, &mut ticks, &trades, &mut records);
        }
        let counts: Vec<usize> = ids(&records).iter().map(Vec::len).collect();
        assert_eq!(counts, [MOST_TRADES, MOST_TRADES, 45_000 - 2 * MOST_TRADES]);
        assert_eq!(super::super::retention::Inventory::of(&records.into_keys().collect::<Vec<_>>()).spans, 3);
    }

    #[test]
    fn a_late_trade_replaces_no_record_that_is_not_held() {
        let (mut records, mut ticks) = (Records::new(), Ticks::default());
        let mut one = shelf(&records);
        let trades: Vec<(u64, i64)> = (100..120).zip((0..20).map(|minute| minute * 60)).collect();
        write(&mut one, &mut ticks, &trades, &mut records);
        // minute 16 is held, minute 3 is not
        let late = [(7, 3 * 60 + 1), (8, 16 * 60 + 1), (9, 3 * 60 + 2)];
        let names = write(&mut one, &mut ticks, &late, &mut records);
        assert_eq!(names, [minute(3) + "+7", minute(16)]);
        // nor does the next visit, which has not read it
        let names = write(&mut shelf(&records), &mut Ticks::default(), &[(10, 3 * 60 + 3)], &mut records);
        assert_eq!(names, [minute(3) + "+10"]);
        let stored: usize = ids(&records).iter().map(Vec::len).sum();
        assert_eq!((stored, records.len()), (24, 22));
    }

    #[test]
    fn a_record_that_cannot_be_read_is_left_and_its_minute_goes_on_beside_it() {
        let (mut records, mut ticks) = (Records::new(), Ticks::default());
        write(&mut shelf(&records), &mut ticks, &[(1, 5)], &mut records);
        let damaged = records.values_mut().next().unwrap();
        damaged[9] ^= 1;
        let (damaged, mut ticks) = (damaged.clone(), Ticks::default());
        let mut second = shelf(&records);
        assert_eq!(write(&mut second, &mut ticks, &[(2, 6)], &mut records), [minute(0) + "+2"]);
        assert_eq!(
            write(&mut shelf(&records), &mut Ticks::default(), &[(3, 7)], &mut records),
            [minute(0) + "+2"]
        );
        assert_eq!((records.values().next(), &ids(&records)[1]), (Some(&damaged), &vec![2, 3]));
    }

    #[test]
    fn what_is_deleted_is_not_stored_again() {
        let (mut records, mut ticks) = (Records::new(), Ticks::default());
        let mut shelf = shelf(&records);
        write(&mut shelf, &mut ticks, &[(1, 5), (2, 6)], &mut records);
        records.clear();
        ticks.push(trade(3, 7));
        shelf.cleared(&ticks);
        write(&mut shelf, &mut ticks, &[(4, 8)], &mut records);
        assert_eq!(ids(&records), [vec![4]]);
    }

    #[test]
    fn a_store_that_takes_nothing_costs_a_bounded_memory_and_the_loss_is_told() {
        let (mut shelf, mut ticks) = (shelf(&Records::new()), Ticks::default());
        for id in 0..WAITING_MOST as u64 {
            ticks.push(trade(id, 0));
            assert!(!id.is_multiple_of(1_000) || shelf.look(&ticks));
        }
        assert!(shelf.look(&ticks));
        ticks.push(trade(WAITING_MOST as u64, 0));
        assert!(!shelf.look(&ticks));
        assert_eq!((shelf.waiting.len(), shelf.waiting[0].trade_id), (WAITING_MOST, 1));
    }
}
