//! The exchange's time, taken from its frames. The local clock only measures the time between frames; its
//! absolute time is not trusted.

use crate::UnixMillis;
use crate::base::half_windows::HalfWindows;

/// Longest time between two frames that the local clock may bridge; a heartbeat comes every second.
const BRIDGED_MILLIS: i64 = 2_000;
/// A frame's time is not believed if it is ahead of the newest by more than this plus the time elapsed locally,
/// unless several frames in a row agree with it.
const LEAP_MILLIS: i64 = 60_000;
const LEAPS_BELIEVED: u32 = 5;
/// The same limit for the very first frame, which can only be compared with the local clock.
const FIRST_LEAP_MILLIS: i64 = 2 * 86_400_000;
/// The clock skew is the minimum over the last one to two of these half windows.
const HALF_WINDOW_MILLIS: i64 = 15_000;

/// The exchange's clock as its frames report it.
#[derive(Debug, Clone)]
pub struct ExchangeClock {
    newest: Option<UnixMillis>,
    /// Local time of the last frame whose time was believed.
    heard: UnixMillis,
    /// Event time and local time of the last unconfirmed leap, and how many frames agree with it.
    leapt: Option<(UnixMillis, UnixMillis, u32)>,
    /// `receive time - event time`; the least delayed frame has the minimum.
    delays: HalfWindows,
}

impl Default for ExchangeClock {
    fn default() -> Self {
        let delays = HalfWindows::new(HALF_WINDOW_MILLIS);
        Self { newest: None, heard: UnixMillis::default(), leapt: None, delays }
    }
}

impl ExchangeClock {
    /// Takes the event time of a frame received at `local`; returns whether it is believed.
    pub fn observe(&mut self, event_time: UnixMillis, local: UnixMillis) -> bool {
        let ahead = |event: UnixMillis, at: UnixMillis| event_time.since(event) - local.since(at).max(0);
        let leaps = match self.newest {
            Some(newest) => ahead(newest, self.heard) > LEAP_MILLIS,
            None => event_time.since(local).abs() > FIRST_LEAP_MILLIS,
        };
        if leaps {
            let before = self.leapt.filter(|(event, at, _)| ahead(*event, *at).abs() <= LEAP_MILLIS);
            let agreed = before.map_or(1, |(_, _, agreed)| agreed + 1);
            self.leapt = Some((event_time, local, agreed));
            if agreed < LEAPS_BELIEVED {
                return false;
            }
        }
        self.leapt = None;
        self.heard = local;
        self.delays.observe(local.since(event_time), local);
        self.newest = Some(self.newest.map_or(event_time, |newest| newest.max(event_time)));
        true
    }

    /// Exchange clock minus local clock, ms; positive when the local clock is behind.
    pub fn skew_millis(&self) -> Option<i64> {
        self.delays.least().map(|delay| -delay)
    }

    /// The newest event time of all frames.
    pub fn newest(&self) -> Option<UnixMillis> {
        self.newest
    }

    /// The exchange's time at `local`: the newest event time, extrapolated by at most two seconds.
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
        assert!(clock.observe(UnixMillis(101_300), UnixMillis(100_050)));
        assert!(clock.observe(UnixMillis(101_400), UnixMillis(100_128)));
        assert_eq!(clock.skew_millis(), Some(1_272));
        assert_eq!(clock.now(UnixMillis(100_500)), Some(UnixMillis(101_772)));
    }

    #[test]
    fn a_frame_from_the_future_is_not_believed_until_some_in_a_row_agree() {
        let mut clock = ExchangeClock::default();
        let mut at = |event, local| clock.observe(UnixMillis(event), UnixMillis(local));
        assert!(at(100_000, 100_000));
        assert_eq!([at(4_000_000, 100_100), at(100_200, 100_200)], [false, true]);
        // the local clock stood still, as when a tab sleeps
        let told = [300, 400, 500, 600, 700].map(|millis| at(4_000_000 + millis, 100_000 + millis));
        assert_eq!(told, [false, false, false, false, true]);
        assert_eq!(clock.newest(), Some(UnixMillis(4_000_700)));
        let mut fresh = ExchangeClock::default();
        assert!(!fresh.observe(UnixMillis(1_200_000_000_000), UnixMillis(100_000)));
        assert!(fresh.observe(UnixMillis(3_700_000), UnixMillis(100_100)));
        // an hour that both clocks have counted is not a leap
        assert!(clock.observe(UnixMillis(7_600_700), UnixMillis(3_700_700)));
    }

    #[test]
    fn a_step_of_the_local_clock_does_not_move_the_exchange_by_more_than_the_bridge() {
        let mut clock = ExchangeClock::default();
        assert!(clock.observe(UnixMillis(100_000), UnixMillis(100_000)));
        assert_eq!(clock.now(UnixMillis(3_700_000)), Some(UnixMillis(102_000)));
        assert_eq!(clock.now(UnixMillis(1)), Some(UnixMillis(100_000)));
        assert!(clock.observe(UnixMillis(100_100), UnixMillis(3_700_100)));
        assert!(clock.observe(UnixMillis(116_000), UnixMillis(3_716_000)));
        assert_eq!(clock.skew_millis(), Some(-3_600_000));
    }
}
