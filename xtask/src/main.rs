//! The one entry point for people and for CI: set-up, serving, building, checking, measuring.
//!
//! Each command finds or installs everything that it needs, so that a fresh clone is one line away from
//! running, and CI runs the same commands as people.

mod checks;
mod failure;
mod first_visit;
mod glue;
mod hash;
mod measure;
mod profile;
mod serve;
mod setup;
mod shell;
mod simulate;
mod site;

use failure::{Failure, Outcome};
use lexopt::{Arg, Parser, ValueExt as _};
use setup::Need;
use shell::Shell;
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "usage:
  cargo xtask serve [--release] [--replay] [--port N]      the page on this machine, on live or replayed data
  cargo xtask test [fmt|clippy|test|simulate|doc|build|browser …] every check, or the parts named
  cargo xtask build [--release]                            the static folder dist/
  cargo xtask simulate [--seeds N] [--from FIRST] [--days N] the engine in seeded worlds that fail, 200 of them
  cargo xtask measure [bytes|engine|page|stored|repair|axe|lighthouse|soak …] figures, target/measure.json
              [--profile]                                  and the page's module by crate and function
  cargo xtask first-visit                                  what a first visit does not run, tests/first_visit.txt
  cargo xtask site --loopback URL --out DIR [--recording]  a copy of dist/ that runs on the stand-in exchange
  cargo xtask stamp                                        what trunk runs after each build";

fn main() -> ExitCode {
    match dispatch(Parser::from_env()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(mut arguments: Parser) -> Outcome<ExitCode> {
    let Some(Arg::Value(command)) = arguments.next()? else { return Err(Failure::new(USAGE)) };
    let command = command.string()?;
    let mut shell = Shell::new()?;
    match command.as_str() {
        "test" => return Ok(checks::check(&mut shell, &checks::Part::parse(&names(arguments)?)?)),
        "serve" => serve::serve(&mut shell, arguments)?,
        "simulate" => simulate::run(&shell, &arguments.raw_args()?.collect::<Vec<_>>())?,
        "measure" => measure(&mut shell, arguments)?,
        "first-visit" => first_visit::record(&mut shell)?,
        "build" => build(&mut shell, arguments)?,
        "site" => site(&shell, arguments)?,
        "stamp" => site::stamp(&shell)?,
        other => return Err(Failure::new(format!("there is no command `{other}`\n{USAGE}"))),
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the arguments of a command that takes only names.
fn names(mut arguments: Parser) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(name) => names.push(name.string()?),
            option => return Err(option.unexpected().into()),
        }
    }
    Ok(names)
}

fn measure(shell: &mut Shell, mut arguments: Parser) -> Outcome<()> {
    let (mut groups, mut profile) = (Vec::new(), false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(group) => groups.push(group.string()?),
            Arg::Long("profile") => profile = true,
            other => return Err(other.unexpected().into()),
        }
    }
    measure::measure(shell, &groups)?;
    if profile { profile::print(shell) } else { Ok(()) }
}

fn build(shell: &mut Shell, mut arguments: Parser) -> Outcome<()> {
    let mut release = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("release") => release = true,
            other => return Err(other.unexpected().into()),
        }
    }
    setup::ensure(shell, Need::of_site(release))?;
    shell.run("trunk", if release { &["build", "--release"][..] } else { &["build"] })
}

fn site(shell: &Shell, mut arguments: Parser) -> Outcome<()> {
    let (mut source, mut folder, mut recording) = (None, None, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("loopback") => source = Some(site::Source::loopback(&arguments.value()?.string()?)?),
            Arg::Long("recording") => recording = true,
            Arg::Long("out") => folder = Some(PathBuf::from(arguments.value()?)),
            other => return Err(other.unexpected().into()),
        }
    }
    let missing = |option| move || Failure::new(format!("{option} is missing"));
    let source = source.ok_or_else(missing("--loopback"))?;
    site::copy(shell, &source, &folder.ok_or_else(missing("--out"))?, recording)
}
