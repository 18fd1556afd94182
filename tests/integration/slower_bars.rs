//! Slower bars beside the desk's own: a session of a few minutes compares with a full sample of minutes.

use crate::life::{made_up_klines, query, quick};
use crate::store::Store;
use crate::virtual_time::{Rest, Run, clock_frame, trade_frame};
use spreadscope_engine::analytics::evidence::{Beside, EvidenceOptions, Examine, Examined};
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Command, Interval, Settings};

const T0: i64 = 1_700_000_000_000;

fn compare(run: &mut Run) {
    let options = EvidenceOptions { beside: Beside::SlowerInterval, ..EvidenceOptions::default() };
    run.command(Command::Examine(options));
}

/// Runs the feed for `secs`, with the request that an open panel repeats; returns the newest comparison.
fn compared(run: &mut Run, secs: i64) -> Examined {
    run.driver.engine.examine_with(Examine::all());
    let from = run.now().0;
    for second in 0..secs {
        let now = from + second * 1_000 + 1;
        let id = u64::try_from(now / 1_000 - T0 / 1_000 + 1).unwrap();
        run.text(now, trade_frame("BTCUSDT", id, &format!("60000.{:02}", id % 97), now));
        run.text(now, trade_frame("ETHUSDT", id, &format!("2600.{:02}", id % 89), now));
        if second % 5 == 0 {
            compare(run);
        }
    }
    run.evidence.as_ref().and_then(|evidence| evidence.beside.clone()).expect("slower bars are beside it")
}

/// Returns how many requests for minutes there were, and the most bars of one.
fn minutes(run: &Run) -> (usize, Option<i64>) {
    let of_minutes: Vec<&String> = run.urls.iter().filter(|url| url.contains("interval=1m")).collect();
    (of_minutes.len(), of_minutes.iter().filter_map(|url| query(url, "limit")).max())
}

/// Answers as [`made_up_klines`], but nothing about minutes.
fn without_minutes() -> Rest {
    let rest = made_up_klines(T0);
    Box::new(
        move |url: &str| {
            if url.contains("interval=1m") { Some(Err(FetchError::TimedOut)) } else { rest(url) }
        },
    )
}

#[test]
fn a_fresh_session_compares_with_a_full_sample_of_minutes() {
    let mut run = Run::start_with(&Settings::default(), T0, made_up_klines(T0));
    let beside = compared(&mut run, 30);
    assert_eq!((beside.interval, beside.bars, beside.short_because), (Interval::OneMinute, 900, None));
    assert_eq!(minutes(&run), (2, Some(900)), "one page for each leg");
    // five minutes later, none of them has been asked for
    let last = beside.open_time;
    let beside = compared(&mut run, 300);
    assert!(beside.open_time > last && beside.bars == 900, "{} bars", beside.bars);
    assert_eq!(minutes(&run).0, 2);
}

#[test]
fn a_lookback_of_more_than_a_page_goes_back_page_by_page() {
    let settings = Settings { test_lookback_bars: 2_400, ..Settings::default() };
    let mut run = Run::start_with(&settings, T0, made_up_klines(T0));
    let beside = compared(&mut run, 30);
    assert_eq!((beside.bars, minutes(&run)), (2_400, (6, Some(1_000))));
}

#[test]
fn minutes_that_the_store_has_are_not_requested() {
    let minutes_first = Settings { interval: Interval::OneMinute, ..quick() };
    let mut run = Run::start_stored(&minutes_first, T0, made_up_klines(T0), Store::default());
    for second in 0..90 {
        run.text(T0 + second * 1_000 + 1, clock_frame(T0 + second * 1_000 + 1));
    }
    run.command(Command::Flush);
    let later = run.now().0;
    run.until(run.now() + 1_000);
    let seconds = quick();
    let mut run = Run::start_stored(&seconds, later + 2_000, made_up_klines(later), run.store.clone());
    let beside = compared(&mut run, 30);
    // the minute between the two visits is not whole
    assert_eq!((beside.interval, beside.bars, beside.short_because), (Interval::OneMinute, 119, None));
    assert_eq!(minutes(&run).0, 0, "{:?}", run.urls);
}

#[test]
fn what_cannot_be_had_says_why() {
    let mut run = Run::start_with(&Settings::default(), T0, without_minutes());
    let beside = compared(&mut run, 25);
    assert_eq!(beside.short_because.as_deref(), Some("no response in time"));
    assert!(beside.bars < 100 && minutes(&run).0 >= 2, "{} bars, {:?}", beside.bars, minutes(&run));
    let demo = Settings { source: Source::Demo, ..Settings::default() };
    let mut run = Run::start_with(&demo, T0, Box::new(|_| None));
    run.driver.engine.examine_with(Examine::all());
    compare(&mut run);
    run.until(run.now() + 20_000);
    assert_eq!(minutes(&run).0, 0);
}
