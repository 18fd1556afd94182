//! The scan that the page has asked for, as the engine sees it: what it wants from outside, and what it tells.
//!
//! Its code comes when it is first asked for: a visit without a scan does not need it. So the engine passes on bytes
//! that the page and that code alone encode and decode.

mod ask;
mod kept;
mod machine;
mod prices;
mod recordings;

pub use ask::{Ask, Choice, Interval95, News, Plan, Progress, Stage, Standing};
pub use machine::Machine;

use crate::UnixMillis;
use crate::archive::store;
use crate::binance::FetchError;
use crate::connection::history::Request;
use crate::scan::survival::Changes;
use crate::settings::Source;
use crate::transfer::Imports;

/// The numbers of its requests, to REST and to the store, count from here.
pub const FIRST_ID: u64 = 1 << 42;
/// Requests under way at once.
const AT_ONCE: usize = 4;

/// What a scan can see of the desk.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// Local time.
    pub now: UnixMillis,
    /// The exchange's clock as well as it is known.
    pub exchange_now: UnixMillis,
    /// The desk's source.
    pub source: &'a Source,
    /// Its host; none where there is nothing to ask.
    pub host: Option<&'a str>,
    /// Whether REST may be asked: the desk's own history goes first, and a wait that the exchange demands.
    pub may_ask: bool,
    /// Whether records can be read.
    pub has_store: bool,
    /// What files have brought in.
    pub imports: &'a Imports,
}

/// A scan under way.
pub trait Scanning: core::fmt::Debug {
    /// Takes an encoded [`Ask`].
    fn ask(&mut self, ask: &[u8], around: &Around<'_>);
    /// The next request to REST; it is paid for, or [put back](Self::put_back).
    fn want(&mut self, around: &Around<'_>) -> Option<Request>;
    /// Leaves a request for later, and why, as a clause.
    fn put_back(&mut self, id: u64, reason: &str);
    /// The next request to the store.
    fn want_stored(&mut self, around: &Around<'_>) -> Option<store::Request>;
    /// Takes a response of REST.
    fn fetched(&mut self, id: u64, response: &Result<String, FetchError>);
    /// Takes a response of the store.
    fn stored(&mut self, response: store::Answer);
    /// Scans the same again if that is due.
    fn repeat(&mut self, around: &Around<'_>);
    /// What the scan that has ended meanwhile has changed since the one before.
    fn take_changes(&mut self) -> Option<Changes>;
    /// Goes on in another engine: what this one has asked for does not come.
    fn moved(&mut self);
    /// Does the next piece of work, a few milliseconds of it.
    fn work(&mut self, around: &Around<'_>);
    /// Whether there is work to do at once.
    fn has_work(&self) -> bool;
    /// What is new, as encoded [`News`]; at most four times a second while it goes on.
    fn take_news(&mut self, now: UnixMillis) -> Option<Vec<u8>>;
}

/// Makes a scan that has not been asked for anything.
pub type OpenScanner = fn() -> Box<dyn Scanning>;

/// The scan, once its code is there; until then what is asked for waits.
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

    /// Whether there is what scans.
    pub fn can_scan(&self) -> bool {
        self.scanning.is_some()
    }

    /// The same in another engine.
    #[must_use]
    pub fn moved(mut self) -> Self {
        if let Some(scanning) = &mut self.scanning {
            scanning.moved();
        }
        self
    }

    /// Takes an encoded [`Ask`].
    pub(crate) fn ask(&mut self, ask: Vec<u8>) {
        self.waiting.push(ask);
    }

    /// What scans, once it has been told all that was asked for.
    pub(crate) fn told(&mut self, around: &Around<'_>) -> Option<&mut dyn Scanning> {
        let scanning = &mut **self.scanning.as_mut()?;
        for ask in self.waiting.drain(..) {
            scanning.ask(&ask, around);
        }
        scanning.repeat(around);
        Some(scanning)
    }

    /// Whether there is work to do at once.
    pub(crate) fn has_work(&self) -> bool {
        self.scanning.as_ref().is_some_and(|scanning| scanning.has_work())
    }
}

/// Whether a response of the store is to a scan.
pub(crate) fn is_asked(response: &store::Answer) -> bool {
    match response {
        store::Answer::Loaded { id, .. }
        | store::Answer::Listed { id, .. }
        | store::Answer::Written { id, .. } => *id >= FIRST_ID,
        _ => false,
    }
}
