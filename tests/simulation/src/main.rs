//! `simulate [--seeds N] [--from FIRST]`: runs seeds one after the other, and prints the first that fails.

use spreadscope_simulation::{Plan, Report, play};
use std::process::ExitCode;
use std::time::Instant;

/// Seeds when none are asked for.
const SEEDS: u64 = 200;
/// A line of progress after so many.
const PROGRESS: u64 = 500;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (seeds, first) = match parse(&arguments) {
        Ok(parsed) => parsed,
        Err(reason) => {
            eprintln!("simulate: {reason}");
            return ExitCode::FAILURE;
        }
    };
    let start = Instant::now();
    let mut sum = Report::default();
    for seed in first..first + seeds {
        match play(Plan::new(seed)) {
            Ok(played) => add(&mut sum, &played.report),
            Err(failure) => {
                println!("{failure}");
                println!("again with: cargo xtask simulate --seeds 1 --from {seed}");
                return ExitCode::FAILURE;
            }
        }
        if (seed + 1 - first).is_multiple_of(PROGRESS) {
            println!("{} seeds, {:.0} s", seed + 1 - first, start.elapsed().as_secs_f64());
        }
    }
    let hours = sum.millis as f64 / 3_600_000.0;
    let secs = start.elapsed().as_secs_f64();
    println!(
        "{seeds} seeds from {first} clean: {hours:.0} h of market time in {secs:.1} s; {} frames, {} sockets, {} trades lost on the way, {} bars repaired, {} left missing without REST, {} crashes that had something to keep, {} lives that found something, {} single trades kept",
        sum.frames,
        sum.sockets,
        sum.lost,
        sum.repaired,
        sum.missing,
        sum.promises,
        sum.restored,
        sum.trades_kept
    );
    ExitCode::SUCCESS
}

fn add(sum: &mut Report, report: &Report) {
    sum.rows += report.rows;
    sum.repaired += report.repaired;
    sum.missing += report.missing;
    sum.frames += report.frames;
    sum.sockets += report.sockets;
    sum.millis += report.millis;
    sum.lost += report.lost;
    sum.promises += report.promises;
    sum.restored += report.restored;
    sum.trades_kept += report.trades_kept;
}

/// How many seeds, and the first.
fn parse(arguments: &[String]) -> Result<(u64, u64), String> {
    let (mut seeds, mut first) = (SEEDS, 0);
    for pair in arguments.chunks(2) {
        let [name, value] = pair else { return Err(format!("{} needs a value", pair[0])) };
        let value = value.parse().map_err(|_whole| format!("{name} must be a whole number, was {value}"))?;
        match name.as_str() {
            "--seeds" => seeds = value,
            "--from" => first = value,
            other => return Err(format!("there is no option {other}; the options are --seeds, --from")),
        }
    }
    Ok((seeds, first))
}
