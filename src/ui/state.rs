//! What the components share: the model, when it was last shown, and the user's choices.

mod groups;

pub use groups::{Backtest, Look, Notes, Panels, Replayed, Scan, TakeNews, Toast};

use crate::ui::backup::Backup;
use crate::ui::reactive::memo;
use crate::ui::remembered::Remembered;
use crate::view::charts::offsets::Offsets;
use crate::view::charts::range::{Span, TimeRange};
use crate::view::feed::storage::Surroundings;
use crate::view::screen::model::Model;
use crate::view::screen::refresh::Refresh;
use crate::view::screen::route::Route;
use crate::view::screen::share::Linked;
use crate::view::screen::zone::Zone;
use crate::view::settings::markets::Markets;
use crate::view::settings::pairs::Pairs;
use crate::web::clock;
use crate::web::file::Picked;
use crate::web::page;
use crate::web::port::Port;
use leptos::prelude::*;
use spreadscope_engine::archive::{BACKUP_FILE, BackupCommand};
use spreadscope_engine::replay::Place;
use spreadscope_engine::transfer::ImportCommand;
use spreadscope_engine::{Command, Settings};
use std::time::Duration;

/// How long the outcome of a command stays on the page.
const SAID_FOR: Duration = Duration::from_secs(5);

/// The page's state, in the context of every component.
///
/// The model is always current, and only the event handler writes it. Components read it when
/// [`Signals::shown`] changes, so that the whole screen shows one moment.
///
/// It lives as long as the page, so that closures hold only a reference to it.
#[derive(Clone, Copy)]
pub struct Desk(&'static Signals);

impl core::ops::Deref for Desk {
    type Target = Signals;
    fn deref(&self) -> &Signals {
        self.0
    }
}

/// The signals of the desk; those that belong to one owner form a group of their own.
pub struct Signals {
    /// All that the engine has reported.
    pub model: StoredValue<Model, LocalStorage>,
    /// Counts the refreshes: the screen shows the model as of the last one.
    pub shown: RwSignal<u64>,
    /// Counts the engine's live messages: the feed's state is followed even while paused.
    pub pulse: RwSignal<u64>,
    /// Counts the engine's responses to the inspector.
    pub inspected: RwSignal<u64>,
    /// Counts the engine's responses about markets.
    pub listed: RwSignal<u64>,
    /// The markets of the venue that was asked last.
    pub markets: RwSignal<Markets>,
    /// The pairs of earlier visits.
    pub pairs: RwSignal<Pairs>,
    /// The view that the page shows.
    pub route: RwSignal<Route>,
    /// The settings that were requested last, in force unless refused.
    pub settings: RwSignal<Settings>,
    /// A linked recording that opens once its files are here.
    pub linked_recording: RwSignal<Option<Linked>>,
    /// The span of the recording that is shown, all of it even where a part is replayed.
    pub recorded: RwSignal<Option<Span>>,
    /// How often the screen follows the model.
    pub refresh: RwSignal<Refresh>,
    /// Network, kept files and other tabs.
    pub surroundings: RwSignal<Surroundings>,
    /// Whether the page is being printed.
    pub printing: RwSignal<bool>,
    /// Whether the user has paused the screen.
    pub paused: RwSignal<bool>,
    /// Whether single-key shortcuts are on.
    pub shortcuts: RwSignal<bool>,
    /// The current stop of the tour, while it is on.
    pub tour: RwSignal<Option<usize>>,
    /// A backup under way.
    pub backup: StoredValue<Backup, LocalStorage>,
    /// The state of the database's copy of the user's choices.
    pub remembered: StoredValue<Remembered, LocalStorage>,
    /// The desk's appearance: what a link and the next visit restore.
    pub look: Look,
    /// The state of the evidence and trade panels.
    pub panels: Panels,
    /// The backtest's state, which only its part understands.
    pub backtest: Backtest,
    /// The scanner's state, which only its part understands.
    pub scan: Scan,
    /// A replay.
    pub replay: Replayed,
    /// The page's own messages.
    pub notes: Notes,
    port: StoredValue<Option<Port>, LocalStorage>,
}

impl core::fmt::Debug for Signals {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Signals").finish_non_exhaustive()
    }
}

impl core::fmt::Debug for Desk {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl Desk {
    /// Makes a desk that has received nothing yet.
    pub fn new(settings: Settings, refresh: Refresh) -> Self {
        let interval = settings.interval;
        Self(Box::leak(Box::new(Signals {
            model: StoredValue::new_local(Model::new(settings.clone())),
            shown: RwSignal::new(0),
            pulse: RwSignal::new(0),
            inspected: RwSignal::new(0),
            listed: RwSignal::new(0),
            markets: RwSignal::new(Markets::default()),
            pairs: RwSignal::new(Pairs::default()),
            route: RwSignal::new(Route::default()),
            settings: RwSignal::new(settings),
            linked_recording: RwSignal::new(None),
            recorded: RwSignal::new(None),
            refresh: RwSignal::new(refresh),
            surroundings: RwSignal::new(Surroundings { online: page::online(), ..Surroundings::default() }),
            printing: RwSignal::new(false),
            paused: RwSignal::new(false),
            shortcuts: RwSignal::new(true),
            tour: RwSignal::new(None),
            backup: StoredValue::new_local(Backup::default()),
            remembered: StoredValue::new_local(Remembered::default()),
            look: Look { range: RwSignal::new(TimeRange::following(interval)), ..Look::default() },
            panels: Panels::default(),
            backtest: Backtest::default(),
            scan: Scan::default(),
            replay: Replayed::default(),
            notes: Notes::default(),
            port: StoredValue::new_local(None),
        })))
    }

