//! Runs the engine in seeded worlds.

use crate::failure::Outcome;
use crate::shell::Shell;
use std::ffi::OsStr;

/// Builds the simulation and runs it with its own `options`.
///
/// # Errors
/// It could not be built, or a seed fails.
pub(crate) fn run<A: AsRef<OsStr>>(shell: &Shell, options: &[A]) -> Outcome<()> {
    // of the whole workspace, so that its crates have the same features as in the tests and are compiled only
    // once
    shell.run("cargo", &["build", "--quiet", "--workspace", "--bin", "simulate"])?;
    shell.run(&shell.built("simulate"), options)
}
