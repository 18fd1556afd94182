//! Simulates the estimated Hurst exponent of a random walk: 0.5 plus the bias printed here.
//!
//! ```sh
//! cargo run --release -p spreadscope_stats --example hurst_bias [walks]
//! ```
//!
//! Exits with 1 if the mean over all walks differs from 0.5 by more than 0.01 plus three standard errors.

use spreadscope_stats::{hurst, random::Random};
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let walks: usize = std::env::args().nth(1).map_or(Ok(20_000), |walks| walks.parse())?;
    let mut random = Random::new(20_240_229);
    let mut holds = true;
    println!("   n    mean  deviation  (of {walks} walks)");
    for length in [100, 300, 1_000, 3_600] {
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..walks {
            let mut level = 0.0;
            let walk: Vec<f64> = (0..length)
                .map(|_| {
                    level += random.normal();
                    level
                })
                .collect();
            let off = hurst(&walk)?.exponent - 0.5;
            sum += off;
            squares += off * off;
        }
        let mean = sum / walks as f64;
        let deviation = (squares / walks as f64 - mean * mean).sqrt();
        println!("{length:>4}  {:>6.4}  {deviation:>9.4}", 0.5 + mean);
        holds &= mean.abs() < 0.01 + 3.0 * deviation / (walks as f64).sqrt();
    }
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
