//! The part of an engine that tabs see: it reports one bar per second, and the settings in force.

use spreadscope_engine::analytics::Row;
use spreadscope_engine::messages::event::Fact;
use spreadscope_engine::messages::protocol::decode;
use spreadscope_engine::{Command, Event, Settings, UnixMillis};

/// An engine that computes nothing.
#[derive(Debug)]
pub(super) struct Engine {
    settings: Settings,
    sequence: u64,
    /// The newest bar reported.
    newest: UnixMillis,
    /// Files that it was told to open.
    pub(super) opened: Vec<u64>,
}

impl Engine {
    pub(super) fn new(now: i64) -> Self {
        Self { settings: Settings::default(), sequence: 0, newest: UnixMillis(now), opened: Vec::new() }
    }

    /// Advances by one second.
    pub(super) fn second(&mut self, now: i64) -> Vec<Event> {
        self.newest = UnixMillis(now);
        vec![self.rows(false)]
    }

    pub(super) fn command(&mut self, command: Command) -> Vec<Event> {
        match command {
            Command::Configure(settings) => {
                self.settings = *settings;
                vec![self.configured(), self.rows(true)]
            }
            Command::Resync => vec![self.configured(), self.rows(true)],
            Command::Import(command) => {
                if let spreadscope_engine::transfer::ImportCommand::Open { import, .. } = *command {
                    self.opened.push(import);
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn configured(&mut self) -> Event {
        self.fact(Fact::Configured(Box::new(self.settings.clone())))
    }

    fn rows(&mut self, replace: bool) -> Event {
        let without_numbers: Row = decode(&[0; 300]).expect("Invariant: zeros are a row without numbers");
        let row = Row { open_time: self.newest, ..without_numbers };
        self.fact(Fact::Rows { replace, rows: vec![row] })
    }

    fn fact(&mut self, fact: Fact) -> Event {
        self.sequence += 1;
        Event::Fact { sequence: self.sequence - 1, fact }
    }
}
