//! What comes in and what goes out: the two enums at the engine's edge.

use crate::archive::store;
use crate::backtest::pool::{Errand, Said};
use crate::binance::FetchError;
use crate::connection::{Refused, Spent};
use crate::transfer::imports::SliceWanted;
use crate::{Command, Event};

/// Something that happened outside.
#[derive(Debug, Clone)]
pub enum Input {
    /// News of the socket opened under `generation`. News of one that is no longer wanted is ignored.
    Socket {
        /// The [`Output::OpenSocket`] that it answers.
        generation: u64,
        /// What happened.
        event: SocketEvent,
    },
    /// A REST answer.
    Fetched {
        /// The [`Output::Fetch`] that it answers.
        id: u64,
        /// The body, or why there is none.
        response: Result<String, FetchError>,
    },
    /// The store's answer to an [`Output::Store`].
    Store(store::Answer),
    /// A slice of a file, as [`Output::ReadSlice`] asked for.
    Slice {
        /// The file's number.
        import: u64,
        /// The slice's first byte.
        offset: u64,
        /// The slice, or why there is none.
        response: Result<Vec<u8>, String>,
    },
    /// Another tab has asked something of a venue, perhaps of this one: all tabs share its minute's request weight.
    WeightSpent(Spent),
    /// The exchange has refused another tab because of this machine's address: this engine waits as well.
    Refused(Refused),
    /// The exchange has answered another tab at this address, after refusals in words that the browser hides.
    Answered(String),
    /// News of a worker, as [`Output::Sweep`] had it started.
    Sweep(Said),
    /// The page asks.
    Command(Command),
    /// The time of [`next_wakeup`](crate::Engine::next_wakeup) has come.
    Wakeup,
}

/// News of a socket.
#[derive(Debug, Clone)]
pub enum SocketEvent {
    /// The handshake is done.
    Opened,
    /// A text frame.
    Frame(String),
    /// It is gone.
    Closed {
        /// The close code, 1006 when the network took it.
        code: u16,
        /// The server's reason, often empty.
        reason: String,
    },
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Open a socket; answers carry `generation`. Earlier ones stay until they are closed.
    OpenSocket {
        /// Its number.
        generation: u64,
        /// Its address.
        url: String,
    },
    /// Abandon the socket of `generation`, which may have ended already.
    CloseSocket {
        /// Its number.
        generation: u64,
    },
    /// GET `url` without headers or credentials.
    Fetch {
        /// Its number.
        id: u64,
        /// Its address.
        url: String,
        /// The request weight that it costs, for others on this address to count.
        weight: u32,
    },
    /// Have records kept, read or listed. Only an engine that [has a store](crate::Engine::with_store) asks.
    Store(store::Request),
    /// Read a slice of a file that the page has handed over.
    ReadSlice(SliceWanted),
    /// Start a worker that tries cells of a surface, give it something, or end it.
    Sweep(Errand),
    /// Tell the page.
    Emit(Event),
}
