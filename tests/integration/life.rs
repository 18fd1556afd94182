//! The desk's life in virtual time: history at the start, losses and their repair, refusals, new settings.

use crate::recording::{LEGS, Log, Received, on_both_logs};
use crate::virtual_time::{Rest, Run, play};
use spreadscope_engine::analytics::cointegration::Outcome;
use spreadscope_engine::analytics::{Metric, Row};
use spreadscope_engine::bars::Origin;
use spreadscope_engine::base::note::NoteKind;
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::connection::{Backfill, Phase};
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Interval, Settings, UnixMillis};
use spreadscope_exchange::tape::recorded;
use std::collections::BTreeMap;

on_both_logs!(
    what_the_engine_holds_is_reported_on_request,
    trades_lost_with_the_connection_come_back_over_rest,
    without_rest_a_gap_stays_a_gap,
    other_windows_give_what_a_fresh_start_with_them_would,
    an_alert_is_told_once_whatever_is_computed_again,
    frames_that_cannot_be_read_cost_themselves_alone,
);

const T0: i64 = 1_700_000_000_000;

pub(crate) fn quick() -> Settings {
    Settings {
        hedge_window_bars: 60,
        z_window_bars: 60,
        correlation_window_bars: 60,
        test_lookback_bars: 120,
        ..Settings::default()
    }
}

/// Returns the number `name` in a request's query.
pub(crate) fn query(url: &str, name: &str) -> Option<i64> {
    let rest = url.split_once(&format!("{name}="))?.1;
    rest.split('&').next()?.parse().ok()
}

/// Returns a market with every second known: prices that vary a little, the two legs together.
pub(crate) fn made_up_klines(now: i64) -> Rest {
    Box::new(move |url: &str| {
        let step = match url {
            _ if url.contains("interval=1s") => 1_000,
            _ if url.contains("interval=1m") => 60_000,
            _ => 300_000,
        };
        let limit = query(url, "limit").unwrap();
        let end = query(url, "endTime").unwrap_or(now).div_euclid(step) * step;
        let start = query(url, "startTime").unwrap_or(end - (limit - 1) * step);
        let scale = if url.contains("BTC") { 60_000.0 } else { 2_600.0 };
        let noise = if url.contains("BTC") { 3.0 } else { 0.2 };
        let rows: Vec<String> = (start..=end)
            .step_by(usize::try_from(step).unwrap())
            .map(|open| {
                let seconds = (open / 1_000) as f64;
                let price = scale * (1.0 + 0.001 * (seconds / 211.0).sin()) + noise * (seconds / 7.3).sin();
                format!(
                    r#"[{open},"{price:.2}","{price:.2}","{price:.2}","{price:.2}","1.5",{},"90000",7,"0.5","30000","0"]"#,
                    open + step - 1
                )
            })
            .collect();
        Some(Ok(format!("[{}]", rows.join(","))))
    })
}

/// Answers from the trades of the log. The history at the start is answered with nothing: only losses are of
/// interest.
pub(crate) fn rest_of(log: &Log) -> Rest {
    let spec = recorded::Spec { history_hours: 0, live_hours: 0 };
    let tape = recorded::tape(&log.path, &spec).unwrap();
    let newest = tape.markets.iter().filter_map(|market| market.trades.last()).map(|trade| trade.event_ms);
    let now = newest.max().unwrap();
    Box::new(move |url: &str| {
        let start = url.contains("klines") && !url.contains("startTime");
        let answer = if start { Ok("[]".to_owned()) } else { tape.respond(url, now) };
        Some(answer.map_err(|(code, body)| FetchError::Status { code, body }))
    })
}

/// Returns the numbers of rows, without the origins of their bars.
pub(crate) fn numbers(rows: &BTreeMap<UnixMillis, Row>) -> BTreeMap<UnixMillis, Row> {
    let mut rows = rows.clone();
    for row in rows.values_mut() {
        row.y.origin = Origin::Live;
        row.x.origin = Origin::Live;
    }
    rows
}

#[test]
fn the_last_hour_is_on_the_desk_before_a_single_trade() {
    let mut run = Run::start_with(&Settings::default(), T0, made_up_klines(T0));
    assert_eq!(run.rows.len(), 3_598);
    let newest = run.rows.values().next_back().unwrap();
    assert!(newest.z.ready().is_some() && newest.correlation.ready().is_some(), "{newest:?}");
    // the feed has not started by then
    run.until(UnixMillis(T0 + 11_000));
    assert!(!run.tests.is_empty() && run.alerts.is_empty());
    let pages = run.urls.iter().filter(|url| url.contains("klines")).count();
    assert_eq!(pages, 8);
}

