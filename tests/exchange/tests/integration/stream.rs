//! Streams of a healthy exchange.

use crate::client::{TAPE, connect, get, ids, is_contiguous, start};
use futures_util::StreamExt as _;
use serde_json::Value;
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Exchange};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

const BOTH: &str = "/stream?streams=btcusdt@trade/ethusdt@trade";

#[tokio::test]
async fn a_stream_carries_the_trades_of_rest_bit_for_bit() {
    let exchange = start(Config { speed: 20.0, ..Config::default() }).await;
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    let frames = socket.texts_for(1_500).await;
    for symbol in ["BTCUSDT", "ETHUSDT"] {
        let ids = ids(&frames, symbol);
        assert!(ids.len() > 20 && is_contiguous(&ids), "{symbol}: {ids:?}");
        let request =
            format!("historicalTrades?symbol={symbol}&fromId={}&limit={}", ids[0], ids.len().min(1_000));
        let rows = get(&exchange, &request).await.json();
        let frames = frames.iter().map(|frame| serde_json::from_str::<Value>(frame).unwrap());
        let frames = frames.filter(|frame| frame["data"]["s"] == symbol);
        for (frame, row) in frames.zip(rows.as_array().unwrap()) {
            assert_eq!(frame["stream"], format!("{}@trade", symbol.to_lowercase()));
            let told = ["t", "p", "q", "T", "m"].map(|field| &frame["data"][field]);
            assert_eq!(told, ["id", "price", "qty", "time", "isBuyerMaker"].map(|field| &row[field]));
        }
    }
}

#[tokio::test]
async fn closed_bars_on_the_stream_equal_those_over_rest() {
    let exchange = start(Config { speed: 20.0, ..Config::default() }).await;
    let mut socket = connect(&exchange, "/ws/ethusdt@kline_1s").await.unwrap();
    let mut bars = Vec::new();
    for _ in 0..15 {
        bars.push(socket.json().await);
    }
    // what was matched in the last bar is pushed up to 0.2 s of tape time later
    tokio::time::sleep(Duration::from_millis(100)).await;
    let request = format!("klines?symbol=ETHUSDT&interval=1s&limit=15&startTime={}", bars[0]["k"]["t"]);
    let rows = get(&exchange, &request).await.json();
    assert_eq!(rows.as_array().unwrap().len(), 15);
    for (bar, row) in bars.iter().zip(rows.as_array().unwrap()) {
        assert_eq!(
            (&bar["k"]["x"], bar["E"].as_i64()),
            (&Value::Bool(true), row[6].as_i64().map(|end| end + 5))
        );
        let fields = ["t", "o", "h", "l", "c", "v", "T", "q", "n", "V", "Q", "B"];
        for (column, field) in fields.iter().enumerate() {
            assert_eq!(bar["k"][field], row[column], "{field}");
        }
    }
}

#[tokio::test]
async fn a_waiting_tape_gives_exactly_the_frames_that_can_be_computed() {
    let config = Config { speed: 30.0, keep_times: true, waits: true, ..Config::default() };
    let exchange = start(config).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let time = get(&exchange, "time").await.json();
    assert_eq!(time["serverTime"].as_i64(), Some(TAPE.now_ms));
    let mut socket = connect(&exchange, BOTH).await.unwrap();
    let told = socket.texts_for(1_500).await;
    let computed =
        exchange.tape().frames(&["btcusdt@trade", "ethusdt@trade"], TAPE.now_ms, TAPE.now_ms + 600_000);
    assert!(told.len() > 100, "{}", told.len());
    assert_eq!(told, computed[..told.len()]);
}

#[tokio::test]
async fn a_tape_has_no_end() {
    // one hour is made at first: it is over after 1.2 s
    let tape = synthetic::tape(&synthetic::Spec { seed: 5, history_hours: 1, live_hours: 1 });
    let exchange = Exchange::start(tape, Config { speed: 3_000.0, keep_times: true, ..Config::default() })
        .await
        .unwrap();
    let mut socket = connect(&exchange, "/stream?streams=solusdt@trade").await.unwrap();
    let ids = ids(&socket.texts_for(2_500).await, "SOLUSDT");
    assert!(is_contiguous(&ids), "{} trades", ids.len());
    let hours = (exchange.told_now_ms() - exchange.tape().now_ms) / 3_600_000;
    let seconds = get(&exchange, "klines?symbol=BTCUSDT&interval=1s&limit=1000").await.json();
    let traded = seconds.as_array().unwrap().iter().filter(|row| row[8] != 0).count();
    assert!(hours >= 2 && traded > 900, "{traded} of 1000 s after {hours} h");
}

