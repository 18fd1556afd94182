//! Finds or installs what the commands need, saying what and why; a second run has nothing left to do.

use crate::failure::Outcome;
use crate::shell::Shell;

/// One thing that a command needs beyond cargo itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The formatter.
    Rustfmt,
    /// The linter.
    Clippy,
    /// The standard library for the browser.
    Wasm,
    /// All else that building the page takes.
    Site,
    /// A browser and its driver.
    Browser,
}

/// Makes sure that everything needed is there.
///
/// # Errors
/// Something is missing; the sentence says what.
pub(crate) fn ensure(shell: &mut Shell, needs: &[Need]) -> Outcome<()> {
    if needs.contains(&Need::Wasm) {
        shell.read("rustc", &["--print", "target-libdir", "--target", "wasm32-unknown-unknown"])?;
    }
    Ok(())
}
