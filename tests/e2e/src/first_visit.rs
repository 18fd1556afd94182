//! Which functions of the module run before its rest is there, and which run so often that they should be no detour
//! away.

use crate::browser::{Browser, Trouble};
use crate::desk::{Desk, record_at};
use serde_json::json;
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Fault, Tape};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The rest is asked for within this time after the first charts.
const REST_COMES: Duration = Duration::from_secs(1);
/// A page that is up is watched for so long.
const WATCHED: Duration = Duration::from_secs(15);
/// What goes wrong goes wrong for so long.
const TROUBLE_MILLIS: u64 = 20_000;
/// Who runs so often in that time runs with every bar, or with every trade.
const OFTEN: u64 = 10;

/// A chart is there; on a small screen the others are drawn when they come into sight.
const CHART: &str =
    "return [...document.querySelectorAll('[data-chart]')].some(chart => chart.dataset.points > 0)";
/// How often each function has run in the page, and in its worker, which is asked on a channel.
const COUNTS: &str = "({ initSync }) => Object.entries(initSync()).filter(([name, { value }]) => name.startsWith('ran ') && value) \
    .map(([name, { value }]) => [Number(name.slice(4)), value])";

/// A visit: to what address, by whom, and what goes wrong meanwhile.
struct Visit {
    what: &'static str,
    link: &'static str,
    /// Whether nothing is stored.
    first: bool,
    /// Whether a hand is at work while the page comes.
    touched: bool,
    trouble: Option<Fault>,
}

/// In what order the first trades and the history come is a matter of chance, which these visits try out.
fn visits() -> Vec<Visit> {
    let millis = TROUBLE_MILLIS;
    let late = |stream: &str| Fault::LagStream { stream: stream.to_owned(), lag_millis: 3_000, millis };
    let visit = |what, trouble| Visit { what, link: "", first: true, touched: false, trouble };
    vec![
        visit("a first visit", None),
        Visit { first: false, touched: true, ..visit("a visit with stored history", None) },
        Visit { link: "#/?interval=1m&range=3600", ..visit("a visit by a link", None) },
        visit("a slow history", Some(Fault::SlowRest { delay_millis: 3_000, millis })),
        visit("a narrow network", Some(Fault::Narrow { bytes_per_sec: 20_000, millis })),
        visit("trades out of order", Some(Fault::Shuffle { millis })),
        visit("late trades of one leg", Some(late("btcusdt@trade"))),
        visit("late trades of the other", Some(late("ethusdt@trade"))),
    ]
}

/// The functions that every visit needs, by their place in the module.
///
/// # Errors
/// In words.
pub async fn functions_run() -> Result<BTreeSet<u64>, Trouble> {
    let mut needed = BTreeSet::new();
    for (machine, width, height, rate) in [("desktop", 1440, 900, 1), ("phone", 390, 844, 4)] {
        let desk = Desk::start(&format!("first-visit-{machine}"), tape(), Config::default()).await?;
        record_at(&desk.exchange.origin(), &desk.folder).await?;
        desk.browser.look(width, height, true).await?;
        desk.browser.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": rate })).await?;
        plant(&desk.browser).await?;
        for visit in &visits() {
            let before = needed.len();
            needed.extend(functions_of(&desk, visit).await?);
            println!("{machine}, {}: {} functions more", visit.what, needed.len() - before);
        }
        desk.close().await?;
    }
    Ok(needed)
}

/// A day of history and hours to come.
fn tape() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 })
}

async fn plant(browser: &Browser) -> Result<(), Trouble> {
    let answer = format!(
        "const asked = new BroadcastChannel('counts'); const counts = {COUNTS}; \
         asked.onmessage = async ({{ data }}) => asked.postMessage(counts(await import(data)));"
    );
    browser.plant_in_worker(&answer).await
}

async fn functions_of(desk: &Desk, visit: &Visit) -> Result<BTreeSet<u64>, Trouble> {
    desk.browser.open("about:blank").await?;
    if visit.first {
        let all = json!({ "origin": desk.address, "storageTypes": "all" });
        desk.browser.cdp("Storage.clearDataForOrigin", all).await?;
    }
    if let Some(trouble) = &visit.trouble {
        desk.exchange.apply(trouble.clone());
    }
    desk.browser.open(&format!("{}{}", desk.address, visit.link)).await?;
    if visit.touched {
        touch(&desk.browser).await?;
    }
    desk.browser.until(60, "a chart", CHART).await?;
    tokio::time::sleep(REST_COMES).await;
    let early = counts(&desk.browser).await?;
    if visit.trouble.is_some() {
        tokio::time::sleep(Duration::from_millis(TROUBLE_MILLIS)).await;
        return Ok(early.into_keys().collect());
    }
    desk.live(30).await?;
    let live = counts(&desk.browser).await?;
    tokio::time::sleep(WATCHED).await;
    let late = counts(&desk.browser).await?;
    let often = late
        .into_iter()
        .filter(|(function, count)| count - live.get(function).copied().unwrap_or_default() >= OFTEN);
    Ok(early.into_keys().chain(often.map(|(function, _)| function)).collect())
}

/// Does what a hand may do while it waits.
async fn touch(browser: &Browser) -> Result<(), Trouble> {
    for step in 0..20 {
        let place = 100 + 20 * step;
        let moved = json!({ "type": "mouseMoved", "x": place, "y": place });
        browser.cdp("Input.dispatchMouseEvent", moved).await?;
        let turned = json!({ "type": "mouseWheel", "x": place, "y": place, "deltaX": 0, "deltaY": 40 });
        browser.cdp("Input.dispatchMouseEvent", turned).await?;
        for kind in ["keyDown", "keyUp"] {
            browser
                .cdp("Input.dispatchKeyEvent", json!({ "type": kind, "key": "Tab", "code": "Tab" }))
                .await?;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// How often each function has run so far, in the page and its worker together.
async fn counts(browser: &Browser) -> Result<BTreeMap<u64, u64>, Trouble> {
    let call = format!(
        "const done = arguments[arguments.length - 1]; const counts = {COUNTS}; (async () => {{ \
             const files = performance.getEntriesByType('resource').map(({{ name }}) => name); \
             const script = files.find(name => /app-[0-9a-f]+[.]js$/.test(name)); \
             const here = counts(await import(script)); \
             const worker = new BroadcastChannel('counts'); \
             const there = new Promise(resolve => {{ worker.onmessage = ({{ data }}) => resolve(data); }}); \
             worker.postMessage(script); \
             done([...here, ...await there]); \
         }})().catch(error => done(String(error)))"
    );
    let told = browser.script_async(&call).await?;
    let pairs: Vec<(u64, u64)> = serde_json::from_value(told.clone())
        .map_err(|_other| format!("the module does not tell what has run: {told}"))?;
    let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
    for (function, count) in pairs {
        *counts.entry(function).or_default() += count;
    }
    Ok(counts)
}
