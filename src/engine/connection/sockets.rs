//! The life of a connection: opening, live, silent, lost, when to retry, and when to hand over.
//!
//! A socket's own state proves nothing; only frames do. Each socket has a generation, and events of a socket
//! that is no longer wanted are ignored. At most two are wanted at a time: the current one and, before the
//! exchange ends it, its successor, which takes over once it has delivered both markets. Until then the frames
//! of both count, and trade ids show the duplicates.

use crate::UnixMillis;
use crate::base::note::{News, NoteKind};
use crate::base::symbol::Leg;
use crate::connection::backoff::Backoff;
use crate::connection::lag::Lag;
use crate::settings::Patience;

/// After a silence this long the page says so, and a network that returns may be another one.
pub const STALE_MILLIS: i64 = 5_000;
/// A silence longer than allowed by this much means that nothing was awake to end the socket.
const ASLEEP_MILLIS: i64 = 15_000;
/// After frames for this long, the next loss counts as the first again.
const PROVEN_MILLIS: i64 = 10_000;
/// The exchange ends a connection after 24 hours; a successor is opened after 22.5 to 23.5.
const ROLL_MILLIS: i64 = 81_000_000;
const ROLL_SPREAD_MILLIS: i64 = 3_600_000;
/// After this long a successor takes over even if one market has sent nothing on it: that market may be quiet.
const OVERLAP_MOST_MILLIS: i64 = 60_000;

/// An action on a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Open a socket.
    Open {
        /// The new generation.
        generation: u64,
        /// Its host.
        host: String,
    },
    /// Close a socket.
    Close {
        /// Its generation.
        generation: u64,
    },
}

/// The state of the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Not started.
    Idle,
    /// The handshake or the first frame is outstanding.
    Opening,
    /// Frames arrive.
    Live {
        /// Time of the first frame, local time.
        since: UnixMillis,
        /// Time of the last frame, local time.
        last_frame: UnixMillis,
    },
    /// Lost.
    Waiting {
        /// When the next attempt is due, local time.
        until: UnixMillis,
        /// Why the last attempt ended.
        reason: String,
    },
}

/// A wanted socket.
#[derive(Debug, Clone)]
struct Slot {
    generation: u64,
    opened: UnixMillis,
    first_frame: Option<UnixMillis>,
    last_frame: UnixMillis,
    heard: [bool; 2],
    lag: Lag,
    patience: Patience,
}

impl Slot {
    /// When it is given up unless a frame comes first.
    fn deadline(&self) -> UnixMillis {
        let Patience { opening, silent, .. } = self.patience;
        self.first_frame.map_or(self.opened + opening, |_| self.last_frame + silent)
    }
}

/// The connection's state machine. All times are local.
#[derive(Debug, Clone)]
pub struct Connection {
    hosts: Vec<String>,
    patience: Patience,
    backoff: Backoff,
    generation: u64,
    host: usize,
    attempt: u32,
    losses: u32,
    current: Option<Slot>,
    successor: Option<Slot>,
    waiting: Option<(UnixMillis, String)>,
    roll_at: Option<UnixMillis>,
    steps: Vec<Step>,
    news: Vec<News>,
}

