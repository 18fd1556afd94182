//! Measures the built page and the engine's wasm in a browser; prints a table and writes `target/measure.json`.
//!
//! Needs `dist/`, and for the group `engine` its module in `target/bench/`; `cargo xtask measure` builds both.
//! The arguments are the groups to measure; figures of other groups stay in the file unchanged.

use serde_json::{Value, json};
use spreadscope_e2e::browser::{Trouble, workspace};
use spreadscope_e2e::budget::{Budget, Figure};
use spreadscope_e2e::figures::Group;

#[tokio::main]
async fn main() -> Result<(), Trouble> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let groups = Group::parse(&names)?;
    let budget = Budget::read()?;
    let path = workspace().join("target/measure.json");
    let before = std::fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str(&text).ok());
    let mut kept: Vec<Value> = before.unwrap_or_default();
    println!("{:<66} {:>14} {:<10} {:<14} holds", "figure", "value", "unit", "bar");
    for group in groups {
        let figures = group.measure(&budget).await?;
        figures.iter().for_each(print);
        kept.retain(|figure| figure["group"] != group.name());
        kept.extend(figures.iter().map(|figure| entry(group, figure)));
        // written at once, so that finished groups are kept if a later one fails
        std::fs::write(&path, serde_json::to_string_pretty(&kept)?)?;
    }
    println!("written to target/measure.json");
    Ok(())
}

fn entry(group: Group, figure: &Figure) -> Value {
    let Figure { name, value, unit, bar, holds } = figure;
    json!({ "group": group.name(), "name": name, "value": value, "unit": unit, "bar": bar, "holds": holds })
}

fn print(figure: &Figure) {
    let Figure { name, value, unit, bar, holds } = figure;
    let bar = bar.as_deref().unwrap_or("");
    let holds = holds.map_or("", |holds| if holds { "yes" } else { "NO" });
    let value = if value.is_nan() { "not measured".to_owned() } else { format!("{value:.3}") };
    println!("{name:<66} {value:>14} {unit:<10} {bar:<14} {holds}");
}
