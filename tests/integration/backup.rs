//! Everything in one file, and back: byte for byte, or not at all.

use crate::life::made_up_klines;
use crate::store::Store;
use crate::virtual_time::Run;
use spreadscope_engine::archive::{BackupCommand, BackupNews, Preferences, StorageMode, StoreError};
use spreadscope_engine::transfer::backup::Writer;
use spreadscope_engine::{Command, Engine, Input, Settings, UnixMillis};
use spreadscope_simulation::Driver;

const T0: i64 = 1_700_000_000_000;

fn preferences() -> Preferences {
    let kept = [("spreadscope.zone", "local"), ("spreadscope.alert-rules", "[\"ü\"]")];
    kept.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

/// Returns a desk of ten seconds with a record of every kind in its store, including names that are prefixes of
/// others.
fn desk() -> Run {
    let mut store = Store::default();
    for name in ["alerts/binance/BTCUSDT/ETH", "alerts/binance/BTCUSDT/ETHUSD", "ticks/binance/SOLUSDT/1"] {
        store.records.insert(name.to_owned(), name.bytes().cycle().take(500).collect());
    }
    let settings = Settings::default();
    let mut run = Run::start_stored(&settings, T0, made_up_klines(T0), store);
    run.until(UnixMillis(T0 + 10_000));
    run
}

fn backed_up(run: &mut Run) -> Vec<u8> {
    run.file.clear();
    run.command(Command::Backup(BackupCommand::Make(preferences())));
    assert!(matches!(run.backup, Some(BackupNews::Made(_))), "{:?}", run.backup);
    run.file.clone()
}

fn restore(run: &mut Run, file: &[u8]) -> BackupNews {
    run.file = file.to_vec();
    run.command(Command::Backup(BackupCommand::Restore { bytes: file.len() as u64 }));
    run.backup.take().expect("the page is told")
}

fn reopened(store: Store, now: i64) -> Run {
    Run::start_stored(&Settings::default(), now, Box::new(|_| None), store)
}

#[test]
fn a_backup_put_back_into_an_empty_store_gives_the_same_backup() {
    let mut first = desk();
    let file = backed_up(&mut first);
    assert!(first.store.records.len() > 6);

    let mut empty = reopened(Store::default(), T0 + 86_400_000);
    let BackupNews::Restored(mut kept) = restore(&mut empty, &file) else { panic!("{:?}", empty.backup) };
    kept.reverse();
    assert_eq!(kept, preferences());
    assert_eq!(empty.store.records, first.store.records);
    // the previous engine must not overwrite them with its own
    empty.until(UnixMillis(T0 + 86_500_000));
    empty.command(Command::Flush);
    assert_eq!(empty.store.records, first.store.records);
    assert!(matches!(empty.storage.as_ref().unwrap().mode, StorageMode::Memory { .. }));

    let mut second = reopened(empty.store, T0 + 86_600_000);
    assert!(second.rows == first.rows);
    assert_eq!(backed_up(&mut second), file);
}

#[test]
fn a_file_that_is_refused_changes_nothing_and_says_why() {
    let mut run = desk();
    let file = backed_up(&mut run);
    let before = run.store.records.clone();
    let mut damaged = file.clone();
    damaged[file.len() / 2] ^= 1;
    let (mut writer, mut foreign) = Writer::new(UnixMillis(0));
    foreign.extend(writer.record("orders/1", b"x").unwrap());
    foreign.extend(writer.finish());
    let refused = [
        (&b"time,close\n1,2\n"[..], "this is not a backup of Spreadscope"),
        (b"", "this is not a backup of Spreadscope"),
        (&damaged, "damaged"),
        (&file[..file.len() - 20], "cut short"),
        (&foreign, "it holds orders/1, which this version of the page does not know"),
    ];
    for (file, why) in refused {
        let BackupNews::Failed(reason) = restore(&mut run, file) else { panic!("{why}") };
        assert!(reason.contains(why), "{reason}");
        assert_eq!(run.store.records, before);
    }
    run.store.failures = vec![StoreError::QuotaExceeded];
    let news = restore(&mut run, &file);
    assert_eq!(news, BackupNews::Failed("no room is left for this page's data".to_owned()));
    assert_eq!(run.store.records, before);
    // and the desk continues, with its store
    assert_eq!(run.storage.as_ref().unwrap().mode, StorageMode::Stored);
    assert_eq!(backed_up(&mut run), file);
}

#[test]
fn a_backup_asked_of_an_engine_that_has_just_begun_waits_for_its_store() {
    let Run { store: mut kept, .. } = desk();
    let mut driver = Driver::new(Engine::with_store(1), UnixMillis(T0 + 20_000));
    for command in [Command::Configure(Box::default()), Command::Backup(BackupCommand::Make(preferences()))] {
        driver.input(driver.now, Input::Command(command));
    }
    assert_eq!(driver.page.backup, None);
    while !driver.stored.is_empty() {
        for request in core::mem::take(&mut driver.stored) {
            if let Some(answer) = kept.answer(request) {
                driver.input(driver.now, Input::Store(answer));
            }
        }
    }
    assert!(
        matches!(driver.page.backup, Some(BackupNews::Made(records)) if records > 6),
        "{:?}",
        driver.page.backup
    );
}

#[test]
fn without_a_store_there_is_no_backup_and_that_is_said() {
    let closed = Some(StoreError::Unavailable("SecurityError".to_owned()));
    let mut run = reopened(Store { closed, ..Store::default() }, T0);
    run.command(Command::Backup(BackupCommand::Make(Vec::new())));
    let Some(BackupNews::Failed(reason)) = &run.backup else { panic!("{:?}", run.backup) };
    assert!(reason.contains("private window"), "{reason}");
}
