//! Binance.US, long lists of markets, names beyond ASCII, and unknown streams.

use crate::client::{TAPE, connect, get, start};
use spreadscope_exchange::{Config, Exchange, Tape, TapeTrade, UnknownStream, Venue};

async fn us() -> Exchange {
    let config = Config { speed: 20.0, ..Config::default() };
    Exchange::start(TAPE.clone().of_venue(Venue::Us), config).await.unwrap()
}

#[tokio::test]
async fn binance_us_has_no_seconds_no_average_price_and_its_own_weights() {
    let exchange = us().await;
    let refused = get(&exchange, "klines?symbol=BTCUSDT&interval=1s").await;
    assert_eq!((refused.status, refused.json()["code"].as_i64()), (400, Some(-1_120)));
    let minutes = get(&exchange, "klines?symbol=BTCUSDT&interval=1m&limit=5").await;
    assert_eq!(minutes.json().as_array().unwrap().len(), 5);
    let used = |answer: &crate::client::Answer| -> u32 {
        answer.header("x-mbx-used-weight-1m").unwrap().parse().unwrap()
    };
    let before = used(&minutes);
    let listed = get(&exchange, "exchangeInfo").await;
    assert_eq!((listed.status, used(&listed) - before), (200, 10));
    assert_eq!(listed.json()["rateLimits"][0]["limit"], 1_200);
    // a parameter that only Binance accepts is refused
    for request in
        ["exchangeInfo?permissions=SPOT", "exchangeInfo?symbolStatus=TRADING", "ticker/24hr?type=MINI"]
    {
        assert_eq!(get(&exchange, request).await.json()["code"], -1_104, "{request}");
    }
    let streams = "btcusdt@trade/btcusdt@kline_1s/btcusdt@avgPrice/btcusdt@miniTicker/btcusdt@depth";
    let mut socket =
        connect(&exchange, &format!("/stream?streams={streams}&timeUnit=microsecond")).await.unwrap();
    let frames = socket.texts_for(1_000).await;
    let speaks = |stream: &str| frames.iter().filter(|frame| frame.contains(stream)).count();
    assert_eq!((speaks("kline_1s"), speaks("avgPrice")), (0, 0));
    assert!(speaks("@miniTicker") > 5 && speaks("\"e\":\"depthUpdate\",\"E\":1") > 5, "{frames:?}");
    let trade = frames.iter().find(|frame| frame.contains("@trade")).unwrap();
    let trade: serde_json::Value = serde_json::from_str(trade).unwrap();
    assert!(trade["data"]["b"].is_u64() && trade["data"]["a"].is_u64(), "{trade}");
    assert!(trade["data"]["E"].as_i64().unwrap() < 10_000_000_000_000, "times are in ms there");
}

#[tokio::test]
async fn a_stream_that_there_is_not_is_silent_or_closes_the_socket() {
    let with = "/stream?streams=btcusdt@trade/btcusdt@kline_7s";
    let silent = start(Config { speed: 20.0, ..Config::default() }).await;
    let frames = connect(&silent, with).await.unwrap().texts_for(400).await;
    assert!(!frames.is_empty() && frames.iter().all(|frame| frame.contains("@trade")));
    let config = Config { speed: 20.0, unknown_stream: UnknownStream::Closed, ..Config::default() };
    let strict = start(config).await;
    assert_eq!(connect(&strict, with).await.unwrap().close_code().await, Some(1_008));
    let mut known = connect(&strict, "/stream?streams=btcusdt@trade").await.unwrap();
    assert!(!known.texts_for(400).await.is_empty());
}

#[tokio::test]
async fn thousands_of_markets_are_listed_by_their_status_and_packed() {
    let tape = TAPE.clone().with_listed(4_000);
    let exchange = Exchange::start(tape, Config::default()).await.unwrap();
    let all = get(&exchange, "exchangeInfo").await;
    let trading = get(&exchange, "exchangeInfo?symbolStatus=TRADING&permissions=SPOT").await;
    let symbols = |answer: &crate::client::Answer| answer.json()["symbols"].as_array().unwrap().clone();
    let (all, trading) = (symbols(&all), symbols(&trading));
    assert_eq!((all.len(), trading.len()), (4_003, 1_603));
    for status in ["BREAK", "HALT", "CANCEL_ONLY"] {
        assert!(all.iter().any(|symbol| symbol["status"] == status), "{status}");
    }
    assert!(trading.iter().any(|symbol| !symbol["symbol"].as_str().unwrap().is_ascii()));
    let both = get(&exchange, "exchangeInfo?symbolStatus=TRADING&symbol=BTCUSDT").await;
    assert_eq!(both.json()["code"], -1_128);
    let packed = get(&exchange, "exchangeInfo").await;
    assert!(packed.header("content-encoding").is_none_or(|coding| coding == "gzip"));
    assert!(exchange.rest_bytes() > 1_000_000, "{}", exchange.rest_bytes());
}

#[tokio::test]
async fn a_market_with_a_name_beyond_ascii_streams_and_answers_under_its_encoded_name() {
    let trades = (1..2_000_u64).map(|id| {
        let time_ms = TAPE.now_ms - 100_000 + 100 * i64::try_from(id).unwrap();
        TapeTrade { id, time_ms, event_ms: time_ms, price_e8: 5, size_e8: 100_000_000, buyer_is_maker: true }
    });
    let tape = Tape::of(vec![("币安人生USDT", trades.collect())], TAPE.now_ms);
    let exchange = Exchange::start(tape, Config { speed: 20.0, ..Config::default() }).await.unwrap();
    let encoded = "%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9F";
    let bars = get(&exchange, &format!("klines?symbol={encoded}USDT&interval=1s&limit=3")).await.json();
    assert_eq!(bars.as_array().unwrap().len(), 3);
    for path in [format!("/stream?streams={encoded}usdt@trade"), format!("/ws/{encoded}usdt@trade")] {
        let frames = connect(&exchange, &path).await.unwrap().texts_for(600).await;
        assert!(frames.iter().any(|frame| frame.contains(r#""s":"币安人生USDT""#)), "{path}: {frames:?}");
    }
}
