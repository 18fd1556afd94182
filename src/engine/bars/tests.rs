//! A store of bars that trades, marks and other bars are put into.

use super::*;
use proptest::prelude::*;

const START: i64 = 1_700_000_000_000;

fn trade(trade_id: u64, millis: i64, price: f64, size: f64) -> Trade {
    let time = UnixMillis(START + millis);
    Trade {
        trade_id,
        trade_time: time,
        event_time: time,
        price,
        size,
        buyer_is_maker: trade_id.is_multiple_of(2),
    }
}

#[test]
fn open_and_close_follow_the_ids_and_not_the_arrival() {
    let mut bars = Bars::new(Interval::OneSecond);
    for trade in [trade(12, 5, 103.0, 0.1), trade(10, 900, 101.0, 0.2), trade(11, 5, 99.5, 0.3)] {
        bars.add(&trade);
    }
    let traded = bars.get(UnixMillis(START)).traded.unwrap();
    assert_eq!((traded.open, traded.high, traded.low, traded.close), (101.0, 103.0, 99.5, 103.0));
    assert_eq!((traded.trades, traded.first_trade_id, traded.last_trade_id), (3, Some(10), Some(12)));
    assert_eq!(traded.volume.value(), 0.6);
    assert_eq!(traded.taker_base.value(), 0.3);
}

#[test]
fn a_store_grows_both_ways_and_forgets_the_oldest() {
    let mut bars = Bars::new(Interval::FiveMinutes);
    let step = Interval::FiveMinutes.millis();
    let kept = i64::try_from(Interval::FiveMinutes.bars_kept()).unwrap();
    let base = Interval::FiveMinutes.floor(UnixMillis(START));
    let known = Bar { origin: Origin::History, traded: None };
    bars.put(base, known);
    bars.put(base - step, known);
    assert_eq!((bars.first(), bars.len()), (Some(base - step), 2));
    bars.put(base + step * (kept - 2), known);
    assert_eq!((bars.first(), bars.len()), (Some(base - step), bars.interval().bars_kept()));
    bars.put(base + step * (kept - 1), known);
    assert_eq!(bars.first(), Some(base));
    bars.put(base + step * 10 * kept, known);
    assert_eq!((bars.first(), bars.len()), (Some(base + step * 10 * kept), 1));
}

#[test]
fn holes_are_found_once_and_close_when_filled() {
    let mut bars = Bars::new(Interval::OneSecond);
    let at = |second: i64| UnixMillis(START + second * 1_000);
    let history = Bar { origin: Origin::History, traded: None };
    bars.put(at(0), history);
    bars.put(at(5), history);
    assert_eq!(bars.first_hole(at(6), 1_000), Some((at(1), at(4))));
    assert_eq!(bars.first_hole(at(6), 2), Some((at(1), at(2))));
    for second in 1..5 {
        bars.put(at(second), history);
    }
    assert_eq!(bars.first_hole(at(6), 1_000), None);
    bars.mark(at(6), at(7), Origin::Missing);
    assert_eq!(bars.first_hole(at(7), 1_000), Some((at(6), at(6))));
    assert!(bars.mark(at(6), at(7), Origin::Live));
    assert_eq!(bars.first_hole(at(7), 1_000), None);
}

proptest! {
    #[test]
    fn any_order_of_the_same_trades_gives_the_same_bar(
        parts in proptest::collection::vec((0_i64..60_000, 1_u32..10_000_000, 1_u32..100_000_000), 1..80),
        seed in any::<u64>(),
    ) {
        let trades: Vec<Trade> = parts.iter().enumerate().map(|(id, &(millis, price, size))| {
            trade(id as u64, millis, f64::from(price) / 100.0, f64::from(size) / 1e8)
        }).collect();
        let mut shuffled = trades.clone();
        shuffled.sort_by_key(|trade| (trade.trade_id ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let store = |trades: &[Trade]| {
            let mut seconds = Bars::new(Interval::OneSecond);
            for trade in trades {
                seconds.add(trade);
            }
            seconds
        };
        let (in_order, in_disorder) = (store(&trades), store(&shuffled));
        let minute = Interval::OneMinute.floor(UnixMillis(START));
        for offset in 0..2 {
            let at = minute + offset * 60_000;
            prop_assert_eq!(
                in_order.fold(at, Interval::OneMinute),
                in_disorder.fold(at, Interval::OneMinute)
            );
        }
        for second in 0..60 {
            let at = UnixMillis(START + second * 1_000);
            prop_assert_eq!(in_order.get(at).traded, in_disorder.get(at).traded);
        }
    }
}

/// A minute folded from fetched seconds was called live in tables and files.
#[test]
fn a_folded_bar_comes_from_where_its_parts_do() {
    let origin = |parts: &[(Origin, i64)]| {
        let mut seconds = Bars::new(Interval::OneSecond);
        let origins = parts.iter().flat_map(|&(origin, count)| (0..count).map(move |_| origin));
        for (second, origin) in (0_i64..).zip(origins) {
            seconds.put(UnixMillis(1_000 * second), Bar { origin, traded: None });
        }
        seconds.fold(UnixMillis(0), Interval::OneMinute).origin
    };
    assert_eq!(origin(&[(Origin::History, 60)]), Origin::History);
    assert_eq!(origin(&[(Origin::History, 50), (Origin::Outage, 10)]), Origin::History);
    assert_eq!(origin(&[(Origin::History, 59), (Origin::Live, 1)]), Origin::Live);
    assert_eq!(origin(&[(Origin::History, 59), (Origin::Repaired, 1)]), Origin::Repaired);
    assert_eq!(origin(&[(Origin::Polled, 30), (Origin::History, 30)]), Origin::Polled);
    assert_eq!(origin(&[(Origin::History, 59)]), Origin::Missing, "the last second is not there");
    assert_eq!(origin(&[(Origin::Outage, 60)]), Origin::Outage);
}
