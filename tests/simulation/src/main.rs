//! `simulate [--seeds N] [--from FIRST] [--days N]`: runs seeds on all cores, and prints the first that fails.
//! With days, each seed is a market of that many days in one run.

use spreadscope_simulation::tabs::{self, Flaw};
use spreadscope_simulation::{Plan, Report, play};
use std::ops::Range;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

/// Default number of seeds.
const SEEDS: u64 = 200;
/// Number of seeds between two lines of progress.
const PROGRESS: u64 = 500;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Options { seeds, first, days } = match parse(&arguments) {
        Ok(parsed) => parsed,
        Err(reason) => {
            eprintln!("simulate: {reason}");
            return ExitCode::FAILURE;
        }
    };
    let start = Instant::now();
    let sum = match run(first..first + seeds, days, start) {
        Ok(sum) => sum,
        Err(Failed { seed, failure }) => {
            println!("{failure}");
            let days = days.map(|days| format!(" --days {days}")).unwrap_or_default();
            println!("again with: cargo xtask simulate --seeds 1 --from {seed}{days}");
            return ExitCode::FAILURE;
        }
    };
    let hours = sum.millis as f64 / 3_600_000.0;
    let secs = start.elapsed().as_secs_f64();
    println!(
        "{seeds} seeds from {first} clean: {hours:.0} h of market time in {secs:.1} s; {} frames, {} sockets, {} trades lost on the way, {} bars repaired, {} left missing without REST, {} crashes that had something to keep, {} lives that found something, {} single trades kept, {} takeovers among several tabs",
        sum.frames,
        sum.sockets,
        sum.lost,
        sum.repaired,
        sum.missing,
        sum.promises,
        sum.restored,
        sum.trades_kept,
        sum.takeovers
    );
    ExitCode::SUCCESS
}

/// A seed whose world has found a fault, and the fault in words.
struct Failed {
    seed: u64,
    failure: String,
}

/// Plays the seeds, each core taking the next one; of those that fail, the lowest is reported.
fn run(seeds: Range<u64>, days: Option<i64>, start: Instant) -> Result<Report, Failed> {
    let next = AtomicU64::new(seeds.start);
    let worker = || {
        let mut sum = Report::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return Ok(sum);
            }
            let plan = days.map_or_else(|| Plan::new(seed), |days| Plan::days(seed, days));
            let played = play(plan).map_err(|failure| failure.to_string());
            match played.and_then(|played| Ok((played.report, tabs::play(seed, Flaw::None)?))) {
                Ok((report, tabs)) => {
                    add(&mut sum, &report);
                    sum.takeovers += tabs.takeovers;
                }
                Err(failure) => {
                    // no core begins another: all lower seeds have been begun, and run to their ends
                    next.store(seeds.end, Ordering::Relaxed);
                    return Err(Failed { seed, failure });
                }
            }
            if (seed + 1 - seeds.start).is_multiple_of(PROGRESS) {
                println!("{} seeds, {:.0} s", seed + 1 - seeds.start, start.elapsed().as_secs_f64());
            }
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let played: Vec<Result<Report, Failed>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().expect("Invariant: a seed fails with words")).collect()
    });
    let mut sum = Report::default();
    let mut lowest: Option<Failed> = None;
    for outcome in played {
        match outcome {
            Ok(report) => add(&mut sum, &report),
            Err(failed) if lowest.as_ref().is_none_or(|lowest| failed.seed < lowest.seed) => {
                lowest = Some(failed);
            }
            Err(_higher) => {}
        }
    }
    lowest.map_or(Ok(sum), Err)
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
    sum.takeovers += report.takeovers;
}

/// The options of the command line.
struct Options {
    seeds: u64,
    first: u64,
    days: Option<i64>,
}

fn parse(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options { seeds: SEEDS, first: 0, days: None };
    for pair in arguments.chunks(2) {
        let [name, value] = pair else { return Err(format!("{} needs a value", pair[0])) };
        let value: u32 =
            value.parse().map_err(|_whole| format!("{name} must be a whole number, was {value}"))?;
        match name.as_str() {
            "--seeds" => options.seeds = value.into(),
            "--from" => options.first = value.into(),
            "--days" => options.days = Some(value.into()),
            other => {
                return Err(format!("there is no option {other}; the options are --seeds, --from, --days"));
            }
        }
    }
    Ok(options)
}
