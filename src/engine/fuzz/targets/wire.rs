//! Stream frames: each alone, and line by line on a socket of a whole engine.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spreadscope_engine::binance::wire;
use spreadscope_engine::binance::wire::Frame;
use spreadscope_engine::messages::input::{Output, SocketEvent};
use spreadscope_engine::{Command, Engine, Input, UnixMillis};

const NOW: UnixMillis = UnixMillis(1_767_574_800_000);

fuzz_target!(|text: &str| {
    let mut engine = Engine::new(1);
    engine.handle(NOW, Input::Command(Command::Configure(Box::default())));
    let mut newest = 0;
    for (line, count) in text.lines().zip(1_i64..) {
        match wire::parse(line) {
            Ok(Frame::Trade { trade, .. }) => assert!(trade.price > 0.0 && trade.size > 0.0),
            Ok(Frame::Aggregate { row, .. }) => assert!(row.first <= row.last && row.price > 0.0),
            Ok(_) => {}
            Err(rejection) => assert!(rejection.to_string().len() < 1_000),
        }
        while let Some(output) = engine.poll() {
            if let Output::OpenSocket { generation, .. } = output {
                newest = generation;
            }
        }
        let event = SocketEvent::Frame(line.to_owned());
        engine.handle(NOW + count * 100, Input::Socket { generation: newest, event });
    }
});
