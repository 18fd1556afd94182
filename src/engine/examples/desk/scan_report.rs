//! The results of a scan, as a table or as JSON.

use serde_json::{Value, json};
use spreadscope_engine::scan::{Known, Report, Scanned, Series, Spec};
use spreadscope_engine::transfer::timestamp;
use spreadscope_engine::{Symbol, UnixMillis};
use std::collections::BTreeMap;
use std::io::{ErrorKind, Write as _};

/// The input of the scan.
pub(super) struct ScanInput {
    pub(super) markets: BTreeMap<Symbol, Series>,
    pub(super) problems: Vec<String>,
    pub(super) spec: Spec,
}

const LEVEL: f64 = 0.05;
const ROWS: usize = 25;
const HEADER: &str =
    "y on x                  p        q BH     q BY     half-life  ratio       corr.  sel. p   conf. p";

/// Prints the results as one JSON value.
pub(super) fn json(report: &Report, input: &ScanInput) -> Result<(), String> {
    let ScanInput { markets, problems, spec } = input;
    let markets: Vec<Value> = markets.iter().map(|(symbol, series)| of_market(symbol, series)).collect();
    let untested: Vec<Value> = report
        .untested
        .iter()
        .map(|pair| {
            let undefined = json!({ "undefined": pair.reason });
            json!({ "y": pair.pair.y, "x": pair.pair.x, "p_value": undefined, "reason": pair.reason })
        })
        .collect();
    let value = json!({
        "direction": "y comes first in the alphabet",
        "price_scale": spec.price_scale.as_str(),
        "test_lags": spec.lags.as_str(),
        "test_terms": spec.terms.as_str(),
        "tested": report.tested(),
        "pairs": report.pairs.iter().map(of_pair).collect::<Vec<Value>>(),
        "untested": untested,
        "markets": markets,
        "problems": problems,
    });
    print(&serde_json::to_string_pretty(&value).map_err(|error| error.to_string())?)
}

/// Prints a text; a reader may stop early.
pub(super) fn print(text: &str) -> Result<(), String> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn of_market(symbol: &Symbol, series: &Series) -> Value {
    let span = series.span();
    let time = |time: Option<UnixMillis>| {
        let time = time.map(|time| timestamp::format(time.0));
        known(&time.ok_or_else(|| "there are no bars".to_owned()))
    };
    json!({
        "symbol": symbol,
        "bar_ms": series.step_millis(),
        "bars": series.len(),
        "first_open_time": time(span.map(|span| span.0)),
        "last_open_time": time(span.map(|span| span.1)),
    })
}

fn of_pair(scanned: &Scanned) -> Value {
    let test = &scanned.test;
    json!({
        "y": test.pair.y,
        "x": test.pair.x,
        "bars": test.bars,
        "unmatched_bars": test.unmatched_bars,
        "last_open_time": timestamp::format(test.last_open_time.0),
        "statistic": test.statistic,
        "lags": test.lags,
        "p_value": test.p_value,
        "q_bh": scanned.q_bh,
        "q_by": scanned.q_by,
        "half_life_bars": known(&test.half_life_bars),
        "hedge_ratio": test.hedge_ratio,
        "intercept": test.intercept,
        "correlation": known(&test.correlation),
        "crossings": known(&test.crossings),
        "z_now": known(&test.z_now),
        "weaker_volume_per_day": known(&test.weaker_volume_per_day),
        "selection_p_value": known(&test.selection_p_value),
        "selection_q_bh": known(&scanned.selection_q_bh),
        "confirmed_p_value": known(&test.confirmed_p_value),
        "notes": test.notes,
    })
}

fn known<T: serde::Serialize>(value: &Known<T>) -> Value {
    match value {
        Ok(value) => json!(value),
        Err(reason) => json!({ "undefined": reason }),
    }
}

/// Prints the most important results in words.
pub(super) fn words(report: &Report) -> Result<(), String> {
    let mut lines = Vec::new();
    let survive = |q: fn(&Scanned) -> f64| report.pairs.iter().filter(|pair| q(pair) < LEVEL).count();
    let tested = report.tested();
    lines.push(format!(
        "{} of {tested} pairs survive at q < {LEVEL} by Benjamini and Hochberg, {} by Benjamini and Yekutieli.",
        survive(|pair| pair.q_bh),
        survive(|pair| pair.q_by)
    ));
    if tested > 0 {
        let by_chance = LEVEL * tested as f64;
        lines.push(format!(
            "With unrelated pairs, about {by_chance:.1} of {tested} tests would have p < {LEVEL} by chance."
        ));
    } else if report.untested.is_empty() {
        lines.push("There is only one market, and a pair needs two.".to_owned());
    }
    let mut pairs: Vec<&Scanned> = report.pairs.iter().collect();
    pairs.sort_by(|a, b| a.test.p_value.total_cmp(&b.test.p_value));
    if tested > 0 {
        lines.push(HEADER.to_owned());
    }
    for pair in pairs.iter().take(ROWS) {
        let test = &pair.test;
        let name = format!("{} on {}", test.pair.y, test.pair.x);
        lines.push(format!(
            "{name:<22}  {:<8} {:<8} {:<8} {:>9}  {:<10}  {:<5}  {:<8} {:<8}",
            probability(&Ok(test.p_value)),
            probability(&Ok(pair.q_bh)),
            probability(&Ok(pair.q_by)),
            test.half_life_bars.as_ref().map_or_else(|_| "none".to_owned(), |bars| format!("{bars:.1}")),
            ratio(test.hedge_ratio),
            test.correlation.as_ref().map_or_else(|_| "none".to_owned(), |value| format!("{value:.2}")),
            probability(&test.selection_p_value),
            probability(&test.confirmed_p_value),
        ));
        for note in &test.notes {
            lines.push(format!("    {note}"));
        }
    }
    if tested > ROWS {
        lines.push(format!("and {} more", tested - ROWS));
    }
    for pair in &report.untested {
        lines.push(format!("{} on {}: not tested: {}", pair.pair.y, pair.pair.x, pair.reason));
    }
    print(&lines.join("\n"))
}

/// Four decimals, or as many digits where that would leave nothing of it.
fn ratio(value: f64) -> String {
    if (1e-3..1e6).contains(&value.abs()) { format!("{value:.4}") } else { format!("{value:.3e}") }
}

fn probability(value: &Known) -> String {
    match value {
        Ok(value) if *value < 1e-4 => format!("{value:.1e}"),
        Ok(value) => format!("{value:.4}"),
        Err(_) => "none".to_owned(),
    }
}
