//! The life of a connection: opening, live, silent, lost, and when to try again.
//!
//! A socket's own state proves nothing: only frames do. Each attempt has a generation, and news of an older
//! one is ignored, so that two connections can never both count.

use super::backoff::Backoff;
use crate::UnixMillis;

/// No handshake or no first frame after this long: the attempt has failed.
const OPENING_MILLIS: i64 = 10_000;
/// Silent for this long: the page says so.
pub const STALE_MILLIS: i64 = 5_000;
/// Silent for this long: the connection is given up.
const SILENT_MILLIS: i64 = 15_000;
/// Frames for this long: the next loss counts as the first again.
const PROVEN_MILLIS: i64 = 10_000;

/// What is to be done about sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Open one on the host of this number, counted on without end; take it modulo the hosts there are.
    Open {
        /// The new generation.
        generation: u64,
        /// Which host.
        host: usize,
    },
    /// Abandon it.
    Close {
        /// The generation that ends.
        generation: u64,
    },
}

/// Where the connection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Not started.
    Idle,
    /// Handshake or first frame outstanding.
    Opening {
        /// Since when, local time.
        since: UnixMillis,
    },
    /// Frames have come.
    Live {
        /// First frame, local time.
        since: UnixMillis,
        /// Last frame, local time.
        last_frame: UnixMillis,
    },
    /// Lost; the next attempt is due at `until`, local time.
    Waiting {
        /// When to try again.
        until: UnixMillis,
        /// What ended the last one.
        reason: String,
    },
}

/// The connection's state machine. All times are local.
#[derive(Debug)]
pub struct Connection {
    backoff: Backoff,
    generation: u64,
    host: usize,
    attempt: u32,
    losses: u32,
    state: State,
}

impl Connection {
    /// A connection that has not been asked for; its waits depend on `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            backoff: Backoff::new(seed),
            generation: 0,
            host: 0,
            attempt: 1,
            losses: 0,
            state: State::Idle,
        }
    }

    /// Where it stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Attempts since data last came, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Live connections that were lost.
    pub fn losses(&self) -> u32 {
        self.losses
    }

    /// Which host the current or last attempt is on.
    pub fn host(&self) -> usize {
        self.host
    }

    /// Whether `generation` is the current one and still wanted.
    pub fn is_current(&self, generation: u64) -> bool {
        generation == self.generation && matches!(self.state, State::Opening { .. } | State::Live { .. })
    }

    /// Drops whatever is on and opens anew.
    pub fn restart(&mut self, now: UnixMillis) -> Vec<Step> {
        let mut steps = self.abandon();
        self.attempt = 1;
        steps.push(self.open(now));
        steps
    }

    /// Drops whatever is on; nothing is opened until [`Self::restart`].
    pub fn stop(&mut self) -> Vec<Step> {
        let steps = self.abandon();
        self.state = State::Idle;
        steps
    }

    /// A frame of the current generation came. Returns whether it is the first of its connection.
    pub fn frame(&mut self, now: UnixMillis) -> bool {
        let State::Live { since, last_frame } = &mut self.state else {
            self.state = State::Live { since: now, last_frame: now };
            return true;
        };
        *last_frame = now;
        if now.since(*since) >= PROVEN_MILLIS {
            self.attempt = 1;
        }
        false
    }

    /// The current generation has ended, for `reason`.
    pub fn lost(&mut self, now: UnixMillis, reason: String) {
        if let State::Live { since, .. } = self.state {
            self.losses += 1;
            if now.since(since) < PROVEN_MILLIS {
                self.attempt = self.attempt.saturating_add(1);
            }
        } else {
            // the host gave nothing at all: the next one may
            self.host += 1;
            self.attempt = self.attempt.saturating_add(1);
        }
        let until = now + self.backoff.wait_millis(self.attempt);
        self.state = State::Waiting { until, reason };
    }

    /// When [`Self::due`] has something to do, if ever.
    pub fn deadline(&self) -> Option<UnixMillis> {
        match self.state {
            State::Idle => None,
            State::Opening { since } => Some(since + OPENING_MILLIS),
            State::Live { last_frame, .. } => Some(last_frame + SILENT_MILLIS),
            State::Waiting { until, .. } => Some(until),
        }
    }

    /// Does what is due at `now`.
    pub fn due(&mut self, now: UnixMillis) -> Vec<Step> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return Vec::new();
        }
        match self.state {
            State::Idle => Vec::new(),
            State::Waiting { .. } => vec![self.open(now)],
            State::Opening { .. } => {
                let steps = self.abandon();
                self.lost(now, format!("no data within {} s of connecting", OPENING_MILLIS / 1_000));
                steps
            }
            State::Live { .. } => {
                let steps = self.abandon();
                self.lost(now, format!("connected, but silent for {} s", SILENT_MILLIS / 1_000));
                steps
            }
        }
    }

    fn open(&mut self, now: UnixMillis) -> Step {
        self.generation += 1;
        self.state = State::Opening { since: now };
        Step::Open { generation: self.generation, host: self.host }
    }

    fn abandon(&self) -> Vec<Step> {
        match self.state {
            State::Opening { .. } | State::Live { .. } => vec![Step::Close { generation: self.generation }],
            State::Idle | State::Waiting { .. } => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: UnixMillis = UnixMillis(1_700_000_000_000);

    #[test]
    fn a_lost_connection_is_opened_again_after_its_wait_and_old_news_is_ignored() {
        let mut connection = Connection::new(1);
        assert_eq!(connection.restart(T0), [Step::Open { generation: 1, host: 0 }]);
        assert!(connection.frame(T0 + 100) && !connection.frame(T0 + 200));
        connection.lost(T0 + 20_000, "closed".into());
        assert!(!connection.is_current(1));
        let deadline = connection.deadline().unwrap();
        assert!((250..=1_000).contains(&deadline.since(T0 + 20_000)), "{deadline:?}");
        assert_eq!(connection.due(deadline - 1), []);
        assert_eq!(connection.due(deadline), [Step::Open { generation: 2, host: 0 }]);
        assert_eq!(connection.losses(), 1);
    }

    #[test]
    fn an_open_socket_without_frames_is_given_up() {
        let mut connection = Connection::new(1);
        connection.restart(T0);
        connection.frame(T0);
        assert_eq!(connection.due(T0 + SILENT_MILLIS - 1), []);
        assert_eq!(connection.due(T0 + SILENT_MILLIS), [Step::Close { generation: 1 }]);
        assert!(matches!(connection.state(), State::Waiting { .. }));
    }

    #[test]
    fn a_host_that_gives_nothing_is_left_for_the_next_and_waits_grow() {
        let mut connection = Connection::new(3);
        connection.restart(T0);
        let mut now = T0;
        let mut longest = 0;
        for expected_host in 1..12 {
            connection.lost(now, "refused".into());
            let deadline = connection.deadline().unwrap();
            longest = longest.max(deadline.since(now));
            now = deadline;
            match connection.due(now)[..] {
                [Step::Open { host, .. }] => assert_eq!(host, expected_host),
                ref other => panic!("{other:?}"),
            }
        }
        assert!((2_000..=30_000).contains(&longest), "{longest}");
    }
}
