//! Waits between connection attempts: full jitter, from a seed.

use spreadscope_stats::random::Random;

/// Longest wait before the first attempt.
const BASE_MILLIS: i64 = 500;
/// Longest wait before any attempt.
const CAP_MILLIS: i64 = 30_000;
/// Shortest wait: the exchange allows 300 connections in 5 minutes.
const FLOOR_MILLIS: i64 = 250;

/// A seeded source of waits.
#[derive(Debug, Clone)]
pub struct Backoff {
    random: Random,
}

impl Backoff {
    /// A source whose waits depend on `seed` alone.
    pub const fn new(seed: u64) -> Self {
        Self { random: Random::new(seed) }
    }

    /// The wait before attempt `attempt`, from 1: uniform up to a ceiling that doubles with each attempt.
    ///
    /// # Source
    /// "Full jitter" of Brooker, Exponential backoff and jitter (2015).
    pub fn wait_millis(&mut self, attempt: u32) -> i64 {
        let ceiling = BASE_MILLIS.saturating_mul(1_i64 << attempt.saturating_sub(1).min(16)).min(CAP_MILLIS);
        let span = (ceiling - FLOOR_MILLIS).max(1);
        FLOOR_MILLIS + self.below(span)
    }

    /// Uniform below `end`; `end` counts as at least 1.
    pub fn below(&mut self, end: i64) -> i64 {
        i64::try_from(self.random.bits() >> 1).unwrap_or(0) % end.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_ceiling_and_never_leave_their_bounds() {
        let mut backoff = Backoff::new(7);
        for attempt in 1..100 {
            let wait = backoff.wait_millis(attempt);
            let ceiling = (BASE_MILLIS << (attempt - 1).min(20)).min(CAP_MILLIS);
            assert!((FLOOR_MILLIS..=ceiling.max(FLOOR_MILLIS + 1)).contains(&wait), "{attempt}: {wait}");
        }
    }

    #[test]
    fn two_seeds_do_not_come_back_in_step() {
        let waits =
            |seed| (1..8_u64).map(|attempt| Backoff::new(seed + attempt).wait_millis(8)).collect::<Vec<_>>();
        assert_ne!(waits(1), waits(100));
    }
}
