//! Several tabs of the page at once: who leads and who follows, what they share, and which of two versions goes
//! on.
//!
//! Tabs with the same source and pair form a group. One of them leads: its engine has the socket, sends REST
//! requests and writes to the store. The others follow: they show what it sends and pass their commands on to
//! it, so that settings changed in one tab change in all. When the leader is gone, the browser's lock passes to
//! the next tab; a frozen leader has it taken away.
//!
//! Everything here is a state machine: events in the browser come in as inputs, actions go out as outputs.
//! [`Tab`] is one tab's part in its group, [`weight::SharedWeight`] the request weight and refusals of all
//! groups, [`line::Line`] the page's line to its engine.

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

/// Something that happened around a tab. `F` is the browser's type of a user's file.
#[derive(Debug)]
pub enum Input<F> {
    /// A command from the page to the live engine.
    Command(Command),
    /// A file from the page; the command to open it follows.
    File {
        /// Its number.
        import: u64,
        /// The file.
        file: F,
    },
    /// An event from this tab's engine.
    Event(Event),
    /// This tab's engine has ended, after [`Output::End`]: the data it leaves behind.
    Ended(Box<Carried<F>>),
    /// The page needs something that only an engine in this tab can give.
    EngineWanted,
    /// The browser has no channel for the group of `turn`.
    NoChannel {
        /// As in [`Output::Enter`].
        turn: u64,
    },
    /// A message from another tab of the group of `turn`.
    Message {
        /// As in [`Output::Enter`].
        turn: u64,
        /// The message.
        message: BetweenTabs,
    },
    /// A claimed lock is held.
    Granted {
        /// As in [`Output::Claim`].
        lock: u64,
    },
    /// Another tab holds the lock, which was claimed [at once](ClaimMode::IfFree).
    Refused {
        /// As in [`Output::Claim`].
        lock: u64,
    },
    /// The browser has no locks.
    NoLocks {
        /// As in [`Output::Claim`].
        lock: u64,
    },
    /// Another tab has taken away this tab's lock.
    TakenAway {
        /// As in [`Output::Claim`].
        lock: u64,
    },
    /// This tab was awake for another second.
    Look {
        /// As in [`Output::Enter`].
        turn: u64,
    },
    /// Another tab of this deployment uses this protocol number.
    Version(u16),
}

/// An action in the browser.
#[derive(Debug)]
pub enum Output<F> {
    /// Tell all tabs of this deployment this tab's protocol number.
    SayVersion,
    /// Leave the previous group's channel and join this one's.
    Enter {
        /// Counts the groups that this tab has been in.
        turn: u64,
        /// The name of the group, of its channel and of its lock.
        group: String,
    },
    /// Claim the group's lock.
    Claim {
        /// The number of the claim.
        lock: u64,
        /// How to claim it.
        mode: ClaimMode,
    },
    /// Send [`Input::Look`] every second until a lock is kept.
    Look {
        /// To be repeated in the input.
        turn: u64,
    },
    /// Keep this lock instead of any claimed or held before. A lock that is granted and not kept is released.
    Keep {
        /// The number of the claim.
        lock: u64,
    },
    /// Release the lock and the place in the queue, if any, and stop looking.
    Release,
    /// Send this to the other tabs of the group.
    Post(BetweenTabs),
    /// Start an engine with the data left behind by the last one.
    Start(Box<Carried<F>>),
    /// End this tab's engine and return its [data](Input::Ended).
    End {
        /// Whether to write pending changes first. If another tab writes already, the data of a tab that was
        /// asleep is older than the stored one.
        write: bool,
    },
    /// Pass this to this tab's engine.
    Order(Command),
    /// Pass the file to this tab's engine.
    HandOver {
        /// Its number.
        import: u64,
        /// The file.
        file: F,
    },
    /// Pass an event of the live engine to this tab's page.
    Tell(Event),
    /// Tell this tab's page its role.
    TellRole(Role),
}

/// How to claim a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimMode {
    /// At once or not at all.
    IfFree,
    /// As soon as it is free.
    InTurn,
    /// At once, taking it from the tab that holds it.
    TakeAway,
}
