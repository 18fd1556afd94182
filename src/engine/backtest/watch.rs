//! An alert rule that triggers entries; takes the same rows as in the engine.

use crate::alert::{Alert, Book, Inputs, Quantity, Rule, RuleError, RuleId, Tested};
use crate::analytics::pair::PairGraph;
use crate::analytics::test_times::is_on_grid;
use crate::analytics::{Row, cointegration};
use crate::{Settings, UnixMillis};

/// A rule, and the newest test result for its conditions.
#[derive(Debug)]
pub(super) struct Watch {
    book: Book,
    id: RuleId,
    asks_tests: bool,
    tested: Option<Tested>,
    /// Tests so far.
    tests: usize,
    alerts: Vec<Alert>,
}

impl Watch {
    pub(super) fn new(rule: Rule, settings: &Settings) -> Result<Self, Vec<RuleError>> {
        let conditions = rule.conditions.iter().map(|condition| condition.quantity);
        let asks_tests = conditions.chain([rule.quantity]).any(Quantity::is_tested);
        let id = rule.id;
        let mut book = Book::default();
        // in the past, a rule is neither disabled nor snoozed
        book.set(vec![Rule { enabled: true, snoozed_until: None, ..rule }], settings)?;
        Ok(Self { book, id, asks_tests, tested: None, tests: 0, alerts: Vec::new() })
    }

    /// How many tests it has run.
    pub(super) fn tests(&self) -> usize {
        self.tests
    }

    /// Whether the rule fires at `row`.
    pub(super) fn fires(&mut self, row: &Row, graph: &PairGraph, settings: &Settings) -> bool {
        if self.asks_tests && is_on_grid(row.open_time, settings.interval) {
            let tests = cointegration::run(graph.sample(), settings);
            self.tests += 1;
            self.tested = tests.as_ref().map(|tests| Tested::new(tests, settings)).or(self.tested);
        }
        let inputs = Inputs::new(row, self.tested, settings);
        self.alerts.clear();
        let now: UnixMillis = inputs.time();
        self.book.observe(&inputs, Some(now), &mut self.alerts);
        self.alerts.iter().any(|alert| alert.rule == self.id)
    }
}
