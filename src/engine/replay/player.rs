//! An engine playing a tape: moments and wakeups in time order, and their results.

use super::fingerprint;
use super::tape::{Moment, Tape, TapeEvent};
use crate::alert::{Alert, Rule, RuleState};
use crate::analytics::cointegration::Tests;
use crate::analytics::evidence::Examine;
use crate::backtest::bench::SetUp;
use crate::messages::event::{Event, Fact};
use crate::messages::input::SocketEvent;
use crate::settings::Source;
use crate::{Command, Engine, Input, Output, Pair, Settings, UnixMillis};
use serde::Serialize;
use spreadscope_stats::HedgeError;

/// A summary of what an engine has computed from a tape up to some time.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The tape time.
    pub position: UnixMillis,
    /// Number of rows.
    pub rows: usize,
    /// Alerts, oldest first.
    pub alerts: Vec<Alert>,
    /// Hash of all rows, tests, past tests, alerts, rules and rule states.
    pub hash: u64,
}

/// An engine, and its position on the tape.
#[derive(Debug)]
pub(super) struct Player {
    engine: Engine,
    pair: Pair,
    bars_alone: bool,
    /// Index of the next moment.
    next: usize,
    /// Everything up to and including this time has been played.
    position: UnixMillis,
    /// The newest time of which anything has been played; later than the position while more is to come at that
    /// time.
    known_to: UnixMillis,
    /// The time at which the engine still has work to finish.
    due: Option<UnixMillis>,
    /// The newest socket that the engine has opened.
    generation: u64,
    results: Results,
    /// Number of facts from the engine.
    facts: usize,
    /// The newest live update and the newest rule states.
    latest: [Option<Event>; 2],
    events: Vec<Event>,
}

/// The engine's results; rows and tests, which are many, as fingerprints.
#[derive(Debug, Clone, Default)]
struct Results {
    rows: ByTime,
    tests: Vec<u64>,
    past_tests: ByTime,
    alerts: Vec<Alert>,
    rules: Vec<Rule>,
    states: Vec<RuleState>,
}

/// Fingerprints by time, as a list: copying a day's is quick, and nearly all are appended at its end.
#[derive(Debug, Clone, Default, Serialize)]
struct ByTime(Vec<(UnixMillis, u64)>);

impl ByTime {
    fn put(&mut self, time: UnixMillis, fingerprint: u64) {
        if self.0.last().is_none_or(|(last, _)| *last < time) {
            return self.0.push((time, fingerprint));
        }
        match self.0.binary_search_by_key(&time, |(known, _)| *known) {
            Ok(place) => self.0[place].1 = fingerprint,
            Err(place) => self.0.insert(place, (time, fingerprint)),
        }
    }
}

/// A copy does not report the original's facts again, but does report its state.
impl Clone for Player {
    fn clone(&self) -> Self {
        let Self { engine, pair, bars_alone, next, position, known_to, due, .. } = self;
        Self {
            engine: engine.copy(),
            pair: pair.clone(),
            bars_alone: *bars_alone,
            next: *next,
            position: *position,
            known_to: *known_to,
            due: *due,
            generation: self.generation,
            results: self.results.clone(),
            facts: self.facts,
            latest: self.latest.clone(),
            events: self.latest.iter().flatten().cloned().collect(),
        }
    }
}

impl Player {
    /// A new engine at the start of `tape`.
    pub(super) fn new(tape: &Tape, settings: &Settings, rules: Vec<Rule>) -> Result<Self, HedgeError> {
        let position = tape.span().map_or(UnixMillis(0), |(first, _)| first - 1);
        let mut player = Self {
            engine: Engine::new(1),
            pair: settings.pair.clone(),
            bars_alone: tape.is_of_bars(),
            next: 0,
            position,
            known_to: position,
            due: Some(position),
            generation: 0,
            results: Results::default(),
            facts: 0,
            latest: [None, None],
            events: Vec::new(),
        };
        if tape.is_of_bars() {
            let settings = Settings { source: Source::Recording, ..settings.clone() };
            player.engine.begin_bars(position, &settings, tape.half_spreads().clone())?;
        } else {
            player.engine.handle(position, Input::Command(Command::Configure(Box::new(settings.clone()))));
        }
        player.engine.handle(position, Input::Command(Command::SetRules(rules)));
        let mut steps = usize::MAX;
        player.settle(&mut steps);
        Ok(player)
    }

    pub(super) fn position(&self) -> UnixMillis {
        self.position
    }

    /// The newest tape time of which anything has been played.
    pub(super) fn known_to(&self) -> UnixMillis {
        self.known_to
    }

    /// Number of facts from the engine so far.
    pub(super) fn facts(&self) -> usize {
        self.facts
    }

    /// Sets the code of the evidence's tests, for rules that watch it and for requests.
    pub(super) fn examine_with(&mut self, examine: Examine) {
        self.engine.examine_with(examine);
    }

    /// Sets the code that runs backtests.
    pub(super) fn backtest_with(&mut self, set_up: SetUp) {
        self.engine.backtest_with(set_up);
    }

    /// Sends the engine a command; [`Self::settle`] makes it answer.
    pub(super) fn command(&mut self, command: Command) {
        let now = self.known_to;
        self.engine.handle(now, Input::Command(command));
        self.due = Some(now);
    }

    pub(super) fn alerts(&self) -> usize {
        self.results.alerts.len()
    }

    /// Number of alerts of `from` and later.
    pub(super) fn alerts_from(&self, from: UnixMillis) -> usize {
        self.results.alerts.iter().filter(|alert| alert.time >= from).count()
    }

