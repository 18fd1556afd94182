//! The events of a replay for the page: the engine's facts in order, rows combined, and the whole state after a
//! rewind.

use super::together::{ROWS_AT_ONCE, Together};
use crate::UnixMillis;
use crate::alert::Alert;
use crate::analytics::PastTest;
use crate::base::note::FeedNote;
use crate::messages::event::{Event, Fact};
use crate::settings::Source;

/// Facts of the log processed in one go; a day has a hundred thousand.
const FACTS_AT_ONCE: usize = 4_096;

/// The facts of a replay up to its position, and those not yet sent to the page.
#[derive(Debug)]
pub(super) struct Teller {
    /// The source of the replayed market; the replay's own engine sees a recording.
    source: Source,
    log: Vec<Fact>,
    /// Number of facts at the end of the log not sent yet.
    untold: usize,
    /// The whole state, while it is being sent.
    picture: Option<Picture>,
    /// Facts removed by a rewind, to be freed bit by bit: they may be a day's rows.
    taken_back: Vec<Fact>,
    /// The newest of the events that replace each other.
    live: Option<Event>,
    states: Option<Event>,
    /// Answers from copies of the engine.
    answers: Vec<Event>,
    sequence: u64,
    /// Alerts of the bars that warm the engine up, before this time, are not the span's.
    alerts_from: UnixMillis,
}

impl Teller {
    pub(super) fn new(source: Source, alerts_from: UnixMillis) -> Self {
        Self {
            source,
            alerts_from,
            log: Vec::new(),
            untold: 0,
            picture: None,
            taken_back: Vec::new(),
            live: None,
            states: None,
            answers: Vec::new(),
            sequence: 0,
        }
    }

    /// Takes the engine's events.
    pub(super) fn take(&mut self, events: Vec<Event>) {
        for event in events {
            match event {
                Event::Fact { fact, .. } => {
                    self.log.push(self.of_this_market(fact));
                    self.untold += 1;
                }
                Event::Live(_) => self.live = Some(event),
                Event::RuleStates(_) => self.states = Some(event),
                _ => {}
            }
        }
    }

    /// Takes the answer of a copy of the engine, which is not part of the replay.
    pub(super) fn take_answer(&mut self, events: Vec<Event>) {
        self.answers.extend(events.into_iter().filter(|event| {
            matches!(
                event,
                Event::Inspection(_)
                    | Event::Backtest(_)
                    | Event::Fact { fact: Fact::Tests(_) | Fact::Evidence(_), .. }
            )
        }));
    }

    /// Rewinds to the first `facts` facts; the page must be sent the whole state again.
    pub(super) fn go_back(&mut self, facts: usize) {
        self.taken_back.append(&mut self.log.split_off(facts));
        self.untold = 0;
        self.live = None;
        self.states = None;
    }

    /// Makes [`Self::news`] send everything up to here, for a new page.
    pub(super) fn begin_anew(&mut self) {
        self.picture = Some(Picture { alerts_from: self.alerts_from, ..Picture::default() });
        self.untold = 0;
        self.sequence = 0;
    }

    /// Whether there is more to send, or to free, than one call does.
    pub(super) fn has_more(&self) -> bool {
        self.picture.is_some() || !self.taken_back.is_empty()
    }

    /// The events not yet sent to the page, with a limited number of rows.
    pub(super) fn news(&mut self) -> Vec<Event> {
        let kept = self.taken_back.len().saturating_sub(ROWS_AT_ONCE);
        self.taken_back.truncate(kept);
        if let Some(picture) = &mut self.picture {
            if picture.told == 0 {
                // everything up to now is part of it
                self.untold = 0;
                if picture.read_on(&self.log) {
                    return Vec::new();
                }
            }
            let (facts, is_whole) = picture.part(&self.log);
            if !is_whole {
                return self.numbered_facts(facts);
            }
            self.picture = None;
            return self.numbered(facts);
        }
        let mut together = Together::default();
        let untold = self.log.len() - core::mem::take(&mut self.untold);
        let is_of_span = |fact: &&Fact| !matches!(fact, Fact::Alert(alert) if alert.time < self.alerts_from);
        self.log[untold..].iter().filter(is_of_span).for_each(|fact| together.add(fact));
        self.numbered(together.finish())
    }

    fn numbered_facts(&mut self, facts: Vec<Fact>) -> Vec<Event> {
        let first = self.sequence;
        self.sequence += facts.len() as u64;
        (first..).zip(facts).map(|(sequence, fact)| Event::Fact { sequence, fact }).collect()
    }

