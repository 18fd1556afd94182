//! Simulates what the Hurst exponent and the mean crossings of a fit's residual are where there is nothing to find.
//!
//! ```sh
//! cargo run --release -p spreadscope_stats --example residual_margins [samples]
//! ```
//!
//! First table: the exponents between which 95 % of unrelated pairs of random walks lie, after a fit with a
//! constant (c) or with a constant and a trend (ct). Second table: crossings below which 5 % of residuals lie, as
//! `k` in `crossings < expected (1 - k / √(n (1 - ρ)))`, ρ the residual's first autocorrelation; for pairs whose
//! spread is an autoregression with the coefficient φ, and for unrelated ones (φ = 1). The thresholds of the
//! evidence are read off these tables.

use core::f64::consts::PI;
use spreadscope_stats::{hurst, mean_crossings, random::Random};

/// Lengths from which on a longer scale fits in, and the last ones before that.
const SCALES: [usize; 12] = [65, 128, 129, 256, 257, 512, 513, 1_024, 1_025, 2_048, 2_049, 3_600];
/// Lengths from the shortest to the longest lookback.
const LENGTHS: [usize; 6] = [60, 120, 300, 900, 1_800, 3_600];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let samples: usize = std::env::args().nth(1).map_or(Ok(20_000), |samples| samples.parse())?;
    let mut random = Random::new(20_240_229);
    println!("   n  terms   2.5 %  97.5 %  (of {samples} pairs)");
    for length in SCALES {
        for (terms, has_trend) in [("c", false), ("ct", true)] {
            let mut exponents = Vec::with_capacity(samples);
            for _ in 0..samples {
                exponents.push(hurst(&residual(&mut random, length, 1.0, has_trend))?.exponent);
            }
            let (low, high) = (quantile(&mut exponents, 0.025), quantile(&mut exponents, 0.975));
            println!("{length:>4}  {terms:<5}  {low:>6.3}  {high:>6.3}");
        }
    }
    println!("   n  terms      φ      k at 5 %");
    for length in LENGTHS {
        for (terms, has_trend) in [("c", false), ("ct", true)] {
            for kept in [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0] {
                let mut lacking = Vec::with_capacity(samples / 4);
                for _ in 0..samples / 4 {
                    let found = mean_crossings(&residual(&mut random, length, kept, has_trend))?;
                    let rho = (PI * found.expected_rate).cos();
                    let lack = 1.0 - found.rate / found.expected_rate;
                    lacking.push(lack * (length as f64 * (1.0 - rho)).sqrt());
                }
                println!("{length:>4}  {terms:<5}  {kept:>5}  {:>8.3}", quantile(&mut lacking, 0.95));
            }
        }
    }
    Ok(())
}

/// The residual of y on x, where x is a random walk, and y another one if `kept` is 1, else x and an
/// autoregression.
fn residual(random: &mut Random, length: usize, kept: f64, has_trend: bool) -> Vec<f64> {
    let (mut x, mut y) = (Vec::with_capacity(length), Vec::with_capacity(length));
    let mut level = 0.0;
    // from its stationary distribution on
    let mut error = if kept < 1.0 { random.normal() / (1.0 - kept * kept).sqrt() } else { 0.0 };
    for _ in 0..length {
        level += random.normal();
        error = kept * error + random.normal();
        x.push(level);
        y.push(if kept < 1.0 { level + error } else { error });
    }
    for values in [&mut x, &mut y] {
        take_out(&vec![1.0; length], values);
        if has_trend {
            let middle = (length as f64 - 1.0) / 2.0;
            take_out(&(0..length).map(|place| place as f64 - middle).collect::<Vec<_>>(), values);
        }
    }
    take_out(&x, &mut y);
    y
}

/// Takes the projection on `on` out of `values`.
fn take_out(on: &[f64], values: &mut [f64]) {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let share = dot(on, values) / dot(on, on);
    values.iter_mut().zip(on).for_each(|(value, on)| *value -= share * on);
}

fn quantile(values: &mut [f64], at: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
    let place = (at * values.len() as f64) as usize;
    values[place.min(values.len() - 1)]
}
