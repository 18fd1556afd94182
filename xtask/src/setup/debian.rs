//! Debian's Rust with a standard library for the browser, built from Debian's own sources.
//!
//! For machines that reach Debian's packages and crates.io, but not rustup's server. It lives in `/usr`, beside
//! rustup's toolchains, and touches none of them.

use super::say;
use super::toolchain::WASM;
use crate::failure::{Explain as _, Failure, Outcome};
use crate::shell::{Shell, run};
use std::fs;
use std::path::Path;

/// The name under which rustup knows it.
pub(super) const TOOLCHAIN: &str = "debian-wasm";

/// The crate that is compiled for nothing but the libraries below it.
const SCRATCH: &str = "spreadscope_scratch";

const RUSTLIB: &str = "/usr/lib/rustlib";

/// Whether it is there and can link a library for the browser; false also when Debian has since replaced the
/// compiler by one that does not read the libraries built for the last.
pub(super) fn works(shell: &Shell) -> bool {
    if !Path::new(RUSTLIB).join(WASM).join("lib").is_dir() {
        return false;
    }
    let folder = shell.root().join("target/xtask");
    let (source, product) = (folder.join("probe.rs"), folder.join("probe.wasm"));
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&source, "pub fn probe() {}\n"));
    written.is_ok()
        && shell
            .command("rustc", &["--crate-type", "cdylib", "--edition", "2024", "--target", WASM, "-o"])
            .arg(product)
            .arg(source)
            .env("RUSTUP_TOOLCHAIN", TOOLCHAIN)
            .output()
            .is_ok_and(|output| output.status.success())
}

/// Installs the compiler, builds its library for the browser, and puts library and linker where it looks.
///
/// # Errors
/// This is no Debian, the user is not root, or a step failed.
pub(super) fn install(shell: &Shell) -> Outcome<()> {
    const COMPILER: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy", "rustfmt-web"];
    apt_install(shell, &COMPILER, "Debian's Rust compiler, with the sources of its standard library")?;
    let version = shell.read("/usr/bin/rustc", &["-vV"])?;
    let llvm =
        llvm_major(&version).ok_or_else(|| Failure::new("/usr/bin/rustc does not say its LLVM version"))?;
    apt_install(shell, &[&format!("lld-{llvm}")], "the linker that belongs to it")?;
    shell.run("rustup", &["toolchain", "link", TOOLCHAIN, "/usr"])?;
    link_linker(llvm, host(&version).unwrap_or("x86_64-unknown-linux-gnu"))?;
    build_library(shell)?;
    if works(shell) {
        Ok(())
    } else {
        Err(Failure::new("Debian's Rust was installed, but cannot compile for the browser"))
    }
}

/// Installs packages of Debian.
///
/// # Errors
/// There is no apt-get, the user is not root, or it failed.
pub(super) fn apt_install(shell: &Shell, packages: &[&str], what: &str) -> Outcome<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !installed(shell, package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if shell.read("apt-get", &["--version"]).is_err() {
        return Err(Failure::new(format!("{what} is missing and there is no apt-get to install it with")));
    }
    if shell.read("id", &["-u"])? != "0" {
        return Err(Failure::new(format!(
            "{what} is missing: run `sudo apt-get install {list}` and try again"
        )));
    }
    say(&format!("installing {what}: {list}"));
    let arguments = [&["install", "-y", "-qq", "--no-install-recommends"], missing.as_slice()].concat();
    let install = || run(shell.command("apt-get", &arguments).env("DEBIAN_FRONTEND", "noninteractive"));
    if install().is_ok() {
        return Ok(());
    }
    shell.run("apt-get", &["update", "-qq"])?;
    install()
}

fn installed(shell: &Shell, package: &str) -> bool {
    let status = shell.read("dpkg-query", &["-W", "-f", "${db:Status-Status}", package]);
    status.is_ok_and(|status| status == "installed")
}

