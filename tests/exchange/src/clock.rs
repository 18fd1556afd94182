//! The clock that runs over the tape.

use std::sync::Mutex;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Tape time at any moment, and what is said of it outside.
#[derive(Debug)]
pub(crate) struct Clock {
    now_ms: i64,
    speed: f64,
    state: Mutex<State>,
}

/// The wall's time, ms since 1970.
pub(crate) fn wall_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    i64::try_from(since).unwrap_or(i64::MAX)
}

#[derive(Debug)]
struct State {
    /// When the tape began to run; `None` while it waits for the first subscriber.
    started: Option<Instant>,
    /// Added to all times that are told.
    shift_ms: i64,
}

impl Clock {
    /// A clock at `now_ms` of the tape that runs at `speed`; with `keep_times` it tells the tape's own times,
    /// otherwise those of the wall; with `waits` it stands still until [`Self::start`].
    pub(crate) fn new(now_ms: i64, speed: f64, keep_times: bool, waits: bool) -> Self {
        let shift_ms = if keep_times { 0 } else { wall_ms() - now_ms };
        let started = (!waits).then(Instant::now);
        Self { now_ms, speed, state: Mutex::new(State { started, shift_ms }) }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Lets the tape run, if it does not yet.
    pub(crate) fn start(&self) {
        self.state().started.get_or_insert_with(Instant::now);
    }

    /// Where on the tape it is now, ms.
    pub(crate) fn tape_now(&self) -> i64 {
        let elapsed = self.state().started.map_or(0.0, |started| started.elapsed().as_secs_f64() * 1_000.0);
        #[expect(clippy::cast_possible_truncation, reason = "years of milliseconds fit")]
        let moved = (elapsed * self.speed) as i64;
        self.now_ms + moved
    }

    /// What is added to a tape time before it is told.
    pub(crate) fn shift_ms(&self) -> i64 {
        self.state().shift_ms
    }

    /// Steps the told time by `millis`.
    pub(crate) fn skew(&self, millis: i64) {
        self.state().shift_ms += millis;
    }
}
