//! Wrong clocks, silent streams, limits, and what piles up or disappears.

use super::{at, driver, frame, noted, played, rows_until, second_bar};
use crate::files::Files;
use crate::imports;
use crate::life::quick;
use crate::virtual_time::{Run, clock_frame};
use spreadscope_engine::bars::ticks::TICKS_KEPT;
use spreadscope_engine::base::note::NoteKind;
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::connection::{Phase, Refusal, Refused, Spent};
use spreadscope_engine::settings::Source;
use spreadscope_engine::transfer::Imports;
use spreadscope_engine::{Command, Engine, Input, Interval, Settings, UnixMillis};
use spreadscope_exchange::{TapeTrade, trade_frame};
use spreadscope_simulation::{Driver, Fault, Fetch, Plan, START_MS};

#[test]
fn c13_a_local_clock_that_is_wrong_or_steps_changes_no_row_and_is_shown() {
    let right = played(Plan::quiet(13, 400));
    for offset in [-1_270, 3_600_000, -3_600_000] {
        let run = played(Plan { clock_offset_millis: offset, ..Plan::quiet(13, 400) });
        assert!(rows_until(&run, 390) == rows_until(&right, 390), "{offset} ms off");
        let skew = run.page.live.unwrap().feed.clock_skew_millis.unwrap();
        assert!((skew + offset).abs() < 100, "{skew} ms of {offset}");
    }
    for step in [4_000_000, -4_000_000] {
        let run = played(Plan::quiet(13, 400).with(Fault::ClockStep(step), 60, 61));
        assert!(rows_until(&run, 390) == rows_until(&right, 390), "a step of {step} ms");
        let skew = run.page.live.unwrap().feed.clock_skew_millis.unwrap();
        assert!((skew + step).abs() < 100, "{skew} ms of {step}");
    }
}

