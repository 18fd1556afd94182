//! A replay's own time: the session works in slices beside the live engine, and the page gets events of the
//! session alone.

mod ending;

use super::opening::{self, Found, Opening};
use super::{Gate, Passing};
use crate::web::tabs::Tabs;
use crate::web::timer::Timeout;
use crate::web::{backtest, clock, evidence, timer};
use spreadscope_engine::analytics::evidence::Examine;
use spreadscope_engine::messages::event::{Fact, ReplayNews};
use spreadscope_engine::messages::protocol::{decode, encode};
use spreadscope_engine::replay::{ReplayCommand, Session, Wanted};
use spreadscope_engine::{Command, Event, Settings, UnixMillis};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Longest that the session works before everything else in the worker gets its turn.
const SLICE_MILLIS: i64 = 8;
/// Moments of the tape, and follow-up steps, between two looks at the clock: one may run the tests, which takes
/// milliseconds.
const MOMENTS: usize = 1;
/// Interval of updates to the page, as from the live engine: each one makes it draw.
const TELL_MILLIS: i64 = 250;
/// Interval at which the tape is advanced during playback.
const PLAY_MILLIS: u32 = 40;
/// Interval of checks for what a replay needs of the desk.
const LOOK_MILLIS: u32 = 200;

/// The replay of a tab.
pub(super) struct Deck {
    tabs: Tabs,
    session: RefCell<Option<Session>>,
    wanted: RefCell<Option<Wanted>>,
    opening: RefCell<Option<Box<Opening>>>,
    /// Events that the page has yet to receive.
    untold: RefCell<VecDeque<Event>>,
    timer: RefCell<Option<Timeout>>,
    told: Cell<UnixMillis>,
    examine: Cell<Option<Examine>>,
    /// The position entered in the replay, in its text form; empty for none. It ends with the replay.
    rehearsed: RefCell<String>,
    /// Why the span requested last did not replace the one that is on; empty otherwise.
    refusal: RefCell<String>,
}

impl Deck {
    /// Makes a deck for the tab of `tabs` and returns its gate.
    pub(super) fn gate(tabs: Tabs) -> Gate {
        let deck = Rc::new(Self {
            tabs,
            session: RefCell::new(None),
            wanted: RefCell::new(None),
            opening: RefCell::new(None),
            untold: RefCell::default(),
            timer: RefCell::new(None),
            told: Cell::new(UnixMillis(0)),
            examine: Cell::new(None),
            rehearsed: RefCell::default(),
            refusal: RefCell::default(),
        });
        let fetching = Rc::clone(&deck);
        spawn_local(async move {
            if let Some(examine) = evidence::examiner().await {
                fetching.examine.set(Some(examine));
                if let Some(session) = &mut *fetching.session.borrow_mut() {
                    session.examine_with(examine);
                }
            }
        });
        Rc::new(move |passing| match passing {
            Passing::Command(command) => deck.command(command).map(Passing::Command),
            Passing::Event(event) => deck.event(event).map(Passing::Event),
        })
    }

    fn is_on(&self) -> bool {
        self.session.borrow().is_some()
    }

    /// Takes a command, or returns it for the live engine.
    fn command(self: &Rc<Self>, command: Command) -> Option<Command> {
        if let Command::Replay(bytes) = &command {
            // bytes of another build are ignored
            if let Ok(command) = decode::<ReplayCommand>(bytes) {
                self.control(command);
            }
            return None;
        }
        if !self.is_on() {
            let changes = matches!(command, Command::Configure(_) | Command::SetRules(_));
            if changes && self.opening.borrow().is_some() {
                self.open_again();
            }
            return Some(command);
        }
        match command {
            Command::Configure(settings) => {
                self.follow_settings(&settings);
                Some(Command::Configure(settings))
            }
            Command::SetRules(rules) => {
                let same = self.session.borrow().as_ref().is_some_and(|session| *session.rules() == *rules);
                if same {
                    return None;
                }
                self.open_again();
                Some(Command::SetRules(rules))
            }
            Command::Rehearse(position) => {
                if self.rehearsed.replace(position.clone()) != position {
                    self.open_again();
                }
                None
            }
            Command::Backtest(command) => {
                self.backtest(command);
                None
            }
            // books and older bars would be of another time
            Command::Quote | Command::LoadOlder | Command::RecallTrades { .. } => None,
            Command::RunTests | Command::Examine(_) | Command::Inspect { .. } | Command::Resync => {
                if let Some(session) = &mut *self.session.borrow_mut() {
                    session.command(command);
                }
                self.wake(0);
                None
            }
            other => Some(other),
        }
    }

