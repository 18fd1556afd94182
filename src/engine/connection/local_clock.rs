//! The local clock without its steps back.
//!
//! Deadlines are in local time: if the clock went back by an hour, the watchdog would sleep for that hour. So
//! what the engine counts by never goes back: a step back is added to all later times.

use crate::UnixMillis;

/// Local time as the engine counts it.
#[derive(Debug, Clone, Default)]
pub struct LocalClock {
    ahead_millis: i64,
    newest: Option<UnixMillis>,
}

impl LocalClock {
    /// The counted time at `local`, never before one that was returned earlier.
    pub fn count(&mut self, local: UnixMillis) -> UnixMillis {
        let counted = local + self.ahead_millis;
        let newest = self.newest.unwrap_or(counted);
        self.ahead_millis += newest.since(counted).max(0);
        let counted = counted.max(newest);
        self.newest = Some(counted);
        counted
    }

    /// The local time that is `counted` as long as the clock does not step.
    pub fn local(&self, counted: UnixMillis) -> UnixMillis {
        counted - self.ahead_millis
    }

    /// Counted less local time.
    pub fn ahead_millis(&self) -> i64 {
        self.ahead_millis
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_back_stops_the_count_for_no_longer_than_the_step_itself() {
        let mut clock = LocalClock::default();
        assert_eq!(clock.count(UnixMillis(10_000)), UnixMillis(10_000));
        assert_eq!(clock.count(UnixMillis(4_000)), UnixMillis(10_000));
        assert_eq!(clock.count(UnixMillis(4_500)), UnixMillis(10_500));
        assert_eq!(clock.local(UnixMillis(11_000)), UnixMillis(5_000));
        assert_eq!(clock.count(UnixMillis(20_000)), UnixMillis(26_000));
        assert_eq!(clock.ahead_millis(), 6_000);
    }
}
