//! What a replay tells the page: the engine's facts in order, rows together, and the whole picture after a way back.

use crate::UnixMillis;
use crate::analytics::Row;
use crate::messages::event::{Event, Fact};
use crate::settings::Source;
use std::collections::BTreeMap;

/// Rows told at a time, so that neither side of the wire is held up for long.
const ROWS_AT_ONCE: usize = 2_000;

/// The facts of a replay up to its position, and those that the page has not heard.
#[derive(Debug)]
pub(super) struct Teller {
    /// Of the market that is replayed: to its own engine it is a recording.
    source: Source,
    log: Vec<Fact>,
    /// Facts at the log's end that are untold.
    untold: usize,
    /// The newest of those that replace each other.
    live: Option<Event>,
    states: Option<Event>,
    /// Answers to what was asked aside.
    answers: Vec<Event>,
    sequence: u64,
}

impl Teller {
    pub(super) fn new(source: Source) -> Self {
        Self { source, log: Vec::new(), untold: 0, live: None, states: None, answers: Vec::new(), sequence: 0 }
    }

    /// Takes what the engine has told.
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

    /// Takes the answer of a copy of the engine: it is no part of what was played.
    pub(super) fn take_answer(&mut self, events: Vec<Event>) {
        self.answers.extend(events.into_iter().filter(|event| {
            matches!(
                event,
                Event::Inspection(_) | Event::Fact { fact: Fact::Tests(_) | Fact::Evidence(_), .. }
            )
        }));
    }

    /// Goes back to the first `facts` facts; the page is to be shown the whole picture again.
    pub(super) fn go_back(&mut self, facts: usize) {
        self.log.truncate(facts);
        self.untold = 0;
        self.live = None;
        self.states = None;
    }

    /// Everything up to here, for a page that knows nothing of it.
    pub(super) fn picture(&mut self) -> Vec<Event> {
        let facts = picture_of(&self.log);
        self.untold = 0;
        self.sequence = 0;
        self.numbered(facts)
    }

    /// What the page has not heard.
    pub(super) fn news(&mut self) -> Vec<Event> {
        let facts = together(self.log.split_off(self.log.len() - self.untold), &mut self.log);
        self.untold = 0;
        self.numbered(facts)
    }

    fn numbered(&mut self, facts: Vec<Fact>) -> Vec<Event> {
        let answers = core::mem::take(&mut self.answers);
        let asked = answers.into_iter().map(|event| match event {
            Event::Fact { fact, .. } => Ok(fact),
            other => Err(other),
        });
        let latest = self.live.take().into_iter().chain(self.states.take()).map(Err);
        let all = facts.into_iter().map(Ok).chain(asked).chain(latest);
        all.map(|told| match told {
            Ok(fact) => {
                let sequence = self.sequence;
                self.sequence += 1;
                Event::Fact { sequence, fact }
            }
            Err(event) => event,
        })
        .collect()
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

/// Whether the page has to do with it: nothing of a replay is stored.
fn is_told(fact: &Fact) -> bool {
    !matches!(fact, Fact::Storage(_))
}

/// The facts as they are to be told, rows that follow each other together; each of them goes back into the log as it
/// was.
fn together(facts: Vec<Fact>, log: &mut Vec<Fact>) -> Vec<Fact> {
    let mut told: Vec<Fact> = Vec::new();
    for fact in facts {
        match (told.last_mut(), &fact) {
            (Some(Fact::Rows { rows, .. }), Fact::Rows { replace: false, rows: more })
                if rows.len() + more.len() <= ROWS_AT_ONCE =>
            {
                rows.extend(more.iter().cloned());
            }
            _ if is_told(&fact) => told.push(fact.clone()),
            _ => {}
        }
        log.push(fact);
    }
    told
}

/// The facts that lead to the same picture as all of `log`.
fn picture_of(log: &[Fact]) -> Vec<Fact> {
    let mut rows: BTreeMap<UnixMillis, &Row> = BTreeMap::new();
    let (mut points, mut alerts, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    let [mut configured, mut rules, mut tests, mut evidence] = [None; 4];
    for fact in log {
        match fact {
            Fact::Rows { replace, rows: more } => {
                if *replace {
                    rows.clear();
                }
                rows.extend(more.iter().map(|row| (row.open_time, row)));
            }
            Fact::PastTests { replace, points: more } => {
                if *replace {
                    points.clear();
                }
                points.extend(more.iter().cloned());
            }
            Fact::Feed { replace, notes: more } => {
                if *replace {
                    notes.clear();
                }
                notes.extend(more.iter().cloned());
            }
            Fact::Alert(alert) => alerts.push((**alert).clone()),
            Fact::Configured(_) => configured = Some(fact),
            Fact::Rules(_) => rules = Some(fact),
            Fact::Tests(_) => tests = Some(fact),
            Fact::Evidence(_) => evidence = Some(fact),
            Fact::Refused(_) | Fact::RulesRefused(_) | Fact::AlertLog(_) | Fact::Storage(_) => {}
        }
    }
    let mut facts: Vec<Fact> = configured.into_iter().chain(rules).cloned().collect();
    let rows: Vec<Row> = rows.into_values().cloned().collect();
    facts.push(Fact::Rows { replace: true, rows: rows.iter().take(ROWS_AT_ONCE).cloned().collect() });
    let later = rows.chunks(ROWS_AT_ONCE).skip(1);
    facts.extend(later.map(|rows| Fact::Rows { replace: false, rows: rows.to_vec() }));
    facts.push(Fact::PastTests { replace: true, points });
    facts.push(Fact::AlertLog(alerts));
    facts.push(Fact::Feed { replace: true, notes });
    facts.extend(tests.into_iter().chain(evidence).cloned());
    facts
}
