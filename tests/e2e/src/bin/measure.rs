//! Measures the built page and the engine's wasm in a browser; prints a table and writes `target/measure.json`.
//!
//! Wants `dist/` and the engine's module in `target/bench/`, both of which `cargo xtask measure` makes.

use serde_json::{Value, json};
use spreadscope_e2e::browser::{Browser, Trouble, workspace};
use spreadscope_e2e::budget::{Budget, Figure};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::{first_load, statistics, trace};
use spreadscope_exchange::tape::{recorded, synthetic};
use spreadscope_exchange::{Config, Tape, serve_static};
use std::time::Duration;

/// Live updates are traced for this long.
const TRACED: Duration = Duration::from_mins(1);

#[tokio::main]
async fn main() -> Result<(), Trouble> {
    let budget = Budget::read()?;
    let mut figures = bytes(&budget)?;
    figures.extend(engine(&budget).await?);
    figures.extend(page(&budget).await?);
    figures.extend(stored(&budget).await?);
    println!("{:<52} {:>14} {:<10} {:<14} holds", "figure", "value", "unit", "bar");
    for Figure { name, value, unit, bar, holds } in &figures {
        let bar = bar.as_deref().unwrap_or("");
        let holds = holds.map_or("", |holds| if holds { "yes" } else { "NO" });
        let value = if value.is_nan() { "not measured".to_owned() } else { format!("{value:.3}") };
        println!("{name:<52} {value:>14} {unit:<10} {bar:<14} {holds}");
    }
    let path = workspace().join("target/measure.json");
    std::fs::write(&path, serde_json::to_string_pretty(&figures)?)?;
    println!("written to target/measure.json");
    Ok(())
}

fn bytes(budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let kinds = first_load::brotli_bytes(&workspace().join("dist"))?;
    let mut figures: Vec<Figure> = kinds
        .iter()
        .map(|(kind, bytes)| Figure::plain(&format!("{kind}, brotli"), *bytes as f64, "bytes"))
        .collect();
    let total: usize = kinds.values().sum();
    let ceiling = budget.ceiling("first_load_brotli_bytes")?;
    figures.push(Figure::at_most("first load, brotli", total as f64, "bytes", ceiling));
    Ok(figures)
}

/// The recording where it is at hand, else the seeded tape, as frames with their local times.
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

async fn engine(budget: &Budget) -> Result<Vec<Figure>, Trouble> {
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
    let ratio = parse / engine;
    let floor = budget.ceiling("frames_against_json_parse_ratio")?;
    let day = result["day"]["bytes"].as_f64().ok_or("the bench has no day of bars")?;
    let bars = result["day"]["bars"].as_f64().ok_or("the bench has no day of bars")?;
    let nanos = budget.ceiling("rolling_update_ns")?;
    let mut figures = vec![
        Figure::plain(&format!("engine in a worker, {tape}"), count / engine * 1_000.0, "frames/s"),
        Figure::plain("JSON.parse, the same frames", count / parse * 1_000.0, "frames/s"),
        Figure::plain("JSON.parse and reading p, q, T as numbers", count / fields * 1_000.0, "frames/s"),
        Figure::at_least("engine against JSON.parse alone", ratio, "ratio", floor),
        Figure::plain("engine against JSON.parse with numbers read", fields / engine, "ratio"),
        Figure::plain("engine per frame", engine * 1e6 / count, "ns"),
        Figure::at_most("rolling OLS and z, window 300", number("rolling300")?, "ns", nanos),
        Figure::at_most("rolling OLS and z, window 3600", number("rolling3600")?, "ns", nanos),
        Figure::at_most("rolling OLS and z, window 86400", number("rolling86400")?, "ns", nanos),
        Figure::plain("bars of 1 s in memory, both legs", bars, "bars"),
        Figure::at_most("engine memory with them", day, "bytes", budget.ceiling("engine_memory_day_bytes")?),
    ];
    figures.extend(statistics::figures(&result["statistics"], budget).await?);
    Ok(figures)
}

fn seeded() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 })
}

/// Notes when the first chart has points, and when all have.
const NOTE_CHARTS: &str = "const look = setInterval(() => { const charts = [...document.querySelectorAll('[data-chart]')]; if (charts.some(chart => chart.dataset.points > 0)) { window.__firstChart ??= performance.now(); } }, 5);";

