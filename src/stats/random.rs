//! Random numbers determined by a seed, the same on every machine.

/// `SplitMix64`: one multiplication-and-shift mix of a counter.
///
/// # Source
/// Steele, Lea, Flood (2014), "Fast splittable pseudorandom number generators".
///
/// ```
/// use spreadscope_stats::random::Random;
/// let mut random = Random::new(7);
/// assert!((0..1_000).all(|_| (0.0..1.0).contains(&random.unit()) && random.below(6) < 6));
/// ```
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The generator with this seed.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Uniform in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform below `end`, or 0 if `end` is 0: the remainder of 64 bits, biased by less than `end / 2^64`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.bits() % end.max(1)
    }

    /// An index into a list of `count`, as the upper half of a product: as even as [`below`](Self::below).
    pub(crate) fn place(&mut self, count: usize) -> usize {
        let product = u128::from(self.bits()) * count as u128;
        usize::try_from(product >> 64).expect("Invariant: below a count that is a usize")
    }

    /// Normal with mean 0 and standard deviation 1, by Box and Muller.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (core::f64::consts::TAU * self.unit()).cos()
    }

    /// Approximately normal with mean 0 and standard deviation 1: the sum of four uniforms. It uses no library
    /// function whose last digit might differ between machines.
    pub fn nearly_normal(&mut self) -> f64 {
        (0..4).map(|_| self.unit()).sum::<f64>() * 1.732_050_807_568_877_2 - 3.464_101_615_137_754_4
    }
}

/// The generator of the reference values, `s' = (1103515245 s + 12345) mod 2^31`: short enough for a script in
/// any language, and good enough for comparison series.
///
/// ```
/// use spreadscope_stats::random::Congruential;
/// let walk: Vec<f64> = Congruential::new(12_345).path(1.0, 100.0).take(500).collect();
/// assert!(walk.windows(2).all(|pair| (pair[1] - pair[0]).abs() <= 0.5));
/// ```
#[derive(Debug, Clone)]
pub struct Congruential {
    state: u64,
}

impl Congruential {
    /// The generator with this seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Uniform in `[-1/2, 1/2)`: the next state over `2^31`, minus a half.
    pub fn centred(&mut self) -> f64 {
        self.state = (1_103_515_245 * self.state + 12_345) % (1 << 31);
        self.state as f64 / f64::from(1_u32 << 31) - 0.5
    }

    /// The endless autoregression `level' = kept level + centred()`, starting after `level`.
    pub fn path(mut self, kept: f64, mut level: f64) -> impl Iterator<Item = f64> {
        core::iter::repeat_with(move || {
            level = kept * level + self.centred();
            level
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_those_of_the_published_generators() {
        let mut random = Random::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| random.bits()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
        let first = (1_103_515_245.0 + 12_345.0) / 2_147_483_648.0 - 0.5;
        assert_eq!(Congruential::new(1).path(1.0, 10.0).next(), Some(10.0 + first));
    }

    #[test]
    fn places_and_numbers_below_an_end_reach_all_of_it_alike() {
        let mut random = Random::new(7);
        let mut counts = [[0; 10]; 2];
        for _ in 0..10_000 {
            counts[0][random.place(10)] += 1;
            counts[1][usize::try_from(random.below(10)).unwrap()] += 1;
        }
        assert!(counts.iter().flatten().all(|count| (900..1_100).contains(count)), "{counts:?}");
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn both_normals_have_mean_0_and_deviation_1() {
        let mut random = Random::new(11);
        for draw in [Random::normal, Random::nearly_normal] {
            let drawn: Vec<f64> = (0..40_000).map(|_| draw(&mut random)).collect();
            let mean = drawn.iter().sum::<f64>() / 40_000.0;
            let square = drawn.iter().map(|value| value * value).sum::<f64>() / 40_000.0;
            assert!(mean.abs() < 0.015 && (square - 1.0).abs() < 0.03, "{mean} {square}");
        }
    }
}
