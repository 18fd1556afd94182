//! A span of the past through an engine of its own.
//!
//! The one decision: a replay is the engine over a [`Tape`], fed with what became known in the order in which it did.
//! Nothing is fed by the clock of the machine: the [`Transport`] says up to which time of the tape to play, and what the
//! engine does follows from the tape alone. So [`Replay::snapshot`] at a time is the same at every speed, in steps, after
//! any way back, and in one go; and nothing that comes later on the tape can have a part in it.

mod fingerprint;
mod player;
mod tape;
mod transport;

pub use player::Snapshot;
pub use tape::{Heard, Moment, Tape};
pub use transport::{SPEEDS, Transport};

use crate::alert::Rule;
use crate::messages::event::Event;
use crate::{Settings, UnixMillis};
use player::Player;
use spreadscope_stats::HedgeError;

/// Copies of the engine that a way back begins from, over the whole tape.
const CHECKPOINTS: i64 = 8;

/// A tape, the engine that it is played to, and where to go back to.
#[derive(Debug)]
pub struct Replay {
    tape: Tape,
    player: Player,
    /// Oldest first; the first is from before the tape.
    checkpoints: Vec<Player>,
    /// Time of the tape between two checkpoints.
    apart_millis: i64,
}

impl Replay {
    /// A replay at the beginning of `tape`, under `settings` and with `rules` beside the one of the settings.
    ///
    /// # Errors
    /// [`HedgeError`] when a window is not as its statistic needs it; those of checked settings are.
    pub fn new(tape: Tape, settings: &Settings, rules: Vec<Rule>) -> Result<Self, HedgeError> {
        let player = Player::new(&tape, settings, rules)?;
        let apart_millis = tape.span().map_or(1, |(from, to)| to.since(from) / CHECKPOINTS).max(1);
        Ok(Self { checkpoints: vec![player.clone()], player, tape, apart_millis })
    }

    /// The tape.
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The time of the tape up to which all has been played.
    pub fn position(&self) -> UnixMillis {
        self.player.position()
    }

    /// Plays on up to `to`, at most so many moments of the tape; returns whether it has arrived.
    pub fn play(&mut self, to: UnixMillis, moments: usize) -> bool {
        let mut left = moments;
        while self.player.position() < to {
            let last = self.checkpoints.last().map_or(self.player.position(), Player::position);
            let due = last + self.apart_millis;
            let until = if self.player.position() < due { to.min(due) } else { to };
            if !self.player.play(&self.tape, until, &mut left) {
                return false;
            }
            if until == due {
                self.checkpoints.push(self.player.clone());
            }
        }
        true
    }

    /// Goes to a time of the tape: back to the newest checkpoint before it, if it lies behind. What lies between is to
    /// be played by [`Self::play`]; a position that is there already needs nothing.
    pub fn seek(&mut self, to: UnixMillis) {
        if to < self.player.position() {
            let before = self.checkpoints.partition_point(|checkpoint| checkpoint.position() <= to).max(1);
            self.player = self.checkpoints[before - 1].clone();
        }
    }

    /// Plays on up to the next alert, at most so many moments; returns whether there is one, or the tape has ended.
    pub fn play_to_alert(&mut self, moments: usize) -> bool {
        let alerts = self.player.alerts();
        let Some((_, end)) = self.tape.span() else { return true };
        for _ in 0..moments {
            let Some(next) = self.player.next_time(&self.tape) else { break };
            self.play(next, usize::MAX);
            if self.player.alerts() > alerts {
                return true;
            }
        }
        self.player.position() >= end || self.player.next_time(&self.tape).is_none()
    }

    /// What the engine has told since this was last asked.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.player.take_events()
    }

    /// All that the engine has made of the tape up to here, as one number.
    pub fn snapshot(&self) -> Snapshot {
        self.player.snapshot()
    }
}
