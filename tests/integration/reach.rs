//! History as far back as the windows in force need: newest bars first, the store before REST, and words for what
//! does not exist.

use crate::life::{made_up_klines, query};
use crate::store::Store;
use crate::virtual_time::{Rest, Run, clock_frame};
use core::cell::Cell;
use serde_json::Value;
use spreadscope_engine::analytics::Metric;
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::connection::Backfill;
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Command, Interval, Settings, UnixMillis};
use std::rc::Rc;

const T0: i64 = 1_700_000_000_000;
const MINUTE: i64 = 60_000;

/// Two windows of `bars` minutes: z needs twice as many.
fn windows(bars: usize) -> Settings {
    Settings {
        interval: Interval::OneMinute,
        hedge_window_bars: bars,
        z_window_bars: bars,
        ..Settings::default()
    }
}

/// Returns the number of rows once the feed has run for `secs`.
fn runs(run: &mut Run, secs: i64) -> usize {
    let from = run.now().0;
    for second in 0..secs {
        run.text(from + second * 1_000 + 1, clock_frame(from + second * 1_000 + 1));
    }
    run.rows.len()
}

fn backfill(run: &Run) -> Backfill {
    run.live.as_ref().map_or(Backfill::Idle, |live| live.feed.backfill.clone())
}

fn is_filling(run: &Run) -> bool {
    run.live.as_ref().is_some_and(|live| live.feed.is_filling)
}

fn newest_z(run: &Run) -> Metric {
    run.rows.values().next_back().map(|row| row.z.clone()).expect("rows are on the desk")
}

/// Returns the open times before which bars of `symbol` were requested, in order.
fn pages_back(run: &Run, symbol: &str) -> Vec<i64> {
    let of = |url: &&String| url.contains(symbol) && url.contains("interval=1m");
    run.urls.iter().filter(of).filter_map(|url| query(url, "endTime")).collect()
}

/// Answers as many requests as `left` says, then none.
fn counted(left: &Rc<Cell<usize>>) -> Rest {
    let (left, rest) = (Rc::clone(left), made_up_klines(T0));
    Box::new(move |url: &str| {
        left.set(left.get().checked_sub(1)?);
        rest(url)
    })
}

/// A market of which REST has no bar before `listed`.
fn young(now: i64, listed: i64) -> Rest {
    let rest = made_up_klines(now);
    Box::new(move |url: &str| {
        let body = rest(url)?.ok()?;
        let rows: Vec<Value> = serde_json::from_str(&body).expect("made-up bars are JSON");
        let exist = rows.into_iter().filter(|row| row[0].as_i64().is_some_and(|open| open >= listed));
        Some(Ok(Value::Array(exist.collect()).to_string()))
    })
}

#[test]
fn a_start_reaches_as_far_back_as_its_windows_need_page_by_page_from_the_newest() {
    let settings = windows(3_000);
    let mut run = Run::start_with(&settings, T0, made_up_klines(T0));
    let rows = runs(&mut run, 20);
    assert!(matches!(newest_z(&run), Metric::Ready(_)), "{:?}", newest_z(&run));
    let needed = 6_000 + Interval::OneMinute.bars_shown();
    assert!((needed - 2..needed + 5).contains(&rows), "{rows} rows");
    assert_eq!((backfill(&run), is_filling(&run)), (Backfill::Done, false));
    for symbol in ["BTCUSDT", "ETHUSDT"] {
        let pages = pages_back(&run, symbol);
        assert!(pages.len() == 6 && pages.is_sorted_by(|newer, older| newer > older), "{pages:?}");
    }
    // the tests ran once, on all that was awaited
    assert!(run.tests.iter().all(|tests| tests.bars == 900), "{:?}", run.tests);
}

#[test]
fn until_then_it_says_how_much_is_here_and_judges_nothing() {
    let left = Rc::new(Cell::new(usize::MAX));
    let mut run = Run::start_with(&windows(300), T0, counted(&left));
    runs(&mut run, 20);
    let (tests, rows, reported_again) = (run.tests.len(), run.rows.len(), run.reported_again);
    assert!(tests > 0 && !is_filling(&run));
    // three of the pages that longer windows need
    left.set(3);
    run.configure(&windows(3_000));
    runs(&mut run, 10);
    let Backfill::Loading { done, wanted } = backfill(&run) else { panic!("{:?}", backfill(&run)) };
    assert!((7_720..7_730).contains(&(wanted - done)), "{done} of {wanted}");
    assert!(is_filling(&run));
    assert_eq!(run.tests.len(), tests);
    // rows are computed again for the windows, and not for each page
    assert!(run.reported_again - reported_again <= rows, "{}", run.reported_again - reported_again);
    left.set(usize::MAX);
    // a request without a response is given up after a minute
    assert!(runs(&mut run, 90) >= 6_000 + Interval::OneMinute.bars_shown());
    assert!(run.tests.len() > tests && !is_filling(&run));
}

