//! Seconds, ids, times and prints: what bars are made of.

use super::{at, driver, frame, noted, played, rows_until, second_bar};
use crate::life::quick;
use crate::virtual_time::{Run, clock_frame};
use spreadscope_engine::bars::Origin;
use spreadscope_engine::base::note::NoteKind;
use spreadscope_engine::binance::agg_trades;
use spreadscope_engine::{Interval, UnixMillis};
use spreadscope_exchange::{TapeTrade, trade_frame};
use spreadscope_simulation::{Fault, Plan, START_MS};

/// Returns a trade matched at `time_ms` and pushed at `event_ms`.
fn trade(id: u64, time_ms: i64, event_ms: i64) -> TapeTrade {
    TapeTrade {
        id,
        time_ms,
        event_ms,
        price_e8: 100_0000_0000 + id,
        size_e8: 50_000_000,
        buyer_is_maker: false,
    }
}

#[test]
fn c06_a_second_without_trades_is_known_carries_its_price_and_enters_no_return() {
    let run = played(Plan::quiet(6, 200));
    let live: Vec<_> = run.page.rows.values().filter(|row| row.open_time.0 >= at(5)).collect();
    let empty = live.windows(2).filter(|pair| pair[1].x.trades == 0);
    let mut seen = 0;
    for pair in empty {
        let [before, row] = pair else { panic!("windows of two") };
        assert_eq!((row.x.origin, row.x.volume, row.x.log_return), (Origin::Live, 0.0, None));
        assert_eq!((row.x.close, row.x.carried_bars), (before.x.close, before.x.carried_bars + 1));
        assert_eq!((&row.correlation, &row.x.volatility), (&before.correlation, &before.x.volatility));
        seen += 1;
    }
    assert!(seen > 15, "{seen} empty seconds");
}

#[test]
fn c07_a_bar_is_final_by_a_later_frame_and_a_late_trade_amends_it() {
    let mut run = Run::start(&quick(), START_MS);
    let send = |run: &mut Run, id, time, pushed| {
        for symbol in ["BTCUSDT", "ETHUSDT"] {
            run.text(pushed, trade_frame(symbol, &trade(id, time, pushed)));
        }
    };
    for second in 0_i64..5 {
        send(&mut run, second.unsigned_abs() + 1, at(second) + 100, at(second) + 100);
    }
    let newest = |run: &Run| run.rows.keys().next_back().map(|time| time.0);
    // fourteen seconds of local time prove nothing
    run.until(UnixMillis(at(18)));
    assert_eq!(newest(&run), Some(at(2)));
    run.text(at(18), clock_frame(at(5) + 499));
    assert_eq!(newest(&run), Some(at(3)));
    run.text(at(18) + 1, clock_frame(at(5) + 500));
    assert_eq!(newest(&run), Some(at(4)));
    let told = run.reported_again;
    send(&mut run, 6, at(4) + 990, at(5) + 700);
    let row = &run.rows[&UnixMillis(at(4))];
    assert_eq!((row.y.trades, row.y.close), (2, Some(100.000_000_06)));
    assert!(run.reported_again > told);
}

#[test]
fn c08_frames_that_come_twice_or_out_of_order_count_once_and_in_order() {
    let plan = Plan::quiet(8, 300).with(Fault::Duplicates, 60, 120).with(Fault::Disorder, 150, 210);
    let run = played(plan);
    assert!(run.counts.duplicates > 200 && run.counts.reordered > 100, "{:?}", run.counts);
    assert!(rows_until(&run, 290) == rows_until(&played(Plan::quiet(8, 300)), 290));
}

#[test]
fn c09_a_gap_is_paged_by_aggregate_ids_and_filled_by_trade_ids() {
    let run = played(Plan::quiet(9, 960).with(Fault::Outage, 60, 600));
    let sent = |name: &str| -> Vec<u64> {
        let sent = run.diary.requests.iter().filter(|request| request.url.contains("aggTrades?symbol=BTC"));
        sent.filter_map(|request| request.url.split_once(name)?.1.parse().ok()).collect()
    };
    let pages = sent("fromId=");
    assert!(!pages.is_empty() && sent("startTime=").len() == 1, "{:?}", run.diary.requests);
    // trades of this market count from 4,000,000,000, and its aggregates from a third of that
    assert!(pages.iter().all(|page| (1_300_000_000..1_400_000_000).contains(page)), "{pages:?}");
    assert!(run.counts.missing > 1_000 && run.counts.repaired == run.counts.missing, "{:?}", run.counts);
    let bar = run.page.rows.values().find(|row| row.y.origin == Origin::Repaired);
    assert!(bar.is_some());
}