#[test]
fn c14_a_stream_that_is_acknowledged_and_never_delivers_is_fallen_back_from() {
    // single trades of a market do not arrive, but its aggregate trades do
    let run = played(Plan::quiet(14, 700).with(Fault::TradesStall(1), 30, 360));
    assert!(noted(&run.page, NoteKind::Lost, "trying its aggregate trades"), "{:?}", run.page.notes);
    let [deaf, second] = &run.diary.sockets[..] else { panic!("{:?}", run.diary.sockets) };
    assert!(second.url.ends_with("/ethusdt@aggTrade") && !deaf.url.contains("aggTrade"), "{second:?}");
    assert!((at(45)..at(60)).contains(&second.from), "{second:?}");
    assert!(run.counts.repaired == run.counts.missing, "{:?}", run.counts);
    // until then, and if nothing at all of a market arrives, REST is asked for its seconds
    let run = played(Plan::quiet(14, 400).with(Fault::MarketStall(1), 1, 120));
    assert!(noted(&run.page, NoteKind::Lost, "nothing from ETHUSDT for 15 s"), "{:?}", run.page.notes);
    let sent =
        run.diary.requests.iter().filter(|request| request.url.contains("ETHUSDT") && request.at < at(120));
    assert!(sent.count() > 20);
    // an unknown market is acknowledged too: REST reports the error
    let unknown: FetchError =
        FetchError::Status { code: 400, body: r#"{"code":-1121,"msg":"Invalid symbol."}"#.to_owned() };
    let mut run = Run::start_with(&quick(), START_MS, Box::new(move |_| Some(Err(unknown.clone()))));
    run.until(UnixMillis(START_MS + 1_000));
    assert!(noted(&run, NoteKind::Refused, "Invalid symbol"), "{:?}", run.notes);
}

#[test]
fn c15_a_refusal_pauses_every_request_and_they_go_on_where_they_stopped() {
    for (fault, words, pause) in [
        (Fault::RestStatus(429), "HTTP 429", 60_000),
        (Fault::RestStatus(418), "HTTP 418", 69_000),
        (Fault::RestHidden, "refuses for a reason that the browser hides", 60_000),
    ] {
        // a gap is to be repaired while REST refuses
        let run = played(Plan::quiet(15, 400).with(fault, 25, 40).with(Fault::Cut, 30, 31));
        assert!(noted(&run.page, NoteKind::Refused, words), "{:?}", run.page.notes);
        let sent: Vec<i64> =
            run.diary.requests.iter().map(|request| request.at).filter(|&time| time > at(25)).collect();
        let refused: Vec<i64> = sent.iter().copied().take_while(|&time| time < at(40)).collect();
        assert!((1..=4).contains(&refused.len()), "{refused:?}");
        let resumed = sent[refused.len()];
        assert!(resumed - refused[refused.len() - 1] >= pause, "{fault:?}: {sent:?}");
        assert!(run.counts.missing > 0 && run.counts.repaired == run.counts.missing, "{:?}", run.counts);
    }
    // the history at the start is paged backwards: a refused page is requested again, and earlier ones are not
    let run = played(Plan::quiet(15, 400).with(Fault::RestSlow, 0, 30).with(Fault::RestStatus(429), 3, 20));
    let sent = run.diary.requests.iter().filter(|request| request.url.contains("symbol=BTCUSDT&interval=1s"));
    let mut pages: Vec<&str> = sent.map(|request| request.url.split_once("/api/v3").unwrap().1).collect();
    let requests = pages.len();
    pages.dedup();
    let in_a_row = pages.len();
    assert!(in_a_row < requests, "one was refused: {pages:?}");
    pages.sort_unstable();
    pages.dedup();
    assert_eq!(pages.len(), in_a_row, "{pages:?}");
    // weight that other tabs have spent in this minute counts, unless they spent it at another venue
    let mut tab = driver(&quick());
    let time = tab.now;
    tab.input(time, elsewhere("https://api.binance.us/api/v3/klines", 600, time));
    tab.input(time, elsewhere("https://api.binance.com/api/v3/klines", 600, time));
    tab.input(time + 300, Input::Wakeup);
    assert_eq!(weight_spent(&tab), 600 + tab.fetches.iter().map(|request| request.weight).sum::<u32>());
    let time = time + 300;
    tab.input(time, elsewhere("https://api.binance.com/api/v3/klines", 600, time));
    for Fetch { id, .. } in core::mem::take(&mut tab.fetches) {
        tab.input(time, Input::Fetched { id, response: Err(FetchError::TimedOut) });
    }
    tab.input(time + 59_000, Input::Wakeup);
    assert_eq!(tab.fetches, []);
    tab.input(time + 60_000, Input::Wakeup);
    assert_eq!(tab.fetches.len(), 2);
}

#[test]
fn a_clock_set_hours_ahead_or_back_ends_no_ban_early_and_makes_no_storm() {
    for hours in [3, -3] {
        let step = Fault::ClockStep(hours * 3_600_000);
        let plan = Plan::quiet(15, 400).with(Fault::RestStatus(418), 25, 40).with(Fault::Cut, 30, 31);
        let run = played(plan.with(step, 45, 46));
        let sent: Vec<i64> =
            run.diary.requests.iter().map(|request| request.at).filter(|&time| time > at(25)).collect();
        let refused = sent.iter().filter(|&&time| time < at(40)).count();
        assert!((1..=4).contains(&refused), "{hours} h: {sent:?}");
        let resumed = sent[refused];
        assert!(resumed - sent[refused - 1] >= 69_000, "{hours} h: {sent:?}");
        assert!(sent.iter().filter(|&&time| time < resumed + 10_000).count() < refused + 10, "{sent:?}");
        assert!(run.counts.missing > 0 && run.counts.repaired == run.counts.missing, "{:?}", run.counts);
    }
}

#[test]
fn a_ban_outlasts_every_click_on_reconnect_and_the_list_of_markets_is_not_asked_for_meanwhile() {
    let ban = Err(FetchError::Status { code: 418, body: String::new() });
    let mut run = Run::start_with(&quick(), START_MS, Box::new(move |_| Some(ban.clone())));
    let rest = |run: &Run| run.urls.iter().filter(|url| url.starts_with("https")).count();
    let sent = rest(&run);
    assert!((1..=2).contains(&sent), "{:?}", run.urls);
    for second in [1, 5, 60] {
        run.until(UnixMillis(START_MS + second * 1_000));
        run.command(Command::Reconnect);
    }
    let listing = run.list_markets(Source::Binance).unwrap();
    let reason = listing.markets.unwrap_err();
    assert!(reason.contains("in 60 s") && reason.contains("banned"), "{reason}");
    assert_eq!(rest(&run), sent, "{:?}", run.urls);
    // the other venue has not banned this address
    assert!(run.list_markets(Source::BinanceUs).is_some());
    assert_eq!(rest(&run), sent + 1);
    run.until(UnixMillis(START_MS + 121_000));
    assert!(rest(&run) > sent + 1);
}

#[test]
fn a_ban_and_the_weight_spent_outlast_a_detour_through_a_recording_the_demo_or_another_venue() {
    let recording = Settings { hedge_window_bars: 60, ..imports::settings("KO", "PEP", Interval::OneMinute) };
    let of = |source: Source| Settings { source, ..quick() };
    let detours = [recording, of(Source::Demo), of(Source::BinanceUs)];
    for (detour, moved) in detours.iter().flat_map(|detour| [(detour, false), (detour, true)]) {
        let banned = |url: &str| url.contains("binance.vision") || url.contains("binance.com");
        let refuse =
            move |url: &str| banned(url).then(|| Err(FetchError::Status { code: 418, body: String::new() }));
        let mut run = Run::start_with(&quick(), START_MS, Box::new(refuse));
        run.driver.engine.put_imports(recordings());
        let sent = |run: &Run| run.urls.iter().filter(|url| url.starts_with("https") && banned(url)).count();
        let before = sent(&run);
        assert!((1..=2).contains(&before), "{:?}", run.urls);
        run.until(UnixMillis(START_MS + 1_000));
        let spent = weight_spent(&run.driver);
        assert!(spent > 0);
        run.configure(detour);
        assert!(run.refused.is_empty(), "{:?}", run.refused);
        run.until(UnixMillis(START_MS + 20_000));
        let reason = run.list_markets(Source::Binance).unwrap().markets.unwrap_err();
        assert!(reason.contains("in 100 s") && reason.contains("banned"), "{detour:?}: {reason}");
        let now = run.now();
        run.driver.input(now, elsewhere("https://api.binance.com/api/v3/klines", 600, now));
        if moved {
            // in the browser each desk has its own engine
            let venues = run.driver.engine.take_venues();
            run.driver = Driver::new(Engine::new(2), now);
            run.driver.engine.put_venues(venues);
        }
        run.configure(&quick());
        run.until(UnixMillis(START_MS + 30_000));
        assert_eq!(weight_spent(&run.driver), spent + 600, "{detour:?}");
        let feed = &run.live.as_ref().unwrap().feed;
        assert!(matches!(feed.phase, Phase::Blocked { refusal: Refusal::Banned, .. }), "{feed:?}");
        run.until(UnixMillis(START_MS + 119_000));
        assert_eq!(sent(&run), before, "{detour:?}");
        run.until(UnixMillis(START_MS + 121_000));
        assert!(sent(&run) > before);
    }
}

/// Returns two markets from files.
fn recordings() -> Imports {
    let mut files = Files::new();
    for name in ["KO", "PEP"] {
        let row = |minute: i64| format!("{},{}\n", 1_700_006_400 + minute * 60, 60 + minute % 9);
        let csv = format!("time,close\n{}", (0..400).map(row).collect::<String>());
        files.import(&format!("{name}.csv"), csv.into_bytes()).unwrap();
    }
    files.driver.engine.take_imports()
}

fn weight_spent(tab: &Driver) -> u32 {
    tab.page.live.as_ref().unwrap().feed.weight_spent
}

/// Returns another tab's request.
fn elsewhere(url: &str, weight: u32, time: UnixMillis) -> Input {
    Input::WeightSpent(Spent { url: url.to_owned(), weight, time })
}

#[test]
fn a_ban_that_another_tab_has_met_holds_here_as_well_from_when_it_was_met() {
    let mut run = Run::start_with(&quick(), START_MS, Box::new(|_| None));
    run.until(UnixMillis(START_MS + 60_000));
    let refused = |code, age_millis| {
        let url = "https://data-api.binance.vision/api/v3/klines".to_owned();
        let error = FetchError::Status { code, body: String::new() };
        Input::Refused(Refused { url, error, time: UnixMillis(START_MS + 60_000 - age_millis) })
    };
    // a limit of a minute ago is over
    run.driver.input(run.now(), refused(429, 61_000));
    assert!(run.list_markets(Source::Binance).is_none_or(|listing| listing.markets.is_ok()));
    run.driver.input(run.now(), refused(418, 20_000));
    let reason = run.list_markets(Source::Binance).unwrap().markets.unwrap_err();
    assert!(reason.contains("in 100 s") && reason.contains("banned"), "{reason}");
}

#[test]
fn what_another_tab_spent_counts_in_the_exchanges_minute_whatever_the_local_clock_says() {
    const BEHIND_MILLIS: i64 = 1_000_000;
    let mut tab = driver(&quick());
    let spent_at = |exchange: i64| {
        let time = UnixMillis(exchange - BEHIND_MILLIS);
        elsewhere("https://data-api.binance.vision/api/v3/klines", 100, time)
    };
    // a thawed tab receives both at once, 20 s into a minute of the exchange
    let now = START_MS + 20_000;
    frame(&mut tab, now - BEHIND_MILLIS, clock_frame(now));
    tab.input(UnixMillis(now - BEHIND_MILLIS) + 300, Input::Wakeup);
    let before = weight_spent(&tab);
    for exchange in [START_MS - 1_000, START_MS + 1_000] {
        tab.input(UnixMillis(now - BEHIND_MILLIS) + 400, spent_at(exchange));
    }
    tab.input(UnixMillis(now - BEHIND_MILLIS) + 800, Input::Wakeup);
    assert_eq!(weight_spent(&tab), before + 100);
}

#[test]
fn while_the_feed_is_live_reconnect_tries_rest_again_and_leaves_the_socket_alone() {
    for (code, retries) in [(451, true), (503, true), (418, false), (429, false)] {
        let refused = Err(FetchError::Status { code, body: String::new() });
        let mut run = Run::start_with(&quick(), START_MS, Box::new(move |_| Some(refused.clone())));
        for second in 1..=4 {
            let now = START_MS + second * 500;
            run.text(now, clock_frame(now));
        }
        let rest = |run: &Run| run.urls.iter().filter(|url| url.starts_with("https")).count();
        let sockets = |run: &Run| run.urls.iter().filter(|url| url.starts_with("wss")).count();
        let (before, opened) = (rest(&run), sockets(&run));
        run.command(Command::Reconnect);
        assert_eq!(rest(&run) > before, retries, "{code}: {:?}", run.urls);
        assert_eq!(sockets(&run), opened, "{code}");
        assert!(matches!(run.live.as_ref().unwrap().feed.phase, Phase::Live), "{code}");
    }
}

#[test]
fn c19_a_thousand_reconnects_and_hours_of_trades_leave_no_more_behind_than_one() {
    let mut driver = driver(&Settings { interval: Interval::OneMinute, ..Settings::default() });
    let (mut opened, mut closed) = (0, Vec::new());
    for round in 0..1_000 {
        let now = START_MS + round * 5_020;
        frame(&mut driver, now, second_bar("BTCUSDT", now, None));
        // a feed that delivers is not replaced, and one in doubt is
        driver.input(UnixMillis(now + 5_000), Input::Command(Command::Reconnect));
        assert_eq!(driver.sockets.len(), 1);
        opened += core::mem::take(&mut driver.opened).len();
        closed.append(&mut driver.closed);
    }
    assert_eq!((opened, closed), (1_001, (1..=1_000).collect::<Vec<u64>>()));
    // five hours with two trades per second
    for second in 5_025_i64..23_025 {
        let (id, time) = (2 * second.unsigned_abs(), at(second));
        let trade = TapeTrade {
            id,
            time_ms: time,
            event_ms: time,
            price_e8: 100_000_000,
            size_e8: 1,
            buyer_is_maker: true,
        };
        frame(&mut driver, time, trade_frame("BTCUSDT", &trade));
        frame(&mut driver, time, trade_frame("BTCUSDT", &TapeTrade { id: id + 1, ..trade }));
    }
    let market = driver.engine.markets().unwrap();
    assert!(market.legs[Leg::Y as usize].ticks.len() == TICKS_KEPT);
    driver.page.notes.clear();
    driver.input(UnixMillis(at(23_025)), Input::Command(Command::Resync));
    assert_eq!(driver.page.notes.len(), 500);
}

#[test]
fn c20_a_store_that_is_emptied_or_full_costs_no_row_of_the_desk() {
    let plan = Plan::quiet(20, 600)
        .with(Fault::StoreFails, 30, 90)
        .with(Fault::StoreLost, 120, 121)
        .with(Fault::Crash, 125, 126)
        .with(Fault::StoreLost, 200, 201)
        .with(Fault::Crash, 300, 301);
    let run = played(plan);
    // the last life began with what the previous one had stored since, and with REST for the rest
    assert!(run.page.rows.len() > 3_500, "{}", run.page.rows.len());
    let storage = run.page.storage.unwrap();
    assert_eq!((storage.problem, storage.unreadable), (None, None));
}
