//! Differences between a real exchange and a stand-in: streams out of step, quiet coins, other venues, odd
//! names.

use crate::binance_cases::{at, driver, frame, played, rows_until, second_bar};
use crate::life::quick;
use crate::virtual_time::{Run, clock_frame, trade_frame};
use spreadscope_engine::bars::Origin;
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::connection::Phase;
use spreadscope_engine::market::gaps::Gap;
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Input, Interval, Pair, Settings, Symbol, UnixMillis};
use spreadscope_exchange::{Tape, TapeTrade, Venue};
use spreadscope_simulation::{Driver, Fault, Place, Plan, START_MS};

#[test]
fn trades_that_come_seconds_after_their_bars_make_no_gap_and_no_request() {
    for market in [0, 1] {
        let whole = played(Plan::quiet(31, 300));
        let run = played(Plan::quiet(31, 300).with(Fault::TradesLag(market), 60, 180));
        assert_eq!((run.counts.missing, run.diary.sockets.len()), (0, 1), "{:?}", run.page.notes);
        let sent: Vec<_> = run.diary.requests.iter().filter(|request| request.at > at(30)).collect();
        assert!(sent.is_empty(), "{sent:?}");
        // bars wait for their trades, and no longer
        let behind = run.diary.behind_most_millis;
        assert!((4_000..8_000).contains(&behind), "{behind} ms");
        assert!(rows_until(&run, 290) == rows_until(&whole, 290));
        let lived = run.page.rows.values().filter(|row| row.open_time.0 >= at(5));
        assert!(lived.flat_map(|row| [row.y.origin, row.x.origin]).all(|origin| origin == Origin::Live));
    }
}

/// Plays an hour in which neither bars nor trades of ETHUSDT arrive; `rest` answers requests for its seconds.
fn hour_of_silence(rest: impl Fn(i64, i64) -> Result<String, FetchError>) -> Driver {
    let mut desk = driver(&quick());
    for second in 1..3_600_i64 {
        let time = at(second);
        frame(&mut desk, time, second_bar("BTCUSDT", time, None));
        if second < 10 {
            frame(&mut desk, time, second_bar("ETHUSDT", time, None));
        }
        for request in core::mem::take(&mut desk.fetches) {
            let of_time = |name: &str| -> Option<i64> {
                request.url.split_once(name)?.1.split('&').next()?.parse().ok()
            };
            let limit = of_time("limit=").unwrap();
            let from = of_time("startTime=").unwrap_or(time - 1_000 * limit);
            let answer = rest(from, (from + 1_000 * limit).min(time));
            desk.input(UnixMillis(time), Input::Fetched { id: request.id, response: answer });
        }
    }
    desk
}

/// Returns 1 s bars from `from` up to `to`, each with `trades` trades.
fn seconds(from: i64, to: i64, trades: i64) -> String {
    let rows = (from.div_euclid(1_000) * 1_000..to).step_by(1_000).map(|open| {
        format!(
            r#"[{open},"2.0","2.0","2.0","2.0","{trades}.0",{},"{trades}.0",{trades},"0","0","0"]"#,
            open + 999
        )
    });
    format!("[{}]", rows.collect::<Vec<_>>().join(","))
}

#[test]
fn a_quiet_coin_whose_bars_do_not_come_keeps_a_socket_that_is_alive() {
    let quiet = hour_of_silence(|from, to| Ok(seconds(from, to, 0)));
    assert_eq!(quiet.opened.len(), 1, "{:?}", quiet.opened);
    let row = quiet.page.rows.values().rev().find(|row| row.x.origin != Origin::Missing).unwrap();
    assert!(row.open_time.0 > at(3_500), "its seconds come over REST");
    // it trades, but the socket reports nothing
    let deaf = hour_of_silence(|from, to| Ok(seconds(from, to, 1)));
    assert!((2..20).contains(&deaf.opened.len()), "{:?}", deaf.opened);
    // nothing is known
    let unknown = hour_of_silence(|_, _| Err(FetchError::Unreached));
    assert!((2..20).contains(&unknown.opened.len()), "{:?}", unknown.opened);
}

