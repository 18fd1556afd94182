//! Prints what the whole evidence costs on this machine, as a ratio to one Engle-Granger test with AIC.
//!
//! ```sh
//! cargo run --release -p spreadscope_bench --example evidence_cost
//! ```
//!
//! Each figure is the minimum of seven rounds, on a cointegrated pair.

use spreadscope_engine::analytics::SampleRow;
use spreadscope_engine::analytics::evidence::{EvidenceKind, EvidenceOptions, EvidenceSample, Job};
use spreadscope_engine::{Settings, UnixMillis};
use spreadscope_stats::random::Congruential;
use spreadscope_stats::{EngleGrangerSpec, engle_granger};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 7;

/// Returns the fewest milliseconds that a call takes.
fn cost<T>(mut call: impl FnMut() -> T) -> f64 {
    let round = |_| {
        let start = Instant::now();
        black_box(call());
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min)
}

fn sample(bars: usize, settings: &Settings) -> EvidenceSample {
    let mut spread = Congruential::new(2).path(0.95, 0.0);
    let rows = Congruential::new(1).path(1.0, 2_600.0).take(bars).zip(0..).map(|(x, second)| SampleRow {
        open_time: UnixMillis(1_000 * second),
        y: 5.0 + 20.0 * x + spread.next().unwrap_or_default(),
        x,
        carried: false,
    });
    EvidenceSample::new(rows, settings.interval, settings)
}

fn main() {
    let settings = Settings::default();
    println!("bars   engle_granger_ms  evidence_ms  ratio  slowest_call_ms  with_bootstrap_ms");
    for bars in [300, 900, 3_600] {
        let sample = sample(bars, &settings);
        let one = cost(|| engle_granger(&sample.y, &sample.x, &EngleGrangerSpec::default()));
        let whole = |bootstrap| {
            let options = EvidenceOptions { bootstrap, ..EvidenceOptions::default() };
            let mut job = Job::new(options, sample.clone(), None, &settings);
            while job.work().is_none() {}
        };
        let panel = cost(|| whole(false));
        let calls: Vec<f64> = (0..EvidenceKind::ALL.len())
            .map(|place| {
                (0..ROUNDS)
                    .map(|_| {
                        let mut job = Job::new(EvidenceOptions::default(), sample.clone(), None, &settings);
                        (0..place).for_each(|_| drop(job.work()));
                        let start = Instant::now();
                        black_box(job.work());
                        start.elapsed().as_secs_f64() * 1e3
                    })
                    .fold(f64::INFINITY, f64::min)
            })
            .collect();
        let slowest = calls.iter().copied().fold(0.0, f64::max);
        let ratio = panel / one;
        let resampled = cost(|| whole(true));
        println!("{bars:>5}  {one:>15.3}  {panel:>11.3}  {ratio:>5.1}  {slowest:>15.3}  {resampled:>17.3}");
        for (kind, millis) in EvidenceKind::ALL.iter().zip(&calls) {
            println!("       {millis:>8.3} {:>5.2}  {}", millis / one, kind.name());
        }
    }
}