    /// Takes an event of the live engine, or returns it for the page.
    fn event(self: &Rc<Self>, event: Event) -> Option<Event> {
        let mut session = self.session.borrow_mut();
        let Some(session) = &mut *session else { return Some(event) };
        match event {
            Event::Fact { fact: Fact::Alert(alert), .. } => {
                session.hear_live(*alert);
                self.wake(0);
                None
            }
            Event::Fact { .. }
            | Event::Live(_)
            | Event::RuleStates(_)
            | Event::Inspection(_)
            | Event::Quotes(_)
            | Event::Backtest(_)
            | Event::Replay(_) => None,
            other => Some(other),
        }
    }

    /// Runs a backtest on what the replay knows, once the code has been fetched.
    fn backtest(self: &Rc<Self>, command: Vec<u8>) {
        let deck = Rc::clone(self);
        spawn_local(async move {
            // a replay evaluates cells itself, beside what it plays: it has no workers
            let Some(backtest::Code { set_up, .. }) = backtest::bench().await else { return };
            if let Some(session) = &mut *deck.session.borrow_mut() {
                session.backtest(set_up, command);
            }
            deck.wake(0);
        });
    }

    fn control(self: &Rc<Self>, command: ReplayCommand) {
        self.refusal.borrow_mut().clear();
        match command {
            ReplayCommand::Open(_) | ReplayCommand::OpenLast { .. } => {
                self.want(Wanted::new(command, clock::now()));
            }
            ReplayCommand::GoLive => self.go_live(),
            command => {
                if let Some(session) = &mut *self.session.borrow_mut() {
                    session.control(clock::now(), command);
                }
                self.told.set(UnixMillis(0));
                self.wake(0);
            }
        }
    }

    fn want(self: &Rc<Self>, wanted: Wanted) {
        self.tabs.want_engine();
        *self.opening.borrow_mut() = None;
        *self.wanted.borrow_mut() = Some(wanted);
        self.wake(0);
    }

    fn is_awaited(&self) -> bool {
        self.wanted.borrow().is_some() || self.opening.borrow().is_some()
    }

    /// Opens the same place again, with the settings and rules in force by then; a span on its way comes first.
    fn open_again(self: &Rc<Self>) {
        if self.wanted.borrow().is_some() {
            return;
        }
        let opening = self.opening.borrow().as_ref().map(|opening| (opening.place, opening.at_end));
        let on = || self.session.borrow().as_ref().map(|session| (session.place(), session.at_end()));
        if let Some((place, at_end)) = opening.or_else(on) {
            self.want(Wanted::again(place, at_end, clock::now()));
        }
    }

    /// Follows new settings of the page: opens the same span under them, at once without the old one if it is of
    /// another pair. Another source ends the replay.
    fn follow_settings(self: &Rc<Self>, settings: &Settings) {
        let known = self.session.borrow().as_ref().map(|session| session.settings().clone());
        let Some(known) = known else { return };
        if known.source != settings.source {
            self.close(ReplayNews::default());
        } else if known.pair != settings.pair {
            self.open_again();
            self.close(ReplayNews::default());
        } else if known != *settings {
            self.open_again();
        }
    }

    fn tell(&self, news: ReplayNews) {
        self.tabs.tell(Event::Replay(news));
    }

    fn wake(self: &Rc<Self>, millis: u32) {
        let deck = Rc::clone(self);
        let timer = timer::after(millis, move || {
            // a timeout that is firing must not be cancelled from within itself
            let gone = deck.timer.borrow_mut().take();
            deck.work();
            if let Some(timer) = gone {
                timer.forget();
            }
        });
        *self.timer.borrow_mut() = Some(timer);
    }