impl Connection {
    /// A connection that has not been started; its waits depend on `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            hosts: Vec::new(),
            patience: Patience::default(),
            backoff: Backoff::new(seed),
            generation: 0,
            host: 0,
            attempt: 1,
            losses: 0,
            current: None,
            successor: None,
            waiting: None,
            roll_at: None,
            steps: Vec::new(),
            news: Vec::new(),
        }
    }

    /// The connection's state.
    pub fn state(&self) -> State {
        match (&self.current, &self.waiting) {
            (Some(Slot { first_frame: Some(since), last_frame, .. }), _) => {
                State::Live { since: *since, last_frame: *last_frame }
            }
            (Some(_), _) => State::Opening,
            (None, Some((until, reason))) => State::Waiting { until: *until, reason: reason.clone() },
            (None, None) => State::Idle,
        }
    }

    /// Attempts since the last frame, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Live connections that were lost.
    pub fn losses(&self) -> u32 {
        self.losses
    }

    /// The host of the current or last attempt; empty before the first.
    pub fn host(&self) -> &str {
        self.hosts.get(self.host % self.hosts.len().max(1)).map_or("", String::as_str)
    }

    /// Whether the socket `generation` is wanted.
    pub fn is_wanted(&self, generation: u64) -> bool {
        self.slots().any(|slot| slot.generation == generation)
    }

    /// Whether frames arrive on any socket.
    pub fn covers(&self) -> bool {
        self.slots().any(|slot| slot.first_frame.is_some())
    }

    fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.current.iter().chain(&self.successor)
    }

    fn slot_mut(&mut self, generation: u64) -> Option<&mut Slot> {
        let slots = self.current.iter_mut().chain(&mut self.successor);
        slots.into_iter().find(|slot| slot.generation == generation)
    }

    /// Takes the actions to perform, in order.
    pub fn take_steps(&mut self) -> Vec<Step> {
        core::mem::take(&mut self.steps)
    }

    /// Takes the news since the last call.
    pub fn take_news(&mut self) -> Vec<News> {
        core::mem::take(&mut self.news)
    }

    /// Drops all sockets and starts again with `patience`; on the first of `hosts` if the list has changed.
    pub fn restart(&mut self, now: UnixMillis, hosts: &[String], patience: Patience) {
        self.patience = patience;
        if self.hosts != hosts {
            self.hosts = hosts.to_vec();
            self.host = 0;
        }
        self.abandon_all();
        self.attempt = 1;
        self.open_current(now);
    }

    /// Drops all sockets and reconnects at once. Earlier failures still count: if this attempt fails too, the
    /// wait is no shorter.
    pub fn reconnect(&mut self, now: UnixMillis) {
        if matches!(self.state(), State::Opening) {
            self.attempt = self.attempt.saturating_add(1);
        }
        self.abandon_all();
        self.open_current(now);
    }

    /// The network is back: ends a wait, and gives up a socket that has been silent for a while. A socket with
    /// recent frames stays and gets a successor, since it may have died unnoticed with the old network.
    pub fn network_returned(&mut self, now: UnixMillis) {
        let fresh = self.current.as_ref().filter(|slot| now.since(slot.last_frame) < STALE_MILLIS);
        match fresh.map(|slot| slot.first_frame) {
            Some(Some(_)) if self.successor.is_none() => self.successor = Some(self.open(now)),
            // a follower's page reports the same
            Some(_) => {}
            None if self.state() == State::Idle => {}
            None => self.reconnect(now),
        }
    }

    /// Drops all sockets; opens none until [`Self::restart`].
    pub fn stop(&mut self) {
        self.abandon_all();
    }

    /// A frame arrived on `generation`.
    pub fn frame(&mut self, now: UnixMillis, generation: u64) {
        let Some(slot) = self.slot_mut(generation) else { return };
        slot.last_frame = now;
        let since = *slot.first_frame.get_or_insert(now);
        if self.current.as_ref().is_none_or(|slot| slot.generation != generation) {
            return;
        }
        if self.roll_at.is_none() {
            self.news.push(News::new(NoteKind::Connected, format!("data comes from {}", self.host())));
            self.roll_at = Some(now + ROLL_MILLIS + self.backoff.below(ROLL_SPREAD_MILLIS));
        }
        if now.since(since) >= PROVEN_MILLIS {
            self.attempt = 1;
        }
    }

    /// A frame of `generation` was sent at `event_time`: a lasting backlog ends its connection.
    pub fn pushed(&mut self, now: UnixMillis, generation: u64, event_time: UnixMillis) {
        let behind = self.slot_mut(generation).and_then(|slot| slot.lag.observe(event_time, now));
        if let Some(millis) = behind {
            let secs = millis / 1_000;
            self.end(now, generation, format!("frames were {secs} s behind: the rest comes over REST"), true);
        }
    }

    /// Socket `generation` delivers `leg`. A successor that delivers both takes over.
    pub fn heard(&mut self, now: UnixMillis, generation: u64, leg: Leg) {
        let Some(successor) = self.successor.as_mut().filter(|slot| slot.generation == generation) else {
            return;
        };
        successor.heard[leg as usize] = true;
        if successor.heard == [true; 2] {
            self.take_over(now);
        }
    }

    /// The exchange is about to close `generation`.
    pub fn shutdown(&mut self, now: UnixMillis, generation: u64) {
        if self.current.as_ref().is_some_and(|slot| slot.generation == generation) {
            self.roll_at = Some(now);
        } else {
            self.end(now, generation, "the exchange is about to close it".to_owned(), true);
        }
    }

    /// Socket `generation` has ended, for `reason`.
    pub fn lost(&mut self, now: UnixMillis, generation: u64, reason: String) {
        self.end(now, generation, reason, true);
    }

    /// The current connection does not deliver a market, for `reason`: opens a replacement, if the connection
    /// has had `time` ms to deliver.
    pub fn replace(&mut self, now: UnixMillis, time: i64, reason: impl FnOnce() -> String) {
        let State::Live { since, .. } = self.state() else { return };
        if now.since(since) >= time && self.successor.is_none() && self.roll_at.is_some_and(|at| now < at) {
            self.news.push(News::new(NoteKind::Lost, reason()));
            self.roll_at = Some(now);
        }
    }

    /// When [`Self::due`] next has something to do, if ever.
    pub fn deadline(&self) -> Option<UnixMillis> {
        let waiting = self.waiting.as_ref().map(|(until, _)| *until);
        let overlap = self.successor.as_ref().and_then(|slot| slot.first_frame);
        let roll = self.roll_at.filter(|_| self.current.is_some() && self.successor.is_none());
        let takes_over = overlap.map(|first| first + OVERLAP_MOST_MILLIS);
        let slots = self.slots().map(Slot::deadline);
        slots.chain(waiting).chain(roll).chain(takes_over).min()
    }

    /// Does what is due at `now`.
    pub fn due(&mut self, now: UnixMillis) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        let late = |slot: &&Slot| now >= slot.deadline();
        // successor first, so that a dead one does not take over from another dead one
        let dead = self.successor.iter().chain(&self.current).find(late);
        if let Some(slot) = dead {
            let generation = slot.generation;
            let silent = now.since(slot.last_frame);
            let (reason, wait) = match slot.first_frame {
                None => (format!("no data within {} s of connecting", slot.patience.opening / 1_000), true),
                Some(_) if silent < slot.patience.silent + ASLEEP_MILLIS => {
                    (format!("connected, but silent for {} s", silent / 1_000), true)
                }
                Some(_) => {
                    let secs = silent / 1_000;
                    (
                        format!("no data for {secs} s: this tab was asleep, or the connection died unseen"),
                        false,
                    )
                }
            };
            self.end(now, generation, reason, wait);
            return self.due(now);
        }
        if self.waiting.as_ref().is_some_and(|(until, _)| now >= *until) {
            self.waiting = None;
            return self.open_current(now);
        }
        let overlap = self.successor.as_ref().and_then(|slot| slot.first_frame);
        if overlap.is_some_and(|first| now.since(first) >= OVERLAP_MOST_MILLIS) {
            return self.take_over(now);
        }
        if self.successor.is_none() && self.current.is_some() && self.roll_at.is_some_and(|at| now >= at) {
            self.successor = Some(self.open(now));
        }
    }

    fn take_over(&mut self, now: UnixMillis) {
        let Some(successor) = self.successor.take() else { return };
        if let Some(old) = self.current.replace(successor) {
            self.steps.push(Step::Close { generation: old.generation });
        }
        self.news.push(News::new(NoteKind::Replaced, format!("a new connection to {}", self.host())));
        self.roll_at = Some(now + ROLL_MILLIS + self.backoff.below(ROLL_SPREAD_MILLIS));
    }

    /// Ends `generation`; the next attempt is preceded by a wait only if no other socket is at hand.
    fn end(&mut self, now: UnixMillis, generation: u64, reason: String, wait: bool) {
        if !self.is_wanted(generation) {
            return;
        }
        self.steps.push(Step::Close { generation });
        if self.successor.as_ref().is_some_and(|slot| slot.generation == generation) {
            self.successor = None;
            self.roll_at = Some(now + self.patience.opening + self.backoff.wait_millis(self.attempt));
            return;
        }
        let Some(Slot { first_frame, .. }) = self.current.take() else { return };
        self.news.push(News::new(NoteKind::Lost, reason.clone()));
        self.losses += u32::from(first_frame.is_some());
        let proven = first_frame.is_some_and(|first| now.since(first) >= PROVEN_MILLIS);
        // after a host that delivered nothing, the next one is tried
        self.host += usize::from(first_frame.is_none());
        self.attempt = if proven { self.attempt } else { self.attempt.saturating_add(1) };
        self.roll_at = None;
        self.current = self.successor.take();
        if let Some(Slot { first_frame: Some(_), .. }) = self.current {
            self.roll_at = Some(now + ROLL_MILLIS + self.backoff.below(ROLL_SPREAD_MILLIS));
        }
        match (&self.current, wait) {
            (Some(_), _) => {}
            (None, true) => self.waiting = Some((now + self.backoff.wait_millis(self.attempt), reason)),
            (None, false) => self.open_current(now),
        }
    }

    fn open_current(&mut self, now: UnixMillis) {
        self.roll_at = None;
        self.current = Some(self.open(now));
    }

    fn open(&mut self, now: UnixMillis) -> Slot {
        self.generation += 1;
        let generation = self.generation;
        self.steps.push(Step::Open { generation, host: self.host().to_owned() });
        Slot {
            generation,
            opened: now,
            first_frame: None,
            last_frame: now,
            heard: [false; 2],
            lag: Lag::default(),
            patience: self.patience,
        }
    }

    fn abandon_all(&mut self) {
        let slots = self.current.take().into_iter().chain(self.successor.take());
        self.steps.extend(slots.map(|slot| Step::Close { generation: slot.generation }));
        self.waiting = None;
        self.roll_at = None;
    }
}

#[cfg(test)]
mod tests;
