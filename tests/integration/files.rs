//! An engine that is given files, natively, as the page and its worker do it.

use spreadscope_engine::analytics::cointegration::Tests;
use spreadscope_engine::archive::StorageStatus;
use spreadscope_engine::messages::input::Input;
use spreadscope_engine::transfer::news::Report;
use spreadscope_engine::transfer::plan::Plan;
use spreadscope_engine::transfer::{Import, ImportCommand, News, Preview};
use spreadscope_engine::{Command, Engine, Settings, UnixMillis};
use spreadscope_simulation::{Driver, PageState};

/// An engine, what it has reported, and the file that it reads.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) driver: Driver,
    /// How many slices of the newest file have been read.
    pub(crate) slices: usize,
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
        let driver = Driver::new(engine, UnixMillis(1_800_000_000_000));
        Self { driver, slices: 0, imports: 0, file: Vec::new() }
    }

    /// What the engine has reported.
    pub(crate) fn page(&self) -> &PageState {
        &self.driver.page
    }

    /// The newest test results.
    pub(crate) fn tests(&self) -> &Tests {
        self.page().tests.last().unwrap()
    }

    pub(crate) fn storage(&self) -> &StorageStatus {
        self.page().storage.as_ref().unwrap()
    }

    /// Why the newest settings were refused.
    pub(crate) fn refused(&self) -> Vec<&str> {
        self.page().refused.iter().map(|error| error.message.as_str()).collect()
    }

    /// Previews a file.
    pub(crate) fn open(&mut self, name: &str, file: Vec<u8>) -> Result<Preview, String> {
        self.imports += 1;
        self.slices = 0;
        let open =
            ImportCommand::Open { import: self.imports, name: name.to_owned(), bytes: file.len() as u64 };
        self.file = file;
        self.command_import(open);
        match self.preview() {
            Some(preview) => Ok(preview),
            None => Err(self.end().unwrap_err()),
        }
    }

    /// Imports the previewed file.
    pub(crate) fn start(&mut self, plan: Plan) -> Result<Report, String> {
        self.command_import(ImportCommand::Start { import: self.imports, plan });
        self.end()
    }

    /// Previews a file and imports it as recognised.
    pub(crate) fn import(&mut self, name: &str, file: Vec<u8>) -> Result<Report, String> {
        let preview = self.open(name, file)?;
        assert_eq!(preview.problems, Vec::<String>::new(), "{name}");
        self.start(preview.plan)
    }

    /// Applies settings and lets the desk compute all rows.
    pub(crate) fn show(&mut self, settings: Settings) {
        self.driver.page.refused.clear();
        self.driver.page.alerts.clear();
        self.command(Command::Configure(Box::new(settings)));
    }

    pub(crate) fn command_import(&mut self, command: ImportCommand) {
        self.command(Command::Import(Box::new(command)));
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.input(Input::Command(command));
    }

    /// Passes `input` on, reads the file as the engine wants it, and lets the engine do what is due at once.
    pub(crate) fn input(&mut self, input: Input) {
        let now = self.driver.now;
        self.driver.input(now, input);
        loop {
            if let Some(wanted) = self.driver.slices.pop() {
                self.slices += 1;
                let from = usize::try_from(wanted.offset).unwrap();
                let to = from + usize::try_from(wanted.length).unwrap();
                let response = Ok(self.file[from..to].to_vec());
                let (import, offset) = (wanted.import, wanted.offset);
                self.driver.input(now, Input::Slice { import, offset, response });
            } else if self.driver.engine.next_wakeup() == Some(UnixMillis(0)) {
                self.driver.input(now, Input::Wakeup);
            } else {
                break;
            }
        }
    }

    /// Takes the newest preview that has been reported.
    pub(crate) fn preview(&mut self) -> Option<Preview> {
        let news = &mut self.driver.page.imports;
        let at = news.iter().rposition(|news| matches!(news, News::Preview { .. }))?;
        match news.swap_remove(at) {
            News::Preview { preview, .. } => Some(*preview),
            _ => None,
        }
    }

    /// Takes how the newest import has ended.
    fn end(&mut self) -> Result<Report, String> {
        let mut news = self.driver.page.imports.drain(..).rev();
        let end = news.find_map(|news| match news {
            News::Done(report) => Some(Ok(*report)),
            News::Failed { reason, .. } => Some(Err(reason)),
            News::Preview { .. } | News::Progress { .. } | News::Cancelled { .. } | News::Recordings(_) => {
                None
            }
        });
        end.unwrap()
    }
}
