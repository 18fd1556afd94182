//! Pairs beside the desk's: within the budget, once a minute, by the same mathematics.

use crate::life::{made_up_klines, query};
use crate::virtual_time::{Run, clock_frame};
use spreadscope_engine::analytics::Metric;
use spreadscope_engine::analytics::cointegration::Outcome;
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::{Command, Interval, Pair, Settings, Symbol, UnixMillis};

const T0: i64 = 1_700_000_040_000;

fn pair(y: &str, x: &str) -> Pair {
    Pair { y: Symbol::new(y).unwrap(), x: Symbol::new(x).unwrap() }
}

/// Returns a desk with made-up history of every market but one, on a running clock.
fn desk() -> Run {
    let known = made_up_klines(T0);
    let rest = move |url: &str| {
        if url.contains("symbol=XRPUSDT") {
            let body = r#"{"code":-1121,"msg":"Invalid symbol."}"#.to_owned();
            return Some(Err(FetchError::Status { code: 400, body }));
        }
        if url.contains("/ticker/price") {
            return None;
        }
        known(url)
    };
    let mut run = Run::start_with(&Settings::default(), T0, Box::new(rest));
    run.until(UnixMillis(T0 + 2_000));
    run
}

fn minutes(run: &Run) -> Vec<&String> {
    run.urls.iter().filter(|url| url.contains("interval=1m")).collect()
}

#[test]
fn a_watched_pair_has_the_numbers_that_the_desk_has_of_it_at_one_minute() {
    let mut run = desk();
    let watched = [pair("BTCUSDT", "ETHUSDT"), pair("SOLUSDT", "ETHUSDT"), pair("XRPUSDT", "BTCUSDT")];
    run.command(Command::Watch(watched.to_vec()));
    run.until(UnixMillis(T0 + 4_000));
    assert_eq!(minutes(&run).len(), 4, "a request for each symbol: {:?}", minutes(&run));
    assert_eq!(run.watchlist.pairs.iter().map(|line| line.pair.clone()).collect::<Vec<_>>(), watched);
    let line = run.watchlist.pairs[0].clone();
    assert!(matches!(line.tests, Some(Outcome::Done(_))), "{:?}", line.tests);
    let unknown = &run.watchlist.pairs[2];
    assert!(unknown.z.is_none());
    assert_eq!(unknown.trouble.as_deref(), Some("not traded at this source (HTTP 400)"));

    // a desk on that pair treats the bar as final a minute later
    let later = T0 + 60_000;
    let settings = Settings { interval: Interval::OneMinute, ..Settings::default() };
    let known = made_up_klines(later);
    // made-up seconds do not add up to the made-up minutes
    let minutes = move |url: &str| if url.contains("=1s") { Some(Ok("[]".to_owned())) } else { known(url) };
    let desk = Run::start_with(&settings, later, Box::new(minutes));
    let z = desk.rows[&line.open_time.unwrap()].z.ready().unwrap();
    let watched = line.z.as_ref().and_then(Metric::ready).unwrap();
    assert!((watched - z).abs() < 1e-9, "{watched} {z}");
}

/// Returns the tests of a watched pair that are to be over `lookback` bars, of markets listed `listed_bars` ago, and the
/// number of requests for bars.
fn tested(lookback: usize, listed_bars: i64) -> (Option<Outcome>, usize) {
    let settings = Settings { test_lookback_bars: lookback, ..Settings::default() };
    let known = made_up_klines(T0);
    let listed = T0 - listed_bars * 60_000;
    let rest = move |url: &str| {
        if url.contains("/ticker/price") {
            return None;
        }
        let mut klines: Vec<serde_json::Value> = serde_json::from_str(&known(url)?.unwrap()).unwrap();
        klines.retain(|kline| kline[0].as_i64() >= Some(listed));
        Some(Ok(serde_json::to_string(&klines).unwrap()))
    };
    let mut run = Run::start_with(&settings, T0, Box::new(rest));
    run.until(UnixMillis(T0 + 2_000));
    run.command(Command::Watch(vec![pair("BTCUSDT", "ETHUSDT")]));
    run.until(UnixMillis(T0 + 4_000));
    (run.watchlist.pairs[0].tests.clone(), minutes(&run).len())
}

