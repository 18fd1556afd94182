//! The clock of a replay: tape time is computed from elapsed time, never from the number of calls.

use crate::{Interval, UnixMillis};

/// Speeds, slowest first.
const SPEEDS: [u32; 10] = [1, 2, 5, 10, 25, 50, 100, 1_000, 10_000, 100_000];
/// The fastest of all intervals.
const FASTEST: u32 = 100;
/// Longer bars may be played faster, as long as each takes this long: a day would take a quarter of an hour otherwise.
const LEAST_BAR_MILLIS: i64 = 250;

/// The speeds at which bars of `interval` can be played, slowest first.
pub fn speeds(interval: Interval) -> impl DoubleEndedIterator<Item = u32> {
    let fits =
        move |speed: &u32| *speed <= FASTEST || interval.millis() / i64::from(*speed) >= LEAST_BAR_MILLIS;
    SPEEDS.into_iter().filter(fits)
}

/// Where on the tape a replay should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transport {
    /// Position on the tape at `since`.
    from: UnixMillis,
    /// Local time at that position, while playing.
    since: Option<UnixMillis>,
    speed: u32,
}

impl Transport {
    /// A transport paused at `position`.
    pub fn new(position: UnixMillis) -> Self {
        Self { from: position, since: None, speed: 1 }
    }

    /// The tape time at local time `now`. If the local clock was set back, it stands still until that has
    /// caught up.
    pub fn position(&self, now: UnixMillis) -> UnixMillis {
        let elapsed = self.since.map_or(0, |since| now.since(since).max(0));
        self.from + elapsed.saturating_mul(i64::from(self.speed))
    }

    /// Whether it is playing.
    pub fn is_playing(&self) -> bool {
        self.since.is_some()
    }

    /// Speed, as a multiple of the original.
    pub fn speed(&self) -> u32 {
        self.speed
    }

    /// Starts to play at local time `now`.
    pub fn play(&mut self, now: UnixMillis) {
        *self = Self { from: self.position(now), since: Some(now), ..*self };
    }

    /// Pauses at local time `now`.
    pub fn pause(&mut self, now: UnixMillis) {
        *self = Self { from: self.position(now), since: None, ..*self };
    }

    /// Changes the speed from here on, to at least 1.
    pub fn set_speed(&mut self, now: UnixMillis, speed: u32) {
        *self = Self { from: self.position(now), since: self.since.map(|_| now), speed: speed.max(1) };
    }

    /// Moves to `position`; keeps playing or stays paused.
    pub fn seek(&mut self, now: UnixMillis, position: UnixMillis) {
        *self = Self { from: position, since: self.since.map(|_| now), ..*self };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_of_any_length_can_be_played_in_a_second_and_none_in_less_than_a_look() {
        let fastest = |interval: Interval| speeds(interval).last();
        assert_eq!(Interval::ALL.map(fastest), [100, 100, 1_000, 1_000, 10_000, 10_000, 100_000].map(Some));
        for interval in Interval::ALL {
            assert!(interval.millis() / i64::from(fastest(interval).unwrap()) <= 1_440, "{interval:?}");
        }
    }

    #[test]
    fn the_tape_follows_the_time_that_has_passed_however_often_it_is_read() {
        let at = UnixMillis;
        let mut transport = Transport::new(at(1_000));
        assert_eq!((transport.position(at(9_999)), transport.is_playing()), (at(1_000), false));
        transport.play(at(5_000));
        // a hidden tab looks once a second or not at all
        assert_eq!(transport.position(at(8_000)), at(4_000));
        transport.set_speed(at(8_000), 100);
        assert_eq!((transport.position(at(8_050)), transport.speed()), (at(9_000), 100));
        assert_eq!(transport.position(at(7_000)), at(4_000));
        transport.seek(at(8_050), at(2_000));
        assert_eq!(transport.position(at(8_051)), at(2_100));
        transport.pause(at(8_060));
        assert_eq!(transport.position(at(99_000)), at(3_000));
    }
}
