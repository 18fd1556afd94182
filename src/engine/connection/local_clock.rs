//! The local clock, made monotonic.
//!
//! Deadlines are in local time: if the clock went back by an hour, the watchdog would sleep for that hour. So a
//! step back is added to all later times.

use crate::UnixMillis;

/// A longer step counts as a leap; even hidden pages wake once a minute.
const LEAP_MILLIS: i64 = 90_000;

/// Monotonic local time.
#[derive(Debug, Clone, Default)]
pub struct LocalClock {
    ahead_millis: i64,
    newest: Option<UnixMillis>,
    leapt: Option<i64>,
}

impl LocalClock {
    /// The monotonic time at `local`; never before one returned earlier.
    pub fn count(&mut self, local: UnixMillis) -> UnixMillis {
        let counted = local + self.ahead_millis;
        let newest = self.newest.unwrap_or(counted);
        self.ahead_millis += newest.since(counted).max(0);
        let counted = counted.max(newest);
        self.leapt = Some(counted.since(newest)).filter(|millis| *millis >= LEAP_MILLIS);
        self.newest = Some(counted);
        counted
    }

    /// The local time at `counted`, unless the clock steps.
    pub fn local(&self, counted: UnixMillis) -> UnixMillis {
        counted - self.ahead_millis
    }

    /// How far the last [`Self::count`] leapt ahead, if by more than any wake-up interval: the machine slept or
    /// the clock was set ahead, and nothing tells which.
    pub fn leap_millis(&self) -> Option<i64> {
        self.leapt
    }

    /// Monotonic time minus local time, ms.
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
        assert_eq!((clock.ahead_millis(), clock.leap_millis()), (6_000, None));
        clock.count(UnixMillis(3_600_000));
        assert_eq!(clock.leap_millis(), Some(3_580_000));
        clock.count(UnixMillis(3_601_000));
        assert_eq!(clock.leap_millis(), None);
    }
}
