//! The central state machine: takes inputs, keeps time, returns outputs.

mod advance;
mod analysis;
mod backtests;
mod backup;
mod live;
mod markets;
mod older;
mod quotes;
mod reach;
mod recording;
mod replayed;
mod responses;
mod scan;
mod settings;
mod slower;
mod slower_history;
mod socket;
mod status;
mod venues;
mod watch;
mod watchlist;

pub use older::{Held, MOST_BARS as MOST_OLDER_BARS};

use crate::UnixMillis;
use crate::alert::Between;
use crate::analytics::evidence::Examine;
use crate::analytics::position::Position;
use crate::archive::{Archive, BACKUP_FILE};
use crate::backtest::bench::Bench;
use crate::base::note::NoteLog;
use crate::base::symbol::Leg;
use crate::connection::Connection;
use crate::connection::local_clock::LocalClock;
use crate::connection::quotes::QuoteSchedule;
use crate::connection::requests::RequestSchedule;
use crate::connection::{FeedStatus, Polling, Venues};
use crate::engine::analysis::Analysis;
use crate::engine::reach::Reach;
use crate::engine::slower_history::SlowerHistory;
use crate::engine::watch::Watch;
use crate::market::Markets;
use crate::market::rate::Rate;
use crate::messages::event::{Event, Fact, Inspection, LegTicks};
use crate::messages::input::{Input, Output, SocketEvent};
use crate::messages::protocol::Command;
use crate::scan::scanner::Scanner;
use crate::scan::watchlist::Watchlist;
use crate::transfer::Imports;
use std::collections::VecDeque;

/// Shortest time between two live updates.
const LIVE_MILLIS: i64 = 250;

/// The engine: takes what happened and returns what to do.
///
/// All times passed in are local; exchange time comes only from the frames.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one part has something to do")]
pub struct Engine {
    outputs: VecDeque<Output>,
    sequence: u64,
    local: LocalClock,
    notes: NoteLog,
    running: Option<Running>,
    /// Demands of the venues that were selected before, and the weight spent there.
    venues: Venues,
    connection: Connection,
    polling: Polling,
    status: FeedStatus,
    rate: Rate,
    archive: Archive,
    imports: Imports,
    next_live: UnixMillis,
    /// Whether the tests are to run at once, at any bar.
    tests_wanted: bool,
    unfinished: bool,
    /// Whether initial bars are still arriving.
    filling: bool,
    /// Whether past tests are still to be computed.
    behind: bool,
    /// The venue whose markets were last requested.
    listing: Option<markets::ListRequest>,
    watch: Watch,
    watchlist: Watchlist,
    quotes: QuoteSchedule,
    scanner: Scanner,
    /// The code of the evidence's tests, once it is there.
    examine: Option<Examine>,
    /// The code that runs backtests, once it is there; below, the command that waits for it.
    bench: Option<Box<dyn Bench>>,
    backtest_command: Option<Vec<u8>>,
    /// The time up to which the previous leader has reported bars, until the analytics know it.
    reported_to: Option<UnixMillis>,
    /// When the feed was requested, from which its silence is counted at first.
    feed_requested: UnixMillis,
}

/// The part of the engine that exists once there are settings.
#[derive(Debug, Clone)]
struct Running {
    analysis: Analysis,
    markets: Markets,
    schedule: RequestSchedule,
    stream_hosts: Vec<String>,
    /// The legs whose aggregate trades the newest socket carries too.
    aggregated: [bool; 2],
    /// Whether the store has supplied bars, which are shown without waiting for the other leg.
    restored: bool,
    reach: Reach,
    slower: SlowerHistory,
}

impl Engine {
    /// An engine that waits for its first [`Command::Configure`] and keeps everything in memory; `seed`
    /// determines its jitter.
    pub fn new(seed: u64) -> Self {
        Self::start(seed, false)
    }

    /// An engine whose history outlives it, through [`Output::Store`]. If the store cannot be used, it
    /// continues in memory and says so.
    pub fn with_store(seed: u64) -> Self {
        Self::start(seed, true)
    }

    fn start(seed: u64, has_store: bool) -> Self {
        Self {
            outputs: VecDeque::new(),
            sequence: 0,
            local: LocalClock::default(),
            notes: NoteLog::default(),
            running: None,
            venues: Venues::default(),
            connection: Connection::new(seed),
            polling: Polling::default(),
            status: FeedStatus::default(),
            rate: Rate::default(),
            archive: Archive::new(has_store),
            imports: Imports::default(),
            next_live: UnixMillis(0),
            tests_wanted: true,
            unfinished: false,
            filling: false,
            behind: false,
            listing: None,
            watch: Watch::default(),
            watchlist: Watchlist::default(),
            quotes: QuoteSchedule::default(),
            scanner: Scanner::default(),
            examine: None,
            bench: None,
            backtest_command: None,
            reported_to: None,
            feed_requested: UnixMillis(0),
        }
    }

