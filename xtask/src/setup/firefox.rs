//! A second browser for the main flow, passed to its test in `FIREFOX` and `GECKODRIVER`.

use super::browser::find;
use super::{apt, cargo_home, say, tools};
use crate::failure::{Failure, Outcome};
use crate::shell::Shell;

/// Version on crates.io.
const DRIVER: &str = "0.37.1";

/// Makes sure that both are installed; otherwise reports it, and the test of the main flow is skipped.
pub(super) fn ensure(shell: &mut Shell) {
    if let Err(failure) = named(shell) {
        say(&format!("the main flow is not tested in Firefox: {failure}"));
    }
}

fn named(shell: &mut Shell) -> Outcome<()> {
    const FIREFOX: [&str; 3] = ["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"];
    if find(&FIREFOX, "FIREFOX").is_none() {
        apt::install(shell, &["firefox-esr"], "Firefox, in which the main flow is tested too")?;
    }
    let firefox = find(&FIREFOX, "FIREFOX").ok_or_else(|| Failure::new("Firefox is missing"))?;
    shell.set("FIREFOX", firefox);
    let driver = driver(shell)?;
    shell.set("GECKODRIVER", driver);
    Ok(())
}

/// Returns geckodriver from `PATH` or cargo's folder of programs, installing it if necessary.
fn driver(shell: &Shell) -> Outcome<String> {
    let own = cargo_home()?.join("bin/geckodriver").to_string_lossy().into_owned();
    let places = ["geckodriver", own.as_str()];
    if let Some(driver) = find(&places, "GECKODRIVER") {
        return Ok(driver);
    }
    say(&format!("installing geckodriver {DRIVER}, which drives Firefox (some minutes, once)"));
    tools::install(shell, &["geckodriver", "--version", DRIVER, "--locked"])?;
    find(&places, "GECKODRIVER").ok_or_else(|| Failure::new("geckodriver is missing"))
}
