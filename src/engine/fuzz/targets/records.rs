//! Stored records, by name and contents: each reader alone, and a whole engine at its start.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spreadscope_engine::archive::choices;
use spreadscope_engine::archive::record;
use spreadscope_engine::archive::record::Kind;
use spreadscope_engine::archive::store::{Answer, Estimate, Record, Request};
use spreadscope_engine::archive::{BarChunk, MOST_BARS, TickChunk, key};
use spreadscope_engine::messages::input::Output;
use spreadscope_engine::{Command, Engine, Input, Settings, UnixMillis};

const NOW: UnixMillis = UnixMillis(1_767_574_800_000);
/// Most requests at a start, with a margin.
const MOST_REQUESTS: usize = 64;

/// Starts an engine whose store has `bytes` under every name requested, and under `name`.
fn start(bytes: &[u8], name: &str) {
    let mut engine = Engine::with_store(1);
    let settings = Settings { keep_ticks_hours: 1, ..Settings::default() };
    engine.handle(NOW, Input::Command(Command::Configure(Box::new(settings))));
    for _ in 0..MOST_REQUESTS {
        let Some(output) = engine.poll() else { return };
        let Output::Store(request) = output else { continue };
        let answer = match request {
            Request::Open => Answer::Opened(Ok(())),
            Request::Write { id, .. } => Answer::Written { id, result: Ok(()) },
            Request::Load { id, queries } => {
                let found = queries.into_iter().map(|query| {
                    let rest = match &*query.prefix {
                        key::IMPORTS => "BTCUSDT/0000",
                        series if series.ends_with('/') => "1767574800000",
                        _ => "",
                    };
                    let key = query.prefix + rest;
                    Record { key, bytes: bytes.to_vec() }
                });
                Answer::Loaded { id, result: Ok(found.collect()) }
            }
            Request::List { id, .. } => Answer::Listed { id, result: Ok(vec![name.to_owned()]) },
            Request::Estimate => {
                Answer::Estimated(Ok(Estimate { usage_bytes: 99, quota_bytes: 100, persistent: false }))
            }
        };
        engine.handle(NOW, Input::Store(answer));
    }
}

fuzz_target!(|input: (&str, &[u8])| {
    let (name, content) = input;
    // any name must be accepted
    let _ = (key::parse(name), key::is_tail(name));
    let kinds = [Kind::Bars, Kind::Ticks, Kind::Choices, Kind::Alerts, Kind::Import];
    // in a valid envelope too, since hardly any input would be opened
    let sealed = kinds.map(|kind| record::seal(kind, content));
    for bytes in sealed.iter().map(Vec::as_slice).chain([content]) {
        if let Ok(chunk) = BarChunk::decode(bytes) {
            assert!(chunk.bars.len() <= MOST_BARS);
            let again = chunk.encode();
            assert_eq!(BarChunk::decode(&again).map(|chunk| chunk.encode()), Ok(again));
        }
        if let Ok(chunk) = TickChunk::decode(bytes) {
            let again = chunk.encode();
            assert_eq!(TickChunk::decode(&again).map(|chunk| chunk.encode()), Ok(again));
        }
        if let Ok(preferences) = choices::decode(bytes) {
            assert_eq!(choices::decode(&choices::encode(&preferences)), Ok(preferences));
        }
        start(bytes, name);
    }
});