/// One response has 1,000 bars, and one of them is in progress.
#[test]
fn a_watched_pair_is_judged_by_a_whole_sample_however_many_requests_it_takes() {
    for (lookback, requests) in [(900, 2), (999, 2), (1_000, 4), (3_600, 8)] {
        let (tests, sent) = tested(lookback, 100_000);
        assert!(matches!(tests, Some(Outcome::Done(_))), "{lookback}: {tests:?}");
        assert_eq!(sent, requests, "{lookback}");
    }
}

#[test]
fn a_watched_pair_is_not_judged_by_part_of_a_sample() {
    for (listed_bars, seen, requests) in [(500, 500, 2), (2_500, 2_500, 6)] {
        let reason = format!("the tests need 3600 bars of both, and there are {seen}");
        assert_eq!(tested(3_600, listed_bars), (Some(Outcome::Undefined(reason)), requests));
    }
}

#[test]
fn a_later_minute_asks_for_the_minutes_since_alone() {
    let mut run = desk();
    run.command(Command::Watch(vec![pair("SOLUSDT", "ETHUSDT")]));
    run.until(UnixMillis(T0 + 4_000));
    let first: Vec<_> = minutes(&run).iter().map(|url| query(url, "limit")).collect();
    assert_eq!(first, [Some(1_000), Some(1_000)]);
    for second in 4..130 {
        run.text(T0 + second * 1_000, clock_frame(T0 + second * 1_000));
    }
    let later: Vec<i64> = minutes(&run)[2..].iter().filter_map(|url| query(url, "limit")).collect();
    assert!(later.len() == 4 && later.iter().all(|bars| *bars <= 4), "{later:?}");
    // nothing is requested for pairs that are no longer watched
    run.command(Command::Watch(Vec::new()));
    let sent = minutes(&run).len();
    for second in 130..200 {
        run.text(T0 + second * 1_000, clock_frame(T0 + second * 1_000));
    }
    assert_eq!(minutes(&run).len(), sent);
    assert!(run.watchlist.pairs.is_empty());
}