#[test]
fn what_is_stored_is_not_requested_again() {
    let settings = windows(3_000);
    let mut first = Run::start_stored(&settings, T0, made_up_klines(T0), Store::default());
    let rows = runs(&mut first, 20);
    assert!(rows < 6_500, "{rows} rows: no more is fetched than is needed");
    first.command(Command::Flush);
    let store = core::mem::take(&mut first.store);
    let mut second = Run::start_stored(&settings, T0 + 100_000, made_up_klines(T0 + 100_000), store);
    let again = runs(&mut second, 20);
    assert!(again >= rows, "{again} rows after {rows}");
    assert!(matches!(newest_z(&second), Metric::Ready(_)), "{:?}", newest_z(&second));
    assert_eq!((backfill(&second), is_filling(&second)), (Backfill::Done, false));
    assert!(pages_back(&second, "BTCUSDT").is_empty(), "{:?}", second.urls);
}

#[test]
fn rest_supplies_what_lies_before_the_stored_bars() {
    let mut first = Run::start_stored(&windows(300), T0, made_up_klines(T0), Store::default());
    runs(&mut first, 20);
    first.command(Command::Flush);
    let stored = first.rows.keys().next().copied().expect("rows are on the desk");
    let store = core::mem::take(&mut first.store);
    let later = T0 + 100_000;
    let mut second = Run::start_stored(&windows(2_000), later, made_up_klines(later), store);
    runs(&mut second, 20);
    assert!(matches!(newest_z(&second), Metric::Ready(_)), "{:?}", newest_z(&second));
    let pages = pages_back(&second, "BTCUSDT");
    assert!(!pages.is_empty() && pages.iter().all(|end| *end < stored.0), "{pages:?} from {stored:?}");
}

#[test]
fn a_market_younger_than_the_windows_is_said_to_be_so() {
    let listed = (T0 / MINUTE - 1_204) * MINUTE;
    let mut run = Run::start_with(&windows(20_000), T0, young(T0, listed));
    runs(&mut run, 20);
    assert!(!is_filling(&run), "{:?}", backfill(&run));
    let Backfill::Short { exist, needed } = backfill(&run) else { panic!("{:?}", backfill(&run)) };
    assert!((1_203..1_206).contains(&exist) && needed == 40_000, "{exist} of {needed}");
    let sent = run.urls.len();
    runs(&mut run, 60);
    let back = run.urls[sent..].iter().filter(|url| url.contains("endTime"));
    assert_eq!(back.count(), 0, "nothing older exists: {:?}", &run.urls[sent..]);
}

#[test]
fn the_older_leg_is_fetched_no_further_than_the_younger_one_exists() {
    let listed = (T0 / MINUTE - 1_204) * MINUTE;
    let (old, new) = (made_up_klines(T0), young(T0, listed));
    let rest = move |url: &str| if url.contains("BTCUSDT") { new(url) } else { old(url) };
    let mut run = Run::start_with(&windows(10_000), T0, Box::new(rest));
    runs(&mut run, 20);
    assert!(matches!(backfill(&run), Backfill::Short { exist: 1_203..1_206, .. }), "{:?}", backfill(&run));
    // a page is under way when the other's beginning is found
    let pages = pages_back(&run, "ETHUSDT").len();
    assert!(pages <= 3 && !is_filling(&run), "{pages} pages");
}

#[test]
fn where_rest_has_no_bars_of_an_interval_it_is_not_asked_and_the_windows_fill_live() {
    let settings = Settings {
        source: Source::BinanceUs,
        hedge_window_bars: 3_000,
        z_window_bars: 3_000,
        ..Settings::default()
    };
    let mut run = Run::start_with(&settings, T0, made_up_klines(T0));
    runs(&mut run, 20);
    assert_eq!((backfill(&run), is_filling(&run)), (Backfill::Unavailable, false));
    assert!(run.urls.iter().all(|url| !url.contains("klines")), "{:?}", run.urls);
}

#[test]
fn a_refusal_on_the_way_back_is_shown_and_then_it_goes_on() {
    let refuses = Rc::new(Cell::new(false));
    let (refusing, rest) = (Rc::clone(&refuses), made_up_klines(T0));
    let answer = move |url: &str| {
        if refusing.get() && url.contains("endTime") {
            return Some(Err(FetchError::Status { code: 503, body: String::new() }));
        }
        rest(url)
    };
    let mut run = Run::start_with(&windows(300), T0, Box::new(answer));
    runs(&mut run, 20);
    refuses.set(true);
    run.configure(&windows(3_000));
    runs(&mut run, 5);
    assert!(matches!(backfill(&run), Backfill::Failed { .. }), "{:?}", backfill(&run));
    assert!(!is_filling(&run), "nothing is on its way");
    refuses.set(false);
    assert!(runs(&mut run, 120) >= 6_000 + Interval::OneMinute.bars_shown());
    assert_eq!(backfill(&run), Backfill::Done);
}

#[test]
fn the_longest_windows_come_within_one_minutes_request_weight() {
    let settings = windows(20_000);
    let mut run = Run::start_with(&settings, T0, made_up_klines(T0));
    runs(&mut run, 30);
    assert!(matches!(newest_z(&run), Metric::Ready(_)), "{:?}", newest_z(&run));
    let first = *run.rows.keys().next().expect("rows are on the desk");
    let needed = 40_000 + i64::try_from(Interval::OneMinute.bars_shown()).unwrap();
    assert!(UnixMillis(T0).since(first) >= (needed - 1) * MINUTE, "{first:?}");
    assert!(run.rows.len() <= Interval::OneMinute.bars_kept());
}
