//! terser, which makes a script small: it leaves out what cannot be reached, shortens names, and takes away spaces.
//!
//! Of those that were tried on plotly.js (esbuild, oxc, swc, terser) it came out smallest, and it is JavaScript
//! itself, so that it needs nothing but the Node.js that npm comes with. Its version and those of what it needs are
//! held, with their hashes, by a lock file.

use super::{npm, say};
use crate::failure::Outcome;
use crate::shell::Shell;
use std::path::Path;

const FOLDER: &str = ".vendor/terser";
const PROGRAM: &str = ".vendor/terser/node_modules/terser/bin/terser";
const PACKAGE: &str = include_str!("terser/package.json");
pub(super) const LOCK: &str = include_str!("terser/package-lock.json");
const OPTIONS: [&str; 7] =
    ["--compress", "passes=2,ecma=2020", "--mangle", "--ecma", "2020", "--comments", "false"];

/// How a script is loaded, on which hangs which of its names are its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// By a plain element: what it declares at the top is seen by others.
    Classic,
    /// As a module.
    Module,
}

/// Makes the script `from` small, into `to`.
///
/// # Errors
/// terser could not be installed, or did not understand the script.
pub(crate) fn minify(shell: &Shell, from: &Path, to: &Path, kind: Kind) -> Outcome<()> {
    if !shell.root().join(PROGRAM).is_file() {
        say("installing terser, which makes scripts small, from npm");
        let manifests = [("package.json", PACKAGE.to_owned()), ("package-lock.json", LOCK.to_owned())];
        npm::install_locked(shell, FOLDER, &manifests)?;
    }
    let files = [Path::new(PROGRAM), from, Path::new("--output"), to];
    let module = (kind == Kind::Module).then_some("--module");
    let options = OPTIONS.iter().copied().chain(module).map(Path::new);
    shell.run("node", &files.into_iter().chain(options).collect::<Vec<_>>())
}
