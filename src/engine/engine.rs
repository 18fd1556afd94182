//! The state machine at the middle: takes inputs, keeps time, hands out outputs.

mod recording;

use crate::UnixMillis;
use crate::alert::{Silence, Watch};
use crate::archive::{Archive, Found, FoundBars, store};
use crate::config::{Settings, Source};
use crate::desk::Desk;
use crate::event::{Event, Fact, Inspection, LegTicks, Live, LiveLeg};
use crate::feed::connection::{Connection, STALE_MILLIS, State, Step};
use crate::feed::history::History;
use crate::feed::{Backfill, FeedStatus, Phase, wire};
use crate::input::{FetchError, Input, Output, SocketEvent};
use crate::listing::{self, Listing};
use crate::market::Market;
use crate::protocol::Command;
use crate::rate::Rate;
use crate::symbol::{Leg, Pair};
use crate::transfer::Imports;
use std::collections::VecDeque;

/// At most one live picture in this time.
const LIVE_MILLIS: i64 = 250;
/// At most one run of the tests in this time: on hundreds of bars they change slowly, and each costs as much as
/// hundreds of frames. They are run at once when they are asked for, and after other settings.
const TESTS_MILLIS: i64 = 5_000;
/// Trade rates are taken over this span.
const RATE_MILLIS: i64 = 10_000;
/// The number of the question for a venue's markets; those of the history count from 1.
const LISTING_ID: u64 = 1 << 40;

/// A pairs desk: give it what happens, ask it what to do.
///
/// All times given are local; exchange time comes from the frames alone.
#[derive(Debug)]
pub struct Engine {
    outputs: VecDeque<Output>,
    sequence: u64,
    desk: Option<Running>,
    connection: Connection,
    status: FeedStatus,
    rate: Rate,
    archive: Archive,
    imports: Imports,
    next_live: UnixMillis,
    next_tests: UnixMillis,
    unfinished: bool,
    /// Tests of the past are still to be computed.
    behind: bool,
    /// The venue that was last asked for its markets.
    listing: Option<Source>,
    watch: Watch,
    /// When the feed was asked for: it has been silent at most since then.
    asked: UnixMillis,
}

/// What exists once there are settings.
#[derive(Debug)]
struct Running {
    desk: Desk,
    market: Market,
    history: History,
    stream_hosts: Vec<String>,
    /// The store has given bars, which are shown as they are.
    restored: bool,
}

impl Engine {
    /// An engine that waits for its first [`Command::Configure`]; `seed` decides its jitter. It keeps all in
    /// memory.
    pub fn new(seed: u64) -> Self {
        Self::start(seed, false)
    }

    /// An engine whose history outlives it: [`Output::Store`] asks for what it needs. It goes on in memory when
    /// the store cannot be used, and says so.
    pub fn with_store(seed: u64) -> Self {
        Self::start(seed, true)
    }

    fn start(seed: u64, has_store: bool) -> Self {
        Self {
            outputs: VecDeque::new(),
            sequence: 0,
            desk: None,
            connection: Connection::new(seed),
            status: FeedStatus::default(),
            rate: Rate::default(),
            archive: Archive::new(has_store),
            imports: Imports::default(),
            next_live: UnixMillis(0),
            next_tests: UnixMillis(0),
            unfinished: false,
            behind: false,
            listing: None,
            watch: Watch::default(),
            asked: UnixMillis(0),
        }
    }

    /// Applies one input at local time `now`. The only way state changes.
    pub fn handle(&mut self, now: UnixMillis, input: Input) {
        match input {
            Input::Socket { generation, event } => {
                let frame = matches!(event, SocketEvent::Frame(_));
                self.socket(now, generation, event);
                // most frames change a bar that is still open, and nothing else
                if frame && !self.is_due(now) {
                    return;
                }
            }
            Input::Fetched { id, answer } => self.fetched(now, id, answer),
            Input::Store(answer) => self.stored(now, answer),
            Input::Slice { import, offset, answer } => {
                let slice = match &answer {
                    Ok(slice) => Ok(slice.as_slice()),
                    Err(reason) => Err(reason.clone()),
                };
                self.slice(import, offset, slice);
            }
            Input::Command(command) => self.command(now, command),
            Input::Wakeup => {}
        }
        let steps = self.connection.due(now);
        if matches!(self.connection.state(), State::Waiting { .. }) && !steps.is_empty() {
            self.disconnected();
        }
        self.perform(steps);
        self.advance_imports(now);
        self.advance(now);
    }