#[test]
fn the_tests_of_the_past_are_those_that_were_run_at_their_bars() {
    let mut run = Run::start_with(&quick(), T0, made_up_klines(T0));
    run.until(UnixMillis(T0 + 11_000));
    let past = &run.past_tests;
    assert!((200..300).contains(&past.len()), "{}", past.len());
    assert!(past.is_sorted_by_key(|test| test.open_time));
    // the sample of the first one is full: 120 bars from the first row on
    let first = run.rows.keys().next().unwrap().0 + 119_000;
    assert!((first..first + 15_000).contains(&past[0].open_time.0), "{past:?}");
    assert!(past.iter().all(|test| test.p_value.is_some_and(|p| (0.0..=1.0).contains(&p))));
    let tested = run.tests.last().unwrap();
    if let Some(same) = past.iter().find(|test| test.open_time == tested.open_time) {
        let Outcome::Done(report) = &tested.outcome else { panic!("{tested:?}") };
        assert_eq!(same.p_value, Some(report.engle_granger_p_value));
    }
    // other windows: all points are recomputed
    run.configure(&Settings { test_lookback_bars: 600, ..quick() });
    assert!(run.past_tests[0].open_time.0 >= first + 480_000, "{:?}", run.past_tests[0]);
}

fn what_the_engine_holds_is_reported_on_request(log: &Log) {
    let mut run = Run::start(&quick(), log.start());
    for frame in log.part(0..6) {
        run.frame(frame);
    }
    let few = run.inspect(5);
    assert_eq!(few.ticks.each_ref().map(|leg| leg.trades.len()), [5, 5]);
    let all = run.inspect(usize::MAX);
    for (leg, symbol) in all.ticks.iter().zip(LEGS) {
        assert_eq!((leg.symbol.as_str(), leg.trades.len()), (symbol, leg.kept));
    }
    assert!(all.ticks[0].trades.ends_with(&few.ticks[0].trades));
}

#[test]
fn a_venue_lists_its_markets_or_says_why_not() {
    let answer = |url: &str| match url {
        _ if url.contains("binance.us") => Some(Err(FetchError::Status { code: 451, body: String::new() })),
        _ if url.contains("exchangeInfo") => Some(Ok(
            r#"{"symbols":[{"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT"}]}"#
                .into(),
        )),
        _ => None,
    };
    let mut run = Run::start_with(&quick(), T0, Box::new(answer));
    let told = run.list_markets(Source::Binance).unwrap();
    assert_eq!((told.source, told.markets.unwrap().len()), (Source::Binance, 1));
    let told = run.list_markets(Source::BinanceUs).unwrap();
    assert_eq!(told.markets.unwrap_err(), "the venue's list: refused (HTTP 451)");
}

#[test]
fn minutes_are_full_at_once_too() {
    let settings = Settings { interval: Interval::OneMinute, ..Settings::default() };
    let run = Run::start_with(&settings, T0, made_up_klines(T0));
    assert!(run.rows.len() >= 998, "{}", run.rows.len());
    assert!(run.rows.values().all(|row| row.open_time.0 % 60_000 == 0));
}

fn trades_lost_with_the_connection_come_back_over_rest(log: &Log) {
    let frames = &log.frames;
    let (lost, resumed) = (log.at(26), log.at(35));
    let whole = play(&quick(), frames);
    let mut run = Run::start_with(&quick(), log.start(), rest_of(log));
    for frame in &frames[..lost] {
        run.frame(frame);
    }
    // the frames in between are lost for good
    run.cut(frames[resumed].local_millis);
    for frame in &frames[resumed..] {
        run.frame(frame);
    }
    run.until(UnixMillis(log.end()));
    let counts = run.driver.engine.markets().unwrap().counts;
    assert!(counts.missing as f64 > 0.96 * (resumed - lost) as f64, "{counts:?}");
    let (repaired, expected) = (numbers(&run.rows), numbers(&whole.rows));
    assert_eq!(repaired.len(), expected.len());
    for (row, expected) in repaired.values().zip(expected.values()) {
        assert_eq!(row, expected);
    }
    let repaired = run.rows.values().filter(|row| row.y.origin == Origin::Repaired).count();
    assert!(repaired > 10, "{repaired}");
    assert_eq!(counts.repaired, counts.missing);
    let kinds: Vec<NoteKind> = run.notes.iter().map(|note| note.kind).collect();
    assert!(kinds.contains(&NoteKind::Gap) && kinds.contains(&NoteKind::Repaired), "{:?}", run.notes);
}

