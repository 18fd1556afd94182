//! The engine in virtual time: frames in, rows and alerts out, no network and no clock.

use crate::recording::Received;
use crate::store::Store;
use spreadscope_engine::alert::{Rule, RuleError, RuleState};
use spreadscope_engine::archive::StorageStatus;
use spreadscope_engine::config::{SettingsError, Source};
use spreadscope_engine::event::{Alert, Event, Fact, Inspection, Live, PastTest, Row};
use spreadscope_engine::feed::FeedNote;
use spreadscope_engine::input::{FetchError, Output, SocketEvent};
use spreadscope_engine::listing::Listing;
use spreadscope_engine::tests_report::Tests;
use spreadscope_engine::{Command, Engine, Input, Settings, UnixMillis};
use std::collections::BTreeMap;

/// An engine and all it has said.
pub(crate) struct Run {
    pub(crate) engine: Engine,
    pub(crate) rows: BTreeMap<UnixMillis, Row>,
    pub(crate) alerts: Vec<Alert>,
    pub(crate) tests: Vec<Tests>,
    pub(crate) past_tests: Vec<PastTest>,
    /// Rows told more than once.
    pub(crate) told_again: usize,
    pub(crate) urls: Vec<String>,
    pub(crate) live: Option<Live>,
    pub(crate) inspection: Option<Inspection>,
    pub(crate) listing: Option<Listing>,
    pub(crate) refused: Vec<SettingsError>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) rules_refused: Vec<RuleError>,
    pub(crate) rule_states: Vec<RuleState>,
    pub(crate) notes: Vec<FeedNote>,
    pub(crate) generation: u64,
    /// Alerts of earlier visits, as last told.
    pub(crate) log: Vec<Alert>,
    pub(crate) storage: Option<StorageStatus>,
    pub(crate) store: Store,
    rest: Rest,
    now: UnixMillis,
}

/// Answers the engine's questions; `None` leaves one open for ever.
pub(crate) type Rest = Box<dyn Fn(&str) -> Option<Result<String, FetchError>>>;

impl Run {
    /// An engine that has been given `settings` at local time `now`.
    pub(crate) fn start(settings: &Settings, now: i64) -> Self {
        Self::start_with(settings, now, Box::new(|_| None))
    }

    /// The same, with `rest` to answer its questions at once.
    pub(crate) fn start_with(settings: &Settings, now: i64, rest: Rest) -> Self {
        Self::start_engine(Engine::new(1), settings, now, rest, Store::default())
    }

    /// The same, with `store` to keep its records.
    pub(crate) fn start_stored(settings: &Settings, now: i64, rest: Rest, store: Store) -> Self {
        Self::start_engine(Engine::with_store(1), settings, now, rest, store)
    }

    fn start_engine(engine: Engine, settings: &Settings, now: i64, rest: Rest, store: Store) -> Self {
        let mut run = Self {
            engine,
            rows: BTreeMap::new(),
            alerts: Vec::new(),
            tests: Vec::new(),
            past_tests: Vec::new(),
            told_again: 0,
            urls: Vec::new(),
            live: None,
            inspection: None,
            listing: None,
            refused: Vec::new(),
            rules: Vec::new(),
            rules_refused: Vec::new(),
            rule_states: Vec::new(),
            notes: Vec::new(),
            generation: 0,
            log: Vec::new(),
            storage: None,
            store,
            rest,
            now: UnixMillis(now),
        };
        run.configure(settings);
        run
    }

    /// Puts other settings in force.
    pub(crate) fn configure(&mut self, settings: &Settings) {
        self.input(Input::Command(Command::Configure(Box::new(settings.clone()))));
        self.until(self.now + 1);
    }

    /// Asks a venue for its markets.
    pub(crate) fn list_markets(&mut self, source: Source) -> Option<Listing> {
        self.input(Input::Command(Command::ListMarkets(source)));
        self.listing.take()
    }

