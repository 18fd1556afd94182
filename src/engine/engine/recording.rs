//! The engine's part in imports: slices in and requested, and analytics of the imported data.

use super::{Engine, Running};
use crate::archive::Recordings;
use crate::bars::Bars;
use crate::base::symbol::Leg;
use crate::connection::Connection;
use crate::connection::FeedStatus;
use crate::engine::analysis::Analysis;
use crate::engine::reach::Reach;
use crate::engine::slower_history::SlowerHistory;
use crate::market::Markets;
use crate::messages::event::{Event, Fact};
use crate::messages::input::Output;
use crate::settings::{Settings, SettingsError, Source};
use crate::transfer::common::Common;
use crate::transfer::imports::OpenFile;
use crate::transfer::recorded::Recorded;
use crate::transfer::{ImportCommand, Imports, News};
use crate::{Symbol, UnixMillis};

impl Engine {
    /// Takes out the imported data and the import in progress, for another engine.
    pub fn take_imports(&mut self) -> Imports {
        core::mem::take(&mut self.imports).moved()
    }

    /// Puts in those of another engine.
    pub fn put_imports(&mut self, imports: Imports) {
        self.imports = imports;
    }

    /// Opens files with `open` from now on; until this call none can be opened.
    pub fn open_files_with(&mut self, open: OpenFile) {
        self.imports.open_with(open);
    }

    pub(super) fn command_imports(&mut self, command: ImportCommand) {
        let mut news = Vec::new();
        self.imports.command(command, &mut news);
        self.tell_of_imports(news);
    }

    pub(super) fn slice(&mut self, import: u64, offset: u64, response: Result<&[u8], String>) {
        let mut news = Vec::new();
        self.imports.slice(import, offset, response, &mut news);
        self.tell_of_imports(news);
    }

    /// Advances the import in progress for a few milliseconds.
    pub(super) fn advance_imports(&mut self, now: UnixMillis) {
        let mut news = Vec::new();
        let taken = self.imports.work(now, &mut news);
        self.tell_of_imports(news);
        if !self.imports.is_restored() {
            self.archive.load_imports();
        }
        for symbol in self.imports.take_changed() {
            self.archive.keep_import(&symbol, self.imports.recording(&symbol));
        }
        if let Some(wanted) = self.imports.wanted() {
            self.outputs.push_back(Output::ReadSlice(wanted));
        }
        let shown = self.running.as_ref().map(|running| running.analysis.settings());
        if let Some(settings) = shown.filter(|settings| taken && settings.source == Source::Recording) {
            let settings = settings.clone();
            self.configure(now, &settings);
        }
    }

    /// Starts analytics over the recordings of both legs.
    pub(super) fn show_recording(
        &mut self,
        now: UnixMillis,
        settings: &Settings,
    ) -> Result<(), Vec<SettingsError>> {
        let bars = self.recorded_bars(settings)?;
        let analysis = Analysis::new(settings).map_err(|error| vec![refusal("window", error.to_string())])?;
        self.watch.book.follow(settings, None);
        self.watch.book.rewind();
        self.connect(Connection::stop);
        let mut old = self.running.take();
        if let Some(old) = &mut old {
            self.archive.collect(&mut old.markets);
        }
        self.archive.begin(now, settings);
        let schedule = self.schedule_after(old.as_ref(), &Source::Recording);
        self.running = Some(Running {
            analysis,
            markets: Markets::recorded(settings, bars),
            schedule,
            stream_hosts: Vec::new(),
            aggregated: [false; 2],
            restored: false,
            reach: Reach::default(),
            slower: SlowerHistory::default(),
        });
        self.status = FeedStatus { source: settings.source.label().to_owned(), ..FeedStatus::default() };
        self.unfinished = true;
        self.tests_wanted = true;
        self.fact(Fact::Configured(Box::new(settings.clone())));
        Ok(())
    }

    /// Adds the recordings kept by earlier visits.
    pub(super) fn put_back(&mut self, kept: Recordings) {
        let is_news = !kept.is_empty();
        self.imports.put_back(kept);
        if is_news {
            self.tell_of_imports(vec![self.imports.summaries()]);
        }
    }

    /// The bars of both recordings; where one has more than a page keeps, the newest that both have.
    fn recorded_bars(&self, settings: &Settings) -> Result<[Bars; 2], Vec<SettingsError>> {
        let Settings { pair, interval, .. } = settings;
        let [y, x] = Leg::BOTH.map(|leg| self.recording_of(pair.symbol(leg), settings));
        let legs = match (y, x) {
            (Ok(y), Ok(x)) => [y, x],
            (y, x) => return Err([y.err(), x.err()].into_iter().flatten().collect()),
        };
        let most = self.imports.limits().kept(*interval);
        let common = Common::of(legs, *interval, most).ok_or_else(|| {
            let (y, x) = (&pair.y, &pair.x);
            let reason =
                format!("the recordings of {y} and {x} have no time in common at {}", interval.as_str());
            vec![refusal("pair", reason)]
        })?;
        let is_whole = |leg: &Recorded| {
            let span = leg.span(*interval);
            let bars = span.and_then(|(from, end)| usize::try_from(end.since(from) / interval.millis()).ok());
            bars.is_some_and(|bars| bars <= most)
        };
        if legs.into_iter().all(is_whole)
            && let [Some(y), Some(x)] = legs.map(|leg| leg.bars(*interval))
        {
            return Ok([y, x]);
        }
        Ok(legs.map(|leg| common.bars(leg)))
    }

    /// The recording of `symbol`, which can be shown at the interval.
    fn recording_of(&self, symbol: &Symbol, settings: &Settings) -> Result<&Recorded, SettingsError> {
        let Some(recorded) = self.imports.recording(symbol) else {
            return Err(refusal("pair", format!("there is no recording of {symbol}: import a file with it")));
        };
        if recorded.span(settings.interval).is_some() {
            return Ok(recorded);
        }
        let reason = recorded.refusal(symbol, settings.interval);
        let empty = || format!("the recording of {symbol} has no known bars");
        Err(refusal("interval", reason.unwrap_or_else(empty)))
    }

    fn tell_of_imports(&mut self, news: Vec<News>) {
        for news in news {
            self.outputs.push_back(Output::Emit(Event::Import(news)));
        }
    }
}

fn refusal(field: &str, message: String) -> SettingsError {
    SettingsError { field: field.to_owned(), message }
}
