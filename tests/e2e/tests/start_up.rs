//! The first seconds, frame by frame: nothing is said that the next seconds take back.

use serde_json::Value;
use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;
use spreadscope_exchange::tape::synthetic;

/// Notes with each frame what has changed of what a trader acts on.
const RECORD: &str = "window.__frames = []; let last = ''; const look = () => { const verdict = document.querySelector('.verdict'); if (verdict) { const text = name => document.querySelector(name)?.innerText ?? ''; const frame = { tone: verdict.dataset.tone, sentence: text('.verdict-sentence'), z: text('[data-tile=z]'), p: text('[data-tile=eg]'), bars: document.querySelector('main')?.dataset.bars, history: text('[data-line=history] dd'), note: text('[data-chart=price] .chart-help'), spans: [...document.querySelectorAll('[data-chart]')].filter(chart => chart.dataset.from).map(chart => chart.dataset.from) }; const now = JSON.stringify(frame); if (now != last) { last = now; frame.at = performance.now(); window.__frames.push(frame); } } requestAnimationFrame(look); }; requestAnimationFrame(look);";

#[tokio::test(flavor = "multi_thread")]
async fn no_verdict_is_taken_back_by_the_seconds_after_it() -> Result<(), Trouble> {
    let _turn = beside().await;
    let tape = synthetic::tape(&synthetic::Spec { seed: 1, history_hours: 25, live_hours: 6 });
    let desk = Desk::start("start-up", tape, Config::default()).await?;
    desk.browser.cdp("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": RECORD })).await?;
    for interval in ["1s", "1m", "5m"] {
        for visit in ["without", "with"] {
            desk.browser.open(&format!("{}#/?interval={interval}", desk.address)).await?;
            desk.browser.script("location.reload(); return true").await?;
            desk.live(20).await?;
            tokio::time::sleep(std::time::Duration::from_secs(8)).await;
            let frames = desk.browser.script("return window.__frames").await?;
            println!("== {interval} {visit} history");
            for frame in frames.as_array().into_iter().flatten() {
                let mut spans: Vec<&Value> = frame["spans"].as_array().into_iter().flatten().collect();
                spans.dedup();
                println!("{:>8.0} {} | {} | z {} | p {} | {} bars | {} | {} | {}", frame["at"].as_f64().unwrap_or(0.0), frame["tone"], frame["sentence"], frame["z"], frame["p"], frame["bars"], frame["history"], frame["note"], spans.len());
            }
        }
    }
    desk.finish().await
}
