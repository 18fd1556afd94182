//! Rust for the browser: the active toolchain with the wasm target, or Debian's Rust where rustup's server is
//! out of reach.

use super::{debian, say};
use crate::failure::{Explain as _, Failure, Outcome};
use crate::shell::Shell;
use std::fs;
use std::path::{Path, PathBuf};

/// The target that the page and its worker are compiled for.
pub(super) const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure that the active toolchain, or the one made active here, can compile for the browser.
///
/// # Errors
/// Neither rustup nor Debian's packages could provide it.
pub(super) fn ensure_wasm(shell: &mut Shell) -> Outcome<()> {
    if std::env::var("RUSTUP_TOOLCHAIN").is_ok_and(|active| active == debian::TOOLCHAIN) {
        if !debian::works(shell) {
            debian::install(shell)?;
        }
        return choose_debian(shell);
    }
    if has_wasm(shell) {
        return Ok(());
    }
    if debian::works(shell) {
        return choose_debian(shell);
    }
    say(&format!("adding the target {WASM} with rustup: the page is compiled for it"));
    let added = shell.read("rustup", &["target", "add", WASM]);
    if added.is_ok() && has_wasm(shell) {
        return Ok(());
    }
    say("rustup could not fetch it; taking Debian's Rust instead");
    debian::install(shell)?;
    choose_debian(shell)
}

/// Makes sure that a component of the toolchain, `rustfmt` or `clippy`, is there.
///
/// # Errors
/// It is not, and rustup could not add it.
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

/// Whether the active toolchain has a standard library for the browser.
fn has_wasm(shell: &Shell) -> bool {
    let folder = shell.read("rustc", &["--print", "target-libdir", "--target", WASM]);
    folder.is_ok_and(|folder| holds_std(Path::new(&folder)))
}

/// Whether a folder of compiled libraries holds the standard one.
fn holds_std(folder: &Path) -> bool {
    let Ok(files) = fs::read_dir(folder) else { return false };
    files.flatten().any(|file| {
        let name = file.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

/// Makes Debian's Rust the project's toolchain: for the programs run from here, and for plain `trunk serve`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_the_library_is_not_taken_for_one() {
        let folder = std::env::temp_dir().join(format!("xtask-std-{}", std::process::id()));
        assert!(!holds_std(&folder));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("libcore-1.rlib"), "").unwrap();
        assert!(!holds_std(&folder));
        fs::write(folder.join("libstd-1.rlib"), "").unwrap();
        assert!(holds_std(&folder));
        fs::remove_dir_all(&folder).unwrap();
    }
}
