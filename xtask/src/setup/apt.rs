//! Debian packages, for what comes neither from Rust nor from npm.

use super::say;
use crate::failure::{Failure, Outcome};
use crate::shell::Shell;

/// Installs Debian packages.
///
/// # Errors
/// There is no apt-get, the user is not root, or it failed.
pub(super) fn install(shell: &Shell, packages: &[&str], what: &str) -> Outcome<()> {
    let list = packages.join(" ");
    if shell.read("apt-get", &["--version"]).is_err() {
        return Err(Failure::new(format!("{what} is missing and there is no apt-get to install it with")));
    }
    if shell.read("id", &["-u"])? != "0" {
        return Err(Failure::new(format!(
            "{what} is missing: run `sudo apt-get install {list}` and try again"
        )));
    }
    say(&format!("installing {what}: {list}"));
    let arguments = [&["install", "-y", "-qq", "--no-install-recommends"], packages].concat();
    let install = || {
        let mut command = shell.command("apt-get", &arguments);
        shell.run_beside(&format!("apt-get install {list}"), command.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    if install().is_ok() {
        return Ok(());
    }
    // the package list is missing or out of date
    shell.run_quietly("apt-get", &["update", "-qq"])?;
    install().map(drop)
}
