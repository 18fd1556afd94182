//! npm, the source of the few tools that come neither from Rust nor from the system; none is part of the build.

use super::apt;
use crate::failure::{Explain as _, Failure, Outcome};
use crate::shell::Shell;
use std::fs;

/// Makes sure that npm is installed.
fn ensure(shell: &Shell) -> Outcome<()> {
    if shell.read("npm", &["--version"]).is_ok() {
        return Ok(());
    }
    apt::install(shell, &["npm"], "npm, which fetches tools").map_err(|failure| {
        Failure::new(format!("{failure} (npm comes with Node.js, wherever that is installed from)"))
    })
}

/// A package without dependencies, and the hash that npm checks it against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sealed {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) integrity: &'static str,
}

impl Sealed {
    /// Returns the files with which `npm ci` installs this package and nothing else.
    fn manifests(self) -> [(&'static str, String); 2] {
        let Self { name, version, integrity } = self;
        let wanted = format!(r#"{{"dependencies":{{"{name}":"{version}"}}}}"#);
        let held = format!(r#"{{"version":"{version}","integrity":"{integrity}"}}"#);
        let packages = format!(r#"{{"":{wanted},"node_modules/{name}":{held}}}"#);
        let lock = format!(r#"{{"lockfileVersion":3,"requires":true,"packages":{packages}}}"#);
        [("package.json", wanted), ("package-lock.json", lock)]
    }
}

/// Installs a package below `folder`, checked by its hash.
///
/// # Errors
/// npm is missing, cannot fetch the package, or fetches a different one.
pub(super) fn install_sealed(shell: &Shell, folder: &str, package: Sealed) -> Outcome<()> {
    install_locked(shell, folder, &package.manifests())
}

/// Installs below `folder` exactly what a lock file lists with hashes; `manifests` are the package file and the
/// lock file.
///
/// # Errors
/// npm is missing, cannot fetch a package, or fetches a different one.
pub(super) fn install_locked(shell: &Shell, folder: &str, manifests: &[(&str, String); 2]) -> Outcome<()> {
    ensure(shell)?;
    let place = shell.root().join(folder);
    fs::create_dir_all(&place).explain(|| format!("make {}", place.display()))?;
    for (name, content) in manifests {
        let path = place.join(name);
        fs::write(&path, content).explain(|| format!("write {}", path.display()))?;
    }
    shell.run("npm", &["ci", "--silent", "--no-fund", "--no-audit", "--prefix", folder])
}

/// Installs a package with its dependencies below `folder`.
///
/// # Errors
/// npm is missing or cannot fetch the package.
pub(super) fn install(shell: &Shell, folder: &str, package: &str) -> Outcome<()> {
    ensure(shell)?;
    shell.run("npm", &["install", "--silent", "--no-fund", "--no-audit", "--prefix", folder, package])
}

/// Puts one file of a package into `.vendor`, named `to`.
///
/// # Errors
/// npm is missing or cannot fetch the package, or the package has no such file.
pub(super) fn fetch(shell: &Shell, package: &str, file: &str, to: &str) -> Outcome<()> {
    ensure(shell)?;
    let vendor = shell.root().join(".vendor");
    let tarball = format!(
        ".vendor/{}",
        shell.read("npm", &["pack", "--silent", "--pack-destination", ".vendor", package])?
    );
    shell.read("tar", &["-xzf", &tarball, "-C", ".vendor", &format!("package/{file}")])?;
    fs::rename(vendor.join("package").join(file), vendor.join(to))
        .and_then(|()| fs::remove_dir_all(vendor.join("package")))
        .and_then(|()| fs::remove_file(shell.root().join(&tarball)))
        .explain(|| format!("unpack {tarball}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_names_the_package_its_version_and_its_hash() {
        let [(_, wanted), (_, lock)] =
            Sealed { name: "a", version: "1.0.0", integrity: "sha512-x" }.manifests();
        assert_eq!(wanted, r#"{"dependencies":{"a":"1.0.0"}}"#);
        let held = r#""node_modules/a":{"version":"1.0.0","integrity":"sha512-x"}"#;
        assert!(lock.contains(held) && lock.contains(&format!(r#""":{wanted}"#)), "{lock}");
    }
}
