//! terser, which makes a script small: it leaves out what cannot be reached, shortens names, and takes away spaces.
//!
//! Of those that were tried on the cut script (esbuild, oxc, swc, terser) it came out smallest, and it is JavaScript
//! itself, so that it needs nothing but the Node.js that npm comes with. Its version and those of what it needs are
//! held, with their hashes, by a lock file.

use crate::failure::Outcome;
use crate::setup::{npm, say};
use crate::shell::Shell;

const FOLDER: &str = ".vendor/terser";
const PROGRAM: &str = ".vendor/terser/node_modules/terser/bin/terser";
const PACKAGE: &str = include_str!("terser/package.json");
pub(super) const LOCK: &str = include_str!("terser/package-lock.json");
const OPTIONS: [&str; 7] =
    ["--compress", "passes=2,ecma=2020", "--mangle", "--ecma", "2020", "--comments", "false"];

/// Makes the script `from` small, into `to`; both are paths from the project's top folder.
///
/// # Errors
/// terser could not be installed, or did not understand the script.
pub(super) fn minify(shell: &Shell, from: &str, to: &str) -> Outcome<()> {
    if !shell.root().join(PROGRAM).is_file() {
        say("installing terser, which makes plotly.js small, from npm");
        let manifests = [("package.json", PACKAGE.to_owned()), ("package-lock.json", LOCK.to_owned())];
        npm::install_locked(shell, FOLDER, &manifests)?;
    }
    let files = [PROGRAM, from, "--output", to];
    shell.run("node", &files.into_iter().chain(OPTIONS).collect::<Vec<_>>())
}
