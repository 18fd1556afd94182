//! Several tabs of the page at once: who leads and who follows, what they share, and which of two versions goes on.
//!
//! Tabs on the same source and pair are a group. One of them leads: its engine has the socket, asks REST and writes.
//! The others follow: they show what it tells and pass their commands on to it, so that settings changed in one are
//! changed in all. When the leader is gone the browser's lock goes to the next; a leader that is frozen loses it.
//!
//! Everything here is a state machine: what happens in the browser comes in as an input, what is to be done there goes
//! out as an output. [`Tab`] is one tab's part in its group, [`weight::SharedWeight`] the request weight and the
//! refusals of all groups, [`line::Line`] the page's line to its engine.

pub mod carried;
pub mod line;
pub mod name;
mod tab;
#[cfg(test)]
mod tab_tests;
pub mod version;
pub mod weight;

pub use carried::Carried;
pub use name::Names;
pub use tab::Tab;

use crate::messages::protocol::{BetweenTabs, Role};
use crate::{Command, Event};

/// Something that happened around a tab. `F` is a file of the user's, as the browser has it.
#[derive(Debug)]
pub enum Input<F> {
    /// The page asks the live engine.
    Command(Command),
    /// The page hands a file over; the command to open it follows.
    File {
        /// Its number.
        import: u64,
        /// The file.
        file: F,
    },
    /// This tab's engine tells.
    Told(Event),
    /// This tab's engine has ended, as [`Output::End`] demanded: what it leaves behind.
    Ended(Box<Carried<F>>),
    /// What only an engine of this tab's own can tell is wanted.
    EngineWanted,
    /// The browser has no channel between the tabs of the group of `turn`.
    NoChannel {
        /// As [`Output::Enter`] said.
        turn: u64,
    },
    /// Another tab of the group of `turn` says.
    Heard {
        /// As [`Output::Enter`] said.
        turn: u64,
        /// What.
        message: BetweenTabs,
    },
    /// A lock that was asked for is held.
    Granted {
        /// As [`Output::Ask`] said.
        lock: u64,
    },
    /// Another tab holds it, and it was wanted [at once](Ask::IfFree).
    Refused {
        /// As [`Output::Ask`] said.
        lock: u64,
    },
    /// The browser has no locks.
    NoLocks {
        /// As [`Output::Ask`] said.
        lock: u64,
    },
    /// Another tab has taken away the lock that this one held.
    TakenAway {
        /// As [`Output::Ask`] said.
        lock: u64,
    },
    /// A second has passed in which this tab was awake.
    Look {
        /// As [`Output::Enter`] said.
        turn: u64,
    },
    /// A tab of this deployment speaks this protocol.
    Version(u16),
}

/// Something to be done in the browser.
#[derive(Debug)]
pub enum Output<F> {
    /// Tell all tabs of this deployment which protocol this one speaks.
    SayVersion,
    /// Leave the channel of the group before, and join that of this one.
    Enter {
        /// Counts the groups that this tab was in.
        turn: u64,
        /// The group's name, of its lock too.
        group: String,
    },
    /// Ask for the lock of the group.
    Ask {
        /// A number of its own.
        lock: u64,
        /// How.
        how: Ask,
    },
    /// Say that a second has passed, every second, until a lock is kept.
    Look {
        /// For the input.
        turn: u64,
    },
    /// Keep this lock in place of what was asked for or held before. One that is granted and not kept is given back.
    Keep {
        /// Which.
        lock: u64,
    },
    /// Give back the lock and the place in the queue, if there are any, and look no more.
    Release,
    /// Say this to the other tabs of the group.
    Post(BetweenTabs),
    /// Start an engine on what was left behind by the last one.
    Start(Box<Carried<F>>),
    /// End this tab's engine, and tell what it [leaves behind](Input::Ended).
    End {
        /// What is not stored yet is written first. Otherwise another tab writes, and what a tab held that was
        /// asleep is older than that.
        write: bool,
    },
    /// Pass this on to this tab's engine.
    Order(Command),
    /// Hand the file over to this tab's engine.
    HandOver {
        /// Its number.
        import: u64,
        /// The file.
        file: F,
    },
    /// Tell this tab's page what a live engine says.
    Tell(Event),
    /// Tell this tab's page what it does among the tabs.
    TellRole(Role),
}

/// How a lock is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// At once or not at all.
    IfFree,
    /// As soon as it is free.
    InTurn,
    /// At once, from whoever holds it.
    TakeAway,
}