    pub(super) fn take_events(&mut self) -> Vec<Event> {
        core::mem::take(&mut self.events)
    }

    /// The time of the next moment.
    pub(super) fn next_time(&self, tape: &Tape) -> Option<UnixMillis> {
        tape.moments().get(self.next).map(|moment| moment.at)
    }

    /// Plays moments and wakeups up to and including `until`, subtracting them from `left`; returns whether it
    /// has arrived. The result depends only on their times, not on how often this is called.
    pub(super) fn play(&mut self, tape: &Tape, until: UnixMillis, left: &mut usize) -> bool {
        loop {
            if !self.settle(left) {
                return false;
            }
            let moment = tape.moments().get(self.next).filter(|moment| moment.at <= until);
            // on a tape of bars nothing happens between two of them, which may be a day
            let wakeup = self.engine.next_wakeup().filter(|wakeup| !self.bars_alone && *wakeup <= until);
            let first = match (&moment, wakeup) {
                (Some(moment), Some(wakeup)) => moment.at.min(wakeup),
                (Some(moment), None) => moment.at,
                (None, Some(wakeup)) => wakeup,
                (None, None) => break,
            };
            if *left == 0 {
                return false;
            }
            *left -= 1;
            // there may be more at this time
            self.position = self.position.max(first - 1);
            self.known_to = self.known_to.max(first);
            match moment.filter(|moment| moment.at == first) {
                Some(moment) if matches!(moment.event, TapeEvent::Bar(..)) => self.hear_bars(tape, first),
                Some(moment) => {
                    self.next += 1;
                    self.hear(first, &moment.event);
                }
                None => self.engine.handle(first, Input::Wakeup),
            }
            self.due = Some(first);
        }
        self.position = self.position.max(until);
        self.known_to = self.known_to.max(until);
        true
    }

    /// Takes all consecutive bars that became known at `now`.
    fn hear_bars(&mut self, tape: &Tape, now: UnixMillis) {
        let bar = |moment: &Moment| match &moment.event {
            TapeEvent::Bar(leg, open_time, bar) if moment.at == now => Some((*leg, *open_time, *bar)),
            _ => None,
        };
        let (next, mut played) = (self.next, 0);
        let bars = tape.moments()[next..].iter().map_while(bar).inspect(|_| played += 1);
        self.engine.hear_bars(now, bars);
        self.next += played;
    }

    fn hear(&mut self, now: UnixMillis, event: &TapeEvent) {
        let generation = self.generation;
        match event {
            TapeEvent::Trade(leg, trade) if self.bars_alone => self.engine.hear_trade(now, *leg, *trade),
            TapeEvent::Cut => {
                let event = SocketEvent::Closed { code: 1006, reason: String::new() };
                self.engine.handle(now, Input::Socket { generation, event });
            }
            _ => {
                if let Some(frame) = event.frame(&self.pair) {
                    self.engine.hear(now, generation, frame);
                }
            }
        }
    }

    /// Lets the engine finish its work at this tape time before the tape continues, subtracting its steps from
    /// `left`, and takes its events; returns whether it has finished.
    pub(super) fn settle(&mut self, left: &mut usize) -> bool {
        self.collect();
        let Some(now) = self.due else { return true };
        while self.engine.next_wakeup().is_some_and(|wakeup| wakeup <= now) {
            if *left == 0 {
                return false;
            }
            *left -= 1;
            self.engine.handle(now, Input::Wakeup);
            self.collect();
        }
        self.due = None;
        true
    }

    fn collect(&mut self) {
        while let Some(output) = self.engine.poll() {
            match output {
                Output::OpenSocket { generation, .. } => self.generation = generation,
                Output::Emit(event) => {
                    match &event {
                        Event::Fact { .. } => self.facts += 1,
                        Event::Live(_) => self.latest[0] = Some(event.clone()),
                        Event::RuleStates(_) => self.latest[1] = Some(event.clone()),
                        _ => {}
                    }
                    self.results.take(&event);
                    self.events.push(event);
                }
                // in a replay there is nothing outside the tape
                Output::CloseSocket { .. }
                | Output::Fetch { .. }
                | Output::Store(_)
                | Output::ReadSlice(_)
                | Output::Sweep(_) => {}
            }
        }
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let Results { rows, tests, past_tests, alerts, rules, states } = &self.results;
        Snapshot {
            position: self.position,
            rows: rows.0.len(),
            alerts: alerts.clone(),
            hash: fingerprint::of(&(rows, tests, past_tests, alerts, rules, states)),
        }
    }
}

impl Results {
    fn take(&mut self, event: &Event) {
        match event {
            Event::Fact { fact, .. } => self.fact(fact),
            Event::RuleStates(states) => self.states.clone_from(states),
            _ => {}
        }
    }

    fn fact(&mut self, fact: &Fact) {
        match fact {
            Fact::Rows { replace, rows } => {
                if *replace {
                    self.rows.0.clear();
                }
                for row in rows {
                    self.rows.put(row.open_time, fingerprint::of(row));
                }
            }
            Fact::Tests(tests) => self.tests.push(fingerprint::of::<Tests>(tests)),
            Fact::PastTests { replace, points } => {
                if *replace {
                    self.past_tests.0.clear();
                }
                for point in points {
                    self.past_tests.put(point.open_time, fingerprint::of(point));
                }
            }
            Fact::Alert(alert) => self.alerts.push((**alert).clone()),
            Fact::Rules(rules) => self.rules.clone_from(rules),
            _ => {}
        }
    }
}
