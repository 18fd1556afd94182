//! The world around one engine after the other: a queue of events in the exchange's time.

mod outside;
mod trouble;

use crate::check;
use crate::diary::Diary;
use crate::driver::Driver;
use crate::durability::Durability;
use crate::fault::{Fault, Place, Plan};
use crate::kept_trades::KeptTrades;
use crate::network::Line;
use crate::random::Random;
use crate::report::{Failure, Played, Report};
use crate::restored::Restored;
use crate::store::Store;
use crate::tape::{self, START_MS};
use spreadscope_engine::archive::store;
use spreadscope_engine::binance::FetchError;
use spreadscope_engine::messages::input::SocketEvent;
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Command, Engine, Input, Interval, Settings, UnixMillis};
use spreadscope_exchange::Tape;
use std::collections::{BTreeMap, BTreeSet};

/// Frames are sent in pieces of this length.
const SLICE_MILLIS: i64 = 1_000;
/// Interval of a hidden tab's timers.
const SLOW_TIMER_MILLIS: i64 = 60_000;

enum Event {
    Frame { life: u32, generation: u64, text: String },
    Closed { life: u32, generation: u64 },
    Opened { life: u32, generation: u64 },
    Response { life: u32, id: u64, response: Result<String, FetchError> },
    Stored { life: u32, answer: store::Answer },
    Begins(Fault),
    Restored { life: u32, restored: Restored },
    Slice,
}

struct World {
    plan: Plan,
    tape: Tape,
    settings: Settings,
    random: Random,
    now: i64,
    offset: i64,
    /// Number of the current engine.
    life: u32,
    driver: Driver,
    lines: BTreeMap<u64, Line>,
    queue: BTreeMap<(i64, u64), Event>,
    next_event: u64,
    frozen_until: i64,
    /// When the engine's timer fires.
    timer: Option<i64>,
    store: Store,
    diary: Diary,
    durability: Durability,
    kept_trades: KeptTrades,
    weights: BTreeMap<(u32, i64), u32>,
    alerts: BTreeSet<(UnixMillis, String)>,
    alerts_seen: usize,
    report: Report,
}

/// Plays `plan` and checks what the page has received.
///
/// # Errors
/// [`Failure`] with the first violation.
pub fn play(plan: Plan) -> Result<Played, Box<Failure>> {
    let mut world = World::new(plan);
    let outcome = world.play().and_then(|()| world.check());
    let World { plan, driver, report, diary, alerts, .. } = world;
    let counts = driver.engine.markets().map(|market| market.counts).unwrap_or_default();
    match outcome {
        Ok(()) => Ok(Played { report, page: driver.page, alerts, counts, diary }),
        Err(reason) => Err(Box::new(Failure { reason, plan, notes: driver.page.notes })),
    }
}

impl World {
    fn new(plan: Plan) -> Self {
        let settings = Settings {
            hedge_window_bars: 60,
            z_window_bars: 60,
            correlation_window_bars: 60,
            test_lookback_bars: 120,
            z_threshold: 1.5,
            alert_cooldown_secs: 0,
            // every second market's single trades are kept
            keep_ticks_hours: if plan.seed.is_multiple_of(2) { 2 } else { 0 },
            source: if plan.place == Place::BinanceUs { Source::BinanceUs } else { Source::Binance },
            interval: if plan.minutes { Interval::OneMinute } else { Interval::OneSecond },
            ..Settings::default()
        };
        let mut world = Self {
            tape: tape::tape(&plan, plan.end_ms + 10_000),
            settings,
            random: Random::new(plan.seed, 3),
            now: START_MS,
            offset: plan.clock_offset_millis,
            life: 0,
            driver: Driver::new(Engine::with_store(plan.seed), UnixMillis(0)),
            lines: BTreeMap::new(),
            queue: BTreeMap::new(),
            next_event: 0,
            frozen_until: 0,
            timer: None,
            store: Store::default(),
            diary: Diary::default(),
            durability: Durability::default(),
            kept_trades: KeptTrades::default(),
            weights: BTreeMap::new(),
            alerts: BTreeSet::new(),
            alerts_seen: 0,
            report: Report { millis: plan.end_ms - START_MS, ..Report::default() },
            plan,
        };
        for timed in world.plan.faults.clone() {
            world.schedule(timed.from, Event::Begins(timed.fault));
        }
        world.schedule(START_MS + SLICE_MILLIS, Event::Slice);
        world
    }

    fn schedule(&mut self, at: i64, event: Event) {
        self.queue.insert((at.max(self.now), self.next_event), event);
        self.next_event += 1;
    }

    fn local(&self) -> UnixMillis {
        UnixMillis(self.now + self.offset)
    }

