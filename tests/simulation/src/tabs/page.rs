//! One tab: its state machine, its engine, and what its page has received.

use super::browser::Browser;
use super::engine::Engine;
use super::{STALE_MOST_MILLIS, TabsReport};
use spreadscope_engine::messages::event::Fact;
use spreadscope_engine::messages::protocol::Role;
use spreadscope_engine::tabs::{Carried, Input, Names, Output, Tab};
use spreadscope_engine::transfer::ImportCommand;
use spreadscope_engine::{Command, Event, UnixMillis};

/// A tab and what it controls.
#[derive(Debug)]
pub(super) struct Page {
    number: u32,
    pub(super) tab: Tab<u64>,
    /// Whether it is of the newer version of the page.
    pub(super) newer: bool,
    pub(super) engine: Option<Engine>,
    /// The file that was passed to its engine.
    file: Option<u64>,
    role: Option<Role>,
    /// The newest bar that the page shows.
    shown: Option<UnixMillis>,
    /// The newest file from the user, and whether an engine of this tab had it when told to open it.
    given: Option<(u64, bool)>,
    now: i64,
}

/// Returns the command to open a file.
pub(super) fn open_file(import: u64) -> Command {
    Command::Import(Box::new(ImportCommand::Open { import, name: "prices.csv".to_owned(), bytes: 100 }))
}

impl Page {
    pub(super) fn new(number: u32, newer: bool, now: i64) -> Self {
        Self {
            number,
            tab: Tab::new(Names::of("http://example.org/app.js"), u64::from(number)),
            newer,
            engine: None,
            file: None,
            role: None,
            shown: None,
            given: None,
            now,
        }
    }

    pub(super) fn is_outdated(&self) -> bool {
        self.role == Some(Role::Outdated)
    }

    /// Gives it a file from the user.
    pub(super) fn give_file(&mut self, import: u64) {
        if !self.is_outdated() {
            self.given = Some((import, false));
        }
    }

    /// Advances by one second in which it was awake.
    pub(super) fn second(&mut self, now: i64) {
        self.now = now;
        let told = self.engine.as_mut().map(|engine| engine.second(now)).unwrap_or_default();
        self.tell(told);
    }

    fn tell(&mut self, events: Vec<Event>) {
        for event in events {
            self.tab.handle(Input::Event(event));
        }
    }

    /// Performs the tab's outputs.
    pub(super) fn perform(&mut self, browser: &mut Browser, report: &mut TabsReport) {
        self.now = browser.now;
        while let Some(output) = self.tab.poll() {
            match output {
                Output::Start(carried) => {
                    report.takeovers += usize::from(carried.reported_to.is_some());
                    self.file = carried.file.map(|(import, _)| import);
                    self.engine = Some(Engine::new(self.now));
                }
                Output::End { .. } => {
                    self.engine = None;
                    let file = self.file.take().map(|import| (import, import));
                    self.tab.handle(Input::Ended(Box::new(Carried { file, ..Carried::default() })));
                }
                Output::HandOver { import, .. } => self.file = Some(import),
                Output::Order(command) => {
                    let told = self.engine.as_mut().map(|engine| engine.command(command)).unwrap_or_default();
                    self.find_file(report);
                    self.tell(told);
                }
                Output::Tell(Event::Fact { fact: Fact::Rows { rows, .. }, .. }) => {
                    self.shown = rows.last().map(|row| row.open_time).or(self.shown);
                }
                Output::Tell(_) => {}
                Output::TellRole(role) => self.role = Some(role),
                other => browser.take(self.number, self.newer, other),
            }
        }
    }

    /// Records that the engine opens a file that it has.
    fn find_file(&mut self, report: &mut TabsReport) {
        if let (Some((given, found @ false)), Some(engine)) = (&mut self.given, &self.engine)
            && engine.opened.contains(given)
            && self.file == Some(*given)
        {
            *found = true;
            report.files += 1;
        }
    }

    /// Checks a tab of the current version after a quiet period.
    pub(super) fn settled(&self, now: i64) -> Result<(), String> {
        let age = self.shown.map(|shown| now - shown.0);
        if age.is_none_or(|age| age > STALE_MOST_MILLIS) {
            return Err(format!("shows what is {age:?} ms old"));
        }
        if self.engine.is_some() != self.tab.leads() {
            return Err("leads without an engine, or has one and follows".to_owned());
        }
        if let Some((import, false)) = self.given {
            return Err(format!("was given file {import}, and no engine of its own has read it"));
        }
        Ok(())
    }
}
