//! How soon the page answers a hand, and how long its main thread is busy: at full speed, and at a quarter.

use crate::browser::{Browser, Trouble};
use crate::budget::{Budget, Figure};
use crate::desk::{Desk, Refresh};
use crate::trace;
use serde_json::{Value, json};
use std::time::Duration;

/// Live updates are traced for this long.
const TRACED: Duration = Duration::from_mins(1);
/// Between two interactions, so that the one is painted before the other.
const BETWEEN: Duration = Duration::from_millis(400);

/// Keeps how long each interaction took to the next paint, by what it was, and how long the crosshair took.
const WATCH: &str = r"
    window.__inputs = {};
    new PerformanceObserver(list => { for (const entry of list.getEntries()) {
        if (entry.interactionId) window.__inputs[entry.name] = Math.max(window.__inputs[entry.name] || 0, entry.duration);
    }}).observe({ type: 'event', durationThreshold: 16 });
    window.__hovers = [];
    const painted = new MessageChannel();
    painted.port1.onmessage = message => window.__hovers.push(performance.now() - message.data);
    addEventListener('pointermove', event => requestAnimationFrame(() => painted.port2.postMessage(event.timeStamp)), true);
    return true;";

/// What is clicked in turn: buttons of the desk, and each drawer with the button that closes it.
const CLICKS: [&str; 15] = [
    "[data-interval='1m']",
    "[data-interval='1s']",
    "[data-range='3600']",
    "[data-range='900']",
    "[popovertarget=verdict-reasons]",
    "[popovertarget=about-z]",
    "[data-action=settings]",
    "[popovertarget=settings][popovertargetaction=hide]",
    "[data-action=rules]",
    "[popovertarget=alert-rules][popovertargetaction=hide]",
    "[data-action=import]",
    "[popovertarget=import][popovertargetaction=hide]",
    "[data-action=export]",
    "[data-action=pause]",
    "[data-action=pause]",
];

/// Keys in turn: other bars and back, pause and go on, the list of keys, and away with it.
const KEYS: [&str; 6] = ["2", "1", " ", " ", "?", "\u{e00c}"];

/// Interactions and main-thread tasks of a desk that has an hour of bars and draws once a second.
///
/// # Errors
/// In words.
pub(super) async fn figures(desk: &Desk, budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    desk.hour(30).await?;
    desk.refresh(Refresh::OneSecond).await?;
    let mut figures = Vec::new();
    for rate in [1_u32, 4] {
        let throttle = json!({ "rate": rate });
        desk.browser.cdp("Emulation.setCPUThrottlingRate", throttle).await?;
        figures.extend(at(desk, rate, budget).await?);
    }
    desk.browser.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await?;
    Ok(figures)
}

async fn at(desk: &Desk, rate: u32, budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let (inputs, hovers) = touch(&desk.browser).await?;
    for (name, millis) in &inputs {
        println!("{rate}x: worst {name} {millis} ms");
    }
    // no entry at all: everything was painted within the threshold
    let slowest = inputs.iter().map(|(_, millis)| *millis).fold(16.0, f64::max);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut figures = vec![
        bar(rate, "input to paint, worst of clicks and keys", slowest, budget.ceiling("input_to_paint_ms")?),
        Figure::plain(&format!("crosshair to paint, p95, {rate}x"), hovers, "ms"),
    ];
    figures.extend(tasks(desk, rate, "an hour of bars", budget).await?);
    Ok(figures)
}

/// Main-thread tasks of a minute of live updates.
///
/// # Errors
/// In words.
pub(super) async fn tasks(
    desk: &Desk,
    rate: u32,
    with: &str,
    budget: &Budget,
) -> Result<Vec<Figure>, Trouble> {
    let tasks = trace::tasks(&desk.browser, TRACED).await?;
    let (p95, longest) =
        (budget.ceiling("p95_main_thread_task_ms")?, budget.ceiling("longest_main_thread_task_ms")?);
    Ok(vec![
        bar(rate, &format!("main-thread task over 0.1 ms, p95, {with}"), tasks.p95(), p95),
        bar(rate, &format!("longest main-thread task in 60 s, {with}"), tasks.longest(), longest),
    ])
}

/// A figure in milliseconds that is held against `ceiling` at full speed alone.
fn bar(rate: u32, name: &str, value: f64, ceiling: f64) -> Figure {
    let name = format!("{name}, {rate}x");
    if rate == 1 { Figure::at_most(&name, value, "ms", ceiling) } else { Figure::plain(&name, value, "ms") }
}

/// The worst of each kind of interaction, and the 95th percentile of the crosshair, milliseconds.
async fn touch(browser: &Browser) -> Result<(Vec<(String, f64)>, f64), Trouble> {
    browser
        .script("if (window.__inputs) { window.__inputs = {}; window.__hovers = []; return true }")
        .await?;
    browser.script(&format!("if (!window.__inputs) {{ {WATCH} }}")).await?;
    let place = browser
        .script("const box = document.querySelector('[data-chart=zscore] .chart-body').getBoundingClientRect(); return [box.left, box.top, box.width, box.height]")
        .await?;
    let side = |at: usize| place[at].as_f64().ok_or("the z chart has no place");
    for step in 0..40 {
        let x = side(0)? + side(2)? * (0.2 + 0.015 * f64::from(step));
        let event = json!({ "type": "mouseMoved", "x": x, "y": side(1)? + side(3)? / 2.0 });
        browser.cdp("Input.dispatchMouseEvent", event).await?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for selector in CLICKS {
        let ready = format!("return !!document.querySelector({})?.checkVisibility()", json!(selector));
        browser.until(20, selector, &ready).await?;
        browser.click(selector).await?;
        tokio::time::sleep(BETWEEN).await;
    }
    browser.script("document.activeElement.blur(); return true").await?;
    for key in KEYS {
        browser.press(key).await?;
        tokio::time::sleep(BETWEEN).await;
    }
    let told = browser.script("return [window.__inputs, window.__hovers]").await?;
    let inputs = told[0].as_object().ok_or("no interactions were told")?;
    let inputs =
        inputs.iter().map(|(name, millis)| (name.clone(), millis.as_f64().unwrap_or(f64::NAN))).collect();
    let mut hovers: Vec<f64> = told[1].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    hovers.sort_by(f64::total_cmp);
    Ok((inputs, hovers.get(hovers.len() * 95 / 100).copied().unwrap_or(f64::NAN)))
}
