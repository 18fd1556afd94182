//! The rules' part of the engine: their commands, the silence of the feed, and why they have not fired.

use crate::alert::{Alert, Book, Inputs, RuleError, RuleId, RuleState, Silence};
use crate::messages::event::{Event, Fact};
use crate::messages::protocol::Command;
use crate::{Settings, UnixMillis};

/// The rules, and what the page knows of their state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch {
    /// The rules.
    pub book: Book,
    told: Vec<RuleState>,
    /// The page has said which rules there are.
    given: bool,
}

impl Watch {
    /// Carries out a command about rules and says what came of it; `None` for any other command.
    pub(crate) fn command(
        &mut self,
        command: Command,
        settings: &Settings,
        silence: Silence,
        inputs: Option<&Inputs<'_>>,
    ) -> Option<Fact> {
        let taken = match command {
            Command::SetRules(rules) => {
                self.given = true;
                self.book.set(rules, settings)
            }
            Command::Snooze { rule, until } if self.book.snooze(rule, until) => Ok(()),
            Command::Snooze { rule, .. } => Err(vec![no_rule(rule)]),
            Command::TestRule(rule) => match self.book.test(rule, silence, inputs) {
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

    /// The rules in force, once the page has said which there are: who took those before for all of them would lose
    /// the others.
    pub(crate) fn rules(&self) -> Option<Fact> {
        self.given.then(|| Fact::Rules(self.book.rules()))
    }

    /// Shows the silence to the rules; says in `facts` what they have to say, and which have switched themselves
    /// off.
    pub(crate) fn wake(
        &mut self,
        now: UnixMillis,
        silence: Silence,
        inputs: Option<&Inputs<'_>>,
        facts: &mut Vec<Fact>,
    ) {
        let mut alerts: Vec<Alert> = Vec::new();
        self.book.observe_silence(now, silence, inputs, &mut alerts);
        facts.extend(alerts.into_iter().map(|alert| Fact::Alert(Box::new(alert))));
        if self.book.take_changed() {
            facts.push(Fact::Rules(self.book.rules()));
        }
    }

    /// Why rules have not fired, if that has changed since it was last told.
    pub(crate) fn states(
        &mut self,
        now: UnixMillis,
        silence: Silence,
        inputs: Option<&Inputs<'_>>,
    ) -> Option<Event> {
        let states = self.book.states(now, silence.millis, inputs);
        if states == self.told {
            return None;
        }
        self.told.clone_from(&states);
        Some(Event::RuleStates(states))
    }
}

fn no_rule(rule: RuleId) -> RuleError {
    RuleError { rule, field: "rule".to_owned(), message: format!("there is no rule {rule}") }
}
