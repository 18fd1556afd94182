//! What goes wrong with the exchange's market data in practice, as reported by its users: the 22 cases of the
//! protocol reference, one test each, by their numbers.
//!
//! Most cases are plans of the simulated world: one thing goes wrong, and at the end the page's rows must be
//! those that the market's own trades make, which the world itself checks.

mod connection;
mod limits;
mod trades;

use crate::life::numbers;
use spreadscope_engine::analytics::Row;
use spreadscope_engine::base::note::NoteKind;
use spreadscope_engine::connection::Phase;
use spreadscope_engine::messages::input::SocketEvent;
use spreadscope_engine::{Command, Engine, Input, Settings, UnixMillis};
use spreadscope_simulation::{Driver, PageState, Plan, Played, START_MS, play};
use std::collections::BTreeMap;

/// Plays `plan` to its end.
pub(crate) fn played(plan: Plan) -> Played {
    play(plan).unwrap_or_else(|failure| panic!("{failure}"))
}

/// Returns second `secs` after the start, ms of the exchange.
pub(crate) fn at(secs: i64) -> i64 {
    START_MS + secs * 1_000
}

/// Returns when the page first received a phase.
fn first(run: &Played, is: impl Fn(&Phase) -> bool) -> Option<i64> {
    run.diary.phases.iter().find(|(_, phase)| is(phase)).map(|(at, _)| *at)
}

/// Returns whether the feed's log has a line of `kind` with `words`.
fn noted(page: &PageState, kind: NoteKind, words: &str) -> bool {
    page.notes.iter().any(|note| note.kind == kind && note.words.contains(words))
}

/// Returns rows up to second `secs`, without the origins of their bars.
pub(crate) fn rows_until(run: &Played, secs: i64) -> BTreeMap<UnixMillis, Row> {
    let mut rows = numbers(&run.page.rows);
    rows.retain(|time, _| time.0 < at(secs));
    rows
}

/// Returns an engine with settings and no world around it, at the local time of the exchange's start.
pub(crate) fn driver(settings: &Settings) -> Driver {
    let mut driver = Driver::new(Engine::new(1), UnixMillis(START_MS));
    driver.input(driver.now, Input::Command(Command::Configure(Box::new(settings.clone()))));
    driver
}

/// Passes a frame on the newest socket.
pub(crate) fn frame(driver: &mut Driver, local_millis: i64, text: String) {
    let generation = *driver.sockets.keys().next_back().expect("a socket is wanted");
    let event = SocketEvent::Frame(text);
    driver.input(UnixMillis(local_millis), Input::Socket { generation, event });
}

/// Returns the exchange's bar of the second before `millis`, sent then, with the first and last of its trades.
pub(crate) fn second_bar(symbol: &str, millis: i64, ids: Option<(u64, u64)>) -> String {
    let (stream, open) = (symbol.to_lowercase(), millis.div_euclid(1_000) * 1_000 - 1_000);
    let (first, last, trades) = match ids {
        Some((first, last)) => (first.to_string(), last.to_string(), last - first + 1),
        None => ("-1".to_owned(), "-1".to_owned(), 0),
    };
    format!(
        r#"{{"stream":"{stream}@kline_1s","data":{{"e":"kline","E":{millis},"s":"{symbol}","k":{{"t":{open},"T":{},"i":"1s","f":{first},"L":{last},"n":{trades},"x":true}}}}}}"#,
        open + 999
    )
}
