//! Requests over REST.

use crate::client::{get, start};
use serde_json::Value;
use spreadscope_exchange::{Config, Exchange, Fault, WrongBook, WrongRules};
use std::time::UNIX_EPOCH;

/// Returns the first column of the rows.
async fn opens(exchange: &Exchange, query: &str) -> Vec<i64> {
    let rows = get(exchange, &format!("klines?symbol=BTCUSDT&{query}")).await.json();
    let rows = rows.as_array().expect("rows are a list");
    rows.iter().map(|row| row[0].as_i64().expect("a row begins with its time")).collect()
}

fn e8(text: &Value) -> u128 {
    text.as_str().expect("decimals are texts").replace('.', "").parse().expect("a decimal")
}

async fn told_now(exchange: &Exchange) -> i64 {
    get(exchange, "time").await.json()["serverTime"].as_i64().expect("times are whole")
}

#[tokio::test]
async fn it_tells_the_walls_time_and_its_markets() {
    let exchange = start(Config::default()).await;
    assert_eq!(get(&exchange, "ping").await.body, "{}");
    let wall = i64::try_from(UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let told = told_now(&exchange).await;
    assert!((wall - told).abs() < 2_000, "{wall} {told}");
    let info = get(&exchange, "exchangeInfo?symbols=%5B%22BTCUSDT%22,%22ETHUSDT%22%5D").await.json();
    assert_eq!(info["symbols"].as_array().unwrap().len(), 2);
    assert_eq!(info["symbols"][0]["filters"][0]["tickSize"], "0.01000000");
    let all = get(&exchange, "exchangeInfo").await.json();
    assert_eq!(all["symbols"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn books_are_a_tick_apart_about_the_last_trade_unless_a_fault_says_otherwise() {
    let exchange = start(Config::default()).await;
    let request = "ticker/bookTicker?symbols=%5B%22ETHUSDT%22,%22BTCUSDT%22%5D";
    let books = get(&exchange, request).await.json();
    assert_eq!(books.as_array().unwrap().len(), 2);
    for book in books.as_array().unwrap() {
        assert_eq!(e8(&book["askPrice"]) - e8(&book["bidPrice"]), 1_000_000, "{book}");
        assert!(e8(&book["bidQty"]) > 0, "{book}");
    }
    exchange.apply(Fault::Book { wrong: WrongBook::Empty, millis: 60_000 });
    assert_eq!(e8(&get(&exchange, request).await.json()[0]["bidQty"]), 0);
    exchange.apply(Fault::Book { wrong: WrongBook::Crossed, millis: 60_000 });
    let crossed = get(&exchange, request).await.json();
    assert!(e8(&crossed[0]["bidPrice"]) > e8(&crossed[0]["askPrice"]));
    let info = get(&exchange, "exchangeInfo?symbols=%5B%22BTCUSDT%22%5D").await.json();
    let filters = info["symbols"][0]["filters"].as_array().unwrap();
    let of = |kind: &str| filters.iter().find(|filter| filter["filterType"] == kind).unwrap();
    assert_eq!(of("NOTIONAL")["minNotional"], "5.00000000");
    assert_eq!(of("MARKET_LOT_SIZE")["maxQty"], "120.00000000");
    for (wrong, step) in [
        (WrongRules::NoLotSize, None),
        (WrongRules::ZeroStep, Some("0.00000000")),
        (WrongRules::Word, Some("small")),
    ] {
        exchange.apply(Fault::Rules { wrong, millis: 60_000 });
        let info = get(&exchange, "exchangeInfo?symbols=%5B%22BTCUSDT%22%5D").await.json();
        let filters = info["symbols"][0]["filters"].as_array().expect("filters are a list");
        let lots = filters.iter().find(|filter| filter["filterType"] == "LOT_SIZE");
        assert_eq!(lots.and_then(|lots| lots["stepSize"].as_str()), step);
    }
}

#[tokio::test]
async fn rows_of_klines_are_chosen_by_open_time_and_limited() {
    let exchange = start(Config::default()).await;
    let now = told_now(&exchange).await;
    assert_eq!(opens(&exchange, "interval=1s").await.len(), 500);
    let most = opens(&exchange, "interval=1s&limit=5000").await;
    assert_eq!(most.len(), 1_000);
    assert!(most.iter().all(|open| open % 1_000 == 0) && now - most[999] < 3_000);
    let minute = now / 60_000 * 60_000 - 600_000;
    assert_eq!(opens(&exchange, &format!("interval=1m&startTime={minute}&endTime={minute}")).await, [minute]);
    let after = opens(&exchange, &format!("interval=1m&startTime={}&limit=3", minute + 28_000)).await;
    assert_eq!(after, [minute + 60_000, minute + 120_000, minute + 180_000]);
    let before = opens(&exchange, &format!("interval=1m&endTime={}&limit=2", minute + 28_000)).await;
    assert_eq!(before, [minute - 60_000, minute]);
    let micros = opens(&exchange, &format!("interval=1m&startTime={}&limit=1", minute * 1_000)).await;
    assert_eq!(micros, [minute]);
    let oldest = opens(&exchange, "interval=1m&startTime=0&limit=1").await;
    assert!((now - oldest[0] - 7_200_000).abs() < 61_000, "history begins two hours ago");
    assert_eq!(opens(&exchange, &format!("interval=1s&startTime={}", now + 60_000)).await, [0_i64; 0]);
}

#[tokio::test]
async fn seconds_add_up_to_minutes_and_minutes_to_hours() {
    let exchange = start(Config::default()).await;
    let now = told_now(&exchange).await;
    let minute = now / 60_000 * 60_000 - 300_000;
    // the last complete hour, all of it pushed: two hours of history always contain one
    let hour = (now - 1_000) / 3_600_000 * 3_600_000 - 3_600_000;
    for (fine, coarse, open, count) in
        [("1s", "1m", minute, 60), ("1m", "5m", minute / 300_000 * 300_000, 5), ("1m", "1h", hour, 60)]
    {
        let query = |interval: &str, limit: i32| {
            format!("klines?symbol=ETHUSDT&interval={interval}&startTime={open}&limit={limit}")
        };
        let parts = get(&exchange, &query(fine, count)).await.json();
        let whole = get(&exchange, &query(coarse, 1)).await.json()[0].clone();
        let parts = parts.as_array().unwrap();
        // an empty bar carries a price, but has no opening trade
        let traded = parts.iter().find(|row| row[8] != 0).expect("somebody traded");
        assert_eq!((&traded[1], &parts[parts.len() - 1][4]), (&whole[1], &whole[4]));
        let traded = || parts.iter().filter(|row| row[8] != 0);
        assert_eq!(traded().map(|row| e8(&row[2])).max(), Some(e8(&whole[2])));
        assert_eq!(traded().map(|row| e8(&row[3])).min(), Some(e8(&whole[3])));
        for column in [5, 7, 9, 10] {
            assert_eq!(parts.iter().map(|row| e8(&row[column])).sum::<u128>(), e8(&whole[column]));
        }
        let trades: u64 = parts.iter().map(|row| row[8].as_u64().unwrap()).sum();
        assert_eq!(Some(trades), whole[8].as_u64(), "{fine} in {coarse}");
    }
}

#[tokio::test]
async fn aggregates_page_by_id_without_a_hole() {
    let exchange = start(Config::default()).await;
    let start_ms = told_now(&exchange).await - 600_000;
    let by_time = format!("aggTrades?symbol=BTCUSDT&startTime={start_ms}&limit=100");
    let mut page = get(&exchange, &by_time).await.json();
    assert!(page[0]["T"].as_i64().unwrap() >= start_ms);
    let mut last = page[0]["f"].as_u64().unwrap() - 1;
    for _ in 0..5 {
        let rows = page.as_array().unwrap();
        for row in rows {
            assert_eq!(row["f"].as_u64().unwrap(), last + 1);
            last = row["l"].as_u64().unwrap();
        }
        let next = rows[rows.len() - 1]["a"].as_u64().unwrap() + 1;
        page = get(&exchange, &format!("aggTrades?symbol=BTCUSDT&fromId={next}&limit=100")).await.json();
    }
    let trades = get(&exchange, "trades?symbol=BTCUSDT&limit=7").await.json();
    let ids: Vec<u64> = trades.as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect();
    assert!(ids.len() == 7 && crate::client::is_contiguous(&ids));
}

#[tokio::test]
async fn a_page_that_asks_for_leave_first_gets_none() {
    let exchange = start(Config::default()).await;
    let url = format!("{}/api/v3/time", exchange.origin());
    let preflight = tokio::task::spawn_blocking(move || {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        agent.options(&url).call().unwrap()
    });
    let answer = preflight.await.unwrap();
    assert_ne!(answer.status(), 200);
    for name in ["access-control-allow-origin", "access-control-allow-headers"] {
        assert!(answer.headers().get(name).is_none(), "{name}");
    }
    let good = get(&exchange, "time").await;
    assert_eq!(good.header("access-control-expose-headers"), None);
}

#[tokio::test]
async fn refusals_have_the_exchanges_codes_and_no_leave_to_be_read() {
    let exchange = start(Config::default()).await;
    for (request, code) in [
        ("klines?symbol=NOSUCH&interval=1s", -1_121),
        ("klines?interval=1s", -1_102),
        ("klines?symbol=BTCUSDT", -1_102),
        ("klines?symbol=BTCUSDT&interval=1S", -1_120),
        ("klines?symbol=BTCUSDT&interval=1s&startTime=soon", -1_100),
        ("klines?symbol=BTCUSDT&interval=1s&limit=0", -1_130),
        ("aggTrades?symbol=BTCUSDT&fromId=1&startTime=1", -1_128),
        ("exchangeInfo?symbol=btcusdt", -1_121),
        ("klines?symbol=BTCUSDT&interval=1s&colour=red", -1_104),
    ] {
        let answer = get(&exchange, request).await;
        assert_eq!((answer.status, answer.json()["code"].as_i64()), (400, Some(code)), "{request}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("content-type"), Some("application/json;charset=UTF-8"));
    }
    let good = get(&exchange, "klines?symbol=BTCUSDT&interval=1s").await;
    assert_eq!(good.header("access-control-allow-origin"), Some("*"));
    assert_eq!(good.header("content-type"), Some("application/json;charset=UTF-8"));
    let used: u32 = good.header("x-mbx-used-weight-1m").unwrap().parse().unwrap();
    let next = get(&exchange, "klines?symbol=BTCUSDT&interval=1s").await;
    let then: u32 = next.header("x-mbx-used-weight-1m").unwrap().parse().unwrap();
    // a new minute may have begun in between
    assert!(then == used + 2 || then == 2, "{then} after {used}");
}

#[tokio::test]
async fn fifty_more_coins_have_bars_and_a_day_and_are_listed() {
    let exchange =
        Exchange::start(crate::client::TAPE.clone().with_coins(), Config::default()).await.unwrap();
    let days = get(&exchange, "ticker/24hr?type=MINI").await.json();
    let days = days.as_array().unwrap();
    assert_eq!(days.len(), 57);
    assert!(days.iter().all(|day| e8(&day["quoteVolume"]) > 0), "{days:?}");
    assert_eq!(exchange.rest_weight(), 80);
    let info = get(&exchange, "exchangeInfo").await.json();
    assert_eq!(info["symbols"].as_array().unwrap().len(), 57);
    let now = told_now(&exchange).await;
    let bars = get(&exchange, "klines?symbol=ADAUSDT&interval=1h&limit=1000").await.json();
    let bars = bars.as_array().unwrap();
    assert_eq!(bars.len(), 1_000);
    let opens: Vec<i64> = bars.iter().map(|bar| bar[0].as_i64().unwrap()).collect();
    assert!(opens.windows(2).all(|pair| pair[1] - pair[0] == 3_600_000) && opens[999] % 3_600_000 == 0);
    assert!((0..3_600_000).contains(&(now - opens[999])));
    let from = format!("klines?symbol=ADAUSDT&interval=1h&startTime={}&limit=2", opens[500]);
    assert_eq!(get(&exchange, &from).await.json().as_array().unwrap()[..], bars[500..502]);
    let before = format!("klines?symbol=ADAUSDT&interval=1h&endTime={}&limit=1000", opens[0] - 1);
    assert_eq!(get(&exchange, &before).await.json().as_array().unwrap().len(), 1_000);
}
