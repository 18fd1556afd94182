//! `cargo xtask test`: every check there is, each timed, all of them even when one fails.

mod tally;

use crate::failure::{Failure, Outcome};
use crate::setup::{self, Need};
use crate::shell::{Shell, run, run_lines};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tally::Tally;

/// Runs simulations; their options follow.
pub(crate) const SIMULATE: &[&str] = &["run", "--quiet", "--package", "spreadscope_simulation", "--"];

/// One part of the checks, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Fmt,
    Clippy,
    Test,
    Simulate,
    Doc,
    Build,
    Browser,
}

/// What came of a part.
#[derive(Debug)]
struct Record {
    name: &'static str,
    took: Duration,
    tally: Tally,
    outcome: Outcome<()>,
}

impl Record {
    fn is_failed_build(&self) -> bool {
        self.name == Part::Build.name() && self.outcome.is_err()
    }
}

impl Part {
    const ALL: [Self; 7] =
        [Self::Fmt, Self::Clippy, Self::Test, Self::Simulate, Self::Doc, Self::Build, Self::Browser];

    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::Test => "test",
            Self::Simulate => "simulate",
            Self::Doc => "doc",
            Self::Build => "build",
            Self::Browser => "browser",
        }
    }

    /// The parts named, in their order; all of them when none is named.
    ///
    /// # Errors
    /// A name is no part.
    pub(crate) fn parse(names: &[String]) -> Outcome<Vec<Self>> {
        let known = || Self::ALL.map(Self::name).join(", ");
        if let Some(unknown) = names.iter().find(|name| Self::ALL.iter().all(|part| part.name() != **name)) {
            return Err(Failure::new(format!("there is no part `{unknown}`; the parts are {}", known())));
        }
        let chosen = |part: &Self| names.is_empty() || names.iter().any(|name| name == part.name());
        Ok(Self::ALL.into_iter().filter(chosen).collect())
    }

    fn needs(self) -> &'static [Need] {
        match self {
            Self::Fmt => &[Need::Rustfmt],
            Self::Clippy => &[Need::Clippy],
            Self::Test | Self::Simulate | Self::Doc => &[],
            Self::Build => Need::of_site(true),
            Self::Browser => &[Need::Browser, Need::SecondBrowser],
        }
    }

    fn run(self, shell: &Shell) -> (Tally, Outcome<()>) {
        let cargo = |arguments: &[&str]| shell.command("cargo", arguments);
        let outcome = match self {
            Self::Fmt => run(&mut cargo(&["fmt", "--all", "--check"])),
            Self::Clippy => clippy(shell),
            Self::Test => {
                return tests(&mut cargo(&["test", "--workspace", "--exclude", "spreadscope_e2e"]));
            }
            Self::Simulate => run(&mut cargo(SIMULATE)),
            Self::Doc => doc(shell),
            Self::Build => run(&mut shell.command("trunk", &["build", "--release"])),
            Self::Browser => {
                let dist = shell.root().join("dist");
                if !is_release(&dist) {
                    let sentence = "dist/ is no release build: run `cargo xtask build --release` first";
                    return (Tally::FAILED, Err(Failure::new(sentence)));
                }
                return tests(cargo(&["test", "-p", "spreadscope_e2e"]).env("SPREADSCOPE_DIST", dist));
            }
        };
        (if outcome.is_ok() { Tally::default() } else { Tally::FAILED }, outcome)
    }
}

/// Natively all that there is, and the page as it is compiled for the browser.
fn clippy(shell: &Shell) -> Outcome<()> {
    const NATIVE: &[&str] = &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    const WASM: &[&str] = &[
        "clippy",
        "--package",
        "spreadscope",
        "--target",
        "wasm32-unknown-unknown",
        "--lib",
        "--bins",
        "--",
        "-D",
        "warnings",
    ];
    let native = shell.run("cargo", NATIVE);
    let wasm = shell.run("cargo", WASM);
    native.and(wasm)
}

/// Natively all that there is, and what of the page exists in a browser alone.
fn doc(shell: &Shell) -> Outcome<()> {
    const NATIVE: &[&str] = &["doc", "--no-deps", "--workspace"];
    const WASM: &[&str] =
        &["doc", "--no-deps", "--package", "spreadscope", "--lib", "--target", "wasm32-unknown-unknown"];
    let strict = |arguments| run(shell.command("cargo", arguments).env("RUSTDOCFLAGS", "-D warnings"));
    strict(NATIVE).and(strict(WASM))
}

/// Whether the folder holds the page as it is published: in a debug build the module's name has no hash.
fn is_release(dist: &Path) -> bool {
    dist.join("index.html").is_file() && !dist.join("app.js").exists()
}

/// Runs tests and counts them; a run that fails without a failed test (it did not compile) counts as one.
fn tests(command: &mut std::process::Command) -> (Tally, Outcome<()>) {
    let mut tally = Tally::default();
    let outcome = run_lines(command.arg("--no-fail-fast"), |line| {
        if let Some(counts) = Tally::from_line(line) {
            tally += counts;
        }
    });
    if outcome.is_err() && tally.failed == 0 {
        tally += Tally::FAILED;
    }
    (tally, outcome)
}

/// Sets up what the parts need, runs them, and prints what came of each; the last line is the sum.
pub(crate) fn check(shell: &mut Shell, parts: &[Part]) -> ExitCode {
    let mut records = Vec::new();
    let needs: Vec<Need> = parts.iter().flat_map(|part| part.needs()).copied().collect();
    let start = Instant::now();
    let outcome = setup::ensure(shell, &needs);
    if let Err(failure) = &outcome {
        eprintln!("{failure}");
    }
    let tally = if outcome.is_ok() { Tally::default() } else { Tally::FAILED };
    records.push(Record { name: "set-up", took: start.elapsed(), tally, outcome });
    for part in parts {
        println!("\n== {}", part.name());
        let start = Instant::now();
        let stale = *part == Part::Browser && records.iter().any(Record::is_failed_build);
        let (tally, outcome) = if stale {
            (Tally::FAILED, Err(Failure::new("there is no new build to test")))
        } else {
            part.run(shell)
        };
        records.push(Record { name: part.name(), took: start.elapsed(), tally, outcome });
    }
    let sum = print(&records);
    println!("{} passed, {} failed", sum.passed, sum.failed);
    if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints a line for each part and returns the sum of their counts.
fn print(records: &[Record]) -> Tally {
    let mut sum = Tally::default();
    println!();
    for Record { name, took, tally, outcome } in records {
        let said = match outcome {
            Ok(()) if tally.passed > 0 => format!("ok, {} tests", tally.passed),
            Ok(()) => "ok".to_owned(),
            Err(failure) => format!("FAILED: {failure}"),
        };
        println!("{name:<8} {:>7.1} s  {said}", took.as_secs_f64());
        sum += *tally;
    }
    sum
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
            "there is no part `lint`; the parts are fmt, clippy, test, simulate, doc, build, browser"
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

    #[test]
    fn a_run_that_fails_without_a_failed_test_counts_as_one() {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "echo 'test result: ok. 4 passed; 0 failed; 0 ignored'; exit 1"]);
        let (tally, outcome) = tests(&mut command);
        assert_eq!(tally, Tally { passed: 4, failed: 1 });
        assert!(outcome.is_err());
    }
}
