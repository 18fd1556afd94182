//! A browser and its driver for the tests, passed to them in `CHROME` and `CHROMEDRIVER`.

use super::apt;
use crate::failure::{Failure, Outcome};
use crate::shell::Shell;
use std::path::Path;

/// Makes sure that both are installed.
///
/// # Errors
/// One is missing and could not be installed.
pub(super) fn ensure(shell: &mut Shell) -> Outcome<()> {
    const BROWSERS: [&str; 6] = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    const MISSING: &str =
        "install Chromium or Chrome and its chromedriver, or name them in CHROME and CHROMEDRIVER";
    if find(&BROWSERS, "CHROME").is_none() || find(&["chromedriver"], "CHROMEDRIVER").is_none() {
        apt::install(shell, &["chromium", "chromium-driver"], "a browser and its driver for the tests")
            .map_err(|failure| Failure::new(format!("{failure}; or {MISSING}")))?;
    }
    let browser = find(&BROWSERS, "CHROME").ok_or_else(|| Failure::new(MISSING))?;
    let driver = find(&["chromedriver"], "CHROMEDRIVER").ok_or_else(|| Failure::new(MISSING))?;
    shell.set("CHROME", browser);
    shell.set("CHROMEDRIVER", driver);
    Ok(())
}

/// Returns the program that the variable names, or else the first of these names on `PATH`.
pub(super) fn find(names: &[&str], variable: &str) -> Option<String> {
    if let Ok(named) = std::env::var(variable) {
        return Path::new(&named).is_file().then_some(named);
    }
    let folders = std::env::var_os("PATH")?;
    let on_path = |name: &&str| {
        std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|program| program.is_file())
    };
    names.iter().find_map(on_path).map(|program| program.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_any_of_its_names() {
        assert!(
            find(&["no-such-program-anywhere", "sh"], "NO_SUCH_VARIABLE")
                .is_some_and(|path| path.ends_with("sh"))
        );
        assert_eq!(find(&["no-such-program-anywhere"], "NO_SUCH_VARIABLE"), None);
    }
}
