//! Debian's Rust with a standard library for the browser, for machines that can reach Debian's packages and
//! crates.io but not rustup's server. The work is done by the script `debian.sh`.

use super::say;
use super::toolchain::WASM;
use crate::failure::{Explain as _, Failure, Outcome};
use crate::shell::Shell;
use std::fs;

/// Its name in rustup.
pub(super) const TOOLCHAIN: &str = "debian-wasm";

const SCRIPT: &str = include_str!("debian.sh");

/// Installs the compiler, builds its library for the browser, and puts library and linker in place.
///
/// # Errors
/// The system is not Debian, the user is not root, or a step failed.
pub(super) fn install(shell: &Shell) -> Outcome<()> {
    if shell.read("apt-get", &["--version"]).is_err() || shell.read("id", &["-u"])? != "0" {
        return Err(Failure::new(format!(
            "run `rustup target add {WASM}` where its server is reached, or this as root on Debian"
        )));
    }
    say("installing Debian's Rust and building its standard library for the browser");
    let mut script = shell.command("sh", &["-c", SCRIPT, "sh"]);
    shell.run_beside("Debian's Rust", script.arg(shell.target().join("xtask/library")))?;
    // cargo does not notice that the standard library of its earlier builds has been replaced
    let stale = shell.target().join(WASM);
    if stale.exists() {
        fs::remove_dir_all(&stale).explain(|| format!("remove {}", stale.display()))?;
    }
    Ok(())
}
