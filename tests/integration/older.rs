//! Older bars when they are asked for: from the store, else over REST, and no more than are kept.

use crate::life::made_up_klines;
use crate::store::Store;
use crate::virtual_time::Run;
use spreadscope_engine::{Command, Interval, Settings, UnixMillis};

const T0: i64 = 1_700_000_000_000;

fn oldest(run: &Run) -> UnixMillis {
    *run.rows.keys().next().expect("rows are on the desk")
}

fn look_back(run: &mut Run, secs: i64) {
    run.command(Command::LoadOlder);
    run.until(run.now() + secs * 1_000);
}

#[test]
fn over_rest_as_many_again_come_and_each_row_is_there_once() {
    let mut run = Run::start_with(&Settings::default(), T0, made_up_klines(T0));
    run.until(UnixMillis(T0 + 5_000));
    let (before, rows) = (oldest(&run), run.rows.clone());
    look_back(&mut run, 5);
    assert_eq!(before.since(oldest(&run)), 3_600_000);
    assert_eq!(run.rows.len(), rows.len() + 3_600);
    // far from the seam the windows hold the same bars
    let (time, last) = rows.last_key_value().unwrap();
    let [old, new] = [last, &run.rows[time]].map(|row| row.spread.unwrap());
    assert!((old - new).abs() < 1e-7, "{old} {new}");
}

#[test]
fn what_is_stored_comes_without_a_question() {
    let mut first = Run::start_stored(&Settings::default(), T0, made_up_klines(T0), Store::default());
    first.until(UnixMillis(T0 + 5_000));
    for _ in 0..4 {
        look_back(&mut first, 20);
    }
    first.command(Command::Flush);
    let store = core::mem::take(&mut first.store);
    let mut second = Run::start_stored(&Settings::default(), T0 + 200_000, Box::new(|_| None), store);
    let (before, asked) = (oldest(&second), second.urls.len());
    assert!(before > oldest(&first), "a start shows the newest hours alone");
    look_back(&mut second, 5);
    assert!(before.since(oldest(&second)) >= 3_600_000);
    assert_eq!(second.urls.len(), asked);
    for _ in 0..4 {
        look_back(&mut second, 5);
    }
    assert_eq!(oldest(&second), oldest(&first));
}

#[test]
fn no_more_is_asked_for_than_is_kept() {
    let settings = Settings { interval: Interval::FiveMinutes, ..Settings::default() };
    let mut run = Run::start_with(&settings, T0, made_up_klines(T0));
    run.until(UnixMillis(T0 + 5_000));
    for _ in 0..12 {
        look_back(&mut run, 120);
    }
    let kept = Interval::FiveMinutes.bars_kept();
    assert!((kept - 100..=kept).contains(&run.rows.len()), "{}", run.rows.len());
    let asked = run.urls.len();
    look_back(&mut run, 120);
    let back = run.urls[asked..].iter().filter(|url| url.contains("endTime"));
    assert_eq!(back.count(), 0, "{:?}", &run.urls[asked..]);
}