/// Returns settings of the desk on Binance.US.
fn us(interval: Interval) -> Settings {
    Settings { source: Source::BinanceUs, interval, ..quick() }
}

#[test]
fn on_binance_us_quiet_coins_are_lived_with_for_hours_on_one_socket() {
    let mut run = Run::start(&us(Interval::OneSecond), START_MS);
    assert!(run.urls.iter().all(|url| !url.contains("kline_1s") && !url.contains("interval=1s")));
    for second in 1..4 * 3_600_i64 {
        let time = at(second);
        run.text(time, clock_frame(time));
        // one coin trades every half hour, the other every twenty minutes
        for (symbol, every) in [("BTCUSDT", 1_200), ("ETHUSDT", 1_800)] {
            if second == 5 || second % every == 0 {
                let id = 1 + (second / every).unsigned_abs();
                run.text(time + 100, trade_frame(symbol, id, "100.0", time + 100));
            }
        }
    }
    assert_eq!(run.generation, 1, "{:?}", run.urls);
    let phase = &run.live.as_ref().unwrap().feed.phase;
    assert!(matches!(phase, Phase::Live), "{phase:?}");
    let told: Vec<_> = run.rows.values().filter(|row| row.open_time.0 >= at(7)).collect();
    assert!(told.len() > 4 * 3_600 - 60, "{}", told.len());
    for row in told {
        let origins = [row.y.origin, row.x.origin];
        assert_eq!(origins, [Origin::Live; 2], "{}", row.open_time.clock_text());
    }
}

#[test]
fn on_binance_us_a_heartbeat_that_pauses_for_half_a_minute_costs_no_socket_and_no_bar() {
    let mut run = Run::start(&us(Interval::OneSecond), START_MS);
    for second in (1..600_i64).filter(|second| second % 60 < 30) {
        run.text(at(second), clock_frame(at(second)));
        if second < 3 {
            for symbol in ["BTCUSDT", "ETHUSDT"] {
                run.text(at(second) + 1, trade_frame(symbol, second.unsigned_abs(), "100.0", at(second)));
            }
        }
    }
    assert_eq!(run.generation, 1, "{:?}", run.urls);
    let told = run.rows.values().filter(|row| row.open_time.0 >= at(5) && row.open_time.0 < at(560));
    assert!(told.flat_map(|row| [row.y.origin, row.x.origin]).all(|origin| origin == Origin::Live));
}

#[test]
fn on_binance_us_trades_that_are_lost_come_back_one_by_one_for_there_are_no_bars_of_a_second() {
    let plan = Plan { place: Place::BinanceUs, ..Plan::quiet(32, 600) };
    let run = played(plan.with(Fault::Outage, 60, 300));
    assert!(run.counts.missing > 0 && run.counts.repaired == run.counts.missing, "{:?}", run.counts);
    let sent = |name: &str| run.diary.requests.iter().filter(|request| request.url.contains(name)).count();
    assert!(sent("aggTrades") > 0 && sent("interval=1s") == 0, "{:?}", run.diary.requests);
    // an unreadable response leaves no gap in bars that do not exist
    let plan = Plan { place: Place::BinanceUs, ..Plan::quiet(32, 700) };
    let run =
        played(plan.with(Fault::Cut, 60, 61).with(Fault::Outage, 61, 120).with(Fault::RestPage, 60, 200));
    assert!(run.counts.repaired == run.counts.missing, "{:?}", run.counts);
}

