//! No results from part of the history: the tests run on all of it, as soon as it is complete.

use crate::life::made_up_klines;
use crate::virtual_time::{Run, clock_frame, trade_frame};
use core::cell::Cell;
use spreadscope_engine::analytics::evidence::{EvidenceOptions, Examine};
use spreadscope_engine::bars::Origin;
use spreadscope_engine::{Command, Interval, Settings, UnixMillis};
use std::rc::Rc;

const T0: i64 = 1_700_000_000_000;

fn is_filling(run: &Run) -> bool {
    run.live.as_ref().is_some_and(|live| live.feed.is_filling)
}

#[test]
fn the_tests_wait_for_all_of_the_history_and_then_run_at_once() {
    let answers = Rc::new(Cell::new(2_usize));
    let (left, rest) = (Rc::clone(&answers), made_up_klines(T0));
    let page_by_page = move |url: &str| {
        left.set(left.get().checked_sub(1)?);
        rest(url)
    };
    let mut run = Run::start_with(&Settings::default(), T0, Box::new(page_by_page));
    run.driver.engine.examine_with(Examine::all());
    run.text(T0 + 1, clock_frame(T0 + 1));
    run.text(T0 + 4_600, clock_frame(T0 + 4_600));
    assert!(run.rows.len() >= 900, "one page of each leg is on the desk: {}", run.rows.len());
    // nor on request
    run.command(Command::RunTests);
    run.command(Command::Examine(EvidenceOptions::default()));
    run.text(T0 + 4_900, clock_frame(T0 + 4_900));
    assert!(run.tests.is_empty() && is_filling(&run), "{:?}", run.tests);
    assert!(run.evidence.is_none());

    answers.set(usize::MAX);
    // a request without a response is repeated after a while
    run.until(UnixMillis(T0 + 200_000));
    let first = run.tests.first().expect("tests after all of the history");
    assert_eq!(first.bars, Settings::default().test_lookback_bars);
    assert!(run.rows.len() >= 3_590 && !is_filling(&run));
    let evidence = run.evidence.take().expect("what was asked for comes then");
    assert_eq!(evidence.main.bars, Settings::default().test_lookback_bars);
}

#[test]
fn another_interval_is_tested_as_soon_as_its_bars_are_there_and_not_before() {
    let mut run = Run::start_with(&Settings::default(), T0, made_up_klines(T0));
    run.text(T0 + 1, clock_frame(T0 + 1));
    run.until(UnixMillis(T0 + 3_000));
    let before = run.tests.len();
    assert!(before > 0);
    for (place, interval) in [Interval::OneMinute, Interval::FiveMinutes].into_iter().enumerate() {
        let known = run.tests.len();
        run.command(Command::Configure(Box::new(Settings { interval, ..Settings::default() })));
        let from = run.now();
        run.until(from + 1_000);
        let of_interval = &run.tests[known..];
        assert!(!of_interval.is_empty(), "{place}: no test within a second of the switch");
        assert!(
            of_interval.iter().all(|tests| tests.bars == 900),
            "{place}: a test of a part: {of_interval:?}"
        );
    }
}

#[test]
fn there_is_no_test_before_the_seconds_between_history_and_feed_are_there_and_they_are_asked_for_once() {
    let clock = Rc::new(Cell::new(T0));
    let answered = Rc::clone(&clock);
    let rest = move |url: &str| made_up_klines(answered.get())(url);
    let mut run = Run::start_with(&Settings::default(), T0, Box::new(rest));
    // all of the history is here, but what lies between it and the feed is unknown before the feed starts
    assert!(run.tests.is_empty() && is_filling(&run), "{:?}", run.tests);
    let of_start = run.urls.len();
    let mut first_test = None;
    for (id, millis) in (1..).zip((700..8_000).step_by(250)) {
        let now = T0 + millis;
        clock.set(now);
        run.text(now, trade_frame("BTCUSDT", id, "60000.00", now));
        run.text(now, trade_frame("ETHUSDT", id, "2600.00", now));
        if first_test.is_none() && !run.tests.is_empty() {
            first_test = Some(millis);
            let missing = run.rows.values().rev().take(10).filter(|row| row.y.origin == Origin::Missing);
            assert_eq!(missing.count(), 0, "at {millis} ms");
        }
        // it is reported four times a second
        if (1_200..2_500).contains(&millis) {
            assert!(first_test.is_none() && is_filling(&run), "at {millis} ms");
        }
    }
    assert!(first_test.is_some_and(|millis| millis < 4_500) && !is_filling(&run), "{first_test:?}");
    let seconds: Vec<&String> = run.urls[of_start..]
        .iter()
        .filter(|url| url.contains("symbol=BTCUSDT") && url.contains("interval=1s"))
        .collect();
    assert_eq!(seconds.len(), 1, "{:?}", &run.urls[of_start..]);
}

#[test]
fn a_feed_that_does_not_begin_is_not_waited_for() {
    let mut run = Run::start_with(&Settings::default(), T0, made_up_klines(T0));
    run.until(UnixMillis(T0 + 9_000));
    assert!(run.tests.is_empty() && is_filling(&run));
    run.until(UnixMillis(T0 + 12_000));
    assert!(!run.tests.is_empty() && !is_filling(&run), "the first attempt has failed");
}
