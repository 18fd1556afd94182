//! A span of the past through an engine of its own.
//!
//! The one decision: a replay is the engine over a [`Tape`], fed with what became known in the order in which it did.
//! Nothing is fed by the clock of the machine: the [`Transport`] says up to which time of the tape to play, and what the
//! engine does follows from the tape alone. So [`Replay::snapshot`] at a time is the same at every speed, in steps, after
//! any way back, and in one go; and nothing that comes later on the tape can have a part in it.

mod fingerprint;
mod player;
mod session;
mod tape;
mod taping;
mod teller;
mod together;
mod transport;
mod words;

pub use player::Snapshot;
pub use session::Session;
pub use tape::{Heard, Moment, Tape};
pub use taping::{Held, Taping};
pub use transport::{SPEEDS, Transport};
pub use words::{Ask, Place, State};

use crate::alert::Rule;
use crate::analytics::evidence::Examine;
use crate::backtest::bench::SetUp;
use crate::messages::event::Event;
use crate::{Command, Settings, UnixMillis};
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
    /// The alerts that were there when the search for the next one began.
    sought_after: Option<usize>,
}

/// A copy of the engine that answers what the replay must not be asked.
#[derive(Debug)]
pub struct Aside(Player);

impl Aside {
    /// Asks it for something more.
    pub fn ask(&mut self, command: Command) {
        self.0.ask(command);
    }

    /// Goes on for so many steps; returns what it has told since, and whether that was the last of it.
    pub fn work(&mut self, steps: usize) -> (Vec<Event>, bool) {
        let is_whole = self.0.settle(&mut steps.clone());
        (self.0.take_events(), is_whole)
    }
}

impl Replay {
    /// A replay at the beginning of `tape`, under `settings` and with `rules` beside the one of the settings.
    ///
    /// # Errors
    /// [`HedgeError`] when a window is not as its statistic needs it; those of checked settings are.
    pub fn new(tape: Tape, settings: &Settings, rules: Vec<Rule>) -> Result<Self, HedgeError> {
        let player = Player::new(&tape, settings, rules)?;
        let apart_millis = tape.span().map_or(1, |(from, to)| to.since(from) / CHECKPOINTS).max(1);
        Ok(Self { checkpoints: vec![player.clone()], player, tape, apart_millis, sought_after: None })
    }

    /// Follows the position of this text from before the tape on; to be said before anything is played.
    pub fn follow(&mut self, position: &str) {
        for player in self.checkpoints.iter_mut().chain([&mut self.player]) {
            player.ask(Command::Follow(position.to_owned()));
        }
    }

    /// The tape.
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The time of the tape up to which all has been played.
    pub fn position(&self) -> UnixMillis {
        self.player.position()
    }

    /// Plays on up to `to`, at most so many moments of the tape and steps of the engine; returns whether it has arrived.
    pub fn play(&mut self, to: UnixMillis, moments: usize) -> bool {
        self.sought_after = None;
        self.play_within(to, &mut moments.clone())
    }

    fn play_within(&mut self, to: UnixMillis, left: &mut usize) -> bool {
        while self.player.position() < to {
            let last = self.checkpoints.last().map_or(self.player.position(), Player::position);
            let due = last + self.apart_millis;
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

    /// Goes to a time of the tape: back to the newest checkpoint before it, if it lies behind. What lies between is to
    /// be played by [`Self::play`]; a position that is there already needs nothing.
    pub fn seek(&mut self, to: UnixMillis) {
        self.sought_after = None;
        // of the position's next millisecond something may have been played already
        if to < self.player.heard_to() {
            let before = self.checkpoints.partition_point(|checkpoint| checkpoint.position() <= to).max(1);
            self.player = self.checkpoints[before - 1].clone();
        }
    }

    /// Plays on up to the next alert, at most so many moments and steps; returns whether there is one, or the tape has
    /// ended. It goes on with the same search until it has returned so.
    pub fn play_to_alert(&mut self, moments: usize) -> bool {
        let known = *self.sought_after.get_or_insert(self.player.alerts());
        let mut left = moments;
        loop {
            let next = if self.player.heard_to() > self.player.position() {
                self.player.heard_to()
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

    /// The newest time of the tape of which something has been played.
    pub fn heard_to(&self) -> UnixMillis {
        self.player.heard_to()
    }

    /// How many facts the engine has told up to here, those taken back by a way back not counted.
    pub fn facts(&self) -> usize {
        self.player.facts()
    }

    /// How many alerts there have been up to here.
    pub fn alerts(&self) -> usize {
        self.player.alerts()
    }

    /// The code of the evidence's tests, for rules that watch it and for whoever asks.
    pub fn examine_with(&mut self, examine: Examine) {
        self.player.examine_with(examine);
        for checkpoint in &mut self.checkpoints {
            checkpoint.examine_with(examine);
        }
    }

    /// A copy of the engine that runs backtests: on what is known up to here, and nothing later.
    pub fn backtest_aside(&self, set_up: SetUp) -> Aside {
        let mut player = self.player.clone();
        player.backtest_with(set_up);
        Aside(player)
    }

    /// Asks a copy of the engine, so that what is played stays as it is.
    pub fn ask_aside(&self, command: Command) -> Aside {
        let mut player = self.player.clone();
        player.ask(command);
        Aside(player)
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
