//! Faults on request.

use crate::client::{connect, get, ids, is_contiguous, post_fault, start, try_get};
use spreadscope_exchange::{Config, Exchange, Fault, ScriptedFault};
use std::time::Duration;

const BOTH: &str = "/stream?streams=btcusdt@trade/ethusdt@trade";

async fn fast() -> Exchange {
    start(Config { speed: 20.0, ..Config::default() }).await
}

#[tokio::test]
async fn a_socket_is_closed_with_a_code_or_cut_without_one() {
    let exchange = fast().await;
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    exchange.apply(Fault::Close { code: 1_012, reason: "restart".to_owned() });
    assert_eq!(socket.close_code().await, Some(1_012));
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    exchange.apply(Fault::Reset);
    assert_eq!(socket.close_code().await, None);
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    socket.text().await;
    assert_eq!(exchange.sockets_opened(), 3);
}

#[tokio::test]
async fn while_it_is_out_nobody_gets_in_and_then_everybody_does() {
    let exchange = fast().await;
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    exchange.apply(Fault::Outage { millis: 600 });
    assert_eq!(socket.close_code().await, None);
    assert!(connect(&exchange, BOTH).await.is_err());
    assert!(try_get(&exchange, "ping").await.is_err());
    tokio::time::sleep(Duration::from_millis(650)).await;
    assert_eq!(get(&exchange, "ping").await.status, 200);
    connect(&exchange, BOTH).await.unwrap().text().await;
}

#[tokio::test]
async fn a_stall_is_silent_and_what_it_swallowed_is_lost() {
    let exchange = fast().await;
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    let before = ids(&socket.texts_for(300).await, "BTCUSDT");
    exchange.apply(Fault::Stall { millis: 500, symbol: None });
    socket.texts_for(50).await;
    assert_eq!(socket.texts_for(300).await.len(), 0);
    let after = ids(&socket.texts_for(600).await, "BTCUSDT");
    assert!(is_contiguous(&after) && after[0] > before[before.len() - 1] + 10);
    exchange.apply(Fault::Stall { millis: 5_000, symbol: Some("ETHUSDT".to_owned()) });
    socket.texts_for(50).await;
    let frames = socket.texts_for(400).await;
    assert!(!ids(&frames, "BTCUSDT").is_empty() && ids(&frames, "ETHUSDT").is_empty());
}

#[tokio::test]
async fn one_stream_can_stall_while_the_others_of_its_market_go_on() {
    let exchange = fast().await;
    let mut socket = connect(&exchange, "/stream?streams=btcusdt@trade/btcusdt@avgPrice").await.unwrap();
    exchange.apply(Fault::StallStream { stream: "btcusdt@trade".to_owned(), millis: 5_000 });
    socket.texts_for(50).await;
    let frames = socket.texts_for(400).await;
    assert!(frames.len() >= 4 && frames.iter().all(|frame| frame.contains("@avgPrice")), "{frames:?}");
}

#[tokio::test]
async fn one_stream_can_come_late_and_in_order_while_the_others_come_in_time() {
    let exchange = start(Config { speed: 1.0, ..Config::default() }).await;
    let mut socket = connect(&exchange, "/stream?streams=btcusdt@trade/btcusdt@kline_1s").await.unwrap();
    let stream = "btcusdt@trade".to_owned();
    exchange.apply(Fault::LagStream { stream, lag_millis: 1_500, millis: 2_000 });
    let frames = socket.texts_for(6_000).await;
    assert!(is_contiguous(&ids(&frames, "BTCUSDT")), "{frames:?}");
    let event_of = |frame: &String| -> i64 {
        let frame: serde_json::Value = serde_json::from_str(frame).unwrap();
        frame["data"]["E"].as_i64().unwrap()
    };
    let (mut newest_bar, mut latest) = (0, 0);
    for frame in &frames {
        let event = event_of(frame);
        if frame.contains("@kline") {
            newest_bar = newest_bar.max(event);
        } else {
            latest = latest.max(newest_bar - event);
        }
    }
    assert!(latest > 500, "trades were at most {latest} ms behind a bar");
}

