//! History that outlives the engine: stored as it arrives, restored at the next start, and never in the way.

use crate::life::{made_up_klines, query, quick};
use crate::recording::{Log, Received, on_both_logs};
use crate::store::Store;
use crate::virtual_time::{Rest, Run};
use spreadscope_engine::archive::store::{Answer, Record};
use spreadscope_engine::archive::{BarChunk, StorageMode, StorageStatus, StoreError, key, record};
use spreadscope_engine::bars::Origin;
use spreadscope_engine::{Command, Interval, Settings, UnixMillis};

on_both_logs!(
    a_crash_loses_no_more_than_ten_seconds,
    flushed_in_time_nothing_is_lost,
    writing_every_few_seconds_does_not_write_the_hour_every_few_seconds,
    alerts_of_an_earlier_visit_are_in_the_log_and_are_not_told_again,
    an_alert_log_of_a_newer_version_is_left_as_it_is_and_alerts_go_on_in_memory,
    a_gap_stays_a_gap_in_the_store,
);

const T0: i64 = 1_700_000_000_000;

fn no_rest() -> Rest {
    Box::new(|_| None)
}

/// Plays a visit of `secs` seconds on made-up history, and returns it with its store.
fn first_visit(settings: &Settings, secs: i64, store: Store) -> Run {
    let mut run = Run::start_stored(settings, T0, made_up_klines(T0), store);
    run.until(UnixMillis(T0 + secs * 1_000));
    run
}

fn status(run: &Run) -> &StorageStatus {
    run.storage.as_ref().expect("the engine tells of its store")
}

fn replayed(frames: &[Received], store: Store) -> Run {
    let start = frames[0].local_millis - 1_000;
    let mut run = Run::start_stored(&quick(), start, no_rest(), store);
    for frame in frames {
        run.frame(frame);
    }
    run
}

#[test]
fn the_next_start_has_its_charts_before_any_response_of_rest() {
    let first = first_visit(&Settings::default(), 10, Store::default());
    assert_eq!(status(&first).mode, StorageMode::Stored);
    let later = T0 + 60_000;
    let second = Run::start_stored(&Settings::default(), later, no_rest(), first.store.clone());
    assert!(second.rows == first.rows);
    // the minute between the visits, not the whole hour again
    let limits: Vec<i64> = second.urls.iter().filter_map(|url| query(url, "limit")).collect();
    assert_eq!(limits, [63, 63]);
    let third = Run::start_stored(&Settings::default(), later, made_up_klines(later), second.store.clone());
    let whole = Run::start_with(&Settings::default(), later, made_up_klines(later));
    assert_eq!(third.rows.len(), first.rows.len() + 60);
    for (open_time, row) in whole.rows.iter().skip(1_000) {
        let known = &third.rows[open_time];
        assert_eq!((known.y.close, known.x.volume), (row.y.close, row.x.volume));
        // the windows began elsewhere: their sums differ in the last digits
        let [known, fresh] = [known, row].map(|row| row.spread.unwrap());
        assert!((known - fresh).abs() < 1e-7, "{known} {fresh}");
    }
}

#[test]
fn history_of_long_ago_is_shown_when_there_is_no_network() {
    let first = first_visit(&Settings::default(), 10, Store::default());
    let second =
        Run::start_stored(&Settings::default(), T0 + 30 * 86_400_000, no_rest(), first.store.clone());
    assert!(second.rows == first.rows);
}

fn a_crash_loses_no_more_than_ten_seconds(log: &Log) {
    for percent in [26, 42, 58] {
        let run = replayed(log.part(0..percent), Store::default());
        let closed = *run.rows.keys().next_back().unwrap();
        let restored = Run::start_stored(&quick(), run.now().0 + 1_000, no_rest(), run.store.clone());
        let stored = *restored.rows.keys().next_back().unwrap();
        assert!(closed.since(stored) <= 10_000, "{} ms lost", closed.since(stored));
        for (open_time, row) in &restored.rows {
            assert_eq!(Some(row), run.rows.get(open_time));
        }
    }
}

fn flushed_in_time_nothing_is_lost(log: &Log) {
    let mut run = replayed(log.part(0..36), Store::default());
    run.command(Command::Flush);
    let restored = Run::start_stored(&quick(), run.now().0, no_rest(), run.store.clone());
    assert!(restored.rows == run.rows);
}

