//! Single trades that are to be kept: those of all visits are in the store and on the desk, whatever happened
//! in between.

use crate::life::quick;
use crate::recording::{Log, Received, on_both_logs};
use crate::store::Store;
use crate::virtual_time::Run;
use spreadscope_engine::archive::{TickChunk, key};
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::messages::event::Inspection;
use spreadscope_engine::replay::{Tape, TapeEvent, Taping};
use spreadscope_engine::{Command, Settings, UnixMillis};

on_both_logs!(
    a_reload_in_mid_minute_loses_no_trade_of_the_store_and_none_of_the_desk,
    trades_of_an_earlier_visit_are_on_the_desk_and_are_not_taken_for_live_ones,
    the_option_may_come_later_and_another_interval_between,
    a_damaged_record_of_trades_is_named_and_costs_itself_alone,
    a_replay_has_the_stored_trades_of_its_span_once_each,
);

fn keeping() -> Settings {
    Settings { keep_ticks_hours: 2, ..quick() }
}

/// Plays a visit that receives `frames` and ends as soon as everything has been written.
fn visit(settings: &Settings, frames: &[Received], store: Store) -> Run {
    let start = frames[0].local_millis - 50;
    let mut run = Run::start_stored(settings, start, Box::new(|_| None), store);
    watch(&mut run, frames);
    run
}

fn watch(run: &mut Run, frames: &[Received]) {
    for frame in frames {
        run.frame(frame);
    }
    run.command(Command::Flush);
}

/// Returns the trade ids of y and x in `frames`.
fn ids_in(frames: &[Received]) -> [Vec<u64>; 2] {
    ["btcusdt@trade", "ethusdt@trade"].map(|stream| {
        let of_leg = frames.iter().filter(|frame| frame.text.contains(stream));
        let mut ids: Vec<u64> = of_leg
            .map(|frame| {
                let frame: serde_json::Value = serde_json::from_str(&frame.text).unwrap();
                frame["data"]["t"].as_u64().unwrap()
            })
            .collect();
        ids.sort_unstable();
        ids
    })
}

/// Returns the trade ids of y and x in the records.
fn ids_stored(store: &Store) -> [Vec<u64>; 2] {
    let Settings { pair, source, .. } = quick();
    Leg::BOTH.map(|leg| {
        let prefix = key::ticks_prefix(&source.venue().unwrap(), pair.symbol(leg));
        let records = store.records.iter().filter(|(key, _)| key.starts_with(&prefix));
        let mut ids: Vec<u64> = records
            .flat_map(|(_, bytes)| TickChunk::decode(bytes).unwrap().trades)
            .map(|t| t.trade_id)
            .collect();
        ids.sort_unstable();
        ids
    })
}

fn ids_told(inspection: &Inspection) -> [Vec<u64>; 2] {
    inspection.ticks.each_ref().map(|leg| leg.trades.iter().map(|trade| trade.trade_id).collect())
}

fn a_reload_in_mid_minute_loses_no_trade_of_the_store_and_none_of_the_desk(log: &Log) {
    let first = visit(&keeping(), log.part(0..26), Store::default());
    assert_eq!(ids_stored(&first.store), ids_in(log.part(0..26)));
    let minutes = log.frames[log.at(26) - 1].local_millis / 60_000;
    assert_eq!(log.frames[log.at(26)].local_millis / 60_000, minutes, "the reload is in mid-minute");

    let (reload, rest) = log.part(26..41).split_at(1);
    let mut second = visit(&keeping(), reload, first.store.clone());
    watch(&mut second, rest);
    assert_eq!(ids_stored(&second.store), ids_in(log.part(0..41)));
    let told = second.inspect(usize::MAX);
    let mut ids = ids_told(&told);
    for ids in &mut ids {
        ids.sort_unstable();
    }
    assert_eq!(ids, ids_in(log.part(0..41)));
    assert!(told.ticks.iter().all(|leg| leg.kept == leg.trades.len()));
}

fn trades_of_an_earlier_visit_are_on_the_desk_and_are_not_taken_for_live_ones(log: &Log) {
    let first = visit(&keeping(), log.part(0..26), Store::default());
    let start = log.frames[log.at(26)].local_millis;
    let mut second = Run::start_stored(&keeping(), start, Box::new(|_| None), first.store.clone());
    assert_eq!(ids_told(&second.inspect(usize::MAX)), ids_in(log.part(0..26)));
    second.until(second.now() + 1_000);
    let live = second.live.as_ref().unwrap();
    for leg in [&live.y, &live.x] {
        assert_eq!((leg.last, leg.last_trade_time, leg.trades_per_sec), (None, None, 0.0));
    }
}