#[tokio::test]
async fn a_burst_brings_so_many_more_trades_and_rest_knows_them() {
    let exchange = start(Config::default()).await;
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    exchange.apply(Fault::Burst { per_sec: 2_000, millis: 500 });
    let frames = socket.texts_for(2_500).await;
    for symbol in ["BTCUSDT", "ETHUSDT"] {
        let ids = ids(&frames, symbol);
        assert!(ids.len() >= 1_000 && is_contiguous(&ids), "{symbol}: {}", ids.len());
        let rows = get(&exchange, &format!("aggTrades?symbol={symbol}&limit=1000")).await.json();
        let rows = rows.as_array().unwrap();
        let joined =
            rows.windows(2).all(|pair| pair[1]["f"].as_u64() == pair[0]["l"].as_u64().map(|last| last + 1));
        assert!(joined && rows.last().unwrap()["l"].as_u64().unwrap() >= *ids.last().unwrap());
    }
}

#[tokio::test]
async fn so_many_sockets_are_refused_and_the_next_is_let_in() {
    let exchange = fast().await;
    exchange.apply(Fault::Refuse { sockets: 2 });
    assert!(connect(&exchange, BOTH).await.is_err());
    assert_eq!(get(&exchange, "ping").await.status, 200);
    assert!(connect(&exchange, BOTH).await.is_err());
    connect(&exchange, BOTH).await.unwrap().text().await;
}