#[test]
fn between_two_minutes_z_follows_the_last_prices_and_never_outlives_them() {
    let known = made_up_klines(T0);
    let answers = std::cell::RefCell::new(vec![
        Err(FetchError::Status { code: 500, body: String::new() }),
        Ok(r#"[{"symbol":"ETHUSDT","price":"2700.00"},{"symbol":"BTCUSDT","price":"99999.00"}]"#),
        Ok(r#"[{"symbol":"ETHUSDT","price":"2700.00"},{"symbol":"BTCUSDT","price":"60000.00"}]"#),
    ]);
    let rest = move |url: &str| {
        if url.contains("/ticker/price") {
            return answers.borrow_mut().pop().map(|answer| answer.map(str::to_owned));
        }
        known(url)
    };
    let mut run = Run::start_with(&Settings::default(), T0, Box::new(rest));
    run.until(UnixMillis(T0 + 2_000));
    run.command(Command::Watch(vec![pair("BTCUSDT", "ETHUSDT")]));
    let mut told = Vec::new();
    for second in 2..17 {
        run.text(T0 + second * 1_000, clock_frame(T0 + second * 1_000));
        let line = &run.watchlist.pairs[0];
        if told.last() != Some(&line.z_now) {
            told.push(line.z_now);
        }
    }
    let requests: Vec<&String> = run.urls.iter().filter(|url| url.contains("/ticker/price")).collect();
    assert_eq!(requests.len(), 3, "{requests:?}");
    assert!(requests[0].ends_with("symbols=%5B%22BTCUSDT%22,%22ETHUSDT%22%5D"), "{}", requests[0]);
    let z: Vec<f64> = told.iter().flatten().copied().collect();
    assert!(z.len() == 2 && z[1] > z[0] + 10.0, "a dearer y stretches the spread: {told:?}");
    assert_eq!(told.last(), Some(&None), "without prices there is no z of now");
    assert_eq!(run.watchlist.no_prices.as_deref(), Some("refused (HTTP 500)"));
}

// GLEECBTC/coins PR #895, uneasyguy/binance_data #5
#[test]
fn a_market_that_has_ended_gives_its_pair_no_numbers_and_is_not_asked_for_a_price() {
    let known = made_up_klines(T0);
    let ended = 1_542_254_400_000;
    let of_then = made_up_klines(ended);
    let rest = move |url: &str| {
        if url.contains("/ticker/price") {
            return None;
        }
        if ["BCCUSDT", "VENUSDT"].iter().any(|symbol| url.contains(symbol)) {
            of_then(url)
        } else {
            known(url)
        }
    };
    let mut run = Run::start_with(&Settings::default(), T0, Box::new(rest));
    run.until(UnixMillis(T0 + 2_000));
    let pairs = [pair("BCCUSDT", "VENUSDT"), pair("BCCUSDT", "ETHUSDT"), pair("BTCUSDT", "ETHUSDT")];
    run.command(Command::Watch(pairs.to_vec()));
    run.until(UnixMillis(T0 + 10_000));
    let legs: Vec<Vec<&str>> = run
        .watchlist
        .pairs
        .iter()
        .map(|watched| watched.ended.iter().map(|leg| leg.symbol.as_str()).collect())
        .collect();
    assert_eq!(legs, [vec!["BCCUSDT", "VENUSDT"], vec!["BCCUSDT"], vec![]]);
    for watched in &run.watchlist.pairs[..2] {
        assert_eq!((&watched.z, &watched.tests, watched.open_time), (&None, &None, None), "{watched:?}");
        assert_eq!(watched.ended[0].last_close_time, UnixMillis(ended));
    }
    assert!(run.watchlist.pairs[2].z.is_some());
    let sent: Vec<&String> = run.urls.iter().filter(|url| url.contains("/ticker/price")).collect();
    assert!(sent.iter().all(|url| !url.contains("BCC") && !url.contains("VEN")), "{sent:?}");
}

/// Returns a run with 1 m bars on a clock that responses follow; the price of SOLUSDT jumps in the minute that
/// opens at [`T0`].
fn jumping() -> Run {
    let clock = std::rc::Rc::new(std::cell::Cell::new(T0));
    let answered = clock.clone();
    let rest = move |url: &str| {
        if url.contains("/ticker/price") {
            return None;
        }
        let answer = made_up_klines(answered.get())(url)?;
        if !url.contains("SOLUSDT") || !url.contains("interval=1m") {
            return Some(answer);
        }
        let mut klines: Vec<Vec<serde_json::Value>> = serde_json::from_str(&answer.unwrap()).unwrap();
        for kline in klines.iter_mut().filter(|kline| kline[0].as_i64() == Some(T0)) {
            for price in &mut kline[1..5] {
                *price = "2500.00".into();
            }
        }
        Some(Ok(serde_json::to_string(&klines).unwrap()))
    };
    let mut run = Run::start_with(&Settings::default(), T0, Box::new(rest));
    run.until(UnixMillis(T0 + 2_000));
    run.command(Command::Watch(vec![pair("BTCUSDT", "SOLUSDT"), pair("BTCUSDT", "ETHUSDT")]));
    for second in 3..200 {
        clock.set(T0 + second * 1_000);
        run.text(clock.get(), clock_frame(clock.get()));
    }
    run
}

#[test]
fn a_rule_on_z_speaks_of_a_watched_pair_once_and_with_its_numbers() {
    let run = jumping();
    let alerts: Vec<_> = run.alerts.iter().filter(|alert| alert.interval == Interval::OneMinute).collect();
    let [alert] = alerts[..] else { panic!("{alerts:?}") };
    assert_eq!(alert.pair, pair("BTCUSDT", "SOLUSDT"));
    assert_eq!((alert.open_time, alert.time), (UnixMillis(T0), UnixMillis(T0 + 60_000)));
    assert!(alert.value.is_some_and(|z| z > 2.0), "{alert:?}");
    assert_eq!(alert.snapshot.price_x, Some(2_500.0));
    assert!(alert.snapshot.engle_granger_p.is_some());
}
