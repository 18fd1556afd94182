//! How far from its value under the null a descriptive number may lie by chance: Hurst's exponent and the count of
//! mean crossings, on the residual of a fit.
//!
//! Read off 20,000 and 5,000 simulated pairs for each length (`examples/residual_margins.rs` of `stats`), for fits with
//! and without a trend; the larger margin counts.

use super::found::Bounds;
use core::f64::consts::PI;

/// Longest step, and how far below and above 0.5 the exponents of 95 % of unrelated pairs lie, times the root of
/// the number of bars. The residual of a fit reverts more than a walk does, so there is more room below.
///
/// | bars | below | above |
/// | ---: | ---: | ---: |
/// | 65 to 128 | 0.240 to 0.157 | 0.151 to 0.110 |
/// | 129 to 256 | 0.184 to 0.124 | 0.122 to 0.088 |
/// | 257 to 512 | 0.146 to 0.098 | 0.097 to 0.071 |
/// | 513 to 1,024 | 0.122 to 0.082 | 0.081 to 0.058 |
/// | 1,025 to 2,048 | 0.102 to 0.068 | 0.068 to 0.051 |
/// | 2,049 to 3,600 | 0.085 to 0.060 | 0.057 to 0.044 |
const HURST: [(usize, f64, f64); 6] = [
    (8, 1.94, 1.25),
    (16, 2.09, 1.41),
    (32, 2.34, 1.61),
    (64, 2.77, 1.86),
    (128, 3.27, 2.31),
    (256, 3.85, 2.64),
];

/// Crossings lack at most this much of the expected share in 95 % of spreads with a constant mean, times
/// `√(n (1 - ρ))` with n bars and first autocorrelation ρ: 1.2 for noise, 1.9 for a random walk, at any length.
const LACKING: f64 = 1.9;

/// The exponents between which 95 % of unrelated pairs lie on `bars` bars, with steps up to `longest_bars`.
pub(super) fn hurst_of_a_walk(bars: usize, longest_bars: usize) -> Bounds {
    let known = HURST.iter().rev().find(|(longest, ..)| *longest <= longest_bars);
    let (_, below, above) = *known.unwrap_or(&HURST[0]);
    let root = (bars.max(1) as f64).sqrt();
    Bounds { low: 0.5 - below / root, high: Some(0.5 + above / root) }
}

/// Crossings per bar that at most 5 % of spreads with a constant mean fall short of on `bars` bars; 0 if chance
/// alone may leave none. `expected_rate` is arccos(ρ)/π.
pub(super) fn few_crossings(bars: usize, expected_rate: f64) -> f64 {
    let rho = (PI * expected_rate).cos();
    let room = LACKING / (bars as f64 * (1.0 - rho)).sqrt();
    expected_rate * (1.0 - room).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_shrink_with_the_sample_and_are_those_of_the_table() {
        let near = |bars, longest, low: f64, high: f64| {
            let found = hurst_of_a_walk(bars, longest);
            let (off_low, off_high) = (found.low - low, found.high.unwrap() - high);
            assert!(off_low.abs() < 0.015 && off_high.abs() < 0.015, "{bars}: {found:?}");
        };
        near(129, 16, 0.316, 0.622);
        near(512, 32, 0.402, 0.571);
        near(1_024, 64, 0.418, 0.558);
        near(3_600, 256, 0.440, 0.544);
        assert!(
            (few_crossings(900, 0.25) / 0.25 - (1.0 - 1.9 / (900.0_f64 * 0.292_893).sqrt())).abs() < 1e-5
        );
        assert_eq!(few_crossings(60, 0.01), 0.0, "none are expected for long");
    }
}
