//! Requests over a websocket.

use crate::client::{connect, get, start};
use serde_json::{Value, json};
use spreadscope_exchange::{Config, Fault};

const PATH: &str = "/ws-api/v3";

#[tokio::test]
async fn it_answers_as_rest_does_and_tells_the_weight() {
    let exchange = start(Config { waits: true, ..Config::default() }).await;
    let mut socket = connect(&exchange, PATH).await.unwrap();
    let requests = [
        ("ping", json!({}), "ping"),
        (
            "klines",
            json!({"symbol": "BTCUSDT", "interval": "1s", "limit": 5}),
            "klines?symbol=BTCUSDT&interval=1s&limit=5",
        ),
        ("trades.recent", json!({"symbol": "ETHUSDT", "limit": 3}), "trades?symbol=ETHUSDT&limit=3"),
        (
            "trades.historical",
            json!({"symbol": "ETHUSDT", "fromId": 1, "limit": 3}),
            "historicalTrades?symbol=ETHUSDT&fromId=1&limit=3",
        ),
        ("trades.aggregate", json!({"symbol": "ETHUSDT", "limit": 3}), "aggTrades?symbol=ETHUSDT&limit=3"),
    ];
    for (method, params, rest) in requests {
        socket.say(&json!({"id": "a1", "method": method, "params": params}).to_string()).await;
        let text = socket.text().await;
        let reply: Value = serde_json::from_str(&text).unwrap();
        assert!(text.starts_with(r#"{"id":"a1","status":200,"result":"#), "{text}");
        assert_eq!(reply["result"], get(&exchange, rest).await.json(), "{method}");
        let count = reply["rateLimits"][0]["count"].as_u64().unwrap();
        // the count may restart with a new minute in between
        assert!((1..6_000).contains(&count), "{count}");
    }
}

#[tokio::test]
async fn its_errors_carry_code_and_time_to_wait() {
    let exchange = start(Config::default()).await;
    let mut socket = connect(&exchange, &format!("{PATH}?returnRateLimits=false")).await.unwrap();
    socket.say(r#"{"id":7,"method":"klines","params":{"symbol":"NOSUCH","interval":"1s"}}"#).await;
    assert_eq!(
        socket.text().await,
        r#"{"id":7,"status":400,"error":{"code":-1121,"msg":"Invalid symbol."}}"#
    );
    socket.say(r#"{"id":8,"method":"dance"}"#).await;
    assert_eq!(socket.json().await["status"], 404);
    socket.say("klines").await;
    assert_eq!(socket.json().await["error"]["code"], -1135);
    exchange.apply(Fault::Rest { status: 418, millis: 60_000 });
    socket.say(r#"{"id":9,"method":"time"}"#).await;
    let banned = socket.json().await;
    assert_eq!((&banned["status"], &banned["error"]["code"]), (&json!(418), &json!(-1003)));
    let data = &banned["error"]["data"];
    assert_eq!(data["retryAfter"].as_i64().unwrap() - data["serverTime"].as_i64().unwrap(), 120_000);
    exchange.apply(Fault::Close { code: 1_012, reason: String::new() });
    assert_eq!(socket.close_code().await, Some(1_012));
}
