//! The clock that runs over the tape.

use std::sync::Mutex;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Tape time at any moment, and its conversion to reported time.
#[derive(Debug)]
pub(crate) struct Clock(Mutex<State>);

/// Returns wall time, ms since 1970.
pub(crate) fn wall_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    i64::try_from(since).unwrap_or(i64::MAX)
}

#[derive(Debug)]
struct State {
    /// Place on the tape when it began to run at this speed, ms.
    from_ms: i64,
    /// When it began; `None` while it waits for the first subscriber.
    since: Option<Instant>,
    /// Tape seconds per wall second.
    speed: f64,
    /// Added to all reported times, ms.
    shift_ms: i64,
}

impl State {
    fn tape_now(&self) -> i64 {
        let elapsed = self.since.map_or(0.0, |since| since.elapsed().as_secs_f64() * 1_000.0);
        #[expect(clippy::cast_possible_truncation, reason = "years of milliseconds fit")]
        let moved = (elapsed * self.speed) as i64;
        self.from_ms + moved
    }
}

impl Clock {
    /// Makes a clock at `now_ms` of the tape that runs at `speed`. With `keep_times` it reports the tape's own
    /// times, otherwise wall times; with `waits` it stands still until [`Self::start`].
    pub(crate) fn new(now_ms: i64, speed: f64, keep_times: bool, waits: bool) -> Self {
        let shift_ms = if keep_times { 0 } else { wall_ms() - now_ms };
        let since = (!waits).then(Instant::now);
        Self(Mutex::new(State { from_ms: now_ms, since, speed, shift_ms }))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Starts the tape if it stands still.
    pub(crate) fn start(&self) {
        self.state().since.get_or_insert_with(Instant::now);
    }

    /// Returns the current place on the tape, ms.
    pub(crate) fn tape_now(&self) -> i64 {
        self.state().tape_now()
    }

    /// Returns tape seconds per wall second.
    pub(crate) fn speed(&self) -> f64 {
        self.state().speed
    }

    /// Continues at `speed` from the current place.
    pub(crate) fn set_speed(&self, speed: f64) {
        let mut state = self.state();
        state.from_ms = state.tape_now();
        state.since = state.since.map(|_then| Instant::now());
        state.speed = speed;
    }

    /// Returns what is added to a tape time before it is reported, ms.
    pub(crate) fn shift_ms(&self) -> i64 {
        self.state().shift_ms
    }

    /// Steps the reported time by `millis`.
    pub(crate) fn skew(&self, millis: i64) {
        self.state().shift_ms += millis;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn another_speed_goes_on_from_where_the_tape_is() {
        let clock = Clock::new(1_000, 100_000.0, true, false);
        std::thread::sleep(Duration::from_millis(5));
        clock.set_speed(0.0);
        let stopped = clock.tape_now();
        assert!(stopped >= 1_000 + 500_000, "{stopped}");
        std::thread::sleep(Duration::from_millis(5));
        assert_eq!(clock.tape_now(), stopped);
        clock.set_speed(100_000.0);
        std::thread::sleep(Duration::from_millis(5));
        assert!(clock.tape_now() >= stopped + 500_000);
    }

    #[test]
    fn a_clock_that_waits_stands_still_at_any_speed() {
        let clock = Clock::new(1_000, 1.0, true, true);
        clock.set_speed(100_000.0);
        std::thread::sleep(Duration::from_millis(5));
        assert_eq!(clock.tape_now(), 1_000);
    }
}