    fn work(self: &Rc<Self>) {
        if self.wanted.borrow().is_some() {
            self.look_for_bars();
        }
        if self.opening.borrow().is_some() {
            self.open_on();
        }
        let begun = clock::now();
        let Some((more, is_playing)) = self.slice(begun) else {
            if self.opening.borrow().is_some() {
                self.wake(0);
            } else if self.wanted.borrow().is_some() {
                self.wake(LOOK_MILLIS);
            }
            return;
        };
        if !more && self.catch_up() {
            return;
        }
        let has_news = self.session.borrow().as_ref().is_some_and(Session::has_news);
        if self.is_told() && (!more || has_news || clock::now().since(self.told.get()) >= TELL_MILLIS) {
            self.tell_of_session(begun);
        }
        if more || has_news || !self.is_told() || self.opening.borrow().is_some() {
            self.wake(0);
        } else if is_playing {
            self.wake(PLAY_MILLIS);
        } else if self.wanted.borrow().is_some() {
            self.wake(LOOK_MILLIS);
        }
    }

    /// Lets the session work for the rest of the slice that began at `begun`; returns whether there is more to
    /// do at once, and whether it plays.
    ///
    /// Waiting events go to the page first.
    fn slice(&self, begun: UnixMillis) -> Option<(bool, bool)> {
        let mut session = self.session.borrow_mut();
        let session = session.as_mut()?;
        self.tell_on(begun);
        let mut now = clock::now();
        let mut more = true;
        while more && now.since(begun) < SLICE_MILLIS {
            more = session.work(now, MOMENTS);
            now = clock::now();
        }
        Some((more, session.is_playing()))
    }

    /// Sends the page the session's state, and as many of its events as fit into the slice that began at
    /// `begun`; the rest follow in the next one.
    fn tell_of_session(&self, begun: UnixMillis) {
        let mut session = self.session.borrow_mut();
        let Some(session) = session.as_mut() else { return };
        self.told.set(clock::now());
        let (afresh, events) = session.take_news();
        let state = encode(&session.state());
        let (is_awaited, refusal) = (self.is_awaited(), self.refusal.borrow().clone());
        self.tell(ReplayNews { is_on: true, afresh, is_awaited, refusal, state });
        self.untold.borrow_mut().extend(events);
        self.tell_on(begun);
    }

    fn is_told(&self) -> bool {
        self.untold.borrow().is_empty()
    }

    /// Sends waiting events to the page until the slice that began at `begun` is over.
    fn tell_on(&self, begun: UnixMillis) {
        while clock::now().since(begun) < SLICE_MILLIS {
            let event = self.untold.borrow_mut().pop_front();
            let Some(event) = event else { return };
            self.tabs.tell(event);
        }
    }

    /// Begins to open the wanted span as soon as the desk holds it.
    fn look_for_bars(&self) {
        let Some(wanted) = self.wanted.borrow_mut().take() else { return };
        match opening::look(&self.tabs, wanted) {
            Found::Later(wanted) => *self.wanted.borrow_mut() = Some(wanted),
            Found::Refused(reason) => self.refuse(reason),
            Found::Here(opening) => *self.opening.borrow_mut() = Some(opening),
        }
    }

    /// Assembles the replay for one slice, and opens it once it is complete.
    fn open_on(&self) {
        let Some(mut opening) = self.opening.borrow_mut().take() else { return };
        let begun = clock::now();
        while clock::now().since(begun) < SLICE_MILLIS {
            if opening.work(&self.tabs) {
                return self.open(*opening, begun);
            }
        }
        *self.opening.borrow_mut() = Some(opening);
    }

    fn open(&self, Opening { place, at_end, settings, rules, taping }: Opening, now: UnixMillis) {
        let opened = Session::open(taping.finish(), place, &settings, rules);
        match opened {
            Ok(mut session) => {
                session.end_with(at_end);
                session.follow_position(&self.rehearsed.borrow());
                if let Some(examine) = self.examine.get() {
                    session.examine_with(examine);
                }
                let speed = self.session.borrow().as_ref().map(|old| old.state().speed);
                if let Some(speed) = speed {
                    session.control(now, ReplayCommand::Speed(speed));
                }
                *self.session.borrow_mut() = Some(session);
                self.untold.borrow_mut().clear();
                self.told.set(UnixMillis(0));
            }
            Err(reason) => self.refuse(reason),
        }
    }
}
