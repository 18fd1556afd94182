//! REST bodies: each reader alone, and as the response to every request of a start and of a gap.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::binance::listing;
use spreadscope_engine::binance::{agg_trades, klines, ticker};
use spreadscope_engine::messages::input::{Output, SocketEvent};
use spreadscope_engine::{Command, Engine, Input, Interval, Settings, UnixMillis};

const NOW: UnixMillis = UnixMillis(1_767_574_800_000);

/// Trades 1 and `last`, with a gap between them.
fn frames(last: u64) -> impl Iterator<Item = (UnixMillis, String)> {
    [(1, 100), (last, 5_100), (last + 1, 9_000)].into_iter().map(|(id, millis)| {
        let time = NOW.0 + millis;
        let text = format!(
            r#"{{"stream":"btcusdt@trade","data":{{"e":"trade","E":{time},"s":"BTCUSDT","t":{id},"p":"2.0","q":"1.0","T":{time},"m":true,"M":true}}}}"#
        );
        (NOW + millis, text)
    })
}

/// Lets the engine send requests and answers each with `body`, a few times.
fn answer(engine: &mut Engine, now: UnixMillis, body: &Result<String, FetchError>) -> u64 {
    let (mut newest, mut answers) = (1, 0);
    while let Some(output) = engine.poll() {
        match output {
            Output::OpenSocket { generation, .. } => newest = generation,
            Output::Fetch { id, .. } if answers < 8 => {
                answers += 1;
                engine.handle(now, Input::Fetched { id, response: body.clone() });
            }
            _ => {}
        }
    }
    newest
}

fuzz_target!(|input: (u16, &str)| {
    let (code, body) = input;
    for interval in Interval::ALL {
        if let Ok(rows) = klines::parse(body, interval) {
            assert!(rows.is_sorted_by_key(|kline| kline.open_time));
        }
    }
    if let Ok(rows) = agg_trades::parse(body) {
        assert!(rows.windows(2).all(|pair| pair[0].last + 1 == pair[1].first));
    }
    if let Ok(prices) = ticker::parse(body) {
        assert!(prices.iter().all(|(_, price)| *price > 0.0 && price.is_finite()));
    }
    if let Err(reason) = listing::parse(body) {
        assert!(!reason.is_empty());
    }
    let refused = FetchError::Status { code, body: body.to_owned() };
    for answered in [Ok(body.to_owned()), Err(refused)] {
        let mut engine = Engine::new(1);
        engine.handle(NOW, Input::Command(Command::Configure(Box::default())));
        engine.handle(NOW, Input::Command(Command::Watch(vec![Settings::default().pair])));
        for (now, text) in frames(u64::from(code) + 3) {
            let generation = answer(&mut engine, now, &answered);
            engine.handle(now, Input::Socket { generation, event: SocketEvent::Frame(text) });
        }
        answer(&mut engine, NOW + 9_000, &answered);
        engine.handle(NOW + 90_000, Input::Wakeup);
        answer(&mut engine, NOW + 90_000, &answered);
    }
});
