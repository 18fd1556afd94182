//! The loop around an engine: inputs in, outputs sorted by recipient.

use crate::page_state::PageState;
use spreadscope_engine::archive::store;
use spreadscope_engine::messages::input::Output;
use spreadscope_engine::transfer::imports::SliceWanted;
use spreadscope_engine::{Engine, Input, UnixMillis};
use std::collections::BTreeMap;

/// A REST request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// Its number.
    pub id: u64,
    /// Its address.
    pub url: String,
    /// Its request weight.
    pub weight: u32,
}

/// An engine and its requests to the outside. Times are local.
#[derive(Debug)]
pub struct Driver {
    /// The engine.
    pub engine: Engine,
    /// What it has reported.
    pub page: PageState,
    /// Addresses of the sockets that it wants, by generation.
    pub sockets: BTreeMap<u64, String>,
    /// Generation and address of sockets opened since this was last taken.
    pub opened: Vec<(u64, String)>,
    /// Generations closed since this was last taken.
    pub closed: Vec<u64>,
    /// Requests not taken yet.
    pub fetches: Vec<Fetch>,
    /// Requests to the store not taken yet.
    pub stored: Vec<store::Request>,
    /// Slices of a file not read yet.
    pub slices: Vec<SliceWanted>,
    /// Local time of the last input.
    pub now: UnixMillis,
}

impl Driver {
    /// Drives `engine` from local time `now` on.
    pub fn new(engine: Engine, now: UnixMillis) -> Self {
        Self {
            engine,
            page: PageState::default(),
            sockets: BTreeMap::new(),
            opened: Vec::new(),
            closed: Vec::new(),
            fetches: Vec::new(),
            stored: Vec::new(),
            slices: Vec::new(),
            now,
        }
    }

    /// Passes `input` to the engine at local time `now`, and sorts its outputs.
    pub fn input(&mut self, now: UnixMillis, input: Input) {
        self.now = now;
        self.engine.handle(now, input);
        while let Some(output) = self.engine.poll() {
            match output {
                Output::OpenSocket { generation, url } => {
                    self.opened.push((generation, url.clone()));
                    self.sockets.insert(generation, url);
                }
                Output::CloseSocket { generation } => {
                    self.sockets.remove(&generation);
                    self.closed.push(generation);
                }
                Output::Fetch { id, url, weight } => self.fetches.push(Fetch { id, url, weight }),
                Output::Store(request) => self.stored.push(request),
                Output::Emit(event) => self.page.take(event),
                Output::ReadSlice(wanted) => self.slices.push(wanted),
                // an engine without a bench starts no workers
                Output::Sweep(_) => {}
            }
        }
    }
}
