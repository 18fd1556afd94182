//! A day of market time, played fast: the memory of the page and its worker must not grow.

use crate::browser::Trouble;
use crate::budget::{Budget, Figure};
use crate::desk::{Desk, Refresh};
use crate::memory::{Memory, growth};
use spreadscope_exchange::tape::synthetic;
use spreadscope_exchange::{Config, Tape};
use std::time::{Duration, Instant};

/// Market seconds per second of the soak.
const SPEED: f64 = 480.0;
/// A day of 1 s bars, which is all that is kept: until then memory grows legitimately.
const WARM_BARS: usize = 86_400;
const DAY_HOURS: f64 = 24.0;
/// Market hours in which the control leaks.
const CONTROL_HOURS: f64 = 4.0;
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);
/// How far the page may lag behind the market: the bars that arrive between two drawings.
const BEHIND_AT_MOST_SECS: f64 = 4.0 * SPEED;

/// Leaks about 2 MB per hour of market time.
const LEAK: &str = "window.__leak = []; window.__leaks = setInterval(() => window.__leak.push(new Array(4_000).fill(0.5)), 120); return true";

/// Megabytes held at market hours.
#[derive(Debug, Default)]
struct Looks {
    hours: Vec<f64>,
    page_heap: Vec<f64>,
    page_wasm: Vec<f64>,
    worker_heap: Vec<f64>,
    worker_wasm: Vec<f64>,
}

fn tape() -> Tape {
    synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 3, live_hours: 1 })
}

/// Plays a day until all that is kept is there, observes another day, and then a page that leaks.
///
/// # Errors
/// A sentence that says what went wrong, for example that the page has fallen behind or lost trades.
pub(super) async fn figures(budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let desk = Desk::start("soak", tape(), Config { speed: SPEED, ..Config::default() }).await?;
    desk.open().await?;
    desk.refresh(Refresh::OneSecond).await?;
    desk.bars(600, WARM_BARS).await?;
    println!("a day of bars is there; the second day is watched");
    let mut memory = Memory::attach(&desk.browser, &desk.address).await?;
    let day = look(&desk, &mut memory, DAY_HOURS).await?;
    kept_up(&desk).await?;
    desk.browser.script(LEAK).await?;
    let control = look(&desk, &mut memory, CONTROL_HOURS).await?;
    desk.browser.script("clearInterval(window.__leaks); delete window.__leak; return true").await?;
    let ceiling = budget.ceiling("soak_megabytes_per_hour")?;
    let mut figures = day.figures(ceiling)?;
    let caught = growth(&control.hours, &control.page_heap)?;
    figures.push(Figure::at_least("control: JS heap of a page that leaks", caught, "MB/h", ceiling));
    desk.finish().await?;
    Ok(figures)
}

/// Takes measurements repeatedly for `hours` of market time.
async fn look(desk: &Desk, memory: &mut Memory, hours: f64) -> Result<Looks, Trouble> {
    let mut looks = Looks::default();
    let start_ms = desk.exchange.told_now_ms();
    let start = Instant::now();
    loop {
        let now = (desk.exchange.told_now_ms() - start_ms) as f64 / 3.6e6;
        let (page, worker) = (memory.of_page().await?, memory.of_worker().await?);
        looks.hours.push(now);
        looks.page_heap.push(page.heap);
        looks.page_wasm.push(page.wasm);
        looks.worker_heap.push(worker.heap);
        looks.worker_wasm.push(worker.wasm);
        if now >= hours {
            println!(
                "{now:.1} h of market time in {:.0} s, {page:?}, {worker:?}",
                start.elapsed().as_secs_f64()
            );
            return Ok(looks);
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// Fails unless the page shows the current market, on one connection and without gaps.
async fn kept_up(desk: &Desk) -> Result<(), Trouble> {
    let told = desk
        .browser
        .script("const line = name => Number(document.querySelector(`.feed-lines [data-line=${name}] dd`).innerText.replace(/\\D/g, '')); return [Number(document.querySelector('[data-tile=z]').dataset.openTime), line('missing'), line('reconnects'), document.querySelector('.pill').dataset.phase]")
        .await?;
    let shown_ms = told[0].as_f64().ok_or("no bar is shown")?;
    let behind = (desk.exchange.told_now_ms() as f64 - shown_ms) / 1e3;
    if told[1] == 0 && told[2] == 0 && told[3] == "live" && behind <= BEHIND_AT_MOST_SECS {
        return Ok(());
    }
    Err(format!("the page has not kept up: {behind} s behind; missing, reconnects and phase {told}").into())
}

impl Looks {
    fn figures(&self, ceiling: f64) -> Result<Vec<Figure>, Trouble> {
        let Self { hours, page_heap, page_wasm, worker_heap, worker_wasm } = self;
        let parts = [
            ("JS heap of the page", page_heap),
            ("wasm memory of the page", page_wasm),
            ("JS heap of the worker", worker_heap),
            ("wasm memory of the worker", worker_wasm),
        ];
        let mut figures = Vec::new();
        let mut all = vec![0.0; hours.len()];
        for (name, megabytes) in parts {
            let last = megabytes.last().copied().unwrap_or(f64::NAN);
            figures.push(Figure::plain(&format!("{name}, at the end"), last, "MB"));
            figures.push(Figure::plain(&format!("{name}, growth"), growth(hours, megabytes)?, "MB/h"));
            all.iter_mut().zip(megabytes).for_each(|(sum, part)| *sum += part);
        }
        let hours_watched = hours.last().copied().unwrap_or(0.0);
        figures.push(Figure::plain("market time watched after a day of warm-up", hours_watched, "h"));
        figures.push(Figure::at_most("growth of all memory", growth(hours, &all)?, "MB/h", ceiling));
        Ok(figures)
    }
}
