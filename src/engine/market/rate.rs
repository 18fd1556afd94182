//! Events per second, counted by whole seconds.

use crate::UnixMillis;

const SECONDS: i64 = 10;
const PLACES: usize = 10;

/// A count for each of the last ten whole seconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rate {
    counts: [u32; PLACES],
    newest: i64,
}

impl Rate {
    /// Counts one event at `now`.
    pub(crate) fn count(&mut self, now: UnixMillis) {
        let second = now.0.div_euclid(1_000);
        let passed = second - self.newest;
        if passed != 0 {
            // a clock that steps back, or a long pause, resets the counts
            let stale = if (1..SECONDS).contains(&passed) { passed } else { SECONDS };
            for back in 0..stale {
                self.counts[place(second - back)] = 0;
            }
            self.newest = second;
        }
        self.counts[place(second)] += 1;
    }

    /// Mean rate over the whole seconds before the one of `now`.
    pub(crate) fn per_sec(&self, now: UnixMillis) -> f64 {
        let second = now.0.div_euclid(1_000);
        let spans = SECONDS - 1;
        let sum: u32 = (second - spans..second)
            .filter(|&at| at <= self.newest && at > self.newest - SECONDS)
            .map(|at| self.counts[place(at)])
            .sum();
        f64::from(sum) / spans as f64
    }
}

fn place(second: i64) -> usize {
    usize::try_from(second.rem_euclid(SECONDS)).expect("Invariant: a remainder is not negative")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rate_is_seen_and_a_silence_brings_it_to_nought() {
        let mut rate = Rate::default();
        for millis in (0..20_000).step_by(100) {
            rate.count(UnixMillis(1_700_000_000_000 + millis));
        }
        assert_eq!(rate.per_sec(UnixMillis(1_700_000_020_000)), 10.0);
        assert_eq!(rate.per_sec(UnixMillis(1_700_000_040_000)), 0.0);
    }
}
