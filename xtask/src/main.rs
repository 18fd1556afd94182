//! The one entry for people and for CI: set-up, serving, building, checking, measuring.
//!
//! Everything that a command needs is found or installed by the command itself, so that a fresh clone is one
//! line away from running and CI does what people do.

mod checks;
mod failure;
mod glue;
mod hash;
mod measure;
mod options;
mod serve;
mod setup;
mod shell;
mod site;

use failure::{Failure, Outcome};
use options::Options;
use setup::Need;
use shell::Shell;
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "usage:
  cargo xtask serve [--release] [--replay] [--port N]      the page on this machine, on live or replayed data
  cargo xtask test [fmt|clippy|test|simulate|doc|build|browser …] every check, or the parts named
  cargo xtask build [--release]                            the static folder dist/
  cargo xtask simulate [--seeds N] [--from FIRST]          the engine in seeded worlds that fail, 200 of them
  cargo xtask measure [bytes|engine|page|stored|repair|axe|lighthouse|soak …] figures, target/measure.json
  cargo xtask site --loopback URL --out DIR                a copy of dist/ that runs on the stand-in exchange
  cargo xtask stamp                                        what trunk runs after each build";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome<ExitCode> {
    let (command, rest) = arguments.split_first().ok_or_else(|| Failure::new(USAGE))?;
    let mut shell = Shell::new()?;
    match command.as_str() {
        "test" => return Ok(checks::check(&mut shell, &checks::Part::parse(rest)?)),
        "serve" => serve::serve(&mut shell, rest)?,
        "simulate" => {
            let options = Options::parse(rest, &[], &["--seeds", "--from"])?;
            let given = |name| options.value(name).map(|value| [name, value]);
            let chosen: Vec<&str> = ["--seeds", "--from"].into_iter().filter_map(given).flatten().collect();
            shell.run("cargo", &[checks::SIMULATE, &chosen].concat())?;
        }
        "measure" => measure::measure(&mut shell, rest)?,
        "build" => {
            let options = Options::parse(rest, &["--release"], &[])?;
            let release = options.has("--release");
            setup::ensure(&mut shell, Need::of_site(release))?;
            shell.run("trunk", if release { &["build", "--release"][..] } else { &["build"] })?;
        }
        "site" => {
            let options = Options::parse(rest, &[], &["--loopback", "--out"])?;
            let source = site::Source::loopback(options.required("--loopback")?)?;
            site::copy(&shell, &source, &PathBuf::from(options.required("--out")?))?;
        }
        "stamp" => site::stamp(&shell)?,
        other => return Err(Failure::new(format!("there is no command `{other}`\n{USAGE}"))),
    }
    Ok(ExitCode::SUCCESS)
}
