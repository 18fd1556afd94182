//! The service worker, which knows every file of the folder by name and hash.

use super::INDEX;
use crate::failure::{Explain as _, Failure, Outcome};
use crate::hash;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const TEMPLATE: &str = include_str!("../../../src/web/sw.js");
const WORKER: &str = "sw.js";
/// Digits of a hash that stand in the worker, which every visit loads: two files are the same whose first 128 bits are.
const DIGITS: usize = 32;

/// Writes the service worker of a folder that is otherwise complete.
///
/// # Errors
/// The folder cannot be read, or has a file whose name would need escaping.
pub(super) fn write(folder: &Path) -> Outcome<()> {
    let mut files = BTreeMap::new();
    collect(folder, "", &mut files).explain(|| format!("read {}", folder.display()))?;
    if !files.contains_key(INDEX) {
        return Err(Failure::new(format!("{} has no {INDEX}", folder.display())));
    }
    let path = folder.join(WORKER);
    fs::write(&path, worker(&files)?).explain(|| format!("write {}", path.display()))
}

/// Names relative to the folder, with `/` between their parts, and hashes.
fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else if is_part_of_the_page(&name) {
            let mut hash = hash::sha256_hex(&fs::read(entry.path())?);
            hash.truncate(DIGITS);
            files.insert(name, hash);
        }
    }
    Ok(())
}

/// A licence beside the page is not loaded by it, and the worker does not keep itself.
fn is_part_of_the_page(name: &str) -> bool {
    name != WORKER && Path::new(name).extension().is_none_or(|extension| extension != "txt")
}

fn worker(files: &BTreeMap<String, String>) -> Outcome<String> {
    let plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
    if let Some(name) = files.keys().find(|name| !plain(name)) {
        return Err(Failure::new(format!("the file {name:?} has a name that needs escaping")));
    }
    let lines: Vec<String> =
        files.iter().map(|(name, hash)| format!("  \"{name}\": \"{hash}\",\n")).collect();
    let list = format!("{{\n{}}}", lines.concat());
    let version = &hash::sha256_hex(list.as_bytes())[..16];
    Ok(TEMPLATE.replace("{{version}}", version).replace("{{files}}", &list))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries.iter().map(|(name, hash)| ((*name).to_owned(), (*hash).to_owned())).collect()
    }

    fn version(worker: &str) -> &str {
        worker.split_once("VERSION = \"").unwrap().1.split_once('"').unwrap().0
    }

    #[test]
    fn its_version_follows_the_contents_of_the_files() {
        let one = worker(&files(&[("index.html", "aa"), ("app-1.js", "bb")])).unwrap();
        let same = worker(&files(&[("app-1.js", "bb"), ("index.html", "aa")])).unwrap();
        let other = worker(&files(&[("index.html", "aa"), ("app-1.js", "bc")])).unwrap();
        assert_eq!(one, same);
        assert_ne!(version(&one), version(&other));
        assert!(one.contains("\"app-1.js\": \"bb\",\n") && !one.contains("{{"));
    }

    #[test]
    fn a_licence_and_the_worker_itself_are_not_among_its_files() {
        assert!(is_part_of_the_page("icons/icon.svg") && is_part_of_the_page("index.html"));
        assert!(!is_part_of_the_page("sw.js") && !is_part_of_the_page("plotly.LICENSE.txt"));
    }

    #[test]
    fn a_name_that_would_break_out_of_the_list_is_refused() {
        assert!(worker(&files(&[("a\".js", "bb")])).is_err());
    }
}
