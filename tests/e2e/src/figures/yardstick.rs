//! How fast this machine is, so that a bar for a time means the same on all of them.

use crate::browser::{Browser, Trouble};
use serde_json::json;
use spreadscope_exchange::tape::synthetic;

/// What the machine whose yardstick is 1 takes to parse a trade's frame, ns.
const ONE_NANOS: f64 = 550.0;

/// Parses a frame in 21 rounds of 20,000, after two rounds that only warm up; returns the median's nanoseconds for
/// one.
const PARSE: &str = r"
    const count = 20000, rounds = [];
    let ids = 0;
    for (let round = 0; round < 23; round++) {
        const start = performance.now();
        for (let n = 0; n < count; n++) ids += JSON.parse(frame).data.t;
        rounds.push((performance.now() - start) * 1e6 / count);
    }
    return ids > 0 ? rounds.slice(2).sort((a, b) => a - b)[10] : null;";

/// Returns how many times as long as the machine of yardstick 1 this one takes for `JSON.parse` of a trade's frame.
///
/// # Errors
/// The browser did not start, or did not parse.
pub async fn measure() -> Result<f64, Trouble> {
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 1, live_hours: 1 });
    let frames = tape.frames(&["btcusdt@trade"], tape.now_ms, tape.now_ms + 60_000);
    let frame = frames.first().ok_or("the seeded tape has no trade in a minute")?;
    let browser = Browser::start().await?;
    let told = browser.script(&format!("const frame = {};{PARSE}", json!(frame))).await?;
    browser.quit().await?;
    let nanos = told.as_f64().ok_or("the browser parsed no frame")?;
    Ok(nanos / ONE_NANOS)
}