/// Times of 21 puts and gets of the largest record, and the bytes of all bars of 1 s, in the page's database.
const TIME_RECORDS: &str = r"
    const done = arguments[0];
    const asked = request => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
    const median = times => times.sort((a, b) => a - b)[times.length >> 1];
    (async () => {
        const database = await asked(indexedDB.open('spreadscope'));
        const store = mode => database.transaction('records', mode).objectStore('records');
        const keys = (await asked(store('readonly').getAllKeys())).filter(key => key.includes('/1s/'));
        let bytes = 0, hour = new Uint8Array();
        for (const key of keys) {
            const record = await asked(store('readonly').get(key));
            bytes += record.length;
            if (record.length > hour.length) hour = record;
        }
        const puts = [], gets = [];
        for (let round = 0; round < 21; round++) {
            let start = performance.now();
            const writing = database.transaction('records', 'readwrite');
            writing.objectStore('records').put(hour, 'measure');
            await new Promise(resolve => { writing.oncomplete = resolve; });
            puts.push(performance.now() - start);
            start = performance.now();
            await asked(store('readonly').get('measure'));
            gets.push(performance.now() - start);
        }
        await asked(store('readwrite').delete('measure'));
        database.close();
        done({ bytes, hour: hour.length, put: median(puts), get: median(gets) });
    })().catch(error => done({ error: String(error) }));";

/// A start on what an earlier visit has stored.
async fn stored(budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let desk = Desk::start("measure-stored", seeded(), Config::default()).await?;
    desk.open().await?;
    let hour = "return Number(document.querySelector('main')?.dataset.bars) >= 3590";
    desk.browser.until(30, "the last hour of bars", hour).await?;
    tokio::time::sleep(Duration::from_secs(12)).await;
    desk.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": NOTE_CHARTS })).await?;
    let mut starts = Vec::new();
    for _ in 0..5 {
        desk.browser.open(&desk.address).await?;
        let first = desk.browser.until(10, "the first chart", "return window.__firstChart").await?;
        starts.push(first.as_f64().unwrap_or(f64::NAN));
    }
    starts.sort_by(f64::total_cmp);
    let records = desk.browser.script_async(TIME_RECORDS).await?;
    let number = |name: &str| records[name].as_f64().ok_or_else(|| format!("no {name} in {records}"));
    let day = number("bytes")? * 24.0;
    desk.close().await?;
    Ok(vec![
        Figure::at_most(
            "start from stored history to first chart",
            starts[starts.len() / 2],
            "ms",
            budget.ceiling("start_from_cache_ms")?,
        ),
        Figure::plain("an hour of bars of 1 s, stored", number("hour")?, "bytes"),
        Figure::plain("put of that record, transaction complete", number("put")?, "ms"),
        Figure::plain("get of that record", number("get")?, "ms"),
        Figure::at_most(
            "a day of bars of 1 s of both legs, stored",
            day / 1e6,
            "MB",
            budget.ceiling("stored_day_megabytes")?,
        ),
    ])
}

async fn page(budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let desk = Desk::start("measure", seeded(), Config::default()).await?;
    let note = "const look = setInterval(() => { const charts = [...document.querySelectorAll('[data-chart]')]; if (charts.some(chart => chart.dataset.points > 0)) { window.__firstChart ??= performance.now(); } if (charts.length >= 6 && charts.slice(0, 4).every(chart => chart.dataset.points > 0)) { window.__allCharts = performance.now(); clearInterval(look); } }, 5);";
    desk.browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": note })).await?;
    desk.open().await?;
    let first = desk.browser.until(5, "the first chart", "return window.__firstChart").await?;
    let all = desk.browser.until(5, "all charts", "return window.__allCharts").await?;
    let choose = "const select = document.querySelector('[data-control=refresh]'); select.selectedIndex = 2; select.dispatchEvent(new Event('change', {bubbles: true})); return select.value";
    desk.browser.script(choose).await?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let drawn = "return [...document.querySelectorAll('[data-chart]')].reduce((sum, chart) => sum + Number(chart.dataset.drawn), 0)";
    let before = desk.browser.script(drawn).await?.as_f64().unwrap_or(0.0);
    let tasks = trace::tasks(&desk.browser.debugger()?, TRACED).await?;
    let draws = desk.browser.script(drawn).await?.as_f64().unwrap_or(0.0) - before;
    desk.finish().await?;
    let ceiling = budget.ceiling("longest_main_thread_task_ms")?;
    Ok(vec![
        Figure::plain("start to first chart with data", first.as_f64().unwrap_or(f64::NAN), "ms"),
        Figure::plain("start to the first four charts with data", all.as_f64().unwrap_or(f64::NAN), "ms"),
        Figure::plain("charts drawn while traced", draws, "draws"),
        Figure::plain("main-thread tasks traced", tasks.count() as f64, "tasks"),
        Figure::plain("main-thread task, p95 of those over 0.1 ms", tasks.p95(), "ms"),
        Figure::at_most("longest main-thread task in 60 s at 1 Hz", tasks.longest(), "ms", ceiling),
    ])
}
