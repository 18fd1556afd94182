//! Older bars on request: from the store, else over REST, and no more than are kept.

use crate::life::made_up_klines;
use crate::store::Store;
use crate::virtual_time::{Run, clock_frame};
use core::cell::Cell;
use spreadscope_engine::{Command, Interval, Settings, UnixMillis};
use std::rc::Rc;

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
    // far from the seam the windows contain the same bars
    let (time, last) = rows.last_key_value().unwrap();
    let [old, new] = [last, &run.rows[time]].map(|row| row.spread.unwrap());
    assert!((old - new).abs() < 1e-7, "{old} {new}");
}

#[test]
fn rows_go_on_while_older_bars_are_on_their_way_and_are_computed_again_once() {
    let answers = Rc::new(Cell::new(usize::MAX));
    let (left, rest) = (Rc::clone(&answers), made_up_klines(T0));
    let one_page_at_a_time = move |url: &str| {
        left.set(left.get().checked_sub(1)?);
        rest(url)
    };
    let mut run = Run::start_with(&Settings::default(), T0, Box::new(one_page_at_a_time));
    run.text(T0 + 1, clock_frame(T0 + 1));
    run.text(T0 + 4_600, clock_frame(T0 + 4_600));
    let (first, newest) = (oldest(&run), *run.rows.keys().next_back().unwrap());
    let reported_again = run.reported_again;
    // one page of each leg arrives, and then nothing for a while
    answers.set(2);
    run.command(Command::LoadOlder);
    for second in 5..30 {
        run.text(T0 + second * 1_000 + 600, clock_frame(T0 + second * 1_000 + 600));
    }
    assert_eq!(run.rows.keys().next_back().unwrap().since(newest), 25_000);
    assert_eq!((oldest(&run), run.reported_again), (first, reported_again));
    answers.set(usize::MAX);
    run.until(UnixMillis(T0 + 200_000));
    assert!(first.since(oldest(&run)) >= 3_600_000);
    assert!(
        (3_600..4_000).contains(&(run.reported_again - reported_again)),
        "{}",
        run.reported_again - reported_again
    );
}

#[test]
fn what_is_stored_comes_without_a_request() {
    let mut first = Run::start_stored(&Settings::default(), T0, made_up_klines(T0), Store::default());
    first.until(UnixMillis(T0 + 5_000));
    for _ in 0..4 {
        look_back(&mut first, 20);
    }
    first.command(Command::Flush);
    let store = core::mem::take(&mut first.store);
    let mut second = Run::start_stored(&Settings::default(), T0 + 200_000, Box::new(|_| None), store);
    let (before, sent) = (oldest(&second), second.urls.len());
    assert!(before > oldest(&first), "a start shows the newest hours alone");
    look_back(&mut second, 5);
    assert!(before.since(oldest(&second)) >= 3_600_000);
    assert_eq!(second.urls.len(), sent);
    for _ in 0..4 {
        look_back(&mut second, 5);
    }
    assert_eq!(oldest(&second), oldest(&first));
}

#[test]
fn no_more_is_requested_than_is_kept() {
    let settings = Settings { interval: Interval::FiveMinutes, ..Settings::default() };
    let mut run = Run::start_with(&settings, T0, made_up_klines(T0));
    run.until(UnixMillis(T0 + 5_000));
    for _ in 0..12 {
        look_back(&mut run, 120);
    }
    let kept = Interval::FiveMinutes.bars_kept();
    assert!((kept - 100..=kept).contains(&run.rows.len()), "{}", run.rows.len());
    let sent = run.urls.len();
    look_back(&mut run, 120);
    let back = run.urls[sent..].iter().filter(|url| url.contains("endTime"));
    assert_eq!(back.count(), 0, "{:?}", &run.urls[sent..]);
}
