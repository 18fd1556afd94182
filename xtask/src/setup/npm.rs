//! npm, by which come the few tools that are neither Rust's nor the system's; none of them is part of what is built.

use super::debian::apt_install;
use crate::failure::{Failure, Outcome};
use crate::shell::Shell;

/// Makes sure that npm is there.
///
/// # Errors
/// It is missing and could not be installed.
fn ensure(shell: &Shell) -> Outcome<()> {
    if shell.read("npm", &["--version"]).is_ok() {
        return Ok(());
    }
    apt_install(shell, &["npm"], "npm, which fetches tools").map_err(|failure| {
        Failure::new(format!("{failure} (npm comes with Node.js, wherever that is installed from)"))
    })
}

/// Installs a package below `folder`.
///
/// # Errors
/// npm is missing, or does not get it.
pub(super) fn install(shell: &Shell, folder: &str, package: &str) -> Outcome<()> {
    ensure(shell)?;
    shell.run("npm", &["install", "--silent", "--no-fund", "--no-audit", "--prefix", folder, package])
}

/// Fetches a package into `.vendor`, packed as it was published.
///
/// # Errors
/// npm is missing, or does not get it.
pub(super) fn pack(shell: &Shell, package: &str) -> Outcome<()> {
    ensure(shell)?;
    shell.read("npm", &["pack", "--silent", "--pack-destination", ".vendor", package]).map(drop)
}