#[test]
fn the_list_of_markets_is_requested_at_the_next_host_where_the_first_cannot_give_it() {
    for answer in [Err(FetchError::TimedOut), Ok("<html>".to_owned())] {
        let first = answer.clone();
        let rest = move |url: &str| {
            match url {
            _ if !url.contains("exchangeInfo") => None,
            _ if url.contains("data-api") => Some(first.clone()),
            _ => Some(Ok(r#"{"symbols":[{"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT"}]}"#.to_owned())),
        }
        };
        let mut run = Run::start_with(&quick(), START_MS, Box::new(rest));
        let listing = run.list_markets(Source::Binance).unwrap();
        assert_eq!(listing.markets.map(|markets| markets.len()), Ok(1));
        let sent = run.urls.iter().filter(|url| url.contains("symbolStatus=TRADING")).count();
        assert_eq!(sent, 2, "{:?}", run.urls);
    }
    // if no host can provide it, that is reported once
    let mut run = Run::start_with(&quick(), START_MS, Box::new(|_| Some(Err(FetchError::TimedOut))));
    assert!(run.list_markets(Source::Binance).unwrap().markets.is_err());
}

#[test]
fn a_market_with_a_name_beyond_ascii_is_requested_percent_encoded_and_its_trades_are_its_own() {
    let trade = |id: u64| TapeTrade {
        id,
        time_ms: START_MS - 60_000 + 500 * i64::try_from(id).unwrap(),
        event_ms: START_MS - 60_000 + 500 * i64::try_from(id).unwrap(),
        price_e8: 200_000_000,
        size_e8: 100_000_000,
        buyer_is_maker: false,
    };
    let trades: Vec<TapeTrade> = (1..400).map(trade).collect();
    let name = "币安人生USDT";
    let tape = Tape::of(vec![(name, trades.clone()), ("BTCUSDT", trades)], START_MS).of_venue(Venue::Binance);
    let streams = ["币安人生usdt@trade", "btcusdt@trade", "币安人生usdt@kline_1s", "btcusdt@kline_1s"];
    let frames = tape.timed_frames(&streams, START_MS, START_MS + 60_000);
    let pair = Pair { y: Symbol::new(name).unwrap(), x: Symbol::new("BTCUSDT").unwrap() };
    let rest = move |url: &str| {
        url.contains("klines")
            .then(|| tape.respond(url, START_MS).map_err(|(code, body)| FetchError::Status { code, body }))
    };
    let mut run = Run::start_with(&Settings { pair, ..quick() }, START_MS, Box::new(rest));
    assert!(run.urls.iter().all(|url| url.is_ascii()), "{:?}", run.urls);
    assert!(
        run.urls.iter().any(|url| url.contains("symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&")),
        "{:?}",
        run.urls
    );
    for (time, text) in frames {
        run.text(time + 20, text);
    }
    let row = run.rows.values().rev().find(|row| row.y.origin == Origin::Live).unwrap();
    assert_eq!((row.y.trades, row.y.close), (2, Some(2.0)));
}

#[test]
fn of_twenty_thousand_trades_a_second_every_one_is_in_its_bar() {
    const EACH: u64 = 10_000;
    let mut desk = driver(&quick());
    let mut ids = [1_u64; 2];
    for second in 0..4_i64 {
        for place in 0..EACH {
            // at most a second's worth is lost in a third of a millisecond
            let time = at(second) + i64::try_from(place / 10).unwrap();
            for (symbol, id) in ["BTCUSDT", "ETHUSDT"].into_iter().zip(&mut ids) {
                let lost = second == 2 && (5_000..5_300).contains(&place);
                if !lost {
                    frame(&mut desk, time, trade_frame(symbol, *id, "100.0", time));
                }
                *id += 1;
            }
        }
        let closes = at(second + 1) + 4;
        for (symbol, next) in ["BTCUSDT", "ETHUSDT"].into_iter().zip(ids) {
            frame(&mut desk, closes, second_bar(symbol, closes, Some((next - EACH, next - 1))));
        }
    }
    frame(&mut desk, at(5), clock_frame(at(5)));
    let row = &desk.page.rows[&UnixMillis(at(1))];
    assert_eq!((row.y.trades, row.x.trades), (10_000, 10_000));
    // what did not arrive is reported, and requested
    let markets = desk.engine.markets().unwrap();
    assert_eq!((markets.counts.missing, markets.counts.trades), (600, 8 * EACH - 600));
    let wanted = markets.legs.each_ref().map(|leg| leg.gaps.iter().map(Gap::trades).sum::<u64>());
    assert_eq!(wanted, [300; 2]);
    assert_eq!(desk.page.rows[&UnixMillis(at(2))].y.origin, Origin::Missing);
}
