//! Measures the built page and the engine's wasm in a browser; prints a table and writes `target/measure.json`.
//!
//! Needs `dist/`, and for the group `engine` its module in `target/bench/`; `cargo xtask measure` builds both.
//! The arguments are the groups to measure; figures of other groups stay in the file unchanged. Times are compared
//! with their bars after a division by the yardstick, measured just before each group.

use serde_json::{Value, json};
use spreadscope_e2e::browser::{Trouble, workspace};
use spreadscope_e2e::budget::{Budget, Figure};
use spreadscope_e2e::figures::{Group, yardstick};

#[tokio::main]
async fn main() -> Result<(), Trouble> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let groups = Group::parse(&names)?;
    let budget = Budget::read()?;
    let path = workspace().join("target/measure.json");
    let before = std::fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str(&text).ok());
    let mut kept: Vec<Value> = before.unwrap_or_default();
    println!("{:<66} {:>14} {:>14} {:<10} {:<14} holds", "figure", "value", "scaled", "unit", "bar");
    for group in groups {
        let yardstick = yardstick::measure().await?;
        println!("yardstick before {}: {yardstick:.3}", group.name());
        let figures = group.measure(&budget).await?;
        for figure in &figures {
            print(figure, yardstick);
        }
        kept.retain(|figure| figure["group"] != group.name());
        kept.extend(figures.iter().map(|figure| entry(group, figure, yardstick)));
        // written at once, so that finished groups are kept if a later one fails
        std::fs::write(&path, serde_json::to_string_pretty(&kept)?)?;
    }
    println!("written to target/measure.json");
    Ok(())
}

fn entry(group: Group, figure: &Figure, yardstick: f64) -> Value {
    let Figure { name, value, unit, limit } = figure;
    json!({
        "group": group.name(), "name": name, "value": value, "unit": unit, "yardstick": yardstick,
        "scaled": figure.scaled(yardstick), "bar": limit.map(|limit| limit.to_string()),
        "holds": figure.holds(yardstick),
    })
}

fn print(figure: &Figure, yardstick: f64) {
    let Figure { name, value, unit, limit } = figure;
    let text = |value: f64| if value.is_nan() { "not measured".to_owned() } else { format!("{value:.3}") };
    let bar = limit.map(|limit| limit.to_string()).unwrap_or_default();
    let holds = figure.holds(yardstick).map_or("", |holds| if holds { "yes" } else { "NO" });
    let (value, scaled) = (text(*value), text(figure.scaled(yardstick)));
    println!("{name:<66} {value:>14} {scaled:>14} {unit:<10} {bar:<14} {holds}");
}
