//! Finds or installs what the commands need, and says what and why; a second run finds everything in place.

mod apt;
mod axe;
mod browser;
mod debian;
mod firefox;
mod lighthouse;
pub(crate) mod minify;
mod npm;
mod plotly;
mod toolchain;
mod tools;
mod webkit;

use crate::failure::{Failure, Outcome};
use crate::shell::Shell;
use std::path::PathBuf;
use std::thread;
pub(crate) use tools::{bindgen, optimiser};

/// Something that a command needs besides cargo itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The formatter.
    Rustfmt,
    /// The linter.
    Clippy,
    /// Everything needed to build the page.
    Site,
    /// The optimiser for a release of the page.
    Release,
    /// The checker of crates' licences and sources.
    Deny,
    /// A browser and its driver.
    Browser,
    /// Further browsers, which the checks can do without.
    OtherBrowsers,
    /// The scores of a page.
    Lighthouse,
}

/// Makes sure that a tool is installed.
type Ensure = fn(&Shell) -> Outcome<()>;

impl Need {
    /// Returns what building the page needs, for a release or not.
    pub(crate) const fn of_site(release: bool) -> &'static [Self] {
        if release { &[Self::Site, Self::Release] } else { &[Self::Site] }
    }
}

/// Makes sure that everything needed is installed, compiling tools in parallel with each other and with
/// downloads.
///
/// # Errors
/// Something is missing and could not be installed; the sentence says what.
pub(crate) fn ensure(shell: &mut Shell, needs: &[Need]) -> Outcome<()> {
    // always first, so that one toolchain compiles everything
    toolchain::ensure_wasm(shell)?;
    if needs.contains(&Need::Rustfmt) {
        toolchain::ensure_component(shell, "rustfmt", "cargo-fmt")?;
    }
    if needs.contains(&Need::Clippy) {
        toolchain::ensure_component(shell, "clippy", "cargo-clippy")?;
    }
    let with = shell.clone();
    thread::scope(|scope| {
        let tools: [(Need, Ensure); 3] = [
            (Need::Site, tools::ensure_trunk),
            (Need::Site, tools::ensure_bindgen),
            (Need::Deny, tools::ensure_deny),
        ];
        let compiled = tools.map(|(need, ensure)| {
            let with = &with;
            scope.spawn(move || if needs.contains(&need) { ensure(with) } else { Ok(()) })
        });
        let fetched = ensure_fetched(shell, needs);
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread.join().expect("Invariant: an installation fails with a sentence")
        };
        compiled.into_iter().try_for_each(join).and(fetched)
    })
}

/// Installs what comes from npm and from the system, one after the other: apt-get runs only once at a time.
fn ensure_fetched(shell: &mut Shell, needs: &[Need]) -> Outcome<()> {
    if needs.contains(&Need::Site) {
        plotly::ensure(shell)?;
    }
    if needs.contains(&Need::Release) {
        tools::ensure_optimiser(shell)?;
    }
    if needs.contains(&Need::Browser) {
        browser::ensure(shell)?;
        axe::ensure(shell)?;
    }
    if needs.contains(&Need::OtherBrowsers) {
        firefox::ensure(shell);
        webkit::ensure(shell);
    }
    if needs.contains(&Need::Lighthouse) {
        lighthouse::ensure(shell)?;
    }
    Ok(())
}

/// Returns the folder whose `bin` is where cargo installs programs.
fn cargo_home() -> Outcome<PathBuf> {
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")))
        .ok_or_else(|| Failure::new("neither HOME nor CARGO_HOME is set"))
}

/// Says what is being done and why.
fn say(sentence: &str) {
    println!("set-up: {sentence}");
}