    /// Whether a bar is to be closed, a closed one has changed, or the live picture is due.
    fn is_due(&self, now: UnixMillis) -> bool {
        let Some(running) = &self.desk else { return true };
        let market = &running.market;
        let closes =
            market.next_close().zip(market.clock.newest()).is_none_or(|(close, newest)| newest >= close);
        self.unfinished || now >= self.next_live || closes || market.is_revised()
    }

    /// The next local time at which [`Input::Wakeup`] is wanted, if any.
    pub fn next_wakeup(&self) -> Option<UnixMillis> {
        if self.imports.has_work() {
            return Some(UnixMillis(0));
        }
        let running = self.desk.as_ref()?;
        if self.unfinished || self.behind {
            return Some(UnixMillis(0));
        }
        let skew = running.market.clock.skew_millis();
        let next_close = running.market.next_close().zip(skew).map(|(close, skew)| close - skew);
        // a close that the exchange's clock does not reach by itself waits for a frame
        let next_close = next_close.map(|close| close.max(self.next_live));
        [Some(self.next_live), self.connection.deadline(), running.history.deadline(), next_close]
            .into_iter()
            .flatten()
            .min()
    }

    /// Takes the oldest pending output.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front().or_else(|| self.archive.poll().map(Output::Store))
    }

    /// Both legs' markets, for tests and debug views; `None` before the first settings.
    pub fn market(&self) -> Option<&Market> {
        self.desk.as_ref().map(|running| &running.market)
    }

    /// What files have brought in.
    pub fn imports(&self) -> &Imports {
        &self.imports
    }

    fn command(&mut self, now: UnixMillis, command: Command) {
        match command {
            Command::Configure(settings) => self.configure(now, &settings),
            Command::RunTests => {
                if let Some(tests) = self.desk.as_mut().and_then(|running| running.desk.test()) {
                    self.fact(Fact::Tests(Box::new(tests)));
                }
            }
            Command::Import(ask) => self.ask_of_imports(*ask),
            Command::Reconnect => {
                let Some(running) = &mut self.desk else { return };
                // there is nothing to connect to
                if running.stream_hosts.is_empty() {
                    return;
                }
                running.history.resume();
                self.disconnected();
                let steps = self.connection.restart(now);
                self.perform(steps);
            }
            Command::Inspect { ticks } => self.inspect(ticks),
            Command::ListMarkets(source) => {
                if let Some(url) = listing::url(&source) {
                    self.outputs.push_back(Output::Fetch { id: LISTING_ID, url });
                    self.listing = Some(source);
                }
            }
            Command::Resync => {
                if let Some(running) = &mut self.desk
                    && let settings = running.desk.settings().clone()
                    && let Ok(desk) = running.desk.reconfigured(&settings, &mut self.watch.book)
                {
                    let settings = desk.settings().clone();
                    running.desk = desk;
                    self.fact(Fact::Configured(Box::new(settings)));
                    self.fact(Fact::AlertLog(self.archive.alerts()));
                    self.archive.tell_again();
                }
            }
            Command::Flush => self.archive.flush(),
            Command::DeleteHistory => {
                if let Some(running) = &self.desk {
                    self.archive.delete_history(&running.market);
                }
            }
            Command::SetRules(_) | Command::Snooze { .. } | Command::TestRule(_) => {
                let silence = self.silence(now);
                let desk = self.desk.as_ref().map(|running| &running.desk);
                let settings = desk.map(|desk| desk.settings().clone()).unwrap_or_default();
                let inputs = desk.and_then(Desk::inputs);
                let answer = self.watch.command(command, &settings, silence, inputs.as_ref());
                if let Some(fact) = answer {
                    self.tell(fact);
                }
            }
        }
    }

    fn inspect(&mut self, asked: usize) {
        let Some(Running { desk, market, .. }) = &self.desk else { return };
        let ticks = Leg::BOTH.map(|leg| {
            let held = &market.legs[leg as usize].ticks;
            let symbol = desk.settings().pair.symbol(leg).clone();
            LegTicks { symbol, kept: held.len(), trades: held.newest(asked) }
        });
        self.outputs.push_back(Output::Emit(Event::Inspection(Box::new(Inspection { asked, ticks }))));
    }

    fn configure(&mut self, now: UnixMillis, settings: &Settings) {
        let refused = match settings.validate() {
            Err(errors) => Some(errors),
            Ok(()) if settings.source == Source::Recording => self.show_recording(now, settings).err(),
            Ok(()) => self.apply(now, settings).err().map(|error| {
                vec![crate::config::SettingsError { field: "window".to_owned(), message: error.to_string() }]
            }),
        };
        if let Some(errors) = refused {
            self.fact(Fact::Refused(errors));
        }
    }

    fn apply(&mut self, now: UnixMillis, settings: &Settings) -> Result<(), spreadscope_stats::HedgeError> {
        self.next_tests = UnixMillis(0);
        let known = self.desk.as_ref().map(|running| running.desk.settings());
        let same_market = known.is_some_and(|old| old.source == settings.source && old.pair == settings.pair);
        let same_interval = known.is_some_and(|old| old.interval == settings.interval);
        self.watch.book.follow(settings);
        if !(same_market && same_interval) {
            self.watch.book.begin_anew();
        }
        match self.desk.take() {
            Some(mut running) if same_market => {
                // a crossing in the bars of another interval has not been told of yet, but is old
                running.desk = if same_interval {
                    self.archive.keep_settings(settings);
                    running.desk.reconfigured(settings, &mut self.watch.book)?
                } else {
                    self.archive.collect(running.desk.settings(), &mut running.market);
                    self.archive.choose(now, settings);
                    running.market.choose(settings);
                    Desk::new(settings)?
                };
                self.desk = Some(running);
                self.fact(Fact::Configured(Box::new(settings.clone())));
            }
            mut old => {
                if let Some(old) = &mut old {
                    self.archive.collect(old.desk.settings(), &mut old.market);
                }
                self.archive.begin(now, settings);
                let first_id = old.map_or(1, |running| running.history.next_id());
                self.desk = Some(Running {
                    desk: Desk::new(settings)?,
                    market: Market::new(settings),
                    history: History::new(settings.source.rest_hosts(), first_id),
                    stream_hosts: settings.source.stream_hosts(),
                    restored: false,
                });
                self.asked = now;
                self.status =
                    FeedStatus { source: settings.source.label().to_owned(), ..FeedStatus::default() };
                self.fact(Fact::Configured(Box::new(settings.clone())));
                let steps = self.connection.restart(now);
                self.perform(steps);
            }
        }
        Ok(())
    }

    fn socket(&mut self, now: UnixMillis, generation: u64, event: SocketEvent) {
        if !self.connection.is_current(generation) {
            return;
        }
        match event {
            SocketEvent::Opened => {}
            SocketEvent::Frame(text) => self.frame(now, &text),
            SocketEvent::Closed { code, reason } => {
                let reason = match (code, reason.as_str()) {
                    (1006, "") => "the network or the exchange cut the connection (code 1006)".to_owned(),
                    (code, "") => format!("the exchange closed the connection (code {code})"),
                    (code, reason) => format!("the exchange closed the connection: {reason} (code {code})"),
                };
                self.connection.lost(now, reason);
                self.disconnected();
            }
        }
    }

    fn frame(&mut self, now: UnixMillis, text: &str) {
        self.connection.frame(now);
        self.rate.count(now);
        self.status.frames += 1;
        self.status.last_frame_local = Some(now);
        let Some(running) = &mut self.desk else { return };
        let rejected = match wire::parse(text) {
            Ok(wire::Frame::Trade { symbol, trade }) => {
                running.market.tick(trade.event_time, now);
                match running.desk.settings().pair.leg_of(&symbol) {
                    Some(leg) => running.market.trade(leg, trade),
                    None => return,
                }
                return;
            }
            Ok(wire::Frame::Clock(event_time)) => return running.market.tick(event_time, now),
            Ok(wire::Frame::Reply | wire::Frame::Unused) => return,
            Ok(wire::Frame::ServerShutdown) => {
                self.disconnected();
                let steps = self.connection.restart(now);
                return self.perform(steps);
            }
            Ok(wire::Frame::Error { code, message }) => {
                format!("the exchange complains: {message} (code {code})")
            }
            Err(rejection) => rejection.to_string(),
        };
        self.status.rejected += 1;
        self.status.last_rejection = Some(rejected);
    }

    fn fetched(&mut self, now: UnixMillis, id: u64, answer: Result<String, FetchError>) {
        if id == LISTING_ID {
            return self.listed(answer);
        }
        let Some(Running { market, history, .. }) = &mut self.desk else { return };
        let Some(leg) = history.leg_of(id) else { return };
        let exchange_now = market.clock.newest();
        let tracks = &mut market.legs[leg as usize].tracks;
        if let Some(filled) = history.answer(now, exchange_now, leg, tracks, answer) {
            market.filled(filled);
        }
    }

    fn stored(&mut self, now: UnixMillis, answer: store::Answer) {
        let Some(Running { market, restored, .. }) = &mut self.desk else { return };
        let Found { bars, alerts } = self.archive.answer(now, market.clock.newest(), answer);
        *restored |= !bars.is_empty();
        for FoundBars { leg, interval, chunks } in bars {
            market.restore(now, leg, interval, &chunks);
        }
        if let Some(alerts) = alerts {
            self.fact(Fact::AlertLog(alerts));
        }
    }

    fn listed(&mut self, answer: Result<String, FetchError>) {
        let Some(source) = self.listing.take() else { return };
        let markets = match answer {
            Ok(body) => listing::parse(&body),
            Err(FetchError::Status { code, .. }) => Err(format!("the venue refused its list (HTTP {code})")),
            Err(FetchError::Unreachable(_)) => Err("the venue's list is out of reach".to_owned()),
            Err(FetchError::TimedOut) => Err("the venue's list did not come in time".to_owned()),
        };
        self.outputs.push_back(Output::Emit(Event::Listing(Box::new(Listing { source, markets }))));
    }

    fn disconnected(&mut self) {
        if let Some(running) = &mut self.desk {
            running.market.disconnected();
        }
    }

    fn perform(&mut self, steps: Vec<Step>) {
        let Some(running) = &self.desk else { return };
        for step in steps {
            self.outputs.push_back(match step {
                Step::Close { generation } => Output::CloseSocket { generation },
                Step::Open { generation, host } => {
                    let hosts = &running.stream_hosts;
                    let host = &hosts[host % hosts.len()];
                    Output::OpenSocket { generation, url: stream_url(host, &running.desk.settings().pair) }
                }
            });
        }
    }

    /// Closes bars, asks for history, tells what is new.
    fn advance(&mut self, now: UnixMillis) {
        let Some(Running { desk, market, history, restored, .. }) = &mut self.desk else { return };
        market.close_due(now);
        self.archive.advance(now, desk.settings(), market);
        let awaited = self.archive.is_awaited(now);
        let exchange_now = market.clock.now(now);
        for leg in Leg::BOTH {
            if awaited {
                break;
            }
            let symbol = desk.settings().pair.symbol(leg).clone();
            let tracks = &mut market.legs[leg as usize].tracks;
            if let Some(request) = history.ask(now, exchange_now, leg, &symbol, tracks) {
                self.outputs.push_back(Output::Fetch { id: request.id, url: request.url });
            }
        }
        let mut facts = Vec::new();
        // rows of a leg whose partner has not come yet would be void a moment later
        let uneven = !*restored && history.is_uneven([&market.legs[0].tracks, &market.legs[1].tracks]);
        if !awaited && !uneven {
            self.unfinished = desk.update(now, market, &mut self.watch.book, &mut facts);
        }
        if !self.unfinished
            && now >= self.next_tests
            && let Some(tests) = desk.test_if_new()
        {
            self.next_tests = now + TESTS_MILLIS;
            facts.push(Fact::Tests(Box::new(tests)));
        }
        self.behind = !self.unfinished && desk.test_the_past(&mut facts);
        if !self.unfinished {
            desk.judge_newest(now, &mut self.watch.book, &mut facts);
        }
        let silence = self.silence(now);
        let inputs = self.desk.as_ref().and_then(|running| running.desk.inputs());
        self.watch.wake(now, silence, inputs.as_ref(), &mut facts);
        let is_live_due = now >= self.next_live;
        let states = if is_live_due && !self.unfinished {
            self.watch.states(now, silence, inputs.as_ref())
        } else {
            None
        };
        for fact in facts {
            self.tell(fact);
        }
        if let Some(status) = self.archive.take_status() {
            self.fact(Fact::Storage(Box::new(status)));
        }
        if is_live_due {
            self.next_live = now + LIVE_MILLIS;
            self.live(now);
            self.outputs.extend(states.map(Output::Emit));
        }
    }

    /// How long the feed has been silent at local time `now`.
    fn silence(&self, now: UnixMillis) -> Silence {
        let running = self.desk.as_ref();
        let time = running.and_then(|running| running.market.clock.now(now)).unwrap_or(now);
        // nothing is to be heard of a recording
        let since = if running.is_some_and(|running| running.market.is_recorded()) {
            now
        } else {
            self.status.last_frame_local.unwrap_or(self.asked)
        };
        Silence {
            millis: now.since(since).max(0),
            time,
            open_time: running.map_or(time, |running| running.desk.settings().interval.floor(time)),
        }
    }

    /// Tells a fact, unless it is an alert that an earlier visit, or another tab, has told of already.
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

    fn live(&mut self, now: UnixMillis) {
        let Some(running) = &self.desk else { return };
        let market = &running.market;
        let exchange_time = market.clock.now(now);
        let [y, x] = [0, 1].map(|leg| {
            let ticks = &market.legs[leg].ticks;
            let last = ticks.last();
            LiveLeg {
                last: last.map(|trade| trade.price),
                last_trade_time: last.map(|trade| trade.trade_time),
                age_millis: last.zip(exchange_time).map(|(trade, time)| time.since(trade.trade_time).max(0)),
                trades_per_sec: exchange_time.map_or(0.0, |time| ticks.per_sec(time, RATE_MILLIS)),
            }
        });
        let prices = y.last.zip(x.last);
        let fit = running.desk.last_fit();
        let live = Live {
            exchange_time,
            spread: fit.zip(prices).map(|(fit, (y, x))| fit.spread(y, x)),
            z: fit.zip(prices).and_then(|(fit, (y, x))| fit.z(y, x)),
            y,
            x,
            feed: self.feed_status(now, running),
        };
        self.outputs.push_back(Output::Emit(Event::Live(Box::new(live))));
    }

    fn feed_status(&self, now: UnixMillis, running: &Running) -> FeedStatus {
        let refusal = running.history.refusal(now);
        let attempt = self.connection.attempt();
        let (phase, connected_millis) = match self.connection.state() {
            State::Idle if running.market.is_recorded() => (Phase::Recording, None),
            State::Idle => (Phase::Idle, None),
            State::Live { since, last_frame } => {
                let silent_millis = now.since(*last_frame);
                let stale = silent_millis >= STALE_MILLIS;
                let phase = if stale { Phase::Stale { silent_millis } } else { Phase::Live };
                (phase, Some(now.since(*since)))
            }
            // with no data on either way, what REST says of it is the better word
            State::Opening { .. } | State::Waiting { .. } if let Some((reason, left)) = refusal => {
                (Phase::Blocked { retry_in_millis: left, reason: reason.to_owned() }, None)
            }
            State::Opening { .. } => (Phase::Connecting { attempt }, None),
            State::Waiting { until, reason } => {
                let retry_in_millis = until.since(now).max(0);
                (Phase::Waiting { attempt, retry_in_millis, reason: reason.clone() }, None)
            }
        };
        let market = &running.market;
        let counts = market.counts;
        let hosts = &running.stream_hosts;
        FeedStatus {
            phase,
            backfill: match running.history.progress(now, market.legs.iter().flat_map(|leg| &leg.tracks)) {
                Backfill::Done if self.unfinished => Backfill::Loading { done: 0, wanted: 0 },
                progress => progress,
            },
            host: self
                .connection
                .host()
                .checked_rem(hosts.len())
                .map_or_else(String::new, |at| hosts[at].clone()),
            connected_millis,
            reconnects: self.connection.losses(),
            clock_skew_millis: market.clock.skew_millis(),
            frames_per_sec: self.rate.per_sec(now),
            trades: counts.trades,
            duplicates: counts.duplicates,
            reordered: counts.reordered,
            missing: counts.missing,
            ..self.status.clone()
        }
    }
}

/// Both legs' trades on one socket, and a stream that ticks every second whatever trades.
fn stream_url(host: &str, pair: &Pair) -> String {
    let (y, x) = (pair.y.stream_name(), pair.x.stream_name());
    format!("{host}/stream?streams={y}@trade/{x}@trade/{y}@avgPrice/{x}@kline_1s")
}
