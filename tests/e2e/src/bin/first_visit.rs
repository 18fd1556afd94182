//! Visits the page for the first time and again, and writes which functions of its module have run: a number a line, into
//! the file that is named.
//!
//! `cargo xtask first-visit` runs it on the build of before.

use spreadscope_e2e::browser::Trouble;
use spreadscope_e2e::first_visit;

#[tokio::main]
async fn main() -> Result<(), Trouble> {
    let file = std::env::args_os().nth(1).ok_or("name the file to write")?;
    let ran = first_visit::functions_run().await?;
    let lines: Vec<String> = ran.into_iter().map(|function| format!("{function}\n")).collect();
    Ok(std::fs::write(file, lines.concat())?)
}
