//! If single trades are kept, all that arrived long enough ago are in the store when the tab dies, once each
//! and as the market made them, whichever lives of the tab have written into the same minute.

use crate::durability::{CRASH_LOSES_MILLIS, OFFERED_AGAIN_MILLIS};
use crate::fault::{Fault, Plan};
use crate::store::Store;
use crate::tape::trade_of;
use spreadscope_engine::archive::{TickChunk, key};
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::market::Markets;
use spreadscope_engine::{Settings, Trade, UnixMillis};
use spreadscope_exchange::Tape;
use std::collections::BTreeMap;

/// After a shortage of space, trades older than this may have been deleted.
const LEFT_MILLIS: i64 = 120_000;
/// A record of this length is deleted when its first trade is older than the user wants to keep.
const RECORD_MILLIS: i64 = 60_000;

/// Trade times by id.
type Ids = BTreeMap<u64, UnixMillis>;

/// The trades that have arrived.
#[derive(Debug, Default)]
pub(crate) struct KeptTrades {
    /// How many of y and x have arrived in this life.
    seen: [u64; 2],
    /// When they arrived, and which.
    came: Vec<(i64, Leg, Trade)>,
    /// What must be in the store.
    promised: [Ids; 2],
}

impl KeptTrades {
    /// Records what has arrived by `now`.
    pub(crate) fn tick(&mut self, now: i64, market: Option<&Markets>) {
        let Some(market) = market else { return };
        for leg in Leg::BOTH {
            let ticks = &market.legs[leg as usize].ticks;
            let seen = core::mem::replace(&mut self.seen[leg as usize], ticks.arrived());
            self.came.extend(ticks.since(seen).map(|trade| (now, leg, *trade)));
        }
    }

    /// Records that everything stored by `now` is gone.
    pub(crate) fn lost(&mut self, now: i64, market: Option<&Markets>) {
        self.tick(now, market);
        self.came.clear();
        self.promised = Default::default();
    }

    /// Compares the arrived trades with what `store` holds at the end of a life; returns how many trades it
    /// must hold.
    ///
    /// # Errors
    /// What is lost, duplicated or made up, as a sentence.
    pub(crate) fn end(
        &mut self,
        now: i64,
        market: Option<&Markets>,
        store: &Store,
        settings: &Settings,
        (plan, tape): (&Plan, &Tape),
    ) -> Result<usize, String> {
        self.tick(now, market);
        self.seen = [0; 2];
        let due = due(now, plan);
        for (_, leg, trade) in self.came.drain(..).filter(|(came, ..)| *came <= due) {
            self.promised[leg as usize].insert(trade.trade_id, trade.trade_time);
        }
        let short = plan.faults.iter().any(|timed| timed.fault == Fault::StoreFails && timed.from < now);
        let from = UnixMillis(now - if short { LEFT_MILLIS } else { kept_millis(settings) });
        let mut held = 0;
        for leg in Leg::BOTH {
            let stored = stored(store, settings, leg, tape)?;
            let promised = &mut self.promised[leg as usize];
            promised.retain(|_, time| *time >= from);
            if let Some((id, time)) = promised.iter().find(|(id, _)| !stored.contains_key(id)) {
                let symbol = settings.pair.symbol(leg);
                return Err(format!("trade {id} of {symbol}, {}, is not in the store", time.clock_text()));
            }
            held += promised.len();
            *promised = stored;
        }
        Ok(held)
    }
}

/// Returns the age up to which trades are kept for certain.
fn kept_millis(settings: &Settings) -> i64 {
    i64::try_from(settings.keep_ticks_hours).unwrap_or(0) * 3_600_000 - RECORD_MILLIS
}

/// Returns the time up to which arrivals have had time to be written before `now`.
fn due(now: i64, plan: &Plan) -> i64 {
    let mut due = now - CRASH_LOSES_MILLIS;
    // writing failed or the tab was not awake, and the next attempt need not have happened
    let hinders = |fault| matches!(fault, Fault::StoreFails | Fault::Freeze { .. });
    while let Some(hindrance) = plan.faults.iter().find(|timed| {
        let to = timed.to + CRASH_LOSES_MILLIS + OFFERED_AGAIN_MILLIS;
        hinders(timed.fault) && timed.from < now && to > due && timed.from - CRASH_LOSES_MILLIS < due
    }) {
        due = hindrance.from - CRASH_LOSES_MILLIS;
    }
    due
}

