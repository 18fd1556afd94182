//! Lighthouse, in one version, whose scores `measure` collects; not part of the build or the tests.

use super::{npm, say};
use crate::failure::{Explain as _, Failure, Outcome};
use crate::shell::Shell;
use std::fs;

/// The newest version that runs on Node 20.
const VERSION: &str = "12.8.2";
const FOLDER: &str = ".vendor/lighthouse";

/// Makes sure that it is in `.vendor`.
///
/// # Errors
/// It could not be installed.
pub(super) fn ensure(shell: &Shell) -> Outcome<()> {
    let manifest = shell.root().join(FOLDER).join("node_modules/lighthouse/package.json");
    let known = || {
        fs::read_to_string(&manifest).is_ok_and(|text| text.contains(&format!("\"version\": \"{VERSION}\"")))
    };
    if known() {
        return Ok(());
    }
    say(&format!("installing Lighthouse {VERSION} from npm, whose scores are among the figures"));
    let package = format!("lighthouse@{VERSION}");
    let folder = shell.root().join(FOLDER);
    fs::create_dir_all(&folder).explain(|| format!("make {}", folder.display()))?;
    npm::install(shell, FOLDER, &package)
        .map_err(|failure| Failure::new(format!("Lighthouse could not be installed: {failure}")))?;
    if known() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "npm installed another Lighthouse than {VERSION}: delete {FOLDER} and try again"
        )))
    }
}
