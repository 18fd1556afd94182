//! A scan as the engine sees it: its requests to the outside, and its news.
//!
//! The code is loaded when it is first needed, since a visit without a scan does not need it. So the engine
//! passes on bytes that only the page and that code encode and decode.

mod last_scans;
mod machine;
mod message;
mod prices;
mod recordings;

pub use machine::Machine;
pub use message::{Choice, Interval95, News, Plan, Progress, ScanCommand, Stage, Standing};

use crate::archive::store;
use crate::base::asker::Asker;
use crate::binance::FetchError;
use crate::connection::requests::Request;
use crate::scan::survival::Changes;
use crate::settings::Source;
use crate::transfer::Imports;
use crate::{Interval, UnixMillis};

/// Bar lengths for a scan, shortest first.
pub const INTERVALS: [Interval; 4] =
    [Interval::OneMinute, Interval::FiveMinutes, Interval::OneHour, Interval::OneDay];
/// Most requests in progress.
const AT_ONCE: usize = 4;

/// The engine's state that a scan can see.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// Local time.
    pub now: UnixMillis,
    /// Exchange time as well as it is known.
    pub exchange_now: UnixMillis,
    /// The selected source.
    pub source: &'a Source,
    /// The source's host; `None` if there is no host to request from.
    pub host: Option<&'a str>,
    /// Why REST must not be asked yet, as a clause: the pair's own history goes first, and so does a wait that
    /// the exchange demands.
    pub wait: Option<&'a str>,
    /// Whether records can be read.
    pub has_store: bool,
    /// Imported recordings.
    pub imports: &'a Imports,
}

/// Runs scans.
pub trait Scanning: core::fmt::Debug {
    /// Takes an encoded [`ScanCommand`].
    fn command(&mut self, command: &[u8], around: &Around<'_>);
    /// The next REST request, which must be paid for or [put back](Self::put_back).
    fn want(&mut self, around: &Around<'_>) -> Option<Request>;
    /// Postpones a request; the reason is a clause.
    fn put_back(&mut self, id: u64, reason: &str);
    /// The next request to the store.
    fn want_stored(&mut self, around: &Around<'_>) -> Option<store::Request>;
    /// Takes a REST response.
    fn fetched(&mut self, id: u64, response: &Result<String, FetchError>);
    /// Takes an answer from the store.
    fn stored(&mut self, response: store::Answer);
    /// Repeats the scan if that is due.
    fn repeat(&mut self, around: &Around<'_>);
    /// Takes the changes from the previous scan to one that has ended since the last call.
    fn take_changes(&mut self) -> Option<Changes>;
    /// Moves to another engine: pending requests will not be answered.
    fn moved(&mut self);
    /// Does a step of a few milliseconds.
    fn work(&mut self, around: &Around<'_>);
    /// Whether there is work to do at once.
    fn has_work(&self) -> bool;
    /// News since the last call, as encoded [`News`]; at most four times a second during a scan.
    fn take_news(&mut self, now: UnixMillis) -> Option<Vec<u8>>;
}

/// Makes a [`Scanning`] without a scan.
pub type OpenScanner = fn() -> Box<dyn Scanning>;

/// The scan, once its code is there; requests wait until then.
#[derive(Debug, Default)]
pub struct Scanner {
    pub(crate) scanning: Option<Box<dyn Scanning>>,
    waiting: Vec<Vec<u8>>,
}

impl Scanner {
    /// Scans with `open` from now on.
    pub fn open_with(&mut self, open: OpenScanner) {
        self.scanning.get_or_insert_with(open);
    }

    /// Whether the scan's code is there.
    pub fn can_scan(&self) -> bool {
        self.scanning.is_some()
    }

    /// The scan for another engine.
    #[must_use]
    pub fn moved(mut self) -> Self {
        if let Some(scanning) = &mut self.scanning {
            scanning.moved();
        }
        self
    }

    /// Takes an encoded [`ScanCommand`].
    pub(crate) fn command(&mut self, command: Vec<u8>) {
        self.waiting.push(command);
    }

    /// The scan, after passing on all waiting commands.
    pub(crate) fn ready(&mut self, around: &Around<'_>) -> Option<&mut dyn Scanning> {
        let scanning = &mut **self.scanning.as_mut()?;
        for command in self.waiting.drain(..) {
            scanning.command(&command, around);
        }
        scanning.repeat(around);
        Some(scanning)
    }

    /// Whether there is work to do at once.
    pub(crate) fn has_work(&self) -> bool {
        self.scanning.as_ref().is_some_and(|scanning| scanning.has_work())
    }
}

/// Whether an answer from the store belongs to a scan.
pub(crate) fn is_of_scan(response: &store::Answer) -> bool {
    match response {
        store::Answer::Loaded { id, .. }
        | store::Answer::Listed { id, .. }
        | store::Answer::Written { id, .. } => Asker::of(*id) == Some(Asker::Scan),
        _ => false,
    }
}