fn the_option_may_come_later_and_another_interval_between(log: &Log) {
    let first = visit(&keeping(), log.part(0..26), Store::default());
    let mut second = visit(&quick(), log.part(26..29), first.store.clone());
    assert_eq!(ids_stored(&second.store), ids_in(log.part(0..26)));
    second.configure(&keeping());
    watch(&mut second, log.part(29..32));
    second.configure(&Settings { interval: spreadscope_engine::Interval::OneMinute, ..keeping() });
    watch(&mut second, log.part(32..35));
    assert_eq!(ids_stored(&second.store), ids_in(log.part(0..35)));
    assert_eq!(second.inspect(usize::MAX).ticks[0].kept, ids_in(log.part(0..35))[0].len());
}

fn a_damaged_record_of_trades_is_named_and_costs_itself_alone(log: &Log) {
    let first = visit(&keeping(), log.part(0..26), Store::default());
    let mut damaged = first.store.clone();
    let (name, record) = damaged.records.iter_mut().rfind(|(key, _)| key.starts_with("ticks/")).unwrap();
    record[40] ^= 1;
    let (name, record) = (name.clone(), record.clone());
    let mut second = visit(&keeping(), log.part(26..29), damaged);
    let unreadable = second.storage.as_ref().unwrap().unreadable.clone().unwrap();
    assert!(unreadable.contains(&name) && unreadable.contains("damaged"), "{unreadable}");
    assert_eq!(second.store.records[&name], record, "it is left as it is");
    let (told, all) = (ids_told(&second.inspect(usize::MAX)), ids_in(log.part(0..29)));
    assert_eq!(told[0], all[0]);
    assert!(told[1].len() < all[1].len() && told[1].ends_with(&all[1][all[1].len() - 50..]));
    // its minute continues in another record
    second.store.records.remove(&name);
    assert_eq!(ids_stored(&second.store), told);
}

/// Returns the trade ids of y and x in `frames` that the exchange has sent in a span, its start excluded.
fn ids_sent(frames: &[Received], from: UnixMillis, to: UnixMillis) -> [Vec<u64>; 2] {
    let sent = frames.iter().filter(|frame| {
        let frame: serde_json::Value = serde_json::from_str(&frame.text).unwrap();
        frame["data"]["E"].as_i64().is_some_and(|time| from.0 < time && time <= to.0)
    });
    ids_in(&sent.cloned().collect::<Vec<_>>())
}

fn ids_on(tape: &Tape) -> [Vec<u64>; 2] {
    Leg::BOTH.map(|leg| {
        let id = |event: &TapeEvent| match event {
            TapeEvent::Trade(of, trade) if *of == leg => Some(trade.trade_id),
            _ => None,
        };
        let mut ids: Vec<u64> = tape.moments().iter().filter_map(|moment| id(&moment.event)).collect();
        ids.sort_unstable();
        ids
    })
}

fn a_replay_has_the_stored_trades_of_its_span_once_each(log: &Log) {
    let first = visit(&keeping(), log.part(0..26), Store::default());
    let [from, to] = [10, 35].map(|second| UnixMillis(log.frames[log.at(second)].local_millis));
    // the desk has the store's trades only if they are still to be kept
    for settings in [quick(), keeping()] {
        let mut second = visit(&settings, log.part(26..41), first.store.clone());
        assert!(second.driver.engine.take_trades(from, to, false).is_none(), "nobody has asked");
        second.command(Command::RecallTrades { from, to });
        let engine = &mut second.driver.engine;
        assert!(engine.take_trades(from, to + 1, false).is_none(), "another span was not asked for");
        let tape = Taping::new(from, to, engine.take_trades(from, to, false).unwrap()).finish();
        assert_eq!(ids_on(&tape), ids_sent(log.part(0..41), from, to));
        assert!(tape.trades().is_some_and(|(first, last)| from < first && last <= to));
        assert!(engine.take_trades(from, to, false).is_none(), "they are not kept for another one");
        second.command(Command::RecallTrades { from, to });
        second.driver.engine.forget_trades();
        assert!(second.driver.engine.take_trades(from, to, false).is_none(), "the replay has ended");
    }
    // with an unreadable store those on the desk remain
    let mut damaged = first.store.clone();
    for (_, record) in damaged.records.iter_mut().filter(|(key, _)| key.starts_with("ticks/")) {
        record[40] ^= 1;
    }
    let mut second = visit(&quick(), log.part(26..41), damaged);
    second.command(Command::RecallTrades { from, to });
    let trades = second.driver.engine.take_trades(from, to, false).unwrap();
    assert_eq!(ids_on(&Taping::new(from, to, trades).finish()), ids_sent(log.part(26..41), from, to));
    assert!(second.storage.as_ref().unwrap().unreadable.as_ref().unwrap().contains("damaged"));
    // and one that does not respond is not waited for
    let late = second.driver.engine.take_trades(from, to + 1, true).unwrap();
    assert!(Taping::new(from, to, late).finish().trades().is_some());
}
