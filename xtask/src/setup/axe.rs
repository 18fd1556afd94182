//! axe-core, with which the browser tests check accessibility: one version, verified by its hash, and not part
//! of the build.

use super::{npm, say};
use crate::failure::{Explain as _, Failure, Outcome};
use crate::hash;
use crate::shell::Shell;
use std::fs;

const FILE: &str = "axe-4.14.1.min.js";
const SHA256: &str = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c";
const PACKAGE: &str = "axe-core@4.14.1";

/// Makes sure that the script is in `.vendor`.
///
/// # Errors
/// It could not be fetched, or its hash is not the expected one.
pub(super) fn ensure(shell: &Shell) -> Outcome<()> {
    let vendor = shell.root().join(".vendor");
    let known = || fs::read(vendor.join(FILE)).is_ok_and(|bytes| hash::sha256_hex(&bytes) == SHA256);
    if known() {
        return Ok(());
    }
    say("fetching axe-core 4.14.1, which checks the page's accessibility in the browser tests");
    fs::create_dir_all(&vendor).explain(|| format!("make {}", vendor.display()))?;
    npm::fetch(shell, PACKAGE, "axe.min.js", FILE)?;
    if known() {
        Ok(())
    } else {
        Err(Failure::new(format!(".vendor/{FILE} does not have the expected hash: delete it and try again")))
    }
}
