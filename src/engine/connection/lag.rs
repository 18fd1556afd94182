//! How far a connection's frames are behind. A lasting backlog is dropped and fetched over REST instead.

use crate::UnixMillis;
use crate::base::half_windows::HalfWindows;

/// Frames later than the least delayed one by more than this are a backlog.
const BEHIND_MILLIS: i64 = 5_000;
/// A backlog that has lasted this long will not clear by itself.
const LASTING_MILLIS: i64 = 10_000;
/// The least delay is taken over the last one to two of these half windows, in which two clocks drift apart by
/// less than 0.1 s.
const HALF_WINDOW_MILLIS: i64 = 300_000;

/// The delay of one connection's frames, relative to its own minimum.
#[derive(Debug, Clone)]
pub struct Lag {
    /// `receive time - event time`.
    delays: HalfWindows,
    behind_since: Option<UnixMillis>,
}

impl Default for Lag {
    fn default() -> Self {
        Self { delays: HalfWindows::new(HALF_WINDOW_MILLIS), behind_since: None }
    }
}

impl Lag {
    /// Takes a frame sent at `event_time` and received at `local`. Returns how far frames are behind, ms, once
    /// the backlog has lasted.
    pub fn observe(&mut self, event_time: UnixMillis, local: UnixMillis) -> Option<i64> {
        let delay = local.since(event_time);
        let behind = delay - self.delays.observe(delay, local);
        if behind < BEHIND_MILLIS {
            self.behind_since = None;
            return None;
        }
        let since = *self.behind_since.get_or_insert(local);
        (local.since(since) >= LASTING_MILLIS).then_some(behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames every 100 ms for `millis`; returns when the backlog was reported.
    fn feed(delay: impl Fn(i64) -> i64, millis: i64) -> Option<i64> {
        let mut lag = Lag::default();
        let event = |millis: i64| UnixMillis(1_700_000_000_000 + millis);
        (0..millis).step_by(100).find(|&at| lag.observe(event(at), event(at + 1_300 + delay(at))).is_some())
    }

    #[test]
    fn a_clock_that_is_wrong_and_a_short_hiccup_are_no_backlog() {
        assert_eq!(feed(|_| 3_600_000, 60_000), None);
        assert_eq!(feed(|at| if (20_000..29_000).contains(&at) { 8_000 } else { 0 }, 60_000), None);
    }

    #[test]
    fn a_lag_that_grows_slowly_is_called_when_it_lasts() {
        assert_eq!(feed(|at| at / 50, 1_200_000), Some(259_900));
        assert_eq!(feed(|at| if at < 20_000 { 0 } else { 8_000 }, 60_000), Some(30_000));
    }
}
