//! Rust for the browser: the active toolchain with the wasm target, or Debian's Rust where rustup's server
//! cannot be reached.

use super::{debian, say};
use crate::failure::{Explain as _, Failure, Outcome};
use crate::shell::Shell;
use std::fs;
use std::path::PathBuf;

/// The target that the page and its worker are compiled for.
pub(super) const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure that the active toolchain, or the one made active here, can compile for the browser.
///
/// # Errors
/// Neither rustup nor Debian's packages could provide it.
pub(super) fn ensure_wasm(shell: &mut Shell) -> Outcome<()> {
    let active = std::env::var("RUSTUP_TOOLCHAIN").unwrap_or_default();
    if compiles(shell, &active) {
        return Ok(());
    }
    if active != debian::TOOLCHAIN && !compiles(shell, debian::TOOLCHAIN) {
        say(&format!("adding the target {WASM} with rustup: the page is compiled for it"));
        if shell.read("rustup", &["target", "add", WASM]).is_ok() && compiles(shell, &active) {
            return Ok(());
        }
        say("rustup could not fetch it; taking Debian's Rust instead");
    }
    if !compiles(shell, debian::TOOLCHAIN) {
        debian::install(shell)?;
        if !compiles(shell, debian::TOOLCHAIN) {
            return Err(Failure::new("Debian's Rust was installed, but cannot compile for the browser"));
        }
    }
    choose_debian(shell)
}

/// Returns whether a toolchain can build a library for the browser. It cannot if Debian has since updated the
/// compiler, which then rejects the standard library built for the previous one.
fn compiles(shell: &Shell, toolchain: &str) -> bool {
    let folder = shell.target().join("xtask");
    let source = folder.join("probe.rs");
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&source, "pub fn probe() {}\n"));
    let mut probe =
        shell.command("rustc", &["--crate-type", "cdylib", "--edition", "2024", "--target", WASM, "-o"]);
    probe.arg(folder.join("probe.wasm")).arg(source);
    if !toolchain.is_empty() {
        probe.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    written.is_ok() && probe.output().is_ok_and(|output| output.status.success())
}

/// Makes sure that a component of the toolchain, `rustfmt` or `clippy`, is installed.
///
/// # Errors
/// It is missing, and rustup could not add it.
pub(super) fn ensure_component(shell: &Shell, component: &str, program: &str) -> Outcome<()> {
    let sysroot = PathBuf::from(shell.read("rustc", &["--print", "sysroot"])?);
    if sysroot.join("bin").join(program).with_extension(std::env::consts::EXE_EXTENSION).is_file() {
        return Ok(());
    }
    say(&format!("adding {component} with rustup: the checks need it"));
    shell.run("rustup", &["component", "add", component]).map_err(|failure| {
        Failure::new(format!("{component} is missing ({failure}): install it for the active toolchain"))
    })
}

/// Makes Debian's Rust the project's toolchain: for programs run from here, and for plain `trunk serve`.
fn choose_debian(shell: &mut Shell) -> Outcome<()> {
    shell.set("RUSTUP_TOOLCHAIN", debian::TOOLCHAIN);
    let file = shell.root().join("rust-toolchain.toml");
    if file.exists() {
        return Ok(());
    }
    say("writing rust-toolchain.toml, so that every command uses Debian's Rust in this folder");
    fs::write(&file, format!("[toolchain]\nchannel = \"{}\"\n", debian::TOOLCHAIN))
        .explain(|| format!("write {}", file.display()))
}
