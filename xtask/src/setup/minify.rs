//! terser, which minifies scripts: it drops unreachable code, shortens names and removes spaces.
//!
//! Of the minifiers tried on plotly.js (esbuild, oxc, swc, terser) its output was the smallest. It is written
//! in JavaScript, so it needs only the Node.js that npm comes with. A lock file holds the versions and hashes
//! of terser and its dependencies.

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

/// How a script is loaded, which determines which names may be shortened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// By a plain element: its top-level declarations are visible to other scripts.
    Classic,
    /// As a module.
    Module,
}

/// Minifies the script `from` into `to`.
///
/// # Errors
/// terser could not be installed, or could not parse the script.
pub(crate) fn minify(shell: &Shell, from: &Path, to: &Path, kind: Kind) -> Outcome<()> {
    if !shell.root().join(PROGRAM).is_file() {
        say("installing terser, which minifies scripts, from npm");
        let manifests = [("package.json", PACKAGE.to_owned()), ("package-lock.json", LOCK.to_owned())];
        npm::install_locked(shell, FOLDER, &manifests)?;
    }
    let files = [Path::new(PROGRAM), from, Path::new("--output"), to];
    let module = (kind == Kind::Module).then_some("--module");
    let options = OPTIONS.iter().copied().chain(module).map(Path::new);
    shell.run("node", &files.into_iter().chain(options).collect::<Vec<_>>())
}
