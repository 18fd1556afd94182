//! A network that permits requests but no websockets: closed bars are requested one after the other.

use crate::life::{made_up_klines, query, quick};
use crate::virtual_time::{Run, clock_frame, trade_frame};
use core::cell::Cell;
use spreadscope_engine::alert::RuleId;
use spreadscope_engine::alert::presets::Preset;
use spreadscope_engine::bars::Origin;
use spreadscope_engine::connection::Phase;
use spreadscope_engine::{Command, Engine, Interval, Pair, Settings, Symbol};
use spreadscope_simulation::Driver;
use std::rc::Rc;

const T0: i64 = 1_700_000_000_000;

/// Returns a run whose REST responds as of its own time, up to `secs` seconds after [`T0`], without frames;
/// every socket is refused at once.
fn blocked(settings: &Settings, secs: i64) -> (Run, Rc<Cell<i64>>) {
    let clock = Rc::new(Cell::new(T0));
    let told = Rc::clone(&clock);
    let rest = move |url: &str| made_up_klines(told.get())(url);
    let mut run = Run::start_with(settings, T0, Box::new(rest));
    pass(&mut run, &clock, secs);
    (run, clock)
}

/// Lets time pass up to `secs` seconds after [`T0`].
fn pass(run: &mut Run, clock: &Rc<Cell<i64>>, secs: i64) {
    while clock.get() < T0 + secs * 1_000 {
        clock.set(clock.get() + 250);
        run.cut(clock.get());
    }
}

fn phase(run: &Run) -> Phase {
    run.live.as_ref().map(|live| live.feed.phase.clone()).unwrap_or_default()
}

#[test]
fn after_a_minute_closed_bars_come_over_rest_and_are_tested_and_watched() {
    let (mut run, clock) = blocked(&quick(), 55);
    assert!(!matches!(phase(&run), Phase::Polling), "{:?}", phase(&run));
    let of_start = *run.rows.keys().next_back().unwrap();
    run.command(Command::SetRules(vec![Preset::BackToMean.rule(RuleId(1), 2.0)]));
    pass(&mut run, &clock, 64);
    let sent = run.urls.len();
    pass(&mut run, &clock, 184);
    assert_eq!(phase(&run), Phase::Polling);
    let rows: Vec<_> = run.rows.values().filter(|row| row.open_time > of_start).collect();
    assert!(rows.len() >= 175, "{} rows", rows.len());
    assert!(rows.iter().all(|row| row.y.origin == Origin::Polled && row.x.origin == Origin::Polled));
    // at most one request per leg and second, and no bar that has not closed
    let sent: Vec<&String> = run.urls[sent..].iter().filter(|url| url.starts_with("https")).collect();
    assert!(sent.len() <= 2 * 121, "{} requests in two minutes", sent.len());
    assert!(sent.iter().all(|url| query(url, "startTime").is_some()), "{sent:?}");
    let newest = rows.last().unwrap().open_time;
    let age = clock.get() - newest.0;
    assert!((2_000..6_000).contains(&age), "the newest bar opened {age} ms ago");
    let tests = run.tests.last().unwrap();
    assert!(tests.open_time > of_start, "{tests:?}");
    assert!(!run.alerts.is_empty() && run.alerts.iter().all(|alert| alert.open_time > of_start));
}

#[test]
fn longer_bars_are_polled_more_seldom() {
    let minutes = Settings { interval: Interval::OneMinute, ..quick() };
    let (mut run, clock) = blocked(&minutes, 70);
    let of_start = *run.rows.keys().next_back().unwrap();
    let sent = run.urls.len();
    pass(&mut run, &clock, 310);
    let polled = run.rows.values().filter(|row| row.open_time > of_start);
    assert!(polled.clone().count() >= 3 && polled.clone().all(|row| row.y.origin == Origin::Polled));
    let sent = run.urls[sent..].iter().filter(|url| url.starts_with("https")).count();
    assert!(sent <= 2 * 50, "{sent} requests in four minutes");
}

#[test]
fn the_desk_goes_back_to_the_feed_by_itself_and_misses_nothing() {
    let (mut run, clock) = blocked(&quick(), 90);
    assert_eq!(phase(&run), Phase::Polling);
    for (id, step) in (1..=120_u64).zip(1..) {
        clock.set(T0 + 90_000 + step * 250);
        let now = clock.get();
        if step % 4 == 1 {
            run.text(now, clock_frame(now));
        }
        run.text(now, trade_frame("BTCUSDT", id, "60000.00", now));
        run.text(now, trade_frame("ETHUSDT", id, "2600.00", now));
    }
    assert_eq!(phase(&run), Phase::Live);
    let missing: Vec<_> =
        run.rows.values().filter(|row| row.y.origin == Origin::Missing).map(|row| row.open_time).collect();
    assert_eq!(missing, []);
    let newest = run.rows.values().next_back().unwrap();
    assert_eq!(newest.y.origin, Origin::Live);
    assert_eq!(run.live.as_ref().unwrap().feed.missing, 0);
}

#[test]
fn without_any_network_nothing_is_polled() {
    let mut run = Run::start_with(
        &quick(),
        T0,
        Box::new(|_| Some(Err(spreadscope_engine::binance::FetchError::Unreached))),
    );
    let clock = Rc::new(Cell::new(T0));
    pass(&mut run, &clock, 200);
    assert!(!matches!(phase(&run), Phase::Polling), "{:?}", phase(&run));
}

#[test]
fn another_pair_is_polled_at_once_on_a_network_that_is_known_to_block_websockets() {
    for moved in [false, true] {
        let (mut run, clock) = blocked(&quick(), 90);
        assert_eq!(phase(&run), Phase::Polling);
        if moved {
            // in the browser each desk has its own engine
            let venues = run.driver.engine.take_venues();
            run.driver = Driver::new(Engine::new(2), run.now());
            run.driver.engine.put_venues(venues);
        }
        let pair = Pair { x: Symbol::new("SOLUSDT").unwrap(), ..quick().pair };
        run.configure(&Settings { pair, ..quick() });
        pass(&mut run, &clock, 100);
        assert_eq!(phase(&run), Phase::Polling, "{moved}");
        let polled = run.rows.values().filter(|row| row.x.origin == Origin::Polled);
        assert!(polled.count() >= 3, "{moved}");
    }
}