#[tokio::test]
async fn a_reset_is_one_of_tcp() {
    let exchange = fast().await;
    let mut socket = connect(&exchange, "/ws").await.unwrap();
    exchange.apply(Fault::Reset);
    match socket.next().await {
        Some(Err(tokio_tungstenite::tungstenite::Error::Io(error))) => {
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_gap_leaves_out_so_many_trades_of_each_market() {
    let exchange = fast().await;
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    let mut frames = socket.texts_for(300).await;
    exchange.apply(Fault::Gap { trades: 7 });
    frames.extend(socket.texts_for(1_200).await);
    for symbol in ["BTCUSDT", "ETHUSDT"] {
        let ids = ids(&frames, symbol);
        let jumps: Vec<u64> =
            ids.windows(2).map(|pair| pair[1] - pair[0]).filter(|&step| step != 1).collect();
        assert_eq!(jumps, [8], "{symbol}");
    }
}

#[tokio::test]
async fn frames_come_twice_or_out_of_order_and_all_of_them_come() {
    let exchange = fast().await;
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    exchange.apply(Fault::Duplicate { millis: 500 });
    let twice = ids(&socket.texts_for(450).await, "BTCUSDT");
    let doubled = twice.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(doubled * 3 > twice.len(), "{twice:?}");
    socket.texts_for(100).await;
    exchange.apply(Fault::Shuffle { millis: 600 });
    let mut shuffled = ids(&socket.texts_for(900).await, "BTCUSDT");
    assert!(!is_contiguous(&shuffled));
    shuffled.sort_unstable();
    assert!(is_contiguous(&shuffled), "{shuffled:?}");
}

#[tokio::test]
async fn frames_can_be_foreign_or_malformed() {
    let exchange = fast().await;
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    exchange.apply(Fault::Inject { text: "{\"stream\":".to_owned() });
    let frames = socket.texts_for(300).await;
    assert!(frames.iter().any(|frame| frame == "{\"stream\":"));
    exchange.apply(Fault::Malform { trades: 3, number_for_price: true });
    let frames = socket.texts_for(700).await;
    let numbers = frames.iter().map(|frame| serde_json::from_str::<serde_json::Value>(frame).unwrap());
    assert_eq!(numbers.filter(|frame| frame["data"]["p"].is_f64()).count(), 3);
    exchange.apply(Fault::Malform { trades: 2, number_for_price: false });
    let frames = socket.texts_for(700).await;
    assert_eq!(frames.iter().filter(|frame| frame.contains(r#""Z":{"new""#)).count(), 2);
}

#[tokio::test]
async fn an_announced_end_comes() {
    let exchange = fast().await;
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    exchange.apply(Fault::Shutdown);
    let opens = r#"{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":"#;
    assert!(socket.texts_for(300).await.iter().any(|frame| frame.starts_with(opens)));
    assert_eq!(socket.close_code().await, Some(1_001));
}

#[tokio::test]
async fn rest_refuses_lingers_and_breaks_off() {
    let exchange = fast().await;
    for (status, code) in [(429, Some(-1_003)), (418, Some(-1_003)), (451, Some(0)), (500, Some(-1_008))] {
        exchange.apply(Fault::Rest { status, millis: 60_000 });
        let answer = get(&exchange, "time").await;
        assert_eq!((answer.status, answer.json()["code"].as_i64()), (status, code));
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("retry-after").is_some(), matches!(status, 418 | 429));
    }
    exchange.apply(Fault::Rest { status: 403, millis: 60_000 });
    let answer = get(&exchange, "time").await;
    assert_eq!((answer.status, answer.header("content-type")), (403, Some("text/html")));
    exchange.apply(Fault::Rest { status: 451, millis: 60_000 });
    assert!(connect(&exchange, BOTH).await.is_err());
    exchange.apply(Fault::Rest { status: 451, millis: 0 });
    exchange.apply(Fault::Truncate { millis: 60_000 });
    let answer = get(&exchange, "klines?symbol=BTCUSDT&interval=1s").await;
    assert!(serde_json::from_str::<serde_json::Value>(&answer.body).is_err());
    exchange.apply(Fault::Truncate { millis: 0 });
    exchange.apply(Fault::SlowRest { delay_millis: 400, millis: 60_000 });
    let asked = std::time::Instant::now();
    assert_eq!(get(&exchange, "ping").await.status, 200);
    assert!(asked.elapsed() >= Duration::from_millis(400));
}

#[tokio::test]
async fn a_skewed_clock_is_told_everywhere() {
    let exchange = start(Config::default()).await;
    let told = async || get(&exchange, "time").await.json()["serverTime"].as_i64().unwrap();
    let before = told().await;
    exchange.apply(Fault::Skew { millis: -90_450 });
    let skewed = told().await;
    assert!((skewed - before + 90_450).abs() < 2_000);
    let rows = get(&exchange, "klines?symbol=BTCUSDT&interval=1s&limit=1").await.json();
    let open = rows[0][0].as_i64().unwrap();
    assert!(open % 1_000 == 0 && (skewed - open).abs() < 3_000);
    let mut socket = connect(&exchange, "/ws/btcusdt@avgPrice").await.unwrap();
    assert!((socket.json().await["E"].as_i64().unwrap() - skewed).abs() < 4_000);
}

#[tokio::test]
async fn faults_come_from_a_script_or_over_http() {
    let script =
        vec![ScriptedFault { at_millis: 300, fault: Fault::Close { code: 1_013, reason: String::new() } }];
    let exchange = start(Config { script, ..Config::default() }).await;
    let mut socket = connect(&exchange, "/ws").await.unwrap();
    assert_eq!(socket.close_code().await, Some(1_013));
    let mut socket = connect(&exchange, "/ws").await.unwrap();
    assert_eq!(post_fault(&exchange, r#"{"fault":"close","code":4000}"#).await, 200);
    assert_eq!(socket.close_code().await, Some(4_000));
    assert_eq!(post_fault(&exchange, r#"{"fault":"earthquake"}"#).await, 400);
}

#[tokio::test]
async fn a_stand_in_that_is_dropped_drops_its_sockets() {
    let exchange = fast().await;
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    drop(exchange);
    assert_eq!(socket.close_code().await, None);
}
