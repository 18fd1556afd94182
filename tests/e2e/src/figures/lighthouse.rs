//! Lighthouse's figures of the release build, served as GitHub Pages does.

use crate::browser::{Trouble, workspace};
use crate::budget::{Budget, Figure};
use crate::desk::point_at;
use serde_json::Value;
use spreadscope_exchange::{Config, Exchange, Tape, serve_pages};
use std::process::Stdio;
use tokio::process::Command;

/// Where the set-up has put it.
const PROGRAM: &str = ".vendor/lighthouse/node_modules/lighthouse/cli/index.js";
const CHROMIUM: &str = "--chrome-flags=--headless=new --no-sandbox --disable-gpu";
/// Number of runs; performance varies by chance, so the median is reported.
const RUNS: usize = 3;
/// The benchmark index, of Lighthouse's own scale, of the phone that the mobile preset stands for.
const PHONE: f64 = 330.0;
/// The unit of times on that phone, which no yardstick scales any more.
const MILLIS: &str = "ms at 330";
/// Times of the performance score: the name of the audit, and of its ceiling on a phone.
const TIMES: [(&str, &str); 3] = [
    ("largest-contentful-paint", "lighthouse_mobile_lcp_ms"),
    ("total-blocking-time", "lighthouse_mobile_tbt_ms"),
    ("speed-index", "lighthouse_mobile_si_ms"),
];

/// Measures the scores of the desktop and the mobile preset, 0 to 100, and the times of the latter. The processor
/// is slowed down until it is as slow as a phone's, however fast the machine is.
///
/// # Errors
/// A sentence that says what went wrong.
pub(super) async fn figures(tape: Tape, budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let exchange = Exchange::start(tape, Config::default()).await?;
    let folder = workspace().join("target/e2e/lighthouse");
    point_at(&exchange.origin(), &folder).await?;
    let (address, site) = serve_pages(&folder, "/").await?;
    let address = format!("http://{address}/");
    let desktop = runs(&address, &["--preset=desktop"]).await?;
    let index = middle(&desktop, |run| run["environment"]["benchmarkIndex"].as_f64());
    let slowdown = (index / PHONE).max(1.0);
    let mobile = runs(&address, &[&format!("--throttling.cpuSlowdownMultiplier={slowdown:.2}")]).await?;
    site.abort();
    let mut figures = vec![
        Figure::plain("Lighthouse's benchmark index of this machine", index, "index"),
        Figure::plain("times as slow as it, the phone", slowdown, "ratio"),
    ];
    for (kind, runs) in [("desktop", &desktop), ("mobile", &mobile)] {
        for category in ["accessibility", "best-practices", "seo", "performance"] {
            let floor = match category {
                "performance" => budget.ceiling(&format!("lighthouse_performance_{kind}"))?,
                _ => 100.0,
            };
            let name = format!("Lighthouse {category}, {kind}");
            let score = |run: &Value| Some(run["categories"][category]["score"].as_f64()? * 100.0);
            figures.push(Figure::at_least(&name, middle(runs, score), "score", floor));
        }
    }
    for (audit, ceiling) in TIMES {
        let millis = |run: &Value| run["audits"][audit]["numericValue"].as_f64();
        figures.push(Figure::plain(&format!("{audit}, desktop"), middle(&desktop, millis), "ms"));
        let (name, value) = (format!("{audit}, mobile"), middle(&mobile, millis));
        figures.push(Figure::at_most(&name, value, MILLIS, budget.ceiling(ceiling)?));
    }
    Ok(figures)
}

async fn runs(address: &str, options: &[&str]) -> Result<Vec<Value>, Trouble> {
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        runs.push(run(address, options).await?);
    }
    Ok(runs)
}

async fn run(address: &str, options: &[&str]) -> Result<Value, Trouble> {
    let mut command = Command::new("node");
    command.current_dir(workspace()).args([PROGRAM, address, CHROMIUM, "--quiet", "--output=json"]);
    command.args(options);
    if let Ok(chromium) = std::env::var("CHROME") {
        command.env("CHROME_PATH", chromium);
    }
    let output = command.stderr(Stdio::inherit()).output().await?;
    if !output.status.success() {
        return Err(format!("Lighthouse failed: node {PROGRAM}").into());
    }
    // kept for reading when a score is low
    std::fs::write(workspace().join("target/lighthouse.json"), &output.stdout)?;
    let report: Value = serde_json::from_slice(&output.stdout)?;
    // a page that cannot start would be fast
    match &report["audits"]["errors-in-console"] {
        audit if audit["score"] == 1 => Ok(report),
        audit => Err(format!("the page had errors under Lighthouse: {}", audit["details"]["items"]).into()),
    }
}

/// Returns the median of a number over all runs; NaN if a run does not have it.
fn middle(runs: &[Value], number: impl Fn(&Value) -> Option<f64>) -> f64 {
    let mut numbers: Vec<f64> = runs.iter().map(|run| number(run).unwrap_or(f64::NAN)).collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_lucky_and_one_unlucky_run_do_not_count() {
        let runs = [0.99, 0.4, 0.9].map(|score| json!({ "score": score }));
        assert_eq!(middle(&runs, |run| run["score"].as_f64()), 0.9);
        assert!(middle(&runs, |run| run["index"].as_f64()).is_nan());
    }
}
