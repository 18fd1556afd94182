//! Prints the cost, on this machine, of the tests that the live engine repeats.
//!
//! ```sh
//! cargo run --release -p spreadscope_stats --example cointegration_cost
//! ```
//!
//! Each figure is the minimum of seven rounds, in microseconds per call, on a cointegrated pair.

use spreadscope_stats::random::Congruential;
use spreadscope_stats::{
    AdfSpec, EngleGrangerSpec, adf, engle_granger, engle_granger_both, engle_granger_with_adf, half_life,
};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 7;
const CALLS: u32 = 300;

fn autoregression(seed: u64, kept: f64, level: f64, length: usize) -> Vec<f64> {
    Congruential::new(seed).path(kept, level).take(length).collect()
}

/// Microseconds per call.
fn cost<T>(mut call: impl FnMut() -> T) -> f64 {
    let round = |call: &mut dyn FnMut() -> T| {
        #[expect(clippy::disallowed_methods, reason = "an example measures; the crate does not")]
        let start = Instant::now();
        for _ in 0..CALLS {
            black_box(call());
        }
        start.elapsed().as_secs_f64() / f64::from(CALLS) * 1e6
    };
    (0..ROUNDS).map(|_| round(&mut call)).fold(f64::INFINITY, f64::min)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("bars  engle_granger  with_adf  both_ways  half_life  adf  (us a call)");
    for bars in [300, 900, 1_440, 3_600] {
        let x = autoregression(1, 1.0, 2_600.0, bars);
        let spread = autoregression(2, 0.95, 0.0, bars);
        let y: Vec<f64> = x.iter().zip(&spread).map(|(x, spread)| 5.0 + 20.0 * x + spread).collect();
        let spec = EngleGrangerSpec::default();
        let residuals = engle_granger(&y, &x, &spec)?.residuals;
        println!(
            "{bars:>4}  {:>13.1}  {:>8.1}  {:>9.1}  {:>9.1}  {:>3.1}",
            cost(|| engle_granger(black_box(&y), &x, &spec)),
            cost(|| engle_granger_with_adf(black_box(&y), &x, &spec)),
            cost(|| engle_granger_both(black_box(&y), &x, &spec)),
            cost(|| half_life(black_box(&residuals))),
            cost(|| adf(black_box(&residuals), &AdfSpec::default())),
        );
    }
    let bars = 1_440;
    let series: Vec<Vec<f64>> = (0..50).map(|seed| autoregression(100 + seed, 1.0, 0.0, bars)).collect();
    let spec = EngleGrangerSpec::default();
    #[expect(clippy::disallowed_methods, reason = "an example measures; the crate does not")]
    let start = Instant::now();
    for (at, y) in series.iter().enumerate() {
        for x in &series[..at] {
            black_box(engle_granger_both(y, x, &spec)?);
        }
    }
    let millis = start.elapsed().as_secs_f64() * 1e3;
    println!("1225 pairs both ways at {bars} bars: {millis:.0} ms");
    Ok(())
}
