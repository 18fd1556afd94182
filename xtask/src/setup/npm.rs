//! npm, by which come the few tools that are neither Rust's nor the system's; none of them is part of what is built.

use super::apt;
use crate::failure::{Explain as _, Failure, Outcome};
use crate::shell::Shell;
use std::fs;

/// Makes sure that npm is there.
fn ensure(shell: &Shell) -> Outcome<()> {
    if shell.read("npm", &["--version"]).is_ok() {
        return Ok(());
    }
    apt::install(shell, &["npm"], "npm, which fetches tools").map_err(|failure| {
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

/// Installs below `folder` what the lock file there names, and nothing else.
///
/// # Errors
/// npm is missing, or does not get what has these hashes.
pub(super) fn install_locked(shell: &Shell, folder: &str) -> Outcome<()> {
    ensure(shell)?;
    shell.run("npm", &["ci", "--silent", "--no-fund", "--no-audit", "--prefix", folder])
}

/// Puts one file of a package into `.vendor` under the name `to`.
///
/// # Errors
/// npm is missing or does not get the package, or the package has no such file.
pub(super) fn fetch(shell: &Shell, package: &str, file: &str, to: &str) -> Outcome<()> {
    ensure(shell)?;
    let vendor = shell.root().join(".vendor");
    let tarball = format!(
        ".vendor/{}",
        shell.read("npm", &["pack", "--silent", "--pack-destination", ".vendor", package])?
    );
    shell.read("tar", &["-xzf", &tarball, "-C", ".vendor", &format!("package/{file}")])?;
    fs::rename(vendor.join("package").join(file), vendor.join(to))
        .and_then(|()| fs::remove_dir_all(vendor.join("package")))
        .and_then(|()| fs::remove_file(shell.root().join(&tarball)))
        .explain(|| format!("unpack {tarball}"))
}