fn without_rest_a_gap_stays_a_gap(log: &Log) {
    let whole = play(&quick(), &log.frames);
    let mut run = Run::start(&quick(), log.start());
    for frame in log.part(0..26).iter().chain(log.part(35..100)) {
        run.frame(frame);
    }
    let missing: Vec<&Row> = run.rows.values().filter(|row| row.y.origin == Origin::Missing).collect();
    assert!(missing.len() > 10);
    for row in missing {
        assert_eq!((row.y.close, row.spread, row.z.value()), (None, None, None));
    }
    let told = |run: &Run| run.rows.keys().copied().collect::<Vec<_>>();
    let last = told(&run).last().copied().unwrap();
    assert_eq!(told(&run), told(&whole).into_iter().filter(|&time| time <= last).collect::<Vec<_>>());
}

#[test]
fn a_region_that_is_not_served_is_called_by_its_name() {
    let refuse: Rest = Box::new(|_| Some(Err(FetchError::Status { code: 451, body: String::new() })));
    let mut run = Run::start_with(&Settings::default(), T0, refuse);
    run.cut(T0 + 500);
    run.until(UnixMillis(T0 + 1_000));
    let feed = &run.live.as_ref().unwrap().feed;
    assert!(matches!(&feed.phase, Phase::Blocked { reason, .. } if reason.contains("region")), "{feed:?}");
    assert!(matches!(&feed.backfill, Backfill::Failed { .. }));
}

fn other_windows_give_what_a_fresh_start_with_them_would(log: &Log) {
    let other = Settings { hedge_window_bars: 90, z_window_bars: 45, z_threshold: 1.5, ..quick() };
    let mut run = play(&quick(), &log.frames);
    run.configure(&other);
    assert_eq!(run.rows, play(&other, &log.frames).rows);
}

#[test]
fn settings_out_of_range_are_refused_by_name_and_the_old_ones_stay() {
    let mut run = Run::start_with(&quick(), T0, made_up_klines(T0));
    let rows = run.rows.len();
    run.configure(&Settings { z_window_bars: 1, ..quick() });
    assert_eq!(run.refused[0].field, "z_window_bars");
    assert_eq!(run.rows.len(), rows);
}

fn an_alert_is_told_once_whatever_is_computed_again(log: &Log) {
    let settings = Settings { z_threshold: 1.5, alert_cooldown_secs: 0, ..quick() };
    let whole = play(&settings, &log.frames);
    assert!(whole.alerts.len() >= 3, "{}", whole.alerts.len());
    let crossed = |row: &Row| matches!(row.z, Metric::Ready(z) if z.abs() >= 1.5);
    for alert in &whole.alerts {
        assert!(crossed(&whole.rows[&alert.open_time]));
    }
    let mut run = Run::start(&settings, log.start());
    let every = log.at(15);
    for (count, frame) in log.frames.iter().enumerate() {
        run.frame(frame);
        if count % every == 0 {
            run.configure(&Settings { test_lookback_bars: 100 + count / every, ..settings.clone() });
        }
    }
    // the tests behind an alert may differ: their lookback was changed
    let told = |run: &Run| -> Vec<_> {
        let alerts = run.alerts.iter();
        alerts.map(|alert| (alert.open_time, alert.direction, alert.value, alert.snapshot.spread)).collect()
    };
    assert_eq!(told(&run), told(&whole));
}

fn frames_that_cannot_be_read_cost_themselves_alone(log: &Log) {
    let frames = log.part(0..26);
    let whole = play(&quick(), frames);
    let mut run = Run::start(&quick(), log.start());
    for (count, frame) in frames.iter().enumerate() {
        if count % 100 == 50 {
            let text = frame.text[..frame.text.len() / 2].to_owned();
            run.frame(&Received { text, ..frame.clone() });
            let text = frame.text.replace("\"p\":\"", "\"p\":\"x");
            run.frame(&Received { text, ..frame.clone() });
        }
        run.frame(frame);
    }
    run.until(UnixMillis(frames[frames.len() - 1].local_millis));
    assert_eq!(run.rows, whole.rows);
    let feed = &run.live.as_ref().unwrap().feed;
    assert!(feed.rejected >= 2 * (frames.len() as u64 / 100) - 2, "{feed:?}");
    assert!(feed.last_rejection.as_ref().unwrap().contains("field p must be a positive decimal"));
}