fn writing_every_few_seconds_does_not_write_the_hour_every_few_seconds(log: &Log) {
    let run = replayed(&log.frames, Store::default());
    let kept: usize = run.store.records.values().map(Vec::len).sum();
    assert!(run.store.writes > 100, "{}", run.store.writes);
    assert!(run.store.put_bytes < 40 * kept, "{} bytes put to keep {kept}", run.store.put_bytes);
}

fn alerts_of_an_earlier_visit_are_in_the_log_and_are_not_told_again(log: &Log) {
    let settings = Settings { z_threshold: 1.5, alert_cooldown_secs: 0, ..quick() };
    let mut run = Run::start_stored(&settings, log.start(), no_rest(), Store::default());
    for frame in &log.frames {
        run.frame(frame);
    }
    assert!(run.alerts.len() >= 3);
    run.command(Command::Flush);
    // the same tape again: its bars and crossings are known
    let mut again = Run::start_stored(&settings, log.start(), no_rest(), run.store.clone());
    assert_eq!(again.log, run.alerts);
    for frame in &log.frames {
        again.frame(frame);
    }
    assert_eq!(again.alerts, []);
    // another interval of the pair makes them be read again
    again.configure(&Settings { interval: Interval::OneMinute, ..settings });
    again.until(again.now() + 1_000);
    assert_eq!(again.log, run.alerts);
}

fn an_alert_log_of_a_newer_version_is_left_as_it_is_and_alerts_go_on_in_memory(log: &Log) {
    let settings = Settings { z_threshold: 1.5, alert_cooldown_secs: 0, ..quick() };
    let venue = settings.source.venue().unwrap();
    let record = key::alerts(&venue, &settings.pair);
    let newer = made_newer(record::seal(record::Kind::Alerts, b"of a later form"));
    let records = [(record.clone(), newer.clone())].into();
    let store = Store { records, ..Store::default() };
    let mut run = Run::start_stored(&settings, log.start(), no_rest(), store);
    for frame in &log.frames {
        run.frame(frame);
    }
    run.command(Command::Flush);
    assert!(run.alerts.len() >= 3);
    assert_eq!(run.store.records[&record], newer, "what a newer version wrote is not replaced");
    assert!(run.store.records.len() > 1, "everything else is stored");
    let unreadable = status(&run).unreadable.clone().unwrap();
    assert!(unreadable.contains("newer version") && unreadable.contains("memory only"), "{unreadable}");
    // a page that comes late receives them too
    run.command(Command::Resync);
    assert_eq!(run.log, run.alerts);
}

#[test]
fn a_failed_write_is_stated_and_made_good() {
    let failed = || StoreError::Failed("UnknownError".to_owned());
    let store = Store { failures: vec![failed(), failed()], ..Store::default() };
    let mut run = first_visit(&Settings::default(), 8, store);
    let problem = status(&run).problem.clone().unwrap();
    assert!(problem.contains("not stored yet") && problem.contains("UnknownError"), "{problem}");
    assert!(run.store.records.is_empty());
    run.until(UnixMillis(T0 + 40_000));
    assert_eq!(status(&run).problem, None);
    let restored = Run::start_stored(&Settings::default(), T0 + 60_000, no_rest(), run.store.clone());
    assert!(restored.rows == run.rows);
}

#[test]
fn without_a_store_the_desk_works_and_says_so() {
    for error in [
        StoreError::Unavailable("SecurityError".to_owned()),
        StoreError::Blocked,
        StoreError::Newer,
        StoreError::TakenOver,
    ] {
        let store = Store { closed: Some(error.clone()), ..Store::default() };
        let run = first_visit(&Settings::default(), 5, store);
        let plain = Run::start_with(&Settings::default(), T0, made_up_klines(T0));
        assert!(run.rows == plain.rows);
        assert_eq!(status(&run).mode, StorageMode::Memory { reason: error.to_string() });
        assert!(run.store.records.is_empty());
    }
}

