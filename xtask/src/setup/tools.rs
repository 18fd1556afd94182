//! trunk, the wasm-bindgen version that the lock file names, and wasm-opt for release builds.
//!
//! trunk fetches wasm-bindgen's release by itself; if that host cannot be reached, it comes from crates.io.
//! trunk does not run wasm-opt: the module is split first, and `site::parts` runs wasm-opt on each part.

use super::npm::Sealed;
use super::{cargo_home, npm, say};
use crate::failure::{Explain as _, Failure, Outcome};
use crate::shell::Shell;
use std::fs;
use std::path::{Path, PathBuf};

const TRUNK_MINOR: u32 = 21;
const DENY: &str = "0.20.2";
const BINARYEN: Sealed = Sealed {
    name: "binaryen",
    version: "132.0.0",
    integrity: "sha512-4Usg7yEvwO3FMso3Oov6qkOOHSod1IEv+boKkh77kTljM+eNBouqCTbqWswGzbG+vDNO/b/v2C4gfEh1WgB9Lg==",
};
const RELEASES: &str = "https://github.com";

/// Makes sure that wasm-bindgen is installed, or that trunk can fetch it.
///
/// # Errors
/// It is missing and could not be installed.
pub(super) fn ensure_bindgen(shell: &Shell) -> Outcome<()> {
    let version = locked_bindgen(shell)?;
    let has_bindgen = is_bindgen(shell, &version) || !fetched(&format!("wasm-bindgen-{version}")).is_empty();
    if has_bindgen || releases_reached(shell) { Ok(()) } else { install_bindgen(shell, &version) }
}

/// Makes sure that wasm-opt is installed.
///
/// # Errors
/// It is missing and could not be installed.
pub(super) fn ensure_optimiser(shell: &Shell) -> Outcome<()> {
    if optimiser(shell).is_ok() { Ok(()) } else { install_optimiser(shell) }
}

/// Makes sure that trunk is installed.
///
/// # Errors
/// It is missing and could not be installed.
pub(super) fn ensure_trunk(shell: &Shell) -> Outcome<()> {
    let known = format!("trunk 0.{TRUNK_MINOR}.");
    if shell.read("trunk", &["--version"]).is_ok_and(|said| said.starts_with(&known)) {
        return Ok(());
    }
    say("installing trunk, which builds and serves the page (some minutes, once)");
    let version = format!("^0.{TRUNK_MINOR}");
    // all its default features except the check for newer versions of itself
    let features = ["--no-default-features", "--features", "rustls"];
    install(shell, &[&["trunk", "--version", &version, "--locked"], &features[..]].concat())
}

/// Makes sure that cargo-deny is installed.
///
/// # Errors
/// It is missing and could not be installed.
pub(super) fn ensure_deny(shell: &Shell) -> Outcome<()> {
    if shell.read("cargo", &["deny", "--version"]).is_ok() {
        return Ok(());
    }
    say("installing cargo-deny, which reads the licences and sources of crates (a minute or two, once)");
    install(shell, &["cargo-deny", "--version", DENY, "--locked"])
}

/// Installs a program from crates.io, compiled quickly: minutes of optimising would save a second per run.
///
/// # Errors
/// cargo cannot fetch it, or it does not compile.
pub(super) fn install(shell: &Shell, arguments: &[&str]) -> Outcome<()> {
    let mut command = shell.command("cargo", &[&["install"], arguments].concat());
    command.envs([
        ("CARGO_PROFILE_RELEASE_LTO", "off"),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ]);
    let name = arguments[0];
    shell
        .run_beside(&format!("installing {name}"), &mut command)
        .map(drop)
        .map_err(|failure| Failure::new(format!("{name} is missing and could not be installed: {failure}")))
}

fn is_bindgen(shell: &Shell, version: &str) -> bool {
    let said = shell.read("wasm-bindgen", &["--version"]);
    said.is_ok_and(|said| said.split_whitespace().any(|word| word == version))
}

/// Returns wasm-bindgen in the lock file's version: from `PATH`, or else as fetched by trunk.
///
/// # Errors
/// It is in neither place.
pub(crate) fn bindgen(shell: &Shell) -> Outcome<String> {
    let version = locked_bindgen(shell)?;
    if is_bindgen(shell, &version) {
        return Ok("wasm-bindgen".to_owned());
    }
    inside(fetched(&format!("wasm-bindgen-{version}")), "wasm-bindgen")
}

