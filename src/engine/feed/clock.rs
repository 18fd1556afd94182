//! The exchange's time, from its frames: the local clock is never trusted, only its pace is borrowed.

use crate::UnixMillis;

/// Longest stretch that is bridged by the local clock between two frames; a heartbeat comes every second.
const BRIDGED_MILLIS: i64 = 2_000;
/// The skew is the best of the last one to two of these.
const HALF_WINDOW_MILLIS: i64 = 15_000;

/// What the frames tell of the exchange's clock.
#[derive(Debug, Clone, Default)]
pub struct ExchangeClock {
    newest: Option<UnixMillis>,
    /// Largest `event time - receive time` (the least delayed frame) of the half window before and of this.
    best: [Option<i64>; 2],
    half_began: Option<UnixMillis>,
}

impl ExchangeClock {
    /// Takes the event time of a frame that came at `local`.
    pub fn observe(&mut self, event_time: UnixMillis, local: UnixMillis) {
        let half_began = *self.half_began.get_or_insert(local);
        // a step of the local clock in either direction begins a new window
        if !(0..HALF_WINDOW_MILLIS).contains(&local.since(half_began)) {
            self.best = [self.best[1], None];
            self.half_began = Some(local);
        }
        let offset = event_time.since(local);
        self.best[1] = Some(self.best[1].map_or(offset, |best| best.max(offset)));
        self.newest = Some(self.newest.map_or(event_time, |newest| newest.max(event_time)));
    }

    /// Exchange clock less local clock in milliseconds: positive when the local clock is behind.
    pub fn skew_millis(&self) -> Option<i64> {
        match self.best {
            [Some(before), Some(now)] => Some(before.max(now)),
            [before, now] => now.or(before),
        }
    }

    /// The newest event time of all frames.
    pub fn newest(&self) -> Option<UnixMillis> {
        self.newest
    }

    /// The exchange's time at `local`: the newest event time, carried on by at most two seconds.
    pub fn now(&self, local: UnixMillis) -> Option<UnixMillis> {
        let newest = self.newest?;
        let estimate = local + self.skew_millis()?;
        Some(estimate.clamp(newest, newest + BRIDGED_MILLIS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_local_clock_is_seen_and_bridged_from_the_last_frame() {
        let mut clock = ExchangeClock::default();
        clock.observe(UnixMillis(101_300), UnixMillis(100_050));
        clock.observe(UnixMillis(101_400), UnixMillis(100_128));
        assert_eq!(clock.skew_millis(), Some(1_272));
        assert_eq!(clock.now(UnixMillis(100_500)), Some(UnixMillis(101_772)));
    }

    #[test]
    fn a_step_of_the_local_clock_does_not_move_the_exchange_by_more_than_the_bridge() {
        let mut clock = ExchangeClock::default();
        clock.observe(UnixMillis(100_000), UnixMillis(100_000));
        assert_eq!(clock.now(UnixMillis(3_700_000)), Some(UnixMillis(102_000)));
        assert_eq!(clock.now(UnixMillis(1)), Some(UnixMillis(100_000)));
        clock.observe(UnixMillis(100_100), UnixMillis(3_700_100));
        clock.observe(UnixMillis(116_000), UnixMillis(3_716_000));
        assert_eq!(clock.skew_millis(), Some(-3_600_000));
    }
}