#[tokio::test]
async fn every_kind_of_stream_speaks() {
    let exchange = start(Config { speed: 30.0, ..Config::default() }).await;
    let streams = "btcusdt@aggTrade/btcusdt@avgPrice/btcusdt@miniTicker/btcusdt@kline_1m/btcusdt@kline_1s";
    let mut socket =
        connect(&exchange, &format!("/stream?streams={}", streams.replace('@', "%40"))).await.unwrap();
    let frames = socket.texts_for(2_500).await;
    for (stream, event) in
        streams.split('/').zip(["aggTrade", "avgPrice", "24hrMiniTicker", "kline", "kline"])
    {
        let opens = format!(r#"{{"stream":"{stream}","data":{{"e":"{event}""#);
        assert!(frames.iter().any(|frame| frame.starts_with(&opens)), "{stream}");
    }
    let closed = |x: bool| {
        frames.iter().any(|frame| frame.contains("@kline_1m") && frame.contains(&format!(r#""x":{x}"#)))
    };
    assert!(closed(true) && closed(false));
}

#[tokio::test]
async fn a_client_subscribes_lists_and_gives_up() {
    let exchange = start(Config { speed: 20.0, ..Config::default() }).await;
    let mut socket = connect(&exchange, "/ws").await.unwrap();
    assert_eq!(socket.texts_for(200).await.len(), 0);
    socket.say(r#"{"method":"SUBSCRIBE","params":["btcusdt@trade","BTCUSDT@trade"],"id":1}"#).await;
    assert_eq!(socket.text().await, r#"{"result":null,"id":1}"#);
    assert_eq!(socket.json().await["e"], "trade");
    socket.say(r#"{"method":"SET_PROPERTY","params":["combined",true],"id":2}"#).await;
    assert!(socket.texts_for(400).await.last().unwrap().starts_with(r#"{"stream":"btcusdt@trade""#));
    socket.say(r#"{"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":3}"#).await;
    assert_eq!(socket.texts_for(300).await.last().unwrap(), r#"{"result":null,"id":3}"#);
    socket.say("ping").await;
    assert_eq!(socket.json().await["error"]["code"], 3);
}

#[tokio::test]
async fn times_come_in_microseconds_when_asked_for() {
    let exchange = start(Config { speed: 20.0, ..Config::default() }).await;
    let mut socket = connect(&exchange, &format!("{BOTH}&timeUnit=microsecond")).await.unwrap();
    let time = socket.json().await["data"]["T"].as_i64().unwrap();
    assert!(time > 1_000_000_000_000_000 && time % 1_000 == 0);
}

#[tokio::test]
async fn six_messages_in_a_second_close_the_socket_and_five_do_not() {
    let exchange = start(Config::default()).await;
    let mut socket = connect(&exchange, "/ws").await.unwrap();
    for _ in 0..5 {
        socket.say(r#"{"method":"LIST_SUBSCRIPTIONS","id":1}"#).await;
        socket.text().await;
    }
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    for _ in 0..6 {
        socket.say(r#"{"method":"LIST_SUBSCRIPTIONS","id":1}"#).await;
    }
    assert_eq!(socket.close_code().await, Some(1_008));
}

#[tokio::test]
async fn it_pings_and_ends_a_connection_that_has_grown_old() {
    let config = Config {
        ping_every: Duration::from_millis(100),
        longest_connection: Duration::from_millis(450),
        ..Config::default()
    };
    let exchange = start(config).await;
    let mut socket = connect(&exchange, "/ws").await.unwrap();
    let mut pings = 0;
    while let Some(Ok(message)) = socket.0.next().await {
        match message {
            Message::Ping(payload) if !payload.is_empty() => pings += 1,
            Message::Close(_) => break,
            other => panic!("{other:?}"),
        }
    }
    assert!((2..=4).contains(&pings), "{pings}");
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_closed() {
    let exchange = start(Config { ping_every: Duration::from_millis(300), ..Config::default() }).await;
    let mut silent = connect(&exchange, "/ws").await.unwrap();
    let mut reading = connect(&exchange, "/ws").await.unwrap();
    assert_eq!(reading.texts_for(1_300).await.len(), 0);
    assert_eq!(silent.close_code().await, Some(1_008));
    reading.say(r#"{"method":"LIST_SUBSCRIPTIONS","id":1}"#).await;
    assert_eq!(reading.text().await, r#"{"result":[],"id":1}"#);
}

#[tokio::test]
async fn the_301st_connection_in_five_minutes_is_refused() {
    let exchange = start(Config::default()).await;
    for _ in 0..300 {
        assert!(connect(&exchange, "/ws").await.is_ok());
    }
    assert!(connect(&exchange, "/ws").await.is_err());
    assert_eq!(exchange.sockets_opened(), 300);
}

#[tokio::test]
async fn too_many_streams_in_the_address_are_refused() {
    let exchange = start(Config::default()).await;
    let streams: Vec<String> = (0..1_025).map(|place| format!("s{place}")).collect();
    assert!(connect(&exchange, &format!("/stream?streams={}", streams.join("/"))).await.is_err());
    assert!(connect(&exchange, "/ws/btcusdt@trade/ethusdt@trade").await.is_ok());
}
