//! Lighthouse's scores of the release build, served with brotli as by a host that compresses.

use crate::browser::{Trouble, workspace};
use crate::budget::{Budget, Figure};
use crate::desk::point_at;
use crate::first_load::compress_beside;
use serde_json::Value;
use spreadscope_exchange::{Config, Exchange, Tape, serve_static};
use std::process::Stdio;
use tokio::process::Command;

/// Where the set-up has put it.
const PROGRAM: &str = ".vendor/lighthouse/node_modules/lighthouse/cli/index.js";
const CHROMIUM: &str = "--chrome-flags=--headless=new --no-sandbox --disable-gpu";
/// Number of runs; performance varies by chance, so the median is reported.
const RUNS: usize = 3;

/// Measures the scores of the desktop and the mobile preset, 0 to 100.
///
/// # Errors
/// A sentence that says what went wrong.
pub(super) async fn figures(tape: Tape, budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let exchange = Exchange::start(tape, Config::default()).await?;
    let folder = workspace().join("target/e2e/lighthouse");
    if folder.exists() {
        // the service worker would keep what an earlier run has compressed
        std::fs::remove_dir_all(&folder)?;
    }
    point_at(&exchange.origin(), &folder).await?;
    compress_beside(&folder)?;
    let (address, site) = serve_static(&folder, 0).await?;
    let address = format!("http://{address}/");
    let mut figures = Vec::new();
    for preset in ["desktop", "mobile"] {
        let mut runs = Vec::new();
        for _ in 0..RUNS {
            runs.push(run(&address, preset).await?);
        }
        for category in ["accessibility", "best-practices", "seo", "performance"] {
            let floor = match category {
                "performance" => budget.ceiling(&format!("lighthouse_performance_{preset}"))?,
                _ => 100.0,
            };
            let name = format!("Lighthouse {category}, {preset}");
            figures.push(Figure::at_least(&name, middle(&runs, category), "score", floor));
        }
    }
    site.abort();
    Ok(figures)
}

async fn run(address: &str, preset: &str) -> Result<Value, Trouble> {
    let mut command = Command::new("node");
    command.current_dir(workspace()).args([PROGRAM, address, CHROMIUM, "--quiet", "--output=json"]);
    if preset == "desktop" {
        command.arg("--preset=desktop");
    }
    if let Ok(chromium) = std::env::var("CHROME") {
        command.env("CHROME_PATH", chromium);
    }
    let output = command.stderr(Stdio::inherit()).output().await?;
    if !output.status.success() {
        return Err(format!("Lighthouse failed: node {PROGRAM}").into());
    }
    // kept for reading when a score is low
    std::fs::write(workspace().join(format!("target/lighthouse-{preset}.json")), &output.stdout)?;
    let report: Value = serde_json::from_slice(&output.stdout)?;
    // a page that cannot start would be fast
    match &report["audits"]["errors-in-console"] {
        audit if audit["score"] == 1 => Ok(report),
        audit => Err(format!("the page had errors under Lighthouse: {}", audit["details"]["items"]).into()),
    }
}

/// Returns the median score of a category over all runs; NaN if a run has none.
fn middle(runs: &[Value], category: &str) -> f64 {
    let score =
        |run: &Value| run["categories"][category]["score"].as_f64().map_or(f64::NAN, |score| score * 100.0);
    let mut scores: Vec<f64> = runs.iter().map(score).collect();
    scores.sort_by(f64::total_cmp);
    scores.get(scores.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_lucky_and_one_unlucky_run_do_not_count() {
        let runs = [0.99, 0.4, 0.9].map(|score| json!({ "categories": { "seo": { "score": score } } }));
        assert_eq!(middle(&runs, "seo"), 90.0);
        assert!(middle(&runs, "performance").is_nan());
    }
}