#[test]
fn a_store_that_comes_back_takes_what_has_come_meanwhile() {
    let store = Store { closed: Some(StoreError::Failed("AbortError".to_owned())), ..Store::default() };
    let mut run = first_visit(&Settings::default(), 5, store);
    assert!(matches!(status(&run).mode, StorageMode::Memory { .. }));
    run.store.closed = None;
    run.until(UnixMillis(T0 + 30_000));
    assert_eq!(status(&run).mode, StorageMode::Stored);
    let restored = Run::start_stored(&Settings::default(), T0 + 60_000, no_rest(), run.store.clone());
    assert!(restored.rows == run.rows);
}

#[test]
fn a_store_that_does_not_answer_holds_nothing_up() {
    let store = Store { silent: true, ..Store::default() };
    let mut run = Run::start_stored(&Settings::default(), T0, made_up_klines(T0), store);
    assert!(run.rows.is_empty());
    run.until(UnixMillis(T0 + 2_500));
    assert_eq!(run.rows.len(), 3_598);
}

/// Returns a record of a later version: the checksum is right, the version is newer.
fn made_newer(mut record: Vec<u8>) -> Vec<u8> {
    record[5] = 9;
    let end = record.len() - 4;
    let checksum = record::crc32(&record[..end]);
    record[end..].copy_from_slice(&checksum.to_le_bytes());
    record
}

#[test]
fn damaged_and_newer_records_are_named_and_cost_themselves_alone() {
    let first = first_visit(&Settings::default(), 10, Store::default());
    let hours: Vec<String> = first
        .store
        .records
        .keys()
        .filter(|key| key.starts_with("bars/binance/BTCUSDT/1s/1"))
        .cloned()
        .collect();
    assert_eq!(hours.len(), 2);
    let mut damaged = first.store.clone();
    damaged.records.get_mut(&hours[0]).unwrap()[40] ^= 1;
    let second = Run::start_stored(&Settings::default(), T0 + 60_000, no_rest(), damaged);
    let unreadable = status(&second).unreadable.clone().unwrap();
    assert!(unreadable.contains(&hours[0]) && unreadable.contains("damaged"), "{unreadable}");
    assert!(second.rows.len() > 500, "{}", second.rows.len());

    let mut newer = first.store.clone();
    let record = newer.records.get_mut(&hours[1]).unwrap();
    *record = made_newer(record.clone());
    let foreign = record.clone();
    let now = T0 + 60_000;
    let mut third = Run::start_stored(&Settings::default(), now, made_up_klines(now), newer);
    third.until(UnixMillis(now + 20_000));
    let unreadable = status(&third).unreadable.clone().unwrap();
    assert!(unreadable.contains("newer version"), "{unreadable}");
    assert_eq!(third.store.records[&hours[1]], foreign, "what a newer version wrote is not replaced");
}

#[test]
fn without_room_the_oldest_hours_go_and_the_newest_are_stored() {
    let empty =
        BarChunk { interval: Interval::OneSecond, first: UnixMillis(0), bars: Vec::new(), late: Vec::new() };
    let old = |hours: i64| Record {
        key: format!("bars/binance/SOLUSDT/1s/{:013}", T0 - hours * 3_600_000),
        bytes: empty.encode(),
    };
    let records = (10..60).map(old).map(|record| (record.key, record.bytes)).collect();
    let store = Store { records, room: Some(50), ..Store::default() };
    let mut run = first_visit(&Settings::default(), 8, store);
    let kept = run.store.records.keys().filter(|key| key.contains("SOLUSDT")).count();
    assert_eq!(kept, 8, "the newest eight of the old");
    run.until(UnixMillis(T0 + 30_000));
    // nothing is wrong any longer, and what was deleted can still be read
    assert_eq!((status(&run).problem.clone(), status(&run).deleted_for_room), (None, 50 - 8));
    assert!(run.store.records.keys().any(|key| key.contains("BTCUSDT")));
    // nothing old is left to delete: that is reported, and the desk continues
    run.store.room = Some(0);
    run.store.records.clear();
    run.configure(&Settings { interval: Interval::OneMinute, ..Settings::default() });
    run.until(UnixMillis(T0 + 60_000));
    let problem = status(&run).problem.clone().unwrap();
    assert!(problem.contains("nothing old to delete"), "{problem}");
    assert!(run.rows.len() >= 999);
}

