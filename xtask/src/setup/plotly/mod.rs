//! plotly.js, of one version and checked by its hash: the part of it that the charts use, with its stylesheet and its
//! licence beside it.

mod css;
mod cut;

use super::{npm, say};
use crate::failure::{Explain as _, Failure, Outcome};
use crate::hash;
use crate::shell::Shell;
use std::fs;
use std::path::Path;

const FILE: &str = "plotly-basic-3.7.0.min.js";
/// What the page is served.
const SERVED: &str = "plotly-lines-3.7.0.min.js";
const SHA256: &str = "c23b03591a6bdad0bd0f47a0c5c52305a5519812b73ce254be65cd841553c9c2";
const PACKAGE: &str = "plotly.js-basic-dist-min@3.7.0";
const ADDRESS: &str = "https://cdn.plot.ly/plotly-basic-3.7.0.min.js";
const LICENCE: &str = include_str!("../../../plotly.LICENSE");

/// Makes sure that script, stylesheet and licence lie in `.vendor`.
///
/// # Errors
/// The script could not be fetched, or is not the one that is known.
pub(super) fn ensure(shell: &Shell) -> Outcome<()> {
    let vendor = shell.root().join(".vendor");
    let script = vendor.join(FILE);
    fs::create_dir_all(&vendor).explain(|| format!("make {}", vendor.display()))?;
    if known(&script).is_none() {
        say("fetching plotly.js 3.7.0, which draws the charts");
        if npm::fetch(shell, PACKAGE, "plotly-basic.min.js", FILE).is_err() {
            shell
                .run("curl", &["-fsSL", "--retry", "2", "-o", &format!(".vendor/{FILE}"), ADDRESS])
                .map_err(|failure| Failure::new(format!("plotly.js could not be fetched: {failure}")))?;
        }
    }
    let text = known(&script).ok_or_else(|| {
        Failure::new(format!(
            ".vendor/{FILE} is not the file that is known by its hash: delete it and try again"
        ))
    })?;
    let sheet = vendor.join("plotly.css");
    write_new(&sheet, &css::extract(&text)?)?;
    write_new(&vendor.join(SERVED), &cut::cut(&text)?)?;
    write_new(&vendor.join("plotly.LICENSE.txt"), LICENCE)
}

/// The script's text, if it is there and has the known hash.
fn known(script: &Path) -> Option<String> {
    let text = fs::read_to_string(script).ok()?;
    (hash::sha256_hex(text.as_bytes()) == SHA256).then_some(text)
}

/// Writes a file unless it says just that already: a file that is written anew makes `trunk serve` build again.
fn write_new(path: &Path, text: &str) -> Outcome<()> {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    fs::write(path, text).explain(|| format!("write {}", path.display()))
}
