//! The rules' part of the engine: commands, the state between bars, and why rules have not fired.

use crate::alert::{
    Alert, Between, Book, Inputs, Quantity, RuleError, RuleFault, RuleId, RuleState, Turnover,
};
use crate::messages::event::{Event, Fact};
use crate::messages::protocol::Command;
use crate::scan::survival::Changes;
use crate::{Pair, Settings, UnixMillis};

/// Pairs named in an alert; further ones are only counted.
const PAIRS_NAMED: usize = 4;

/// The rules, and what the page knows of their state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch {
    /// The rules.
    pub book: Book,
    told: Vec<RuleState>,
    /// Whether the page has set the rules.
    given: bool,
    /// Changes by the newest scan.
    changes: Option<Changes>,
}

impl Watch {
    /// Carries out a command about rules and returns its result; `None` for any other command.
    pub(crate) fn command(
        &mut self,
        command: Command,
        settings: &Settings,
        between: Between,
        inputs: Option<&Inputs<'_>>,
    ) -> Option<Fact> {
        let taken = match command {
            Command::SetRules(rules) => {
                self.given = true;
                self.book.set(rules, settings)
            }
            Command::Snooze { rule, until } if self.book.snooze(rule, until) => Ok(()),
            Command::Snooze { rule, .. } => Err(vec![no_rule(rule)]),
            Command::TestRule(rule) => match self.book.test(rule, &between, inputs) {
                Some(alert) => return Some(Fact::Alert(Box::new(alert))),
                None => Err(vec![no_rule(rule)]),
            },
            _ => return None,
        };
        Some(match taken {
            Ok(()) => Fact::Rules(self.book.rules()),
            Err(errors) => Fact::RulesRefused(errors),
        })
    }

    /// The rules in force, once the page has set them; before that the list is incomplete, and a page that
    /// stored it would lose the others.
    pub(crate) fn rules(&self) -> Option<Fact> {
        self.given.then(|| Fact::Rules(self.book.rules()))
    }

    /// Takes the changes by a scan that has ended at local time `now`.
    pub(crate) fn scanned(&mut self, now: UnixMillis, changes: Changes) {
        self.book.expect_scan(now);
        self.changes = Some(changes);
    }

    /// How many pairs have entered and left with the newest scan.
    pub(crate) fn turnover(&self) -> Option<Turnover> {
        let Changes { entered, left } = self.changes.as_ref()?;
        Some(Turnover { entered: entered.len(), left: left.len() })
    }

    /// Shows the rules the state between bars; adds their alerts to `facts`, and the rules if some have
    /// switched themselves off.
    pub(crate) fn wake(
        &mut self,
        now: UnixMillis,
        between: Between,
        inputs: Option<&Inputs<'_>>,
        facts: &mut Vec<Fact>,
    ) {
        let mut alerts: Vec<Alert> = Vec::new();
        self.book.observe_between(now, &between, inputs, &mut alerts);
        for alert in &mut alerts {
            let pairs = self.changes.as_ref().map(|changes| match alert.quantity {
                Quantity::ScanLeft => &changes.left[..],
                _ => &changes.entered[..],
            });
            if let Some(pairs) = pairs.filter(|_| alert.quantity.is_of_scans()) {
                alert.name = format!("{}: {}", alert.name, names(pairs));
            }
        }
        facts.extend(alerts.into_iter().map(|alert| Fact::Alert(Box::new(alert))));
        if self.book.take_changed() {
            facts.push(Fact::Rules(self.book.rules()));
        }
    }

    /// Why rules have not fired, if that has changed since the last call.
    pub(crate) fn states(
        &mut self,
        now: UnixMillis,
        between: Between,
        inputs: Option<&Inputs<'_>>,
    ) -> Option<Event> {
        let states = self.book.states(now, &between, inputs);
        if states == self.told {
            return None;
        }
        self.told.clone_from(&states);
        Some(Event::RuleStates(states))
    }
}

/// The names of the pairs, as far as there is room.
fn names(pairs: &[Pair]) -> String {
    let named: Vec<String> =
        pairs.iter().take(PAIRS_NAMED).map(|pair| format!("{}/{}", pair.y, pair.x)).collect();
    let more = pairs.len().saturating_sub(PAIRS_NAMED);
    let others = if more > 0 { format!(" and {more} more") } else { String::new() };
    named.join(", ") + &others
}

fn no_rule(rule: RuleId) -> RuleError {
    RuleError { rule, field: "rule".to_owned(), fault: RuleFault::Unknown }
}