#[test]
fn another_interval_is_stored_too() {
    let settings = Settings { interval: Interval::OneMinute, ..Settings::default() };
    let mut first = first_visit(&Settings::default(), 7, Store::default());
    first.configure(&settings);
    first.until(UnixMillis(T0 + 20_000));
    assert!(first.store.records.keys().any(|key| key.contains("/1m/")));
    let second = Run::start_stored(&settings, T0 + 30_000, no_rest(), first.store.clone());
    // the made-up minutes are not the sums of the made-up seconds
    assert!(second.rows.keys().eq(first.rows.keys()));
    let mut back = Run::start_stored(&Settings::default(), T0 + 30_000, no_rest(), second.store.clone());
    assert_eq!(back.rows.len(), 3_598);
    back.configure(&settings);
    assert!(back.rows.keys().eq(second.rows.keys()));
}

#[test]
fn what_the_user_has_chosen_is_told_at_the_next_start_and_outlives_the_history() {
    let mut run = first_visit(&Settings::default(), 3, Store::default());
    assert_eq!(run.choices, Some(Vec::new()), "nothing is stored yet, and that is told");
    let chosen = vec![("spreadscope.zone".to_owned(), "local".to_owned())];
    run.command(Command::Remember(Vec::new()));
    run.command(Command::Remember(chosen.clone()));
    run.command(Command::DeleteHistory);
    run.until(UnixMillis(T0 + 5_000));
    let second = Run::start_stored(&Settings::default(), T0 + 9_000, no_rest(), run.store.clone());
    assert_eq!(second.choices, Some(chosen));
    // a damaged record is named, and nothing is reported in its place
    let mut store = run.store.clone();
    store.records.get_mut(key::CHOICES).unwrap()[9] ^= 1;
    let third = Run::start_stored(&Settings::default(), T0 + 9_000, no_rest(), store);
    assert_eq!(third.choices, Some(Vec::new()));
    assert!(status(&third).unreadable.as_ref().unwrap().contains(key::CHOICES));
}

#[test]
fn deleted_history_stays_deleted() {
    let mut run = first_visit(&Settings::default(), 10, Store::default());
    assert!(run.store.records.keys().any(|key| key.starts_with("bars/")));
    run.command(Command::DeleteHistory);
    run.until(UnixMillis(T0 + 60_000));
    let left: Vec<&String> = run.store.records.keys().collect();
    assert!(left.iter().all(|key| !key.starts_with("bars/")), "{left:?}");
    assert_eq!(run.rows.len(), 3_598, "what is on the desk stays there");
}

fn a_gap_stays_a_gap_in_the_store(log: &Log) {
    let mut run = Run::start_stored(&quick(), log.start(), no_rest(), Store::default());
    for frame in log.part(0..26).iter().chain(log.part(35..46)) {
        run.frame(frame);
    }
    run.command(Command::Flush);
    let missing = |run: &Run| run.rows.values().filter(|row| row.y.origin == Origin::Missing).count();
    let restored = Run::start_stored(&quick(), run.now().0, no_rest(), run.store.clone());
    assert!(missing(&run) > 5);
    assert_eq!(missing(&restored), missing(&run));
}

#[test]
fn a_store_that_does_not_open_is_told_of_and_used_once_it_opens_after_all() {
    let silent = Store { silent: true, ..Store::default() };
    let mut run = Run::start_stored(&quick(), T0, made_up_klines(T0), silent);
    run.until(UnixMillis(T0 + 9_000));
    assert!(run.storage.as_ref().is_none_or(|status| status.mode == StorageMode::Opening));
    run.until(UnixMillis(T0 + 11_000));
    let StorageMode::Memory { reason } = &status(&run).mode else { panic!("{:?}", status(&run)) };
    assert!(reason.contains("has not opened for 10 s"), "{reason}");
    assert!(!run.rows.is_empty(), "the desk goes on without it");
    // nothing is sent after the request that is not answered
    run.until(UnixMillis(T0 + 60_000));
    assert!(matches!(status(&run).mode, StorageMode::Memory { .. }));
    run.store.silent = false;
    run.store_said(Answer::Opened(Ok(())));
    run.until(UnixMillis(T0 + 80_000));
    assert_eq!(status(&run).mode, StorageMode::Stored);
    assert!(status(&run).last_write_local.is_some());
}