    /// Stores the line to the engine.
    pub fn attach(self, port: Port) {
        self.port.set_value(Some(port));
    }

    /// Has the functions fetched that a first visit does not run.
    pub fn fetch_later(self) {
        self.port.with_value(|port| {
            if let Some(port) = port {
                port.fetch_later();
            }
        });
    }

    /// Sends a command to the engine.
    pub fn send(self, command: Command) {
        self.port.with_value(|port| {
            if let Some(port) = port {
                port.send(command);
            }
        });
    }

    /// Asks the engine to put `settings` in force.
    pub fn configure(self, settings: Settings) {
        // a span of seconds does not suit five-minute bars: another interval resets the range
        if self.settings.with_untracked(|known| known.interval) != settings.interval {
            self.look.range.set(TimeRange::following(settings.interval));
        }
        self.settings.set(settings.clone());
        self.send(Command::Configure(Box::new(settings)));
    }

    /// Shows a notice about this session, once.
    pub fn notice(self, notice: String) {
        self.notes.notices.update(|notices| {
            if !notices.contains(&notice) {
                notices.push(notice);
            }
        });
    }

    /// Shows the outcome of a command for a moment.
    pub fn say(self, sentence: String) {
        self.notes.said.set(sentence.clone());
        // another sentence may have replaced it
        let silence = move || {
            if self.notes.said.with_untracked(|said| *said == sentence) {
                self.notes.said.set(String::new());
            }
        };
        set_timeout(silence, SAID_FOR);
    }

    /// Returns the span that is replayed and the place in it, while a replay is on.
    pub fn replayed(self) -> Option<Place> {
        let is_on = self.replay.playback.with_untracked(|replay| replay.is_on);
        self.replay.place.get_untracked().filter(|_| is_on)
    }

    /// Reports whether the file `name` was saved; a failure stays until it is dismissed.
    pub fn say_saved(self, name: &str, saved: Result<(), String>) {
        match saved {
            Ok(()) => self.say(format!("{name} was saved.")),
            Err(reason) => self.notice(format!("{name} was not saved: {reason}.")),
        }
    }

    /// Returns a moment's time of day, with its date if that is not today, in the chosen zone.
    pub fn clock(self, millis: i64) -> String {
        self.look.zone.get().clock(millis, clock::offset_minutes(millis as f64), clock::now().0)
    }

    /// Returns the moments from which to which a span goes, in the chosen zone: dates where one is not of today.
    pub fn span(self, from: i64, to: i64) -> String {
        let ends = [from, to].map(|millis| (millis, clock::offset_minutes(millis as f64)));
        self.look.zone.get().span(ends, clock::now().0)
    }

    /// Returns the ends of `span` in the chosen zone, each with its date.
    pub fn ends(self, span: Span) -> (String, String) {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
        let end = |millis: f64| self.dated(millis as i64);
        (end(span.from), end(span.to))
    }

    /// Returns a moment with its date in the chosen zone, for what may be read on another day.
    pub fn dated(self, millis: i64) -> String {
        self.look.zone.get_untracked().dated(millis, clock::offset_minutes(millis as f64))
    }

    /// Returns the chosen zone's offset from UTC at a moment, for the fields of times, which have no zone of their own.
    pub fn offset_millis(self, millis: f64) -> f64 {
        match self.look.zone.get_untracked() {
            Zone::Utc => 0.0,
            Zone::Local => f64::from(clock::offset_minutes(millis)) * 60_000.0,
        }
    }

    /// Returns the chosen zone's offsets from UTC over `span`.
    pub fn offsets(self, span: Span) -> Offsets {
        match self.look.zone.get_untracked() {
            Zone::Utc => Offsets::fixed(0),
            Zone::Local => Offsets::over(span, clock::offset_minutes),
        }
    }

    fn hand_over(self, number: u64, file: &Picked) {
        self.port.with_value(|port| {
            if let Some(port) = port {
                port.hand_over(number, &file.blob);
            }
        });
    }

    /// Passes a backup to the engine, to replace everything that is stored.
    pub fn restore(self, file: &Picked) {
        self.hand_over(BACKUP_FILE, file);
        self.send(Command::Backup(BackupCommand::Restore { bytes: file.bytes }));
    }

    /// Passes a file to the engine, to be previewed.
    pub fn open_file(self, file: &Picked) {
        let Some(import) = self.model.try_update_value(|model| model.import.open()) else { return };
        self.hand_over(import, file);
        let Picked { name, bytes, .. } = file;
        self.command_import(ImportCommand::Open { import, name: name.clone(), bytes: *bytes });
        self.pulse.update(|pulse| *pulse += 1);
    }

    /// Sends the engine a request about files.
    pub fn command_import(self, command: ImportCommand) {
        self.send(Command::Import(Box::new(command)));
    }

    /// Derives from the model as of the last refresh.
    pub fn derive<T>(self, from_model: impl Fn(&Model) -> T + Send + Sync + 'static) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        self.memo_of(false, Box::new(from_model))
    }

    /// Derives from the model as of the last message: for the feed's state, which a pause does not hide.
    pub fn follow<T>(self, from_model: impl Fn(&Model) -> T + Send + Sync + 'static) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        self.memo_of(true, Box::new(from_model))
    }

    /// The common body of all memos of the model, compiled once per result type.
    fn memo_of<T>(self, at_once: bool, from_model: Box<dyn Fn(&Model) -> T + Send + Sync>) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        memo(move |_| {
            self.shown.track();
            if at_once {
                self.pulse.track();
            }
            self.model.with_value(&from_model)
        })
    }
}

/// Returns the desk of the page.
pub fn use_desk() -> Desk {
    expect_context::<Desk>()
}
