//! Random numbers of a simulation: one source for each purpose, all from one seed.

use spreadscope_stats::random;

/// A seeded source.
#[derive(Debug, Clone)]
pub(crate) struct Random(random::Random);

impl Random {
    /// Makes a separate source for each `purpose` of one seed, so that a change in one does not shift the
    /// others.
    pub(crate) fn new(seed: u64, purpose: u64) -> Self {
        let mut random = random::Random::new(seed ^ purpose.wrapping_mul(0xd134_2543_de82_ef95));
        random.bits();
        Self(random)
    }

    /// Returns a uniform number from `from` up to `to`, the latter excluded.
    pub(crate) fn range(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to - from).unwrap_or(1);
        from + i64::try_from(self.0.below(span)).unwrap_or(0)
    }

    /// Returns `true` in `percent` of all cases.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.range(0, 100) < percent
    }
}
