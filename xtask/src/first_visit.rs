//! Which functions of the page's module a first visit does not run: recorded in a browser.

use crate::failure::{Explain as _, Failure, Outcome};
use crate::setup::{self, Need};
use crate::shell::Shell;
use crate::site;
use std::collections::BTreeSet;
use std::fs;

/// Where the browser's side writes the functions that have run.
const RAN: &str = "first-visit.txt";

/// Builds the page, visits it on the stand-in exchange, and writes the list by which this build and the next are cut.
///
/// # Errors
/// Something could not be installed or built, or the visits failed.
pub(crate) fn record(shell: &mut Shell) -> Outcome<()> {
    setup::ensure(shell, &[Need::Site, Need::Release, Need::Browser])?;
    shell.run("trunk", &["build", "--release"])?;
    let ran = shell.target().join(RAN);
    let arguments = ["run", "--quiet", "--package", "spreadscope_e2e", "--bin", "record-first-visit", "--"];
    let path = ran.to_string_lossy();
    shell.run("cargo", &[&arguments[..], &[&path]].concat())?;
    let ran = fs::read_to_string(&ran).explain(|| format!("read {}", ran.display()))?;
    let ran: Result<BTreeSet<usize>, _> = ran.lines().map(str::parse).collect();
    let ran = ran.map_err(|error| Failure::new(format!("what has run is not a number a line: {error}")))?;
    println!("{} functions have run", ran.len());
    let list = site::list_idle(shell, &ran)?;
    println!("{} is written, and dist/ goes by it", list.display());
    Ok(())
}