fn stored(store: &Store, settings: &Settings, leg: Leg, tape: &Tape) -> Result<Ids, String> {
    let symbol = settings.pair.symbol(leg);
    let Some(venue) = settings.source.venue() else { return Ok(Ids::new()) };
    let prefix = key::ticks_prefix(&venue, symbol);
    let mut ids = Ids::new();
    for (key, bytes) in store.records.iter().filter(|(key, _)| key.starts_with(&prefix)) {
        let chunk = TickChunk::decode(bytes).map_err(|error| format!("the record {key}: {error}"))?;
        for trade in chunk.trades {
            if !is_of_tape(&trade, tape, symbol.as_str()) {
                return Err(format!("the record {key} holds a trade that never was: {trade:?}"));
            }
            if ids.insert(trade.trade_id, trade.trade_time).is_some() {
                return Err(format!("trade {} of {symbol} is stored twice", trade.trade_id));
            }
        }
    }
    Ok(ids)
}

/// Returns whether the market made such a trade; one that stands for several is as large as all of them.
fn is_of_tape(trade: &Trade, tape: &Tape, symbol: &str) -> bool {
    let trades = tape.market(symbol).map_or(&[][..], |market| &market.trades);
    let Ok(at) = trades.binary_search_by_key(&trade.trade_id, |made| made.id) else { return false };
    let made = trade_of(&trades[at]);
    made.trade_time == trade.trade_time
        && made.price == trade.price
        && made.size <= trade.size
        && made.buyer_is_maker == trade.buyer_is_maker
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tape::{self, START_MS};
    use spreadscope_engine::archive::store::{Change, Record, Request};

    const NOW: i64 = START_MS + 60_000;

    fn put(store: &mut Store, name: &str, trades: Vec<Trade>) {
        let bytes = TickChunk { trades }.encode();
        let changes = vec![Change::Put(Record { key: name.to_owned(), bytes })];
        store.answer(Request::Write { id: 1, changes });
    }

    #[test]
    fn a_trade_that_is_lost_doubled_or_made_up_is_found_out_unless_a_fault_lost_it() {
        let plan = Plan::quiet(3, 60);
        let tape = tape::tape(&plan, NOW);
        let settings = Settings { keep_ticks_hours: 2, ..Settings::default() };
        let mut market = Markets::new(&settings);
        let made = tape.markets[0].trades.iter().rev().take(5).rev();
        let trades: Vec<Trade> = made.map(trade_of).collect();
        for trade in &trades {
            market.legs[0].ticks.push(*trade);
        }
        let end = |age: i64, store: &Store, plan: &Plan| {
            let mut kept = KeptTrades::default();
            kept.tick(NOW - age, Some(&market));
            kept.end(NOW, Some(&market), store, &settings, (plan, &tape))
        };
        let name = |minute: i64| {
            let start = UnixMillis(START_MS + minute * 60_000);
            key::ticks("binance", settings.pair.symbol(Leg::Y), start)
        };
        let old = CRASH_LOSES_MILLIS;
        let mut store = Store::default();
        put(&mut store, &name(0), trades[..4].to_vec());
        assert!(end(old, &store, &plan).is_err_and(|reason| reason.contains("is not in the store")));
        assert_eq!(end(old - 1, &store, &plan), Ok(0));
        let failing = plan.clone().with(Fault::StoreFails, 55, 60);
        assert_eq!(end(old, &store, &failing), Ok(0));
        assert!(end(old, &store, &plan.clone().with(Fault::StoreFails, 20, 21)).is_err());
        put(&mut store, &name(1), trades[4..].to_vec());
        assert_eq!(end(old, &store, &plan), Ok(5));
        put(&mut store, &name(1), trades[3..].to_vec());
        assert!(end(old, &store, &plan).is_err_and(|reason| reason.contains("stored twice")));
        put(&mut store, &name(1), vec![Trade { price: 1.0, ..trades[4] }]);
        assert!(end(old, &store, &plan).is_err_and(|reason| reason.contains("never was")));
    }

    #[test]
    fn trades_older_than_the_user_wants_may_be_gone() {
        let plan = Plan::quiet(3, 60);
        let tape = tape::tape(&plan, NOW);
        let settings = Settings { keep_ticks_hours: 2, ..Settings::default() };
        let mut market = Markets::new(&settings);
        let last = trade_of(tape.markets[0].trades.last().unwrap());
        market.legs[0].ticks.push(last);
        let end = |age: i64| {
            let mut kept = KeptTrades::default();
            kept.tick(NOW, Some(&market));
            kept.end(last.trade_time.0 + age, Some(&market), &Store::default(), &settings, (&plan, &tape))
        };
        let kept = 2 * 3_600_000 - RECORD_MILLIS;
        assert!(end(kept).is_err_and(|reason| reason.contains("is not in the store")));
        assert_eq!(end(kept + 1), Ok(0));
    }
}