    fn play(&mut self) -> Result<(), String> {
        self.configure()?;
        let mut idle = 0;
        while self.now < self.plan.end_ms {
            let wakeup = self.timer.map(|timer| self.goes_off(timer.max(self.now)).max(self.frozen_until));
            let Some(((at, _), _)) = self.queue.first_key_value() else { break };
            if wakeup.is_some_and(|wakeup| wakeup < *at) {
                let wakeup = wakeup.unwrap_or(*at);
                idle = if wakeup > self.now { 0 } else { idle + 1 };
                if idle > 10_000 {
                    return Err(format!("the engine is never done at {} ms", self.now - START_MS));
                }
                self.now = wakeup;
                self.input(Input::Wakeup)?;
                continue;
            }
            idle = 0;
            let Some(((at, order), event)) = self.queue.pop_first() else { break };
            let outside = matches!(event, Event::Begins(_) | Event::Slice);
            if at < self.frozen_until && !outside {
                self.queue.insert((self.frozen_until, order), event);
                continue;
            }
            self.now = at;
            self.happen(event)?;
        }
        Ok(())
    }

    /// Returns when a timer that is due at `at` fires.
    fn goes_off(&self, at: i64) -> i64 {
        let slow = self.plan.has(at, Fault::SlowTimers);
        if slow { at + (START_MS - at).rem_euclid(SLOW_TIMER_MILLIS) } else { at }
    }

    fn configure(&mut self) -> Result<(), String> {
        self.input(Input::Command(Command::Configure(Box::new(self.settings.clone()))))
    }

    fn happen(&mut self, event: Event) -> Result<(), String> {
        let life = self.life;
        let input = match event {
            Event::Slice => {
                self.diary.tick(self.now, &self.driver.page, self.settings.interval);
                self.durability.tick(self.now, &self.driver.page, &self.settings);
                self.kept_trades.tick(self.now, self.driver.engine.markets());
                self.send(self.now + SLICE_MILLIS);
                self.schedule(self.now + SLICE_MILLIS, Event::Slice);
                return Ok(());
            }
            Event::Begins(fault) => return self.begin(fault),
            Event::Restored { life: of, restored } if of == life => return self.expect_restored(restored),
            Event::Frame { life: of, generation, text } if of == life => {
                self.report.frames += 1;
                Input::Socket { generation, event: SocketEvent::Frame(text) }
            }
            Event::Opened { life: of, generation } if of == life => {
                Input::Socket { generation, event: SocketEvent::Opened }
            }
            Event::Closed { life: of, generation } if of == life => {
                let event = SocketEvent::Closed { code: 1006, reason: String::new() };
                Input::Socket { generation, event }
            }
            Event::Response { life: of, id, response } if of == life => Input::Fetched { id, response },
            Event::Stored { life: of, answer } if of == life => Input::Store(answer),
            _ => return Ok(()),
        };
        self.input(input)
    }

    /// Checks that the store's data for this life are on the page, once the engine has read them.
    fn expect_restored(&mut self, restored: Restored) -> Result<(), String> {
        if self.driver.engine.next_wakeup() == Some(UnixMillis(0)) {
            let life = self.life;
            self.schedule(self.now + 1, Event::Restored { life, restored });
            return Ok(());
        }
        self.report.restored += 1;
        restored.is_shown(&self.driver.page, &self.settings)
    }

    fn input(&mut self, input: Input) -> Result<(), String> {
        self.driver.input(self.local(), input);
        // timers are independent of steps of the clock
        let wakeup = self.driver.engine.next_wakeup();
        self.timer = wakeup.map(|wakeup| self.now + wakeup.since(self.local()).max(0));
        for (generation, url) in core::mem::take(&mut self.driver.opened) {
            self.open(generation, &url)?;
        }
        for generation in core::mem::take(&mut self.driver.closed) {
            self.diary.closed(self.now, generation);
        }
        if let Some(live) = &self.driver.page.live {
            self.diary.phase(self.now, &live.feed.phase);
        }
        self.lines.retain(|generation, _| self.driver.sockets.contains_key(generation));
        if self.driver.sockets.len() > 2 {
            return Err(format!("{} sockets are wanted at a time", self.driver.sockets.len()));
        }
        for fetch in core::mem::take(&mut self.driver.fetches) {
            self.fetch(&fetch)?;
        }
        for request in core::mem::take(&mut self.driver.stored) {
            self.store(request)?;
        }
        Ok(())
    }

    /// Checks that no alert is reported twice, by any life of the tab.
    fn collect_alerts(&mut self) -> Result<(), String> {
        for alert in &self.driver.page.alerts[self.alerts_seen..] {
            let once = (alert.open_time, format!("{:?} {:?}", alert.rule, alert.direction));
            if !self.alerts.insert(once) {
                return Err(format!("the alert of {} was told twice", alert.open_time.clock_text()));
            }
        }
        self.alerts_seen = self.driver.page.alerts.len();
        Ok(())
    }

    /// Checks that no single trade is missing from the store, if they are kept.
    fn check_trades(&mut self) -> Result<(), String> {
        let Self { now, driver, store, settings, plan, tape, kept_trades, report, .. } = self;
        if settings.keep_ticks_hours > 0 {
            let market = driver.engine.markets();
            report.trades_kept += kept_trades.end(*now, market, store, settings, (plan, tape))?;
        }
        Ok(())
    }

    fn check(&mut self) -> Result<(), String> {
        self.collect_alerts()?;
        self.check_trades()?;
        let counts = self.driver.engine.markets().map(|market| market.counts).unwrap_or_default();
        self.report.lost = counts.missing;
        check::check(&self.driver.page, &self.settings, &self.plan, &self.tape, &mut self.report)
    }
}
