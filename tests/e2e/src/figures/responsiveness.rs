//! How soon the page responds to input, and how long its main thread is busy: at full speed, and at a quarter.

use crate::browser::{Browser, Trouble};
use crate::budget::{Budget, Figure};
use crate::desk::{Desk, Refresh};
use crate::trace;
use serde::Deserialize;
use serde_json::{Value, json};
use spreadscope_exchange::Fault;
use std::time::Duration;

/// How long live updates are traced.
const TRACED: Duration = Duration::from_mins(1);
/// Trades of each market per second of a burst, and the length of the burst.
const BURST_PER_SEC: u32 = 10_000;
const BURST: Duration = Duration::from_secs(10);
/// Pause between two interactions, so that one is painted before the next.
const BETWEEN: Duration = Duration::from_millis(400);

/// Records each interaction's slowest event, by the interaction's number, and how long the crosshair took.
/// Pressing a key or a button is one interaction with several events; events without an interaction, such as
/// mere pointer moves, do not count. This is the definition of INP. A dot changes with every frame during the
/// input, so that releasing a key, which shows nothing by itself, need not wait for a frame in which something
/// moves. The dot is in the upper left corner, because the emulated screen extends beyond the window at the
/// right and the bottom, and the browser does not draw changes there.
const WATCH: &str = r"
    window.__interactions = new Map();
    new PerformanceObserver(list => { for (const { interactionId, name, duration, startTime, processingStart, processingEnd } of list.getEntries()) {
        if (interactionId && duration > (window.__interactions.get(interactionId)?.duration ?? 0))
            window.__interactions.set(interactionId, { name, duration, waited: processingStart - startTime, worked: processingEnd - processingStart });
    }}).observe({ type: 'event', durationThreshold: 16 });
    const dot = document.body.appendChild(document.createElement('i'));
    Object.assign(dot.style, { position: 'fixed', width: '1px', height: '1px', top: 0, left: 0, zIndex: 2147483647 });
    let frames = 0;
    const blink = () => { if (window.__touched) { dot.style.backgroundColor = ++frames % 2 ? 'gray' : 'silver'; requestAnimationFrame(blink); } };
    window.__touch = () => { window.__touched = true; window.__interactions.clear(); window.__hovers = []; blink(); };
    const painted = new MessageChannel();
    painted.port1.onmessage = message => window.__hovers.push(performance.now() - message.data);
    addEventListener('pointermove', event => requestAnimationFrame(() => painted.port2.postMessage(event.timeStamp)), true);
    return true;";

/// Elements clicked in turn: buttons of the desk, and each drawer with its close button.
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

/// Keys pressed in turn: other bars and back, pause and continue, the list of keys, and Escape.
const KEYS: [&str; 6] = ["2", "1", " ", " ", "?", "\u{e00c}"];

/// Measures interactions of a desk with an hour of bars that draws once a second, and its main-thread tasks
/// with an hour and with a day of bars.
///
/// # Errors
/// A sentence that says what went wrong.
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
    a_day(desk).await?;
    for rate in [1_u32, 4] {
        desk.browser.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": rate })).await?;
        figures.extend(tasks(desk, rate, "a day of bars", budget).await?);
    }
    desk.browser.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await?;
    let millis = i64::try_from(BURST.as_millis())?;
    desk.exchange.apply(Fault::Burst { per_sec: BURST_PER_SEC, millis });
    let longest = trace::tasks(&desk.browser, BURST + Duration::from_secs(2)).await?.longest();
    let most = budget.ceiling("longest_main_thread_task_ms")?;
    figures.push(bar(1, "longest main-thread task in a burst of 20,000 trades a second", longest, most));
    Ok(figures)
}

async fn at(desk: &Desk, rate: u32, budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let Touched { interactions, hovers } = touch(&desk.browser).await?;
    for (kind, slowest) in
        [("pointer", worst(&interactions, false)), ("keyboard", worst(&interactions, true))]
    {
        let Some(Interaction { event, millis, waited, worked }) = slowest else { continue };
        println!(
            "{rate}x: worst by {kind}: {event} {millis} ms, {waited:.0} before and {worked:.0} in its handlers"
        );
    }
    // without an entry, everything was painted within the threshold
    let slowest = interactions.iter().map(|interaction| interaction.millis).fold(16.0, f64::max);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut figures = vec![
        bar(
            rate,
            "input to paint (INP), worst of clicks and keys",
            slowest,
            budget.ceiling("input_to_paint_ms")?,
        ),
        Figure::plain(&format!("crosshair to paint, p95, {rate}x"), hovers, "ms"),
    ];
    figures.extend(tasks(desk, rate, "an hour of bars", budget).await?);
    Ok(figures)
}

/// Makes the desk show a day of 1 s bars, and then the newest again.
async fn a_day(desk: &Desk) -> Result<(), Trouble> {
    desk.browser.click("[data-range='86400']").await?;
    desk.bars(120, 86_000).await?;
    desk.browser.click("[data-range='900']").await?;
    tokio::time::sleep(Duration::from_secs(10)).await;
    Ok(())
}

/// Measures the main-thread tasks of a minute of live updates.
async fn tasks(desk: &Desk, rate: u32, with: &str, budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let tasks = trace::tasks(&desk.browser, TRACED).await?;
    let (p95, longest) =
        (budget.ceiling("p95_main_thread_task_ms")?, budget.ceiling("longest_main_thread_task_ms")?);
    Ok(vec![
        bar(rate, &format!("main-thread task over 0.1 ms, p95, {with}"), tasks.p95(), p95),
        bar(rate, &format!("longest main-thread task in 60 s, {with}"), tasks.longest(), longest),
    ])
}

/// Returns a figure in milliseconds that is compared with `ceiling` only at full speed.
fn bar(rate: u32, name: &str, value: f64, ceiling: f64) -> Figure {
    let name = format!("{name}, {rate}x");
    if rate == 1 { Figure::at_most(&name, value, "ms", ceiling) } else { Figure::plain(&name, value, "ms") }
}

/// An interaction by its slowest event, in milliseconds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Interaction {
    #[serde(rename = "name")]
    event: String,
    /// Time to the next paint.
    #[serde(rename = "duration")]
    millis: f64,
    /// Time before its first handler ran.
    waited: f64,
    /// Time in its handlers.
    worked: f64,
}

/// Returns the slowest interaction by keyboard, or by pointer.
fn worst(interactions: &[Interaction], by_keyboard: bool) -> Option<&Interaction> {
    let of_kind =
        interactions.iter().filter(|interaction| interaction.event.starts_with("key") == by_keyboard);
    of_kind.max_by(|a, b| a.millis.total_cmp(&b.millis))
}

/// The measured interactions.
struct Touched {
    /// Interactions that took longer than the browser's threshold.
    interactions: Vec<Interaction>,
    /// The 95th percentile of the crosshair's delay, milliseconds.
    hovers: f64,
}

async fn touch(browser: &Browser) -> Result<Touched, Trouble> {
    browser.script(&format!("if (!window.__interactions) {{ {WATCH} }}")).await?;
    browser.script("window.__touch(); return true").await?;
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
    let told = browser
        .script("window.__touched = false; return [[...window.__interactions.values()], window.__hovers]")
        .await?;
    let interactions = serde_json::from_value(told[0].clone())?;
    let mut hovers: Vec<f64> = told[1].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    hovers.sort_by(f64::total_cmp);
    let hovers = hovers.get(hovers.len() * 95 / 100).copied().unwrap_or(f64::NAN);
    Ok(Touched { interactions, hovers })
}
