//! Replays a span of the past through an engine of its own.
//!
//! The one decision: a replay is the engine over a [`Tape`], fed with what became known, in the order in which
//! it did. The machine's clock feeds nothing: the [`Transport`] says up to which time to play, and everything
//! else follows from the tape alone. So the [`Replay::snapshot`] at a given time is the same at any speed, in
//! steps, after any rewind and in one go, and nothing later on the tape can influence it.

mod at_end;
mod fingerprint;
mod message;
mod player;
mod session;
mod tape;
mod taping;
mod teller;
mod together;
mod transport;
mod wanted;

pub use at_end::AtEnd;
pub use message::{Place, ReplayCommand, Seeking, State};
pub use player::Snapshot;
pub use session::Session;
pub use tape::{Moment, Tape, TapeEvent};
pub use taping::{LegBars, Taping};
pub use transport::{Transport, speeds};
pub use wanted::{Next, Wanted};

use crate::alert::Rule;
use crate::analytics::evidence::Examine;
use crate::backtest::bench::SetUp;
use crate::messages::event::Event;
use crate::{Command, Settings, UnixMillis};
use player::Player;
use spreadscope_stats::HedgeError;

/// Checkpoints, from which a rewind starts, over the span that it may go back to.
const CHECKPOINTS: i64 = 8;

/// A tape, the engine that plays it, and checkpoints to rewind to.
#[derive(Debug)]
pub struct Replay {
    tape: Tape,
    player: Player,
    /// Oldest first; the first is from before the tape.
    checkpoints: Vec<Player>,
    /// Tape time between two checkpoints.
    apart_millis: i64,
    /// The earliest time worth a checkpoint, other than the tape's start.
    checked_from: UnixMillis,
    /// The number of alerts when the search for the next one began.
    sought_after: Option<usize>,
}

/// A copy of the engine, for requests that must not affect the replay.
#[derive(Debug)]
pub struct Aside(Player);

impl Aside {
    /// Sends it another command.
    pub fn command(&mut self, command: Command) {
        self.0.command(command);
    }

    /// Takes up to `steps` steps; returns the new events, and whether it has finished.
    pub fn work(&mut self, steps: usize) -> (Vec<Event>, bool) {
        let is_whole = self.0.settle(&mut steps.clone());
        (self.0.take_events(), is_whole)
    }
}

impl Replay {
    /// A replay at the start of `tape`, under `settings` and with `rules` in addition to the settings' own.
    ///
    /// # Errors
    /// [`HedgeError`] if a window does not suit its statistic; validated settings always do.
    pub fn new(tape: Tape, settings: &Settings, rules: Vec<Rule>) -> Result<Self, HedgeError> {
        let player = Player::new(&tape, settings, rules)?;
        let apart_millis = tape.span().map_or(1, |(from, to)| to.since(from) / CHECKPOINTS).max(1);
        Ok(Self {
            checkpoints: vec![player.clone()],
            player,
            tape,
            apart_millis,
            checked_from: UnixMillis(i64::MIN),
            sought_after: None,
        })
    }

    /// Puts all checkpoints at `from` and after it, where rewinds go; to be called before anything is played.
    pub fn rewind_to_no_earlier_than(&mut self, from: UnixMillis) {
        let Some((_, to)) = self.tape.span() else { return };
        self.checked_from = from;
        self.apart_millis = (to.since(from) / CHECKPOINTS).max(1);
    }

    /// Follows this position, in its text form, from before the tape on; to be called before anything is
    /// played.
    pub fn follow(&mut self, position: &str) {
        for player in self.checkpoints.iter_mut().chain([&mut self.player]) {
            player.command(Command::Rehearse(position.to_owned()));
            // a tape of frames is a live market to its engine
            player.command(Command::Follow(position.to_owned()));
        }
    }

    /// The tape.
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The tape time up to which everything has been played.
    pub fn position(&self) -> UnixMillis {
        self.player.position()
    }

    /// Plays up to `to`, at most `moments` moments of the tape and steps of the engine; returns whether it has
    /// arrived.
    pub fn play(&mut self, to: UnixMillis, moments: usize) -> bool {
        self.sought_after = None;
        self.play_within(to, &mut moments.clone())
    }

    fn play_within(&mut self, to: UnixMillis, left: &mut usize) -> bool {
        while self.player.position() < to {
            let last = self.checkpoints.last().map_or(self.player.position(), Player::position);
            let due = (last + self.apart_millis).max(self.checked_from);
            let until = if self.player.position() < due { to.min(due) } else { to };
            if !self.player.play(&self.tape, until, left) {
                return false;
            }
            if until == due {
                self.checkpoints.push(self.player.clone());
            }
        }
        true
    }

    /// Moves to a tape time; if that lies behind, rewinds to the newest checkpoint before it. [`Self::play`]
    /// must then play the rest. Does nothing at the current position.
    pub fn seek(&mut self, to: UnixMillis) {
        self.sought_after = None;
        // part of the next millisecond after the position may have been played already
        if to < self.player.known_to() {
            let before = self.checkpoints.partition_point(|checkpoint| checkpoint.position() <= to).max(1);
            self.player = self.checkpoints[before - 1].clone();
        }
    }

    /// Plays up to the next alert, at most `moments` moments and steps; returns whether an alert, or the end of
    /// the tape, has been reached. Until then, further calls continue the same search.
    pub fn play_to_alert(&mut self, moments: usize) -> bool {
        let known = *self.sought_after.get_or_insert(self.player.alerts());
        let mut left = moments;
        loop {
            let next = if self.player.known_to() > self.player.position() {
                self.player.known_to()
            } else if let Some(next) = self.player.next_time(&self.tape) {
                next
            } else {
                break;
            };
            if !self.play_within(next, &mut left) {
                return false;
            }
            if self.player.alerts() > known {
                break;
            }
        }
        self.sought_after = None;
        true
    }

    /// The newest tape time of which anything has been played.
    pub fn known_to(&self) -> UnixMillis {
        self.player.known_to()
    }

    /// Number of facts from the engine so far; facts undone by a rewind are not counted.
    pub fn facts(&self) -> usize {
        self.player.facts()
    }

    /// Number of alerts so far from `from` on.
    pub fn alerts_from(&self, from: UnixMillis) -> usize {
        self.player.alerts_from(from)
    }

    /// Sets the code of the evidence's tests, for rules that watch it and for requests.
    pub fn examine_with(&mut self, examine: Examine) {
        self.player.examine_with(examine);
        for checkpoint in &mut self.checkpoints {
            checkpoint.examine_with(examine);
        }
    }

    /// A copy of the engine that runs backtests on data up to here only.
    pub fn backtest_aside(&self, set_up: SetUp) -> Aside {
        let mut player = self.player.clone();
        player.backtest_with(set_up);
        Aside(player)
    }

    /// Sends a command to a copy of the engine, so that the replay is not affected.
    pub fn command_aside(&self, command: Command) -> Aside {
        let mut player = self.player.clone();
        player.command(command);
        Aside(player)
    }

    /// Takes the events from the engine since the last call.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.player.take_events()
    }

    /// Everything that the engine has computed from the tape so far, hashed to one number.
    pub fn snapshot(&self) -> Snapshot {
        self.player.snapshot()
    }
}
