//! Inputs and outputs: the two enums at the engine's edge.

use crate::archive::store;
use crate::backtest::pool::{Errand, WorkerNews};
use crate::binance::FetchError;
use crate::connection::{Refused, Spent};
use crate::transfer::imports::SliceWanted;
use crate::{Command, Event};

/// Something that happened outside the engine.
#[derive(Debug, Clone)]
pub enum Input {
    /// Event of the socket opened as `generation`; ignored if that socket is no longer wanted.
    Socket {
        /// The [`Output::OpenSocket`] that it belongs to.
        generation: u64,
        /// What happened.
        event: SocketEvent,
    },
    /// A REST response.
    Fetched {
        /// The [`Output::Fetch`] that it belongs to.
        id: u64,
        /// The body, or why there is none.
        response: Result<String, FetchError>,
    },
    /// The store's answer to an [`Output::Store`].
    Store(store::Answer),
    /// A slice of a file, as requested by [`Output::ReadSlice`].
    Slice {
        /// The import's number.
        import: u64,
        /// Offset of the slice's first byte.
        offset: u64,
        /// The slice, or why there is none.
        response: Result<Vec<u8>, String>,
    },
    /// Another tab has sent a request to a venue, perhaps this one: all tabs share its request weight per
    /// minute.
    WeightSpent(Spent),
    /// The exchange has refused another tab because of this machine's IP address: this engine waits as well.
    Refused(Refused),
    /// The exchange has responded to another tab at this URL, after failures that the browser hides.
    Responded(String),
    /// Message of a worker started by [`Output::Sweep`].
    Sweep(WorkerNews),
    /// A command from the page.
    Command(Command),
    /// The time of [`next_wakeup`](crate::Engine::next_wakeup) has come.
    Wakeup,
}

/// Event of a socket.
#[derive(Debug, Clone)]
pub enum SocketEvent {
    /// The handshake is done.
    Opened,
    /// A text frame.
    Frame(String),
    /// It has closed.
    Closed {
        /// The close code; 1006 if the network cut it.
        code: u16,
        /// The server's reason, often empty.
        reason: String,
    },
}

/// Something to do outside the engine.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Open a socket; its events carry `generation`. Earlier sockets stay open until closed.
    OpenSocket {
        /// Its id.
        generation: u64,
        /// Its URL.
        url: String,
    },
    /// Close the socket `generation`, which may have ended already.
    CloseSocket {
        /// Its id.
        generation: u64,
    },
    /// GET `url` without headers or credentials.
    Fetch {
        /// Its id.
        id: u64,
        /// Its URL.
        url: String,
        /// Its request weight, for others on this IP address to count.
        weight: u32,
    },
    /// Keep, read or list records. Only an engine [with a store](crate::Engine::with_store) sends this.
    Store(store::Request),
    /// Read a slice of a file that the page has handed over.
    ReadSlice(SliceWanted),
    /// Start a worker that computes cells of a surface, send it something, or end it.
    Sweep(Errand),
    /// Send an event to the page.
    Emit(Event),
}
