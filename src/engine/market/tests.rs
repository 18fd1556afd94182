//! Trades of both legs in turn, and the seconds that they close.

use super::*;
use crate::bars::DecimalSum;
use crate::market::gaps::Gap;
use crate::market::repair::Progress;

const T0: i64 = 1_700_000_000_000;

fn trade(trade_id: u64, millis: i64) -> Trade {
    let time = UnixMillis(T0 + millis);
    Trade { trade_id, trade_time: time, event_time: time, price: 100.0, size: 1.0, buyer_is_maker: false }
}

/// Feeds both legs a trade, with ids in step.
fn feed(markets: &mut Markets, trades: &[(u64, i64)]) {
    for &(id, millis) in trades {
        for leg in Leg::BOTH {
            let trade = trade(id, millis);
            markets.tick(trade.event_time, trade.event_time);
            markets.trade(leg, trade);
        }
        markets.close_due();
    }
}

fn origins(markets: &Markets, seconds: core::ops::Range<i64>) -> Vec<Origin> {
    seconds.map(|second| markets.legs[0].seconds().get(UnixMillis(T0 + second * 1_000)).origin).collect()
}

#[test]
fn a_second_is_closed_by_the_exchanges_clock_after_the_grace_and_an_empty_one_is_known() {
    let mut markets = Markets::new(&Settings::default());
    feed(&mut markets, &[(1, 300), (2, 1_200), (3, 3_100), (4, 4_499)]);
    assert_eq!(markets.closed_span(), Some((UnixMillis(T0 + 1_000), UnixMillis(T0 + 3_000))));
    feed(&mut markets, &[(5, 4_500)]);
    assert_eq!(markets.closed_span().unwrap().1, UnixMillis(T0 + 4_000));
    assert_eq!(origins(&markets, 1..4), [Origin::Live; 3]);
    assert_eq!(markets.legs[0].seconds().get(UnixMillis(T0 + 2_000)).traded, None);
}

#[test]
fn contiguous_ids_after_a_cut_prove_that_nothing_was_lost() {
    let mut markets = Markets::new(&Settings::default());
    feed(&mut markets, &[(1, 300), (2, 1_200), (3, 2_700)]);
    markets.disconnected();
    markets.tick(UnixMillis(T0 + 7_200), UnixMillis(T0 + 7_200));
    markets.close_due();
    assert_eq!(origins(&markets, 2..6), [Origin::Missing; 4]);
    feed(&mut markets, &[(4, 7_300), (5, 9_600)]);
    assert_eq!(origins(&markets, 1..9), [Origin::Live; 8]);
    assert_eq!(markets.take_revision(), Some(UnixMillis(T0 + 2_000)));
    assert_eq!(markets.counts.missing, 0);
}

#[test]
fn ids_that_never_came_leave_their_seconds_missing() {
    let mut markets = Markets::new(&Settings::default());
    feed(&mut markets, &[(1, 300), (2, 1_200), (3, 2_700), (9, 5_100), (10, 6_600), (11, 8_600)]);
    let missing = Origin::Missing;
    let live = Origin::Live;
    assert_eq!(origins(&markets, 1..7), [live, missing, missing, missing, missing, live]);
    assert_eq!(markets.counts.missing, 10);
}

