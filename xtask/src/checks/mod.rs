//! `cargo xtask test`: every check there is, each timed, all of them even if one fails.
//!
//! The page is set up and built in parallel with the native compilation, because optimising whole programs uses
//! only one core, and so does optimising the page's modules. The browser tests come last and have the machine
//! to themselves.

mod harness;
mod part;
mod tally;

use crate::failure::{Failure, Outcome};
use crate::setup::{self, Need};
use crate::shell::Shell;
pub(crate) use part::Part;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};
use tally::Tally;

/// The result of a part.
#[derive(Debug)]
struct Record {
    name: &'static str,
    took: Duration,
    tally: Tally,
    outcome: Outcome<()>,
}

impl Record {
    /// Runs and times one part.
    fn of(name: &'static str, run: impl FnOnce() -> (Tally, Outcome<()>)) -> Self {
        let start = Instant::now();
        let (tally, outcome) = run();
        Self { name, took: start.elapsed(), tally, outcome }
    }

    /// Sets up what the parts need, timed.
    fn of_set_up(name: &'static str, shell: &mut Shell, parts: &[Part]) -> Self {
        let needs: Vec<Need> = parts.iter().flat_map(|part| part.needs()).copied().collect();
        Self::of(name, || match setup::ensure(shell, &needs) {
            Ok(()) => (Tally::default(), Ok(())),
            Err(failure) => {
                eprintln!("{failure}");
                (Tally::FAILED, Err(failure))
            }
        })
    }
}

/// Sets up what the parts need, runs them, and prints their results; the last line is the sum.
pub(crate) fn check(shell: &mut Shell, parts: &[Part]) -> ExitCode {
    let start = Instant::now();
    let (of_page, native): (Vec<Part>, Vec<Part>) =
        parts.iter().partition(|part| matches!(part, Part::Supply | Part::Build | Part::Browser));
    let mut records = vec![Record::of_set_up("set-up", shell, &native)];
    let with = shell.clone();
    let (mut of_native, of_page) = thread::scope(|scope| {
        let page = scope.spawn(|| page(shell, &of_page));
        let of_native: Vec<Record> = native.iter().map(|part| timed(&with, *part)).collect();
        (of_native, page.join().expect("Invariant: a part fails with a sentence"))
    });
    records.append(&mut of_native);
    let built = of_page.iter().all(|record| record.name != Part::Build.name() || record.outcome.is_ok());
    records.extend(of_page);
    if parts.contains(&Part::Browser) {
        records.push(if built {
            timed(shell, Part::Browser)
        } else {
            Record::of(Part::Browser.name(), || {
                (Tally::FAILED, Err(Failure::new("there is no new build to test")))
            })
        });
    }
    let sum = print(&records);
    println!("{:<8} {:>7.1} s", "all", start.elapsed().as_secs_f64());
    println!("{}", sum.sentence());
    if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Sets up what the page and its tests need, checks the licences of what it links, and builds it.
fn page(shell: &mut Shell, parts: &[Part]) -> Vec<Record> {
    let mut records = Vec::new();
    if !parts.is_empty() {
        records.push(Record::of_set_up("tools", shell, parts));
    }
    let here = parts.iter().filter(|part| **part != Part::Browser);
    records.extend(here.map(|part| Record::of(part.name(), || part.run(shell))));
    records
}

fn timed(shell: &Shell, part: Part) -> Record {
    println!("\n== {}", part.name());
    Record::of(part.name(), || part.run(shell))
}

/// Prints a line for each part and returns the sum of their counts.
fn print(records: &[Record]) -> Tally {
    let mut sum = Tally::default();
    println!();
    for Record { name, took, tally, outcome } in records {
        let said = match outcome {
            Ok(()) if tally.passed > 0 => format!("ok, {}", tally.sentence()),
            Ok(()) => "ok".to_owned(),
            Err(failure) => format!("FAILED: {failure}"),
        };
        println!("{name:<8} {:>7.1} s  {said}", took.as_secs_f64());
        sum += *tally;
    }
    sum
}