    /// The facts followed by the answers of copies, all numbered, and the latest live update.
    fn numbered(&mut self, mut facts: Vec<Fact>) -> Vec<Event> {
        let mut others = Vec::new();
        for answer in core::mem::take(&mut self.answers) {
            match answer {
                Event::Fact { fact, .. } => facts.push(fact),
                other => others.push(other),
            }
        }
        let mut events = self.numbered_facts(facts);
        events.extend(others.into_iter().chain(self.live.take()).chain(self.states.take()));
        events
    }

    fn of_this_market(&self, fact: Fact) -> Fact {
        match fact {
            Fact::Configured(mut settings) => {
                settings.source = self.source.clone();
                Fact::Configured(settings)
            }
            other => other,
        }
    }
}

/// The facts that lead to the same state as a whole log, combined and sent in parts, since they may be a day's
/// rows.
#[derive(Debug, Default)]
struct Picture {
    /// Number of facts of the log processed.
    read: usize,
    /// Where in the log the current version of each row is, oldest first: index of the fact, and index within
    /// it.
    rows: Vec<(UnixMillis, (usize, usize))>,
    /// Number of rows sent.
    told: usize,
    points: Vec<PastTest>,
    alerts: Vec<Alert>,
    alerts_from: UnixMillis,
    notes: Vec<FeedNote>,
    /// Indices of the newest facts to send before the rows: settings and rules.
    before: [Option<usize>; 2],
    /// Indices of those to send after them: tests and evidence.
    behind: [Option<usize>; 2],
}

impl Picture {
    /// Processes more of the log; returns whether there is more.
    fn read_on(&mut self, log: &[Fact]) -> bool {
        let end = log.len().min(self.read + FACTS_AT_ONCE);
        for (place, fact) in (self.read..end).zip(&log[self.read..end]) {
            self.take(place, fact);
        }
        self.read = end;
        end < log.len()
    }

    fn take(&mut self, place: usize, fact: &Fact) {
        match fact {
            Fact::Rows { replace, rows } => {
                if *replace {
                    self.rows.clear();
                }
                for (at, row) in rows.iter().enumerate() {
                    self.put(row.open_time, (place, at));
                }
            }
            Fact::PastTests { replace, points } => {
                if *replace {
                    self.points.clear();
                }
                self.points.extend(points);
            }
            Fact::Feed { replace, notes } => {
                if *replace {
                    self.notes.clear();
                }
                self.notes.extend(notes.iter().cloned());
            }
            Fact::Alert(alert) if alert.time < self.alerts_from => {}
            Fact::Alert(alert) => self.alerts.push((**alert).clone()),
            Fact::Configured(_) => self.before[0] = Some(place),
            Fact::Rules(_) => self.before[1] = Some(place),
            Fact::Tests(_) => self.behind[0] = Some(place),
            Fact::Evidence(_) => self.behind[1] = Some(place),
            Fact::Refused(_) | Fact::RulesRefused(_) | Fact::AlertLog(_) | Fact::Storage(_) => {}
        }
    }

    fn put(&mut self, time: UnixMillis, stands: (usize, usize)) {
        if self.rows.last().is_none_or(|(last, _)| *last < time) {
            return self.rows.push((time, stands));
        }
        match self.rows.binary_search_by_key(&time, |(known, _)| *known) {
            Ok(at) => self.rows[at].1 = stands,
            Err(at) => self.rows.insert(at, (time, stands)),
        }
    }

    /// The next facts of the state, and whether they are the last. The part of `log` that existed when the
    /// first were returned must not have changed since.
    fn part(&mut self, log: &[Fact]) -> (Vec<Fact>, bool) {
        let replace = self.told == 0;
        let end = self.rows.len().min(self.told + ROWS_AT_ONCE);
        let part = self.rows[self.told..end].iter().filter_map(|&(_, (place, at))| match &log[place] {
            Fact::Rows { rows, .. } => rows.get(at).cloned(),
            _ => None,
        });
        let at = |places: [Option<usize>; 2]| places.into_iter().flatten().map(|place| log[place].clone());
        let mut facts: Vec<Fact> = if replace { at(self.before).collect() } else { Vec::new() };
        facts.push(Fact::Rows { replace, rows: part.collect() });
        self.told = end;
        let is_whole = end == self.rows.len();
        if is_whole {
            facts.push(Fact::PastTests { replace: true, points: core::mem::take(&mut self.points) });
            facts.push(Fact::AlertLog(core::mem::take(&mut self.alerts)));
            facts.push(Fact::Feed { replace: true, notes: core::mem::take(&mut self.notes) });
            facts.extend(at(self.behind));
        }
        (facts, is_whole)
    }
}
