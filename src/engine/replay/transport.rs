//! The clock of a replay: time of the tape by the time that has passed, never by how often somebody looked.

use crate::UnixMillis;

/// Speeds to choose from.
pub const SPEEDS: [u32; 7] = [1, 2, 5, 10, 25, 50, 100];

/// Where on the tape a replay should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transport {
    /// Position on the tape at `since`.
    from: UnixMillis,
    /// Local time at which that was so, while it plays.
    since: Option<UnixMillis>,
    speed: u32,
}

impl Transport {
    /// A transport that stands at `position`.
    pub fn new(position: UnixMillis) -> Self {
        Self { from: position, since: None, speed: 1 }
    }

    /// Where on the tape it is at local time `now`. A clock that was set back stands still until it has caught up.
    pub fn position(&self, now: UnixMillis) -> UnixMillis {
        let elapsed = self.since.map_or(0, |since| now.since(since).max(0));
        self.from + elapsed.saturating_mul(i64::from(self.speed))
    }

    /// Whether it plays.
    pub fn is_playing(&self) -> bool {
        self.since.is_some()
    }

    /// Times as fast as it was.
    pub fn speed(&self) -> u32 {
        self.speed
    }

    /// Begins to play at local time `now`.
    pub fn play(&mut self, now: UnixMillis) {
        *self = Self { from: self.position(now), since: Some(now), ..*self };
    }

    /// Stands still from local time `now` on.
    pub fn pause(&mut self, now: UnixMillis) {
        *self = Self { from: self.position(now), since: None, ..*self };
    }

    /// Goes on from here so many times as fast as it was, at least once.
    pub fn set_speed(&mut self, now: UnixMillis, speed: u32) {
        *self = Self { from: self.position(now), since: self.since.map(|_| now), speed: speed.max(1) };
    }

    /// Goes to `position`, playing or not as before.
    pub fn seek(&mut self, now: UnixMillis, position: UnixMillis) {
        *self = Self { from: position, since: self.since.map(|_| now), ..*self };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tape_follows_the_time_that_has_passed_however_often_it_is_asked() {
        let at = UnixMillis;
        let mut transport = Transport::new(at(1_000));
        assert_eq!((transport.position(at(9_999)), transport.is_playing()), (at(1_000), false));
        transport.play(at(5_000));
        // a hidden tab looks once a second, or not at all
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