/// Returns wasm-opt: from `PATH`, or else the newest that trunk has fetched for another page.
///
/// # Errors
/// It is in neither place.
pub(crate) fn optimiser(shell: &Shell) -> Outcome<String> {
    if shell.read("wasm-opt", &["--version"]).is_ok() {
        return Ok("wasm-opt".to_owned());
    }
    inside(fetched("wasm-opt-"), "wasm-opt")
}

fn inside(folders: Vec<PathBuf>, name: &str) -> Outcome<String> {
    let file = Path::new(name).with_extension(std::env::consts::EXE_EXTENSION);
    let places = folders.into_iter().flat_map(|folder| [folder.join(&file), folder.join("bin").join(&file)]);
    let found = places.into_iter().find(|place| place.is_file());
    found
        .map(|place| place.to_string_lossy().into_owned())
        .ok_or_else(|| Failure::new(format!("{name} is missing: run `cargo xtask build --release` first")))
}

fn locked_bindgen(shell: &Shell) -> Outcome<String> {
    let lock = shell.root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).explain(|| format!("read {}", lock.display()))?;
    locked(&lock, "wasm-bindgen")
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("Cargo.lock does not name wasm-bindgen: run `cargo update -w`"))
}

/// Returns the version of a package in the text of a `Cargo.lock`; `None` if it is not listed.
fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// Returns the folders that trunk has fetched under names with this prefix, the newest name first.
fn fetched(name: &str) -> Vec<PathBuf> {
    let folders = trunk_cache().and_then(|cache| fs::read_dir(cache).ok());
    let mut folders: Vec<PathBuf> = folders
        .into_iter()
        .flatten()
        .flatten()
        .filter(|folder| folder.file_name().to_string_lossy().starts_with(name))
        .map(|folder| folder.path())
        .collect();
    folders.sort_by(|a, b| b.cmp(a));
    folders
}

fn trunk_cache() -> Option<PathBuf> {
    let home = || std::env::home_dir();
    if cfg!(target_os = "macos") {
        return Some(home()?.join("Library/Caches/dev.trunkrs.trunk"));
    }
    let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    Some(base.or_else(|| Some(home()?.join(".cache")))?.join("trunk"))
}

/// Returns whether trunk can fetch releases; without curl this is left for trunk to find out.
fn releases_reached(shell: &Shell) -> bool {
    shell.read("curl", &["--version"]).is_err()
        || shell.read("curl", &["-sI", "--max-time", "10", "-o", "/dev/null", RELEASES]).is_ok()
}

fn install_bindgen(shell: &Shell, version: &str) -> Outcome<()> {
    say(&format!("installing wasm-bindgen {version}, which Cargo.lock asks for (some minutes, once)"));
    // without `--locked`: its own lock file names versions that are no longer available
    install(shell, &["wasm-bindgen-cli", "--version", version, "--bin", "wasm-bindgen"])
}

fn install_optimiser(shell: &Shell) -> Outcome<()> {
    say("installing wasm-opt, which makes the release build small, from npm");
    npm::install_sealed(shell, ".vendor/binaryen", BINARYEN).map_err(|failure| {
        Failure::new(format!("wasm-opt is missing and could not be installed: {failure}"))
    })?;
    let program = shell.root().join(".vendor/binaryen/node_modules/binaryen/bin/wasm-opt");
    let link = cargo_home()?.join("bin/wasm-opt");
    // in place of a link that may be broken
    drop(fs::remove_file(&link));
    symlink(&program, &link).explain(|| format!("link {}", link.display()))?;
    shell.read("wasm-opt", &["--version"]).map(drop).map_err(|failure| {
        Failure::new(format!("wasm-opt was installed as {}, but does not run: {failure}", link.display()))
    })
}

#[cfg(unix)]
use std::os::unix::fs::symlink;

#[cfg(not(unix))]
fn symlink(original: &Path, link: &Path) -> std::io::Result<()> {
    fs::copy(original, link).map(drop)
}

#[cfg(test)]
mod tests {
    use super::locked;

    #[test]
    fn the_lock_names_a_packages_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n\n\
                    [[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(lock, "wasm-bindgen-futures"), Some("0.4.9"));
        assert_eq!(locked(lock, "trunk"), None);
    }
}
