//! What the engine's wasm costs in a worker.

use super::{seeded, statistics};
use crate::browser::{Browser, Trouble, workspace};
use crate::budget::{Budget, Figure};
use serde_json::{Value, json};
use spreadscope_exchange::serve_static;
use spreadscope_exchange::tape::recorded;

/// Returns the recording if it is available, else the seeded tape, as frames with their local times.
fn frames() -> Result<(&'static str, Vec<Value>), Trouble> {
    let path = recorded::default_path();
    if path.exists() {
        let frames = recorded::frames(&path)?;
        let frames =
            frames.iter().map(|f| json!({ "at": f.received_ns / 1_000_000, "text": f.text })).collect();
        return Ok(("recorded tape", frames));
    }
    eprintln!("the recording is not here: the seeded tape is measured in its place");
    let tape = seeded();
    let texts = tape.frames(&["btcusdt@trade", "ethusdt@trade"], tape.now_ms, tape.now_ms + 3_600_000);
    let frames = texts
        .into_iter()
        .map(|text| {
            let at = serde_json::from_str::<Value>(&text).map(|frame| frame["data"]["E"].clone());
            at.map(|at| json!({ "at": at, "text": text }))
        })
        .collect::<Result<_, _>>()?;
    Ok(("seeded tape", frames))
}

/// Returns the time span of the frames, seconds.
fn seconds(frames: &[Value]) -> f64 {
    let at = |frame: Option<&Value>| frame.and_then(|frame| frame["at"].as_f64()).unwrap_or_default();
    (at(frames.last()) - at(frames.first())) / 1_000.0
}

/// Measures throughput, latency and memory of the engine in a worker, beside `JSON.parse`; needs its module in
/// `target/bench`.
///
/// # Errors
/// A sentence that says what went wrong.
pub(super) async fn figures(budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let folder = workspace().join("target/bench");
    for file in ["bench.js", "page.js", "index.html"] {
        std::fs::copy(workspace().join("tests/bench").join(file), folder.join(file))?;
    }
    let (tape, frames) = frames()?;
    std::fs::write(folder.join("frames.json"), serde_json::to_string(&frames)?)?;
    let (address, site) = serve_static(&folder, 0).await?;
    let browser = Browser::start().await?;
    browser.open(&format!("http://{address}/")).await?;
    let result = browser.until(180, "the bench", "return window.result").await?;
    browser.quit().await?;
    site.abort();
    if let Some(error) = result["error"].as_str() {
        return Err(format!("the bench failed: {error}").into());
    }
    let number = |name: &str| result[name].as_f64().ok_or_else(|| format!("the bench has no {name}"));
    let (count, engine, parse) = (number("frames")?, number("engineMillis")?, number("parseMillis")?);
    let fields = number("parseFieldsMillis")?;
    // an engine that computes nothing would be fast
    let (rows, seconds) = (number("rows")?, seconds(&frames));
    if rows < 0.9 * seconds {
        return Err(format!("the engine has told {rows} rows of {seconds:.0} s of frames").into());
    }
    let floor = budget.ceiling("frames_against_json_parse_ratio")?;
    let day = result["day"]["bytes"].as_f64().ok_or("the bench has no day of bars")?;
    let bars = result["day"]["bars"].as_f64().ok_or("the bench has no day of bars")?;
    if bars < 2.0 * 86_400.0 {
        return Err(format!("the engine holds {bars} bars instead of two days of seconds").into());
    }
    let nanos = budget.ceiling("rolling_update_ns")?;
    let mut figures = vec![
        Figure::plain(&format!("engine in a worker, {tape}"), count / engine * 1_000.0, "frames/s"),
        Figure::plain("JSON.parse, the same frames", count / parse * 1_000.0, "frames/s"),
        Figure::plain("JSON.parse and reading p, q, T as numbers", count / fields * 1_000.0, "frames/s"),
        Figure::at_least("engine against JSON.parse alone", number("parseRatio")?, "ratio", floor),
        Figure::plain("engine against JSON.parse with numbers read", number("parseFieldsRatio")?, "ratio"),
        Figure::plain("engine per frame", engine * 1e6 / count, "ns"),
        Figure::at_most("rolling OLS and z, window 300", number("rolling300")?, "ns", nanos),
        Figure::at_most("rolling OLS and z, window 3600", number("rolling3600")?, "ns", nanos),
        Figure::at_most("rolling OLS and z, window 86400", number("rolling86400")?, "ns", nanos),
        Figure::plain("bars of 1 s in memory, both legs", bars, "bars"),
        Figure::at_most("engine memory with them", day, "bytes", budget.ceiling("engine_memory_day_bytes")?),
    ];
    figures.extend(backtest(&result["backtest"], budget)?);
    figures.extend(statistics::figures(&result["statistics"], budget).await?);
    Ok(figures)
}

/// Compares a run and a surface over a day of bars with the rolling pass over the same bars.
fn backtest(result: &Value, budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let number = |name: &str| {
        result[name].as_f64().ok_or_else(|| Trouble::from(format!("the bench has no backtest {name}")))
    };
    // rules that never trade would be fast
    let trades = number("trades")?;
    if trades < 100_000.0 {
        return Err(format!("the surface has {trades} round trips").into());
    }
    let (run, surface) = (budget.ceiling("backtest_run_ratio")?, budget.ceiling("backtest_surface_ratio")?);
    Ok(vec![
        Figure::plain("rolling OLS and z, 86,400 bars", number("passMillis")?, "ms"),
        Figure::plain("one backtest over them", number("runMillis")?, "ms"),
        Figure::at_most("one backtest against the rolling pass", number("runRatio")?, "ratio", run),
        Figure::plain("a surface of 2,500 cells over them", number("surfaceMillis")?, "ms"),
        Figure::at_most("2,500 cells against the rolling pass", number("surfaceRatio")?, "ratio", surface),
    ])
}
