//! `desk import`: what the page would import from files, were it not for the limits of its memory.

use super::load::{Outcome, load};
use super::report;

pub(super) const USAGE: &str = "desk import FILE… [--json] [--bars SYMBOL]";

pub(super) fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let (mut files, mut json, mut bars) = (Vec::new(), false, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => json = true,
            "--bars" => bars = Some(arguments.next().ok_or("--bars needs a symbol")?),
            option if option.starts_with("--") => return Err(format!("there is no option {option}")),
            _ => files.push(argument),
        }
    }
    if files.is_empty() {
        return Err(format!("usage: {USAGE}"));
    }
    let loaded = load(&files);
    match bars {
        Some(name) => report::bars(&loaded, &name)?,
        None if json => report::json(&loaded)?,
        None => report::words(&loaded),
    }
    let failed = |Outcome { file, end, .. }: &Outcome| {
        let reason = end.as_ref().err()?;
        Some(if reason.starts_with(file.as_str()) { reason.clone() } else { format!("{file}: {reason}") })
    };
    let failed: Vec<String> = loaded.outcomes.iter().filter_map(failed).collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}
