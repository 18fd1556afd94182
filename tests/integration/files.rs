//! An engine that is given files, natively, as the page and its worker do it.

use spreadscope_engine::alert::Alert;
use spreadscope_engine::analytics::Row;
use spreadscope_engine::analytics::cointegration::Tests;
use spreadscope_engine::archive::{StorageStatus, store};
use spreadscope_engine::messages::event::{Event, Fact};
use spreadscope_engine::messages::input::{Input, Output};
use spreadscope_engine::transfer::news::Report;
use spreadscope_engine::transfer::plan::Plan;
use spreadscope_engine::transfer::{Import, ImportCommand, News, Preview};
use spreadscope_engine::{Command, Engine, Settings, UnixMillis};
use std::collections::BTreeMap;

/// An engine, and what it has reported.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) engine: Engine,
    pub(crate) rows: BTreeMap<UnixMillis, Row>,
    pub(crate) alerts: Vec<Alert>,
    pub(crate) tests: Option<Tests>,
    pub(crate) refused: Vec<String>,
    pub(crate) slices: usize,
    /// Other events of the engine.
    pub(crate) events: Vec<Event>,
    /// The engine's requests to its store.
    pub(crate) stored: Vec<store::Request>,
    pub(crate) storage: StorageStatus,
    pub(crate) previews: Vec<Preview>,
    end: Option<Result<Report, String>>,
    pub(crate) now: UnixMillis,
    /// Number of files so far, which is the newest file's number.
    pub(crate) imports: u64,
    file: Vec<u8>,
}

impl Files {
    pub(crate) fn new() -> Self {
        Self::of(Engine::new(1))
    }

    pub(crate) fn of(mut engine: Engine) -> Self {
        engine.open_files_with(Import::open);
        Self {
            engine,
            rows: BTreeMap::new(),
            alerts: Vec::new(),
            tests: None,
            refused: Vec::new(),
            slices: 0,
            events: Vec::new(),
            stored: Vec::new(),
            storage: StorageStatus::default(),
            previews: Vec::new(),
            end: None,
            now: UnixMillis(1_800_000_000_000),
            imports: 0,
            file: Vec::new(),
        }
    }

    /// Previews a file.
    pub(crate) fn open(&mut self, name: &str, file: Vec<u8>) -> Result<Preview, String> {
        self.imports += 1;
        (self.slices, self.end) = (0, None);
        let open =
            ImportCommand::Open { import: self.imports, name: name.to_owned(), bytes: file.len() as u64 };
        self.file = file;
        self.command_import(open);
        match self.previews.pop() {
            Some(preview) => Ok(preview),
            None => Err(self.end.take().unwrap().unwrap_err()),
        }
    }

    /// Imports the previewed file.
    pub(crate) fn start(&mut self, plan: Plan) -> Result<Report, String> {
        self.command_import(ImportCommand::Start { import: self.imports, plan });
        self.end.take().unwrap()
    }

    /// Previews a file and imports it as recognised.
    pub(crate) fn import(&mut self, name: &str, file: Vec<u8>) -> Result<Report, String> {
        let preview = self.open(name, file)?;
        assert_eq!(preview.problems, Vec::<String>::new(), "{name}");
        self.start(preview.plan)
    }

    /// Applies settings and lets the desk compute all rows.
    pub(crate) fn show(&mut self, settings: Settings) {
        self.refused.clear();
        self.alerts.clear();
        self.command(Command::Configure(Box::new(settings)));
    }

    pub(crate) fn command_import(&mut self, command: ImportCommand) {
        self.command(Command::Import(Box::new(command)));
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.input(Input::Command(command));
    }

    /// Passes `input` on, and lets the engine do what is due at once.
    pub(crate) fn input(&mut self, input: Input) {
        self.engine.handle(self.now, input);
        loop {
            while let Some(output) = self.engine.poll() {
                self.perform(output);
            }
            match self.engine.next_wakeup() {
                // there is work due at once
                Some(UnixMillis(0)) => self.engine.handle(self.now, Input::Wakeup),
                _ => break,
            }
        }
    }

    fn perform(&mut self, output: Output) {
        match output {
            Output::ReadSlice(wanted) => {
                self.slices += 1;
                let from = usize::try_from(wanted.offset).unwrap();
                let to = from + usize::try_from(wanted.length).unwrap();
                let answer = Ok(self.file[from..to].to_vec());
                let (import, offset) = (wanted.import, wanted.offset);
                self.engine.handle(self.now, Input::Slice { import, offset, response: answer });
            }
            Output::Store(request) => self.stored.push(request),
            Output::Emit(Event::Import(news)) => self.news(news),
            Output::Emit(Event::Fact { fact, .. }) => self.fact(fact),
            Output::Emit(event) => self.events.push(event),
            _ => {}
        }
    }

    fn fact(&mut self, fact: Fact) {
        match fact {
            Fact::Rows { replace, rows } => {
                if replace {
                    self.rows.clear();
                }
                self.rows.extend(rows.into_iter().map(|row| (row.open_time, row)));
            }
            Fact::Tests(tests) => self.tests = Some(*tests),
            Fact::Alert(alert) => self.alerts.push(*alert),
            Fact::Storage(status) => self.storage = *status,
            Fact::Refused(errors) => self.refused = errors.into_iter().map(|error| error.message).collect(),
            _ => {}
        }
    }

    fn news(&mut self, news: News) {
        match news {
            News::Preview { preview, .. } => self.previews.push(*preview),
            News::Done(report) => self.end = Some(Ok(*report)),
            News::Failed { reason, .. } => self.end = Some(Err(reason)),
            News::Progress { .. } | News::Cancelled { .. } | News::Recordings(_) => {}
        }
    }
}
