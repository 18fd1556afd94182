//! Imported data once it is here: shown under other settings, and kept for the next visit.

use crate::files::Files;
use crate::imports::{settings, symbol};
use crate::store::Store;
use spreadscope_engine::archive::key;
use spreadscope_engine::transfer::ImportCommand;
use spreadscope_engine::{Command, Engine, Input, Interval, Settings};
use std::fmt::Write as _;

/// Lets `millis` pass.
fn wait(files: &mut Files, millis: i64) {
    files.driver.now = files.driver.now + millis;
    files.input(Input::Wakeup);
}

#[test]
fn crossings_of_a_recording_are_told_again_under_other_settings() {
    let mut files = Files::new();
    let mut bars = |name: &str, wave: f64| {
        let mut text = String::from("time,open,high,low,close,volume\n");
        for at in 0..2_000_i64 {
            let close = 100.0 + (at as f64 / 30.0).sin() * wave + (at as f64 / 500.0).cos() * 5.0;
            writeln!(text, "{},{close},{close},{close},{close},1", 1_700_006_400 + at * 60).unwrap();
        }
        files.import(&format!("{name}.csv"), text.into_bytes()).unwrap();
    };
    bars("WAVY", 1.0);
    bars("EVEN", 0.0);
    let settings = settings("WAVY", "EVEN", Interval::OneMinute);
    files.show(Settings { z_threshold: 1.0, ..settings.clone() });
    let many = files.page().alerts.len();
    assert!(many > 4, "{many}");
    files.show(Settings { z_threshold: 5.0, ..settings.clone() });
    assert_eq!(files.page().alerts.len(), 0);
    files.show(Settings { z_threshold: 1.0, ..settings.clone() });
    assert_eq!(files.page().alerts.len(), many);
    files.show(Settings { interval: Interval::OneSecond, ..settings });
    assert_eq!(
        files.refused()[0],
        "the recording of WAVY has bars of 1 m, which can be shown at 1m, 5m, 15m, 1h, 4h, 1d and not at 1s"
    );
    assert_eq!(files.page().rows.len(), 2_000, "the old settings stay in force");
}

#[test]
fn what_files_have_brought_in_is_there_at_the_next_visit_until_it_is_forgotten() {
    let csv = |price: f64| {
        let row = |minute: i64| format!("{},{}\n", 1_700_006_400 + minute * 60, price + (minute % 9) as f64);
        format!("time,close\n{}", (0..400).map(row).collect::<String>()).into_bytes()
    };
    let shown = Settings { hedge_window_bars: 60, ..settings("KO", "PEP", Interval::OneMinute) };
    let mut store = Store::default();
    let mut first = visit(&mut store);
    first.import("KO.csv", csv(60.0)).unwrap();
    first.import("PEP.csv", csv(170.0)).unwrap();
    first.show(shown.clone());
    assert_eq!((first.refused().len(), first.page().rows.len()), (0, 400));
    serve(&mut first, &mut store);

    let mut second = visit(&mut store);
    second.show(shown);
    assert_eq!((second.refused().len(), &second.page().rows), (0, &first.page().rows));
    second.command_import(ImportCommand::Forget { symbol: symbol("PEP") });
    serve(&mut second, &mut store);

    let third = visit(&mut store);
    let held: Vec<&str> =
        third.driver.engine.imports().recordings().map(|(symbol, _)| symbol.as_str()).collect();
    assert_eq!(held, ["KO"]);
}

#[test]
fn an_import_without_room_is_named_and_costs_no_history_and_the_rest_is_stored() {
    let old = |hour: i64| format!("bars/binance/SOLUSDT/1s/{:013}", 1_600_002_000_000 + hour * 3_600_000);
    let history: Vec<String> = (0..60).map(old).collect();
    let records = history.iter().map(|key| (key.clone(), Vec::new())).collect();
    let mut store = Store { records, ..Store::default() };
    let mut files = visit(&mut store);
    // there is space for one more record, and a long recording has two
    store.room = Some(store.records.len() + 1);
    files.import("KO.csv", minutes(20_001)).unwrap();
    files.import("PEP.csv", minutes(400)).unwrap();
    serve(&mut files, &mut store);
    let kept = |store: &Store| history.iter().all(|key| store.records.contains_key(key));
    let has = |store: &Store, name: &str| store.records.contains_key(&format!("imports/{name}/0000"));
    assert!(kept(&store), "{:?}", store.records.keys());
    assert_eq!((has(&store, "KO"), has(&store, "PEP")), (false, true));
    assert_eq!(files.storage().imports_without_room, [symbol("KO")]);
    assert_eq!(files.storage().problem, None);
    assert!(files.driver.engine.imports().recording(&symbol("KO")).is_some(), "it is there in memory");
    // once there is space, it is stored
    store.room = None;
    files.import("KO.csv", minutes(20_002)).unwrap();
    serve(&mut files, &mut store);
    assert!(has(&store, "KO") && kept(&store));
    assert_eq!(files.storage().imports_without_room, []);
}

#[test]
fn an_import_that_would_have_history_deleted_to_keep_room_free_is_not_stored() {
    let history = "bars/binance/SOLUSDT/1s/1600002000000";
    let store_of = |quota_bytes: u64| {
        let records = [(history.to_owned(), vec![0; 70_000])].into();
        Store { records, quota_bytes: Some(quota_bytes), ..Store::default() }
    };
    let stored = |mut store: Store| {
        let mut files = visit(&mut store);
        for name in ["KO", "PEP"] {
            files.import(&format!("{name}.csv"), minutes(20_000)).unwrap();
        }
        serve(&mut files, &mut store);
        assert!(store.records.contains_key(history));
        let bytes = |name: &str| Some(store.records.get(&format!("imports/{name}/0000"))?.len() as u64);
        (["KO", "PEP"].map(bytes), files.storage().imports_without_room.clone())
    };
    let ([Some(bytes), Some(_)], nothing) = stored(store_of(1_000_000)) else { panic!("there is room") };
    assert_eq!(nothing, []);
    // four fifths of the quota hold what is there and one of the two, or neither
    let quota_for = |halves: u64| (70_000 + halves * bytes / 2) * 5 / 4;
    assert_eq!(stored(store_of(quota_for(3))), ([Some(bytes), None], vec![symbol("PEP")]));
    assert_eq!(stored(store_of(quota_for(1))), ([None, None], vec![symbol("KO"), symbol("PEP")]));
}