    /// Makes the next [`Command::Configure`] take over from an engine that has reported the bars closed by
    /// `reported_to`: later crossings raise alerts, earlier ones do not.
    pub fn take_over(&mut self, reported_to: UnixMillis) {
        self.reported_to = Some(reported_to);
    }

    /// Computes the evidence with `examine` from now on; until this call, requests wait.
    pub fn examine_with(&mut self, examine: Examine) {
        self.examine = Some(examine);
    }

    /// Whether the evidence can be computed.
    pub fn can_examine(&self) -> bool {
        self.examine.is_some()
    }

    /// Applies one input at local time `now`. The only way state changes.
    pub fn handle(&mut self, now: UnixMillis, input: Input) {
        let now = self.local.count(now);
        if let Some(millis) = self.local.leap_millis() {
            self.leap(now, millis);
        }
        // the watchdog goes first: after sleep, old frames must not pass for new ones
        self.connect(|connection| connection.due(now));
        match input {
            Input::Socket { generation, event: SocketEvent::Frame(text) } => {
                self.frame(now, generation, &text);
                // most frames only change a bar that is still open
                if !self.is_due(now) {
                    return;
                }
            }
            other => self.take(now, other),
        }
        self.advance_all(now);
    }

    /// Takes any input but a frame. Kept apart, like [`Self::advance_all`], so that the path of a frame stays
    /// short enough for compilers to make it fast.
    #[inline(never)]
    fn take(&mut self, now: UnixMillis, input: Input) {
        match input {
            Input::Socket { generation, event } => self.socket(now, generation, event),
            Input::Fetched { id, response } => self.fetched(now, id, response),
            Input::Store(response) => self.stored(now, response),
            Input::Slice { import, offset, response } => {
                let slice = match &response {
                    Ok(slice) => Ok(slice.as_slice()),
                    Err(reason) => Err(reason.clone()),
                };
                if import == BACKUP_FILE {
                    self.archive.backup_slice(slice);
                } else {
                    self.slice(import, offset, slice);
                }
            }
            Input::WeightSpent(spent) => self.weight_spent(now, &spent),
            Input::Refused(refused) => self.refused_elsewhere(now, &refused),
            Input::Responded(url) => self.responded_elsewhere(&url),
            Input::Sweep(news) => self.take_worker_news(news),
            Input::Command(command) => self.command(now, command),
            Input::Wakeup => {}
        }
    }

    /// Advances everything that may have something to do.
    #[inline(never)]
    fn advance_all(&mut self, now: UnixMillis) {
        self.advance_imports(now);
        self.advance(now);
        self.advance_backup();
        self.advance_watchlist(now);
        self.advance_quotes(now);
        self.advance_slower(now);
        self.advance_scan(now);
        self.advance_backtests(now);
    }

    /// Whether a bar is due to close, a closed one has changed, or a live update is due.
    fn is_due(&self, now: UnixMillis) -> bool {
        let Some(running) = &self.running else { return true };
        let markets = &running.markets;
        let closes =
            markets.next_close().zip(markets.clock.newest()).is_none_or(|(close, newest)| newest >= close);
        self.unfinished || now >= self.next_live || closes || markets.is_revised()
    }

    /// The next local time at which [`Input::Wakeup`] is wanted, if any.
    pub fn next_wakeup(&self) -> Option<UnixMillis> {
        if self.imports.has_work() {
            return Some(UnixMillis(0));
        }
        self.running.as_ref()?;
        let has_work = self.scanner.has_work() || self.is_backtesting() || self.watchlist.has_work();
        if self.unfinished || self.behind || has_work {
            return Some(UnixMillis(0));
        }
        let next = [Some(self.next_live), self.connection.deadline()].into_iter().flatten().min();
        next.map(|next| self.local.local(next))
    }

