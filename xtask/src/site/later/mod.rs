//! Cuts the functions that a first visit does not run off the module that every visit loads.
//!
//! `tests/first_visit.txt` names them, as `cargo xtask first-visit` has found them. What is left of such a function is a
//! stub that calls a slot of a table, and has the second module fetched first where it is not there yet; the second
//! module fills the slots. Everything that refers to the function, an export, a table of methods, refers to the stub.
//! So a list that is out of date costs bytes, or a wait, and never what the page does.

mod anatomy;
mod cold;
mod first;
mod plan;
mod recorder;
mod rest;
#[cfg(test)]
mod tests;

use crate::failure::{Explain as _, Outcome};
use crate::hash;
use crate::shell::Shell;
use anatomy::Anatomy;
use plan::Plan;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use wasm_encoder::reencode::Error;
use wasm_encoder::{RefType, TableType};

/// The functions, a name a line.
const LIST: &str = "tests/first_visit.txt";
const HEAD: &str = "# What a first visit does not run: `cargo xtask first-visit` has written this. The build moves these functions, and
# what they alone lead to, out of the module that every visit loads.
";
const LOADER: &str = include_str!("loader.js");
/// The function of the loader that the module calls.
const LOAD: &str = "later";
/// Digits that tell one cut from another.
const DIGITS: usize = 8;

/// Cuts `whole`, which has its names, into `first`, for every visit, and `later`. The loader of this is in `script`, a
/// module beside the page's.
///
/// # Errors
/// A file cannot be read or written, or the module is not as it should be.
pub(super) fn cut(shell: &Shell, whole: &Path, first: &Path, later: &Path, script: &str) -> Outcome<()> {
    let list = shell.root().join(LIST);
    let list = fs::read_to_string(&list).explain(|| format!("read {}", list.display()))?;
    let module = fs::read(whole).explain(|| format!("read {}", whole.display()))?;
    let halves =
        halves(&module, &list, &format!("./{script}")).explain(|| format!("cut {}", whole.display()))?;
    for (path, half) in [(first, halves.0), (later, halves.1)] {
        fs::write(path, half).explain(|| format!("write {}", path.display()))?;
    }
    Ok(())
}

/// The script that loads `file`, in which the functions are that come later.
pub(super) fn loader(file: &str) -> String {
    LOADER.replace("{{file}}", file)
}

/// Writes `module` into `to` so that it keeps which functions have run.
///
/// # Errors
/// A file cannot be read or written.
pub(super) fn record(module: &Path, to: &Path) -> Outcome<()> {
    let whole = fs::read(module).explain(|| format!("read {}", module.display()))?;
    let recording = recorder::recording(&whole).explain(|| format!("read {}", module.display()))?;
    fs::write(to, recording).explain(|| format!("write {}", to.display()))
}

/// Writes the list of what has not run in `module`, where the functions in `ran` have.
///
/// # Errors
/// A file cannot be read or written.
pub(super) fn list(shell: &Shell, module: &Path, ran: &BTreeSet<usize>) -> Outcome<PathBuf> {
    let whole = fs::read(module).explain(|| format!("read {}", module.display()))?;
    let anatomy = Anatomy::read(&whole).explain(|| format!("read {}", module.display()))?;
    let names = cold::names(&anatomy, ran);
    let lines: Vec<String> = names.into_iter().map(|name| name + "\n").collect();
    let list = shell.root().join(LIST);
    fs::write(&list, HEAD.to_owned() + &lines.concat()).explain(|| format!("write {}", list.display()))?;
    Ok(list)
}

/// The module without what is in `list`, and that.
fn halves(whole: &[u8], list: &str, script: &str) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let listed: BTreeSet<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
    let anatomy = Anatomy::read(whole)?;
    // two halves of different cuts must not meet
    let key = format!("~{}", &hash::sha256_hex(&[whole, list.as_bytes()].concat())[..DIGITS]);
    let plan = Plan::new(&anatomy, &cold::cold(&anatomy, &listed), key);
    let (rest, wanted) = rest::write(&anatomy, &plan)?;
    let first = first::write(whole, &anatomy, &plan, &wanted, (script, LOAD))?;
    Ok((first, rest))
}

/// The table of slots by which each half calls the other's functions.
fn slots(plan: &Plan) -> TableType {
    let slots = u64::from(plan.slots());
    TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: slots,
        maximum: Some(slots),
        shared: false,
    }
}
