//! What the Hurst exponent of a random walk is said to be, by simulation: 0.5, but for the bias printed here.
//!
//! ```sh
//! cargo run --release -p spreadscope_stats --example hurst_bias [walks]
//! ```
//!
//! Exits with 1 where the mean over all walks is further from 0.5 than 0.01 and three standard errors.

use core::f64::consts::TAU;
use spreadscope_stats::hurst;
use std::process::ExitCode;

/// SplitMix64.
struct Uniforms {
    state: u64,
}

impl Uniforms {
    /// Above 0, at most 1.
    fn next(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((mixed ^ (mixed >> 31)) >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// By Box and Muller.
    fn normal(&mut self) -> f64 {
        (-2.0 * self.next().ln()).sqrt() * (TAU * self.next()).cos()
    }
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let walks: usize = std::env::args().nth(1).map_or(Ok(20_000), |walks| walks.parse())?;
    let mut random = Uniforms { state: 20_240_229 };
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