    /// Takes the oldest pending output.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front().or_else(|| self.archive.poll().map(Output::Store))
    }

    /// Both legs' markets, for tests and debug views; `None` before the first settings.
    pub fn markets(&self) -> Option<&Markets> {
        self.running.as_ref().map(|running| &running.markets)
    }

    /// Whether initial bars are still arriving.
    pub fn is_filling(&self) -> bool {
        self.filling
    }

    /// Data from imported files.
    pub fn imports(&self) -> &Imports {
        &self.imports
    }

    fn command(&mut self, now: UnixMillis, command: Command) {
        match command {
            Command::Configure(settings) => self.configure(now, &settings),
            // they run once the whole sample is here
            Command::RunTests if self.filling => self.tests_wanted = true,
            Command::RunTests => {
                if let Some(tests) = self.running.as_mut().and_then(|running| running.analysis.test()) {
                    self.fact(Fact::Tests(Box::new(tests)));
                }
            }
            Command::Import(command) => self.command_imports(*command),
            Command::Backup(command) => self.archive.back_up(command),
            Command::Examine(options) => {
                if let Some(running) = &mut self.running {
                    running.analysis.examine(now, options);
                }
            }
            Command::Follow(position) => self.watch.book.watch_position(Position::restore(&position)),
            Command::Rehearse(position) => self.watch.book.rehearse(Position::restore(&position)),
            Command::Quote => self.quotes.look(now),
            Command::Scan(command) => self.scanner.command(command),
            Command::Backtest(command) => self.backtest_command = Some(command),
            Command::Watch(pairs) => self.watchlist.watch(pairs),
            Command::Remember(preferences) => self.archive.keep_choices(&preferences),
            Command::LoadOlder => self.load_older(),
            Command::RecallTrades { from, to } => self.recall_trades(from, to),
            // where frames arrive, there is only REST to be tried again
            Command::Reconnect if self.is_fed(now) => self.end_waits(now, |_| {}),
            Command::Reconnect => self.end_waits(now, |connection| connection.reconnect(now)),
            Command::NetworkReturned => {
                self.polling.network_returned();
                self.end_waits(now, |connection| connection.network_returned(now));
            }
            Command::Inspect { ticks } => self.inspect(ticks),
            Command::ListMarkets(source) => self.list_markets(now, source),
            Command::Resync => {
                self.watchlist.tell_again();
                let notes = self.notes.take_all();
                self.fact(Fact::Feed { replace: true, notes });
                if let Some(running) = &mut self.running
                    && let settings = running.analysis.settings().clone()
                    && let Ok(analysis) = running.analysis.reconfigured(&settings, &mut self.watch.book)
                {
                    let settings = analysis.settings().clone();
                    running.analysis = analysis;
                    self.fact(Fact::Configured(Box::new(settings)));
                    if let Some(rules) = self.watch.rules() {
                        self.fact(rules);
                    }
                    self.fact(Fact::AlertLog(self.archive.alerts()));
                    self.archive.tell_again();
                }
            }
            // replays are run beside the engine
            Command::Replay(_) => {}
            Command::Flush => self.archive.flush(),
            Command::DeleteHistory => {
                if let Some(running) = &self.running {
                    self.archive.delete_history(&running.markets);
                }
            }
            Command::SetRules(_) | Command::Snooze { .. } | Command::TestRule(_) => {
                let between = self.between(now);
                let analysis = self.running.as_ref().map(|running| &running.analysis);
                let settings = analysis.map(|analysis| analysis.settings().clone()).unwrap_or_default();
                let inputs = analysis.and_then(Analysis::inputs);
                let response = self.watch.command(command, &settings, between, inputs.as_ref());
                if let Some(fact) = response {
                    self.tell(fact);
                }
            }
        }
    }

    fn inspect(&mut self, ticks_requested: usize) {
        let Some(Running { analysis, markets, .. }) = &self.running else { return };
        let ticks = Leg::BOTH.map(|leg| {
            let held = &markets.legs[leg as usize].ticks;
            let symbol = analysis.settings().pair.symbol(leg).clone();
            LegTicks { symbol, kept: held.len(), trades: held.newest(ticks_requested) }
        });
        self.outputs
            .push_back(Output::Emit(Event::Inspection(Box::new(Inspection { ticks_requested, ticks }))));
    }

    /// The state between bars at local time `now`, for rules.
    fn between(&self, now: UnixMillis) -> Between {
        let running = self.running.as_ref();
        let time = running.and_then(|running| running.markets.clock.now(now)).unwrap_or(now);
        Between {
            silent_millis: match self.status.last_frame_local {
                // a recording has no feed to be silent
                _ if running.is_some_and(|running| running.markets.is_recorded()) => 0,
                Some(last) => self.local.local(now).since(last).max(0),
                None => now.since(self.feed_requested).max(0),
            },
            turnover: self.watch.turnover(),
            time,
            open_time: running.map_or(time, |running| running.analysis.settings().interval.floor(time)),
        }
    }

    /// Sends a fact, unless it is an alert that an earlier visit or another tab has reported already.
    fn tell(&mut self, fact: Fact) {
        let told = matches!(&fact, Fact::Alert(alert) if !self.archive.add_alert(alert));
        if !told {
            self.fact(fact);
        }
    }

    fn fact(&mut self, fact: Fact) {
        let sequence = self.sequence;
        self.sequence += 1;
        self.outputs.push_back(Output::Emit(Event::Fact { sequence, fact }));
    }
}