#[test]
fn an_import_that_the_store_fails_to_take_holds_up_nothing_and_is_given_up_by_name() {
    let mut store = Store { failing: Some("imports/KO/".to_owned()), ..Store::default() };
    let mut files = visit(&mut store);
    files.import("KO.csv", minutes(400)).unwrap();
    files.import("PEP.csv", minutes(400)).unwrap();
    serve(&mut files, &mut store);
    assert!(store.records.contains_key("imports/PEP/0000"));
    files.command(Command::Remember(vec![("spreadscope.zone".to_owned(), "local".to_owned())]));
    wait(&mut files, 6_000);
    serve(&mut files, &mut store);
    assert!(store.records.contains_key(key::CHOICES), "the desk's own is written meanwhile");
    let problem = files.storage().problem.clone().unwrap();
    assert!(
        problem.contains("recording of KO is not stored yet") && problem.contains("UnknownError"),
        "{problem}"
    );
    let mut tries = 1;
    while files.storage().imports_failed.is_empty() {
        wait(&mut files, 10_000);
        tries += 1;
        serve(&mut files, &mut store);
    }
    assert_eq!((tries, &files.storage().imports_failed), (5, &vec![symbol("KO")]));
    assert_eq!((files.storage().problem.clone(), &files.storage().imports_without_room), (None, &Vec::new()));
    assert!(files.driver.engine.imports().recording(&symbol("KO")).is_some(), "it is there in memory");
    let writes = store.writes;
    store.failing = None;
    wait(&mut files, 20_000);
    serve(&mut files, &mut store);
    assert_eq!(store.writes, writes, "it is tried no more");
    files.import("KO.csv", minutes(401)).unwrap();
    serve(&mut files, &mut store);
    assert!(store.records.contains_key("imports/KO/0000") && files.storage().imports_failed.is_empty());
}

#[test]
fn an_import_that_has_failed_does_not_come_over_a_newer_one_of_its_market() {
    let mut store = Store { failing: Some("imports/KO/".to_owned()), ..Store::default() };
    let mut files = visit(&mut store);
    files.import("KO.csv", minutes(400)).unwrap();
    serve(&mut files, &mut store);
    files.command_import(ImportCommand::Forget { symbol: symbol("KO") });
    files.import("KO.csv", minutes(300)).unwrap();
    store.failing = None;
    for _ in 0..3 {
        serve(&mut files, &mut store);
        wait(&mut files, 10_000);
    }
    let next = visit(&mut store);
    let bars =
        next.driver.engine.imports().recording(&symbol("KO")).unwrap().bars(Interval::OneMinute).unwrap();
    assert_eq!((bars.len(), files.storage().problem.clone()), (300, None));
}

fn minutes(bars: i64) -> Vec<u8> {
    let row = |minute: i64| format!("{},{}\n", 1_700_006_400 + minute * 60, 60 + minute % 9);
    format!("time,close\n{}", (0..bars).map(row).collect::<String>()).into_bytes()
}

/// Returns a visit to a live desk that finds what `store` has kept.
fn visit(store: &mut Store) -> Files {
    let mut files = Files::of(Engine::with_store(1));
    files.show(Settings::default());
    serve(&mut files, store);
    files
}

/// Answers all requests to the store.
fn serve(files: &mut Files, store: &mut Store) {
    while !files.driver.stored.is_empty() {
        for request in core::mem::take(&mut files.driver.stored) {
            if let Some(answer) = store.answer(request) {
                files.input(Input::Store(answer));
            }
        }
    }
}

/// Of legs that end at different times, the newest of each have less in common than the newest that both have.
#[test]
fn the_newest_bars_that_both_legs_have_are_shown_wherever_each_ends() {
    let mut files = Files::new();
    let csv = |bars: core::ops::Range<i64>| {
        let mut text = String::from("time,open,high,low,close,volume\n");
        for at in bars {
            let close = 100.0 + (at % 7) as f64;
            writeln!(text, "{},{close},{close},{close},{close},1", 1_700_006_400 + at * 900).unwrap();
        }
        text.into_bytes()
    };
    let kept = i64::try_from(Interval::FifteenMinutes.bars_kept()).unwrap();
    let behind = |leg: usize, files: &Files| {
        let markets = files.driver.engine.markets().unwrap();
        markets.legs[leg].chosen().first().unwrap().0 / 900_000 - 1_700_006_400 / 900
    };
    files.import("KO.csv", csv(0..kept + 400)).unwrap();
    files.import("PEP.csv", csv(1_000..kept + 2_000)).unwrap();
    files.show(settings("KO", "PEP", Interval::FifteenMinutes));
    assert_eq!(files.refused().len(), 0);
    assert_eq!(
        [0, 1].map(|leg| behind(leg, &files)),
        [1_000; 2],
        "not the newest of the leg that ends later"
    );
    files.import("SPY.csv", csv(kept + 500..3 * kept)).unwrap();
    files.show(settings("PEP", "SPY", Interval::FifteenMinutes));
    assert_eq!(files.refused().len(), 0, "they have 1,500 bars in common: {:?}", files.refused());
}
