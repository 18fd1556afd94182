//! The one entry for people and for CI: set-up, serving, building, checking, measuring.
//!
//! Everything that a command needs is found or installed by the command itself, so that a fresh clone is one
//! line away from running and CI does what people do.

mod checks;
mod failure;
mod hash;
mod setup;
mod shell;

use failure::{Failure, Outcome};
use shell::Shell;
use std::process::ExitCode;

const USAGE: &str = "usage:
  cargo xtask test [fmt|clippy|test|doc|build|browser …]   every check, or the parts named";

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
        "test" => Ok(checks::check(&mut shell, &checks::Part::parse(rest)?)),
        other => Err(Failure::new(format!("there is no command `{other}`\n{USAGE}"))),
    }
}