/// The compiler looks for `rust-lld` in its own folder; Debian calls it `wasm-ld-NN`.
fn link_linker(llvm: u32, host: &str) -> Outcome<()> {
    let folder = Path::new(RUSTLIB).join(host).join("bin");
    let link = folder.join("rust-lld");
    fs::create_dir_all(&folder).explain(|| format!("make {}", folder.display()))?;
    if link.symlink_metadata().is_ok() {
        fs::remove_file(&link).explain(|| format!("replace {}", link.display()))?;
    }
    symlink(Path::new(&format!("/usr/bin/wasm-ld-{llvm}")), &link)
}

fn build_library(shell: &Shell) -> Outcome<()> {
    say("building its standard library for the browser (about a minute)");
    let folder = shell.root().join("target/xtask/library");
    let manifest = format!(
        "[package]\nname = \"{SCRATCH}\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n[workspace]\n"
    );
    let library = Path::new(RUSTLIB).join(WASM).join("lib");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join("Cargo.toml"), manifest))
        .and_then(|()| fs::write(folder.join("lib.rs"), ""))
        .and_then(|()| if library.exists() { fs::remove_dir_all(&library) } else { Ok(()) })
        .explain(|| format!("prepare {}", folder.display()))?;
    let mut build =
        shell.command("cargo", &["build", "--release", "-Z", "build-std=std,panic_abort", "--target", WASM]);
    build.args(["--target-dir", "target"]).current_dir(&folder);
    // without bitcode in the libraries a build with `lto` fails: "failed to get bitcode from object file"
    build.envs([
        ("RUSTUP_TOOLCHAIN", TOOLCHAIN),
        ("RUSTC_BOOTSTRAP", "1"),
        ("RUSTFLAGS", "-C embed-bitcode=yes"),
    ]);
    run(&mut build)?;
    let built = folder.join("target").join(WASM).join("release/deps");
    copy_libraries(&built, &library).explain(|| format!("copy the libraries to {}", library.display()))?;
    // cargo does not notice that the library below what it has compiled is another one
    let stale = shell.root().join("target").join(WASM);
    if stale.exists() {
        fs::remove_dir_all(&stale).explain(|| format!("remove {}", stale.display()))?;
    }
    Ok(())
}

fn copy_libraries(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        if is_library(&file.file_name().to_string_lossy()) {
            fs::copy(file.path(), to.join(file.file_name()))?;
        }
    }
    Ok(())
}

fn is_library(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "rlib")
        && !name.starts_with(&format!("lib{SCRATCH}"))
}

fn llvm_major(version: &str) -> Option<u32> {
    field(version, "LLVM version: ")?.split('.').next()?.parse().ok()
}

fn host(version: &str) -> Option<&str> {
    field(version, "host: ")
}

fn field<'a>(version: &'a str, name: &str) -> Option<&'a str> {
    version.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
}

#[cfg(unix)]
pub(super) fn symlink(original: &Path, link: &Path) -> Outcome<()> {
    std::os::unix::fs::symlink(original, link).explain(|| format!("link {}", link.display()))
}

#[cfg(not(unix))]
pub(super) fn symlink(original: &Path, link: &Path) -> Outcome<()> {
    fs::copy(original, link).map(drop).explain(|| format!("copy {}", link.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSION: &str =
        "rustc 1.96.0\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\nLLVM version: 22.1.8\n";

    #[test]
    fn the_linker_is_named_after_the_compilers_llvm() {
        assert_eq!(llvm_major(VERSION), Some(22));
        assert_eq!(host(VERSION), Some("x86_64-unknown-linux-gnu"));
        assert_eq!(llvm_major("rustc 1.96.0"), None);
    }

    #[test]
    fn the_scratch_crate_is_not_installed() {
        assert!(is_library("libcore-0123.rlib"));
        assert!(!is_library("libcore-0123.rmeta"));
        assert!(!is_library("libspreadscope_scratch-0123.rlib"));
    }
}