#[test]
fn c16_an_outage_of_the_exchange_is_recorded_as_one_and_not_asked_for_again() {
    let halt = Plan { halts: vec![(at(60) + 300, at(240) + 700)], ..Plan::quiet(16, 570) };
    let run = played(halt);
    assert!(noted(&run.page, NoteKind::Outage, "ids continue without a gap"), "{:?}", run.page.notes);
    assert_eq!((run.counts.missing, run.diary.sockets.len()), (0, 1));
    for second in 62..240 {
        let row = &run.page.rows[&UnixMillis(at(second))];
        assert_eq!((row.y.origin, row.x.origin), (Origin::Outage, Origin::Outage), "second {second}");
        assert_eq!((row.y.close, row.spread, row.z.value()), (None, None, None));
    }
    let sent = run.diary.requests.iter().filter(|request| request.at > at(60)).count();
    assert_eq!(sent, 0, "{:?}", run.diary.requests);
}

#[test]
fn c17_odd_prints_and_unheard_of_frames_cost_themselves_alone() {
    let run = played(Plan::quiet(17, 300).with(Fault::OddPrints, 30, 200).with(Fault::Garbage, 100, 150));
    assert_eq!(run.diary.sockets.len(), 1);
    assert!(run.page.live.as_ref().unwrap().feed.rejected > 0);
    assert!(rows_until(&run, 290) == rows_until(&played(Plan::quiet(17, 300)), 290));
    // the first bar must expose a damaged id in the very first trade; otherwise all true ones would seem too
    // early
    let mut odd = driver(&quick());
    for id in 1_000..1_010_u64 {
        let time = at(0) + 300 + i64::try_from(id - 1_000).unwrap() * 1_000;
        for symbol in ["BTCUSDT", "ETHUSDT"] {
            let told = if id == 1_000 { 90_000_001_000 } else { id };
            frame(&mut odd, time, trade_frame(symbol, &trade(told, time, time)));
            frame(&mut odd, time + 704, second_bar(symbol, time + 704, Some((id, id))));
        }
    }
    let rows: Vec<_> = odd.page.rows.values().rev().take(5).map(|row| (row.y.origin, row.y.trades)).collect();
    assert_eq!(rows, [(Origin::Live, 1); 5]);
}

#[test]
fn c18_microseconds_on_the_wire_and_over_rest_give_the_bars_of_milliseconds() {
    let (mut millis, mut micros) = (driver(&quick()), driver(&quick()));
    for step in 0..120 {
        let time = at(0) + step * 300;
        let trade = trade(step.unsigned_abs() + 1, time, time + 5);
        for symbol in ["BTCUSDT", "ETHUSDT"] {
            frame(&mut millis, time + 20, trade_frame(symbol, &trade));
            let (time_ms, event_ms) = (trade.time_ms * 1_000 + 999, trade.event_ms * 1_000 + 1);
            frame(&mut micros, time + 20, trade_frame(symbol, &TapeTrade { time_ms, event_ms, ..trade }));
        }
    }
    assert!(millis.page.rows.len() > 30 && millis.page.rows == micros.page.rows);
    let row =
        |time: &str| format!(r#"[{{"a":1,"p":"2.0","q":"1.0","f":3,"l":4,"T":{time},"m":true,"M":true}}]"#);
    assert_eq!(agg_trades::parse(&row("1498793709153")), agg_trades::parse(&row("1498793709153999")));
    let bar = |open: &str| format!(r#"[[{open},"1","2","1","2","3.0",0,"5.0",3,"0","0","0"]]"#);
    let [told, twin] = ["1767574800000", "1767574800000000"]
        .map(|open| spreadscope_engine::binance::klines::parse(&bar(open), Interval::OneSecond).unwrap());
    assert_eq!(told, twin);
}
