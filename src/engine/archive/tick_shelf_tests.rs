//! Consecutive visits that write to the same store.

use super::*;
use std::collections::BTreeMap;

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
        // errors are reported by the caller
        drop(shelf.read(key, bytes));
    }
    shelf.open();
    shelf
}

/// Lets the trades arrive and be written; returns the names of the records written, after the last `/`.
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
    assert_eq!(crate::archive::retention::Inventory::of(&records.into_keys().collect::<Vec<_>>()).spans, 3);
}

#[test]
fn a_late_trade_replaces_no_record_that_is_not_held() {
    let (mut records, mut ticks) = (Records::new(), Ticks::default());
    let mut one = shelf(&records);
    let trades: Vec<(u64, i64)> = (100..120).zip((0..20).map(|minute| minute * 60)).collect();
    write(&mut one, &mut ticks, &trades, &mut records);
    // minute 16 is in memory, minute 3 is not
    let late = [(7, 3 * 60 + 1), (8, 16 * 60 + 1), (9, 3 * 60 + 2)];
    let names = write(&mut one, &mut ticks, &late, &mut records);
    assert_eq!(names, [minute(3) + "+7", minute(16)]);
    // neither does the next visit, which has not read it
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
