//! plotly.js, in one version verified by its hash: the part that the charts use, with its stylesheet and
//! licence.

mod css;
mod cut;
mod edit;
mod script;
mod shake;
mod table;

use super::minify::{self, Kind};
use super::{npm, say};
use crate::failure::{Explain as _, Failure, Outcome};
use crate::hash;
use crate::shell::Shell;
use std::fs;
use std::path::Path;

const FILE: &str = "plotly-basic-3.7.0.js";
/// The cut script, before it is minified.
const CUT: &str = "plotly-lines-3.7.0.js";
const SERVED: &str = "plotly-lines-3.7.0.min.js";
/// Records what the served script was made from.
const STAMP: &str = "plotly-lines-3.7.0.sha256";
const SHA256: &str = "4c1894361c4a278f206fc6b8c7c0830a6f8407184c0c65357c3a9dde33342f68";
const PACKAGE: &str = "plotly.js-basic-dist@3.7.0";
const ADDRESS: &str = "https://cdn.plot.ly/plotly-basic-3.7.0.js";
const LICENCE: &str = include_str!("../../../plotly.LICENSE");
/// The sources that make the served script from the whole one, besides the tables.
const MAKERS: [&str; 7] = [
    include_str!("css.rs"),
    include_str!("cut.rs"),
    include_str!("edit.rs"),
    include_str!("../minify.rs"),
    include_str!("script.rs"),
    include_str!("shake.rs"),
    minify::LOCK,
];

/// Makes sure that script, stylesheet and licence are in `.vendor`.
///
/// # Errors
/// The script could not be fetched, or its hash is not the expected one.
pub(super) fn ensure(shell: &Shell) -> Outcome<()> {
    let vendor = shell.root().join(".vendor");
    let made_of = made_of();
    let is_made = fs::read_to_string(vendor.join(STAMP)).is_ok_and(|stamp| stamp == made_of);
    if is_made
        && [FILE, SERVED, "plotly.css", "plotly.LICENSE.txt"].iter().all(|file| vendor.join(file).is_file())
    {
        return Ok(());
    }
    let script = vendor.join(FILE);
    fs::create_dir_all(&vendor).explain(|| format!("make {}", vendor.display()))?;
    if known(&script).is_none() {
        say("fetching plotly.js 3.7.0, which draws the charts");
        if npm::fetch(shell, PACKAGE, "plotly-basic.js", FILE).is_err() {
            shell
                .run("curl", &["-fsSL", "--retry", "2", "-o", &format!(".vendor/{FILE}"), ADDRESS])
                .map_err(|failure| Failure::new(format!("plotly.js could not be fetched: {failure}")))?;
        }
    }
    let text = known(&script).ok_or_else(|| {
        Failure::new(format!(".vendor/{FILE} does not have the expected hash: delete it and try again"))
    })?;
    write_new(&vendor.join("plotly.css"), &css::extract(&text)?)?;
    write_new(&vendor.join("plotly.LICENSE.txt"), LICENCE)?;
    say("cutting plotly.js down to what the charts draw");
    let (cut, licence) = cut::cut(&text)?;
    write_new(&vendor.join(CUT), &cut)?;
    let small = vendor.join(format!("{SERVED}.new"));
    minify::minify(shell, &vendor.join(CUT), &small, Kind::Classic)?;
    let text = fs::read_to_string(&small).explain(|| format!("read {}", small.display()))?;
    write_new(&vendor.join(SERVED), &(licence + &text))?;
    fs::remove_file(&small).explain(|| format!("remove {}", small.display()))?;
    write_new(&vendor.join(STAMP), &made_of)
}

/// Returns the hash of everything that the served script is made from.
fn made_of() -> String {
    let texts = [SHA256].into_iter().chain(MAKERS).chain(table::texts());
    hash::sha256_hex(texts.collect::<String>().as_bytes())
}

/// Returns the script's text, if the file exists and has the expected hash.
fn known(script: &Path) -> Option<String> {
    let text = fs::read_to_string(script).ok()?;
    (hash::sha256_hex(text.as_bytes()) == SHA256).then_some(text)
}

/// Writes a file unless it has this content already: writing it would make `trunk serve` rebuild.
fn write_new(path: &Path, text: &str) -> Outcome<()> {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    fs::write(path, text).explain(|| format!("write {}", path.display()))
}