#[test]
fn a_market_that_falls_silent_has_no_second_closed_behind_its_last_frame() {
    let mut markets = Markets::new(&Settings::default());
    feed(&mut markets, &[(1, 300)]);
    let bar = |second: i64, ids: (u64, u64)| SecondBar {
        open_time: UnixMillis(T0 + second * 1_000),
        event_time: UnixMillis(T0 + second * 1_000 + 1_050),
        trade_ids: Some(Ids { first: ids.0, last: ids.1 }),
    };
    // the last bar of x comes half a second before its last trade
    for second in 1..=9_i64 {
        let id = second.unsigned_abs() + 1;
        for leg in Leg::BOTH {
            if leg == Leg::Y || second <= 5 {
                markets.trade(leg, trade(id, second * 1_000 + 600));
            }
            if leg == Leg::Y || second <= 4 {
                markets.second_bar(leg, &bar(second, (id, id)));
            }
        }
        let time = bar(second, (id, id)).event_time;
        markets.tick(time, time);
        markets.close_due();
    }
    for millis in [10_060, 10_560] {
        markets.tick(UnixMillis(T0 + millis), UnixMillis(T0 + millis));
        markets.close_due();
        assert_eq!(markets.closed_span().unwrap().1, UnixMillis(T0 + 5_000), "{millis}");
    }
    // nothing for five seconds: the seconds are closed, and in doubt
    markets.tick(UnixMillis(T0 + 10_650), UnixMillis(T0 + 10_650));
    markets.close_due();
    assert_eq!(markets.closed_span().unwrap().1, UnixMillis(T0 + 10_000));
    let of_x = |second: i64| markets.legs[1].seconds().get(UnixMillis(T0 + second * 1_000)).origin;
    assert_eq!([4, 5, 6, 9].map(of_x), [Origin::Live, Origin::Missing, Origin::Missing, Origin::Missing]);
}

#[test]
fn a_late_trade_for_a_closed_second_revises_it() {
    let mut markets = Markets::new(&Settings::default());
    feed(&mut markets, &[(1, 300), (2, 1_200)]);
    markets.tick(UnixMillis(T0 + 2_550), UnixMillis(T0 + 2_550));
    markets.close_due();
    feed(&mut markets, &[(4, 2_600)]);
    markets.take_revision();
    let late = trade(3, 1_800);
    markets.trade(Leg::Y, late);
    assert_eq!(markets.take_revision(), Some(UnixMillis(T0 + 1_000)));
    assert_eq!(markets.counts.reordered, 1);
}

/// Found by seed 6257: a bar repaired trade by trade counted as whole while another of its trades was still
/// awaited.
#[test]
fn a_repaired_second_with_an_id_left_out_is_whole_only_once_that_trade_has_come() {
    for comes_late in [false, true] {
        let mut markets = Markets::new(&Settings::default());
        feed(&mut markets, &[(1, 300), (2, 1_200)]);
        let pass = |markets: &mut Markets, millis: i64| {
            markets.tick(UnixMillis(T0 + millis), UnixMillis(T0 + millis));
            markets.close_due();
        };
        // both trade streams are behind: the second is closed before its trades come
        pass(&mut markets, 2_600);
        for leg in Leg::BOTH {
            markets.trade(leg, trade(4, 1_400));
        }
        pass(&mut markets, 3_200);
        assert_eq!(origins(&markets, 1..2), [Origin::Missing]);
        for leg in Leg::BOTH {
            markets.trade(leg, trade(6, 1_600));
        }
        let row = AggTrade {
            aggregate_id: 2,
            first: 2,
            last: 3,
            price: 100.0,
            size: DecimalSum::of(2.0),
            time: UnixMillis(T0 + 1_200),
            buyer_is_maker: false,
        };
        for leg in Leg::BOTH {
            let now = UnixMillis(T0 + 3_300);
            let Progress { from, .. } = markets.legs[leg as usize].repair(now, &[row]).unwrap();
            markets.filled(Filled { leg, interval: Interval::OneSecond, from });
        }
        assert_eq!(origins(&markets, 1..2), [Origin::Repaired]);
        if comes_late {
            for leg in Leg::BOTH {
                markets.trade(leg, trade(5, 1_500));
            }
        }
        pass(&mut markets, 3_900);
        let second = markets.legs[0].seconds().get(UnixMillis(T0 + 1_000));
        let missing = markets.legs[0].gaps.iter().map(Gap::trades).sum::<u64>();
        let seen = (second.origin, second.traded.unwrap().trades, missing);
        assert_eq!(seen, if comes_late { (Origin::Repaired, 5, 0) } else { (Origin::Missing, 4, 1) });
    }
}
