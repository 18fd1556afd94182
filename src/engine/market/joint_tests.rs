//! Feeds that go on where an earlier one ended.

use crate::bars::{Bar, Origin};
use crate::base::symbol::Leg;
use crate::market::Markets;
use crate::settings::Source;
use crate::{Interval, Settings, Trade, UnixMillis};

const T0: i64 = 1_700_000_000_000;

fn at(millis: i64) -> UnixMillis {
    UnixMillis(T0 + millis)
}

/// A venue without bars of a second: only the ids of trades say what is lost.
fn settings() -> Settings {
    Settings { source: Source::BinanceUs, ..Settings::default() }
}

fn feed(markets: &mut Markets, trade_id: u64, millis: i64) {
    let (trade_time, event_time) = (at(millis), at(millis));
    markets.tick(event_time, event_time);
    for leg in Leg::BOTH {
        let trade =
            Trade { trade_id, trade_time, event_time, price: 100.0, size: 1.0, buyer_is_maker: false };
        markets.trade(leg, trade);
    }
    markets.close_due();
}

/// Lets time pass up to `millis`, without trades but with the frames of a live connection.
fn pass(markets: &mut Markets, millis: i64) {
    let newest = markets.clock.newest().map_or(millis, |newest| newest.since(at(0)) + 500);
    for millis in (newest..millis).step_by(500).chain([millis]) {
        markets.tick(at(millis), at(millis));
        markets.close_due();
    }
}

fn origins(markets: &Markets, seconds: core::ops::Range<i64>) -> Vec<Origin> {
    seconds.map(|second| markets.legs[0].seconds().get(at(second * 1_000)).origin).collect()
}

/// Trade 2 was made in second 1 and trade 3, if it ever came, is not among the bars up to second 8.
fn stored() -> Vec<Bar> {
    let mut earlier = Markets::new(&settings());
    feed(&mut earlier, 1, -300);
    feed(&mut earlier, 2, 1_200);
    pass(&mut earlier, 9_600);
    (0..9).map(|second| earlier.legs[0].seconds().get(at(second * 1_000))).collect()
}

fn restore(markets: &mut Markets, bars: &[Bar]) {
    for leg in Leg::BOTH {
        markets.restore(at(12_000), leg, Interval::OneSecond, [(at(0), bars, &[][..])]);
    }
}

/// Found by seeds 1179, 3878 and 9045: the tab died before a later trade showed that one had been lost.
#[test]
fn stored_seconds_without_trades_are_quiet_only_if_the_next_trade_has_the_next_id() {
    let bars = stored();
    for (trade_id, seconds) in [(3, Origin::Live), (4, Origin::Missing)] {
        for is_read_late in [false, true] {
            let mut markets = Markets::new(&settings());
            if !is_read_late {
                restore(&mut markets, &bars);
            }
            pass(&mut markets, 11_500);
            pass(&mut markets, 14_000);
            feed(&mut markets, trade_id, 14_100);
            if is_read_late {
                restore(&mut markets, &bars);
            }
            markets.take_revision();
            pass(&mut markets, 15_600);
            let seen = origins(&markets, 0..9);
            assert_eq!(seen, [&[Origin::Live][..], &[seconds; 8]].concat(), "trade {trade_id}");
            let revised = (seconds == Origin::Missing).then_some(at(1_000));
            assert_eq!(markets.take_revision(), revised);
        }
    }
}

#[test]
fn a_first_trade_that_has_overtaken_the_next_id_puts_nothing_in_doubt() {
    let mut markets = Markets::new(&settings());
    restore(&mut markets, &stored());
    pass(&mut markets, 11_500);
    pass(&mut markets, 14_000);
    feed(&mut markets, 4, 14_100);
    feed(&mut markets, 3, 14_100);
    pass(&mut markets, 15_600);
    assert_eq!(origins(&markets, 0..9), [Origin::Live; 9]);
}

#[test]
fn seconds_before_polling_are_in_doubt_as_well() {
    let mut markets = Markets::new(&settings());
    feed(&mut markets, 1, -300);
    feed(&mut markets, 2, 1_200);
    pass(&mut markets, 9_600);
    assert_eq!(origins(&markets, 0..9), [Origin::Live; 9]);
    markets.begin_polling();
    pass(&mut markets, 11_500);
    feed(&mut markets, 7, 14_100);
    pass(&mut markets, 15_600);
    assert_eq!(origins(&markets, 0..3), [Origin::Live, Origin::Missing, Origin::Missing]);
}
