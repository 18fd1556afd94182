//! The parts of the checks, and what each runs.

use super::harness;
use super::tally::Tally;
use crate::failure::{Failure, Outcome};
use crate::setup::Need;
use crate::shell::{Shell, run};
use crate::simulate;
use std::path::Path;

const WASM: [&str; 4] = ["--package", "spreadscope", "--target", "wasm32-unknown-unknown"];

/// One part of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Fmt,
    Clippy,
    Test,
    Simulate,
    Doc,
    Supply,
    Build,
    Browser,
}

impl Part {
    pub(super) const ALL: [Self; 8] = [
        Self::Fmt,
        Self::Clippy,
        Self::Test,
        Self::Simulate,
        Self::Doc,
        Self::Supply,
        Self::Build,
        Self::Browser,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::Test => "test",
            Self::Simulate => "simulate",
            Self::Doc => "doc",
            Self::Supply => "supply",
            Self::Build => "build",
            Self::Browser => "browser",
        }
    }

    /// Returns the named parts in their order; all parts if none is named.
    ///
    /// # Errors
    /// A name is not that of a part.
    pub(crate) fn parse(names: &[String]) -> Outcome<Vec<Self>> {
        let known = || Self::ALL.map(Self::name).join(", ");
        if let Some(unknown) = names.iter().find(|name| Self::ALL.iter().all(|part| part.name() != **name)) {
            return Err(Failure::new(format!("there is no part `{unknown}`; the parts are {}", known())));
        }
        let chosen = |part: &Self| names.is_empty() || names.iter().any(|name| name == part.name());
        Ok(Self::ALL.into_iter().filter(chosen).collect())
    }

    pub(super) fn needs(self) -> &'static [Need] {
        match self {
            Self::Fmt => &[Need::Rustfmt],
            Self::Clippy => &[Need::Clippy],
            Self::Test | Self::Simulate | Self::Doc => &[],
            Self::Supply => &[Need::Deny],
            Self::Build => Need::of_site(true),
            Self::Browser => &[Need::Browser, Need::OtherBrowsers],
        }
    }

    /// Runs the part in the terminal.
    pub(super) fn run(self, shell: &Shell) -> (Tally, Outcome<()>) {
        let outcome = match self {
            Self::Fmt => shell.run("cargo", &["fmt", "--all", "--check"]),
            Self::Clippy => clippy(shell),
            Self::Test => {
                return harness::run(shell, shell.command("cargo", &["test", "--workspace"]), &[]).end();
            }
            Self::Simulate => simulate::run::<&str>(shell, &[]),
            Self::Doc => doc(shell),
            Self::Supply => supply(shell),
            Self::Build => build(shell),
            Self::Browser => return browser(shell),
        };
        (if outcome.is_ok() { Tally::default() } else { Tally::FAILED }, outcome)
    }
}

/// Lints everything natively, including the fuzz targets, and the page for the browser. The latter is a
/// release, so that its proc macros are compiled only once for this part and the build.
fn clippy(shell: &Shell) -> Outcome<()> {
    const NATIVE: &[&str] = &["clippy", "--workspace", "--all-targets"];
    // not among the tests that `cargo test` runs, and so not among all targets
    const BROWSER: &[&str] = &["clippy", "--workspace", "--test", "browser"];
    const PAGE: &[&str] = &["clippy", "--release", "--lib", "--bins"];
    let strict = |arguments: &[&[&str]]| {
        shell.run("cargo", &[&arguments.concat(), &["--", "-D", "warnings"][..]].concat())
    };
    strict(&[NATIVE]).and(strict(&[BROWSER])).and(strict(&[PAGE, &WASM]))
}

/// Documents everything natively, and the parts of the page that exist only in a browser.
fn doc(shell: &Shell) -> Outcome<()> {
    const NATIVE: &[&str] = &["doc", "--no-deps", "--workspace"];
    const PAGE: &[&str] = &["doc", "--no-deps", "--release", "--lib"];
    let strict = |arguments: &[&[&str]]| {
        run(shell.command("cargo", &arguments.concat()).env("RUSTDOCFLAGS", "-D warnings"))
    };
    strict(&[NATIVE]).and(strict(&[PAGE, &WASM]))
}

/// Checks licences and sources of what is linked, by `deny.toml`. Advisories change independently of the
/// sources, so only the workflow checks them.
fn supply(shell: &Shell) -> Outcome<()> {
    let check = ["deny", "check", "licenses", "bans", "sources"];
    shell.run_beside("supply", &mut shell.command("cargo", &check)).map(drop)
}

/// Builds the page in parallel with other parts, and prints trunk's output at the end.
fn build(shell: &Shell) -> Outcome<()> {
    let said = shell.run_beside("build", &mut shell.command("trunk", &["build", "--release"]))?;
    print!("\n== build\n{said}");
    Ok(())
}

/// Runs several pages at once, each with a browser, an exchange and a folder of its own, because they mostly
/// wait. Failed tests get a second try with the machine to themselves, and the sum says so.
fn browser(shell: &Shell) -> (Tally, Outcome<()>) {
    let dist = shell.root().join("dist");
    if !is_release(&dist) {
        let sentence = "dist/ is no release build: run `cargo xtask build --release` first";
        return (Tally::FAILED, Err(Failure::new(sentence)));
    }
    let run = |options: &[&str]| {
        let mut command = shell.command("cargo", &["test", "--workspace", "--test", "browser"]);
        // this very program points each test's page at its exchange
        if let Ok(own) = std::env::current_exe() {
            command.env("SPREADSCOPE_XTASK", own);
        }
        command.env("SPREADSCOPE_DIST", &dist);
        harness::run(shell, command, options)
    };
    run(&["--test-threads", "3"]).again(run).end()
}

/// Returns whether the folder holds a release build of the page: in a debug build the module's name has no
/// hash.
fn is_release(dist: &Path) -> bool {
    dist.join("index.html").is_file() && !dist.join("app.js").exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_every_part() {
        assert_eq!(Part::parse(&[]).unwrap(), Part::ALL);
    }

    #[test]
    fn named_parts_keep_their_order() {
        let names = ["clippy".to_owned(), "fmt".to_owned()];
        assert_eq!(Part::parse(&names).unwrap(), [Part::Fmt, Part::Clippy]);
    }

    #[test]
    fn an_unknown_part_is_refused_with_the_known_ones() {
        let failure = Part::parse(&["lint".to_owned()]).unwrap_err();
        assert_eq!(
            failure.to_string(),
            "there is no part `lint`; the parts are fmt, clippy, test, simulate, doc, supply, build, browser"
        );
    }

    #[test]
    fn a_debug_build_is_not_what_browsers_test() {
        let dist = std::env::temp_dir().join(format!("spreadscope-dist-{}", std::process::id()));
        std::fs::create_dir_all(&dist).unwrap();
        assert!(!is_release(&dist));
        std::fs::write(dist.join("index.html"), "").unwrap();
        assert!(is_release(&dist));
        std::fs::write(dist.join("app.js"), "").unwrap();
        assert!(!is_release(&dist));
        std::fs::remove_dir_all(&dist).unwrap();
    }
}
