//! The built folder: which source it takes its data from, and what its policy lets it do.

mod later;
mod names;
mod offline;
mod order;
mod page;
mod parts;
mod policy;
mod source;
mod styles;
mod tables;
mod trusted;

use crate::failure::{Explain as _, Failure, Outcome};
use crate::setup::minify::{self, Kind};
use crate::shell::Shell;
pub(crate) use source::Source;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const INDEX: &str = "index.html";
/// How the name begins of the script that is no module.
const BOOT: &str = "boot";

/// trunk's hook after each build: cuts the module of the page that is about to become `dist` into parts, makes the
/// styles and scripts of a release small, writes source and policy into the page, and the service worker that keeps
/// its files.
///
/// # Errors
/// It is not trunk that runs this, or the page is not as it should be.
pub(crate) fn stamp(shell: &Shell) -> Outcome<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR")
        .ok_or_else(|| Failure::new("`cargo xtask stamp` is run by trunk after a build, not by hand"))?;
    let source = Source::from_env()?;
    let folder = PathBuf::from(staging);
    let profile = std::env::var("TRUNK_PROFILE").unwrap_or_else(|_unset| "debug".to_owned());
    let parts = parts::cut(shell, &folder, &profile)?;
    if profile == "release" {
        rewrite(&folder.join(INDEX), |html| styles::join(&folder, html))?;
        make_scripts_small(shell, &folder)?;
    }
    rewrite(&folder.join(INDEX), |html| page::stamp(html, &source, &parts))?;
    offline::write(&folder)
}

/// Copies `dist` to a folder whose page takes its data from another source; `recording`, with a module that keeps which
/// of its functions have run.
///
/// # Errors
/// `dist` has not been built, or the folder cannot be written.
pub(crate) fn copy(shell: &Shell, source: &Source, to: &Path, recording: bool) -> Outcome<()> {
    let dist = shell.root().join("dist");
    if !dist.join(INDEX).is_file() {
        return Err(Failure::new("dist/ has not been built: run `cargo xtask build --release` first"));
    }
    copy_folder(&dist, to).explain(|| format!("copy dist/ to {}", to.display()))?;
    rewrite(&to.join(INDEX), |html| page::with_source(html, source))?;
    if recording {
        parts::record(shell, to)?;
    }
    offline::write(to)?;
    println!("{}", to.display());
    Ok(())
}

/// Lists what has not run of the module that was built last, where the functions in `ran` have, and cuts the module in
/// `dist` by that. Returns the list's path.
///
/// # Errors
/// Nothing has been built, or the list cannot be written.
pub(crate) fn list_idle(shell: &Shell, ran: &BTreeSet<usize>) -> Outcome<PathBuf> {
    let list = later::list(shell, &parts::whole(shell), ran)?;
    let dist = shell.root().join("dist");
    parts::cut_again(shell, &dist)?;
    offline::write(&dist)?;
    Ok(list)
}

/// Makes the scripts small that are not so yet: those of the module, and the one that the page begins with.
fn make_scripts_small(shell: &Shell, folder: &Path) -> Outcome<()> {
    let files = fs::read_dir(folder).explain(|| format!("read {}", folder.display()))?;
    for path in files.flatten().map(|file| file.path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_script = path.extension().is_some_and(|extension| extension == "js");
        if is_script && !name.ends_with(".min.js") {
            let kind = if name.starts_with(BOOT) { Kind::Classic } else { Kind::Module };
            minify::minify(shell, &path, &path, kind)?;
        }
    }
    Ok(())
}

fn rewrite(path: &Path, change: impl FnOnce(&str) -> Outcome<String>) -> Outcome<()> {
    let html = fs::read_to_string(path).explain(|| format!("read {}", path.display()))?;
    fs::write(path, change(&html)?).explain(|| format!("write {}", path.display()))
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
