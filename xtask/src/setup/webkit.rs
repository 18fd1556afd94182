//! A third browser for the main flow, passed to its test in `MINIBROWSER` and `WEBKITDRIVER`, on a screen
//! provided by `XVFB`.

use super::browser::find;
use super::{apt, say};
use crate::failure::{Failure, Outcome};
use crate::shell::Shell;
use std::path::Path;

const DRIVER: [&str; 1] = ["WebKitWebDriver"];
const SCREEN: [&str; 1] = ["Xvfb"];
/// Where Debian puts a program that is not meant for users' paths.
const LIBRARIES: &str = "/usr/lib";

/// Makes sure that all three are installed; otherwise reports it, and the tests in `WebKit` are skipped.
pub(super) fn ensure(shell: &mut Shell) {
    if let Err(failure) = named(shell) {
        say(&format!("the page is not tested in WebKit: {failure}"));
    }
}

fn named(shell: &mut Shell) -> Outcome<()> {
    let found = || Some((find(&DRIVER, "WEBKITDRIVER")?, find(&SCREEN, "XVFB")?, browser()?));
    if found().is_none() {
        apt::install(shell, &["webkit2gtk-driver", "xvfb"], "WebKit, in which the main flow is tested too")?;
    }
    let (driver, screen, browser) = found().ok_or_else(|| Failure::new("WebKit is missing"))?;
    shell.set("WEBKITDRIVER", driver);
    shell.set("XVFB", screen);
    shell.set("MINIBROWSER", browser);
    Ok(())
}

/// Returns `WebKit`'s own small browser, which is installed beside its libraries.
fn browser() -> Option<String> {
    if let Some(named) = find(&["MiniBrowser"], "MINIBROWSER") {
        return Some(named);
    }
    let machine = format!("{LIBRARIES}/{}-linux-gnu", std::env::consts::ARCH);
    let folders = std::fs::read_dir(Path::new(&machine)).ok()?;
    let programs = folders.flatten().map(|folder| folder.path().join("MiniBrowser"));
    let found =
        programs.filter(|program| program.to_string_lossy().contains("webkit2gtk-4")).find(|it| it.is_file());
    found.map(|program| program.to_string_lossy().into_owned())
}