    /// Asks for what the engine holds.
    pub(crate) fn inspect(&mut self, ticks: usize) -> Inspection {
        self.input(Input::Command(Command::Inspect { ticks }));
        self.inspection.take().expect("an engine with settings answers")
    }

    /// A frame on the socket in use.
    pub(crate) fn frame(&mut self, frame: &Received) {
        self.text(frame.local_millis, frame.text.clone());
    }

    /// The text of a frame on the socket in use.
    pub(crate) fn text(&mut self, local_millis: i64, text: String) {
        self.until(UnixMillis(local_millis));
        self.input(Input::Socket { generation: self.generation, event: SocketEvent::Frame(text) });
    }

    /// The socket in use is cut; another is open by `resumed`.
    pub(crate) fn cut(&mut self, resumed: i64) {
        let event = SocketEvent::Closed { code: 1006, reason: String::new() };
        self.input(Input::Socket { generation: self.generation, event });
        self.until(UnixMillis(resumed));
    }

    /// Lets time pass, with every wakeup that the engine wants.
    pub(crate) fn until(&mut self, now: UnixMillis) {
        while let Some(wakeup) = self.engine.next_wakeup().filter(|&wakeup| wakeup < now) {
            self.now = self.now.max(wakeup);
            self.input(Input::Wakeup);
        }
        self.now = self.now.max(now);
    }

    /// Asks the engine.
    pub(crate) fn command(&mut self, command: Command) {
        self.input(Input::Command(command));
    }

    /// Local time.
    pub(crate) fn now(&self) -> UnixMillis {
        self.now
    }

    fn input(&mut self, input: Input) {
        self.engine.handle(self.now, input);
        let mut answers = Vec::new();
        while let Some(output) = self.engine.poll() {
            match output {
                Output::OpenSocket { generation, url } => {
                    self.generation = generation;
                    self.urls.push(url);
                }
                Output::Fetch { id, url, .. } => {
                    answers.extend((self.rest)(&url).map(|answer| Input::Fetched { id, answer }));
                    self.urls.push(url);
                }
                Output::CloseSocket { .. } | Output::ReadSlice(_) | Output::Emit(Event::Import(_)) => {}
                Output::Store(request) => answers.extend(self.store.answer(request).map(Input::Store)),
                Output::Emit(Event::Live(live)) => self.live = Some(*live),
                Output::Emit(Event::Inspection(told)) => self.inspection = Some(*told),
                Output::Emit(Event::Listing(told)) => self.listing = Some(*told),
                Output::Emit(Event::RuleStates(states)) => self.rule_states = states,
                Output::Emit(Event::Fact { fact, .. }) => self.fact(fact),
            }
        }
        for answer in answers {
            self.input(answer);
        }
    }

    fn fact(&mut self, fact: Fact) {
        match fact {
            Fact::Rows { replace, rows } => {
                if replace {
                    self.told_again += self.rows.len();
                    self.rows.clear();
                }
                for row in rows {
                    self.told_again += usize::from(self.rows.insert(row.open_time, row).is_some());
                }
            }
            Fact::Alert(alert) => self.alerts.push(*alert),
            Fact::Tests(tests) => self.tests.push(*tests),
            Fact::Configured(_) => {}
            Fact::PastTests { replace, points } => {
                if replace {
                    self.past_tests.clear();
                }
                self.past_tests.extend(points);
            }
            Fact::Rules(rules) => self.rules = rules,
            Fact::RulesRefused(errors) => self.rules_refused = errors,
            Fact::Refused(errors) => self.refused = errors,
            Fact::AlertLog(alerts) => self.log = alerts,
            Fact::Storage(storage) => self.storage = Some(*storage),
            Fact::Feed { notes, .. } => self.notes.extend(notes),
        }
    }
}

/// Plays `frames` from first to last.
pub(crate) fn play(settings: &Settings, frames: &[Received]) -> Run {
    let mut run = Run::start(settings, frames[0].local_millis - 1_000);
    for frame in frames {
        run.frame(frame);
    }
    run.until(UnixMillis(frames[frames.len() - 1].local_millis));
    run
}
