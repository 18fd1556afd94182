//! All rules with their state: takes closed bars and the state between them, and returns the alerts that are
//! due.

use super::explain;
use super::explain::{Moment, RuleState};
use super::position::Positions;
use super::rule;
use super::rule::Edge;
use super::trigger::Trigger;
use super::validate;
use super::{Alert, Between, Inputs, Occasion, Repeat, Rule, RuleError, RuleId};
use crate::analytics::position::Position;
use crate::{Settings, UnixMillis};

/// The rules, including the one that follows the settings.
#[derive(Debug, Clone, Default)]
pub struct Book {
    watched: Vec<Watched>,
    settings: Settings,
    /// Close time of the newest bar shown to the rules.
    seen: Option<UnixMillis>,
    /// Whether a rule has switched itself off since [`Self::take_changed`].
    changed: bool,
    positions: Positions,
}

#[derive(Debug, Clone)]
struct Watched {
    rule: Rule,
    trigger: Trigger,
    /// Bars that open earlier are ignored; `None` for a rule that has been there from the start.
    since: Option<UnixMillis>,
    last_told: Option<UnixMillis>,
}

impl Watched {
    fn new(rule: Rule, since: Option<UnixMillis>) -> Self {
        // the settings' rule has always been there, whatever its numbers
        let since = since.filter(|_| rule.id != RuleId::SETTINGS);
        Self { rule, trigger: Trigger::default(), since, last_told: None }
    }
}

impl Book {
    /// Puts `rules` in force, headed by the rule of `settings`. A rule whose trigger is unchanged keeps its
    /// state, so that it does not fire twice. Any other starts afresh, and fires at once if its level holds
    /// already.
    ///
    /// # Errors
    /// One [`RuleError`] per field out of range; the rules in force stay then.
    pub fn set(&mut self, mut rules: Vec<Rule>, settings: &Settings) -> Result<(), Vec<RuleError>> {
        rule::follow(&mut rules, settings);
        validate::validate(&rules)?;
        self.settings.clone_from(settings);
        let old = core::mem::take(&mut self.watched);
        self.watched = rules
            .into_iter()
            .map(|rule| {
                let same = |was: &&Watched| was.rule.id == rule.id && was.rule.triggers_like(&rule);
                match old.iter().find(same) {
                    Some(was) => Watched { rule, ..was.clone() },
                    None => Watched::new(rule, self.seen),
                }
            })
            .collect();
        Ok(())
    }

    /// Takes over the settings' numbers for their rule, whose state stays. With another threshold, the rule is
    /// armed if the `newest` bar is not beyond it; if it is, that is not worth an alert.
    pub fn follow(&mut self, settings: &Settings, newest: Option<&Inputs<'_>>) {
        self.settings.clone_from(settings);
        let Some(watched) = self.watched.iter_mut().find(|watched| watched.rule.id == RuleId::SETTINGS)
        else {
            self.watched.insert(0, Watched::new(Rule::of_settings(settings), None));
            return;
        };
        let Watched { rule, trigger, .. } = watched;
        let test = rule.test;
        rule.follow(settings);
        let value = newest.and_then(|inputs| inputs.reading(rule.quantity).ready());
        if let Some(value) = value.filter(|_| rule.test != test) {
            trigger.arm_again(rule, value);
        }
    }

    /// Silences a rule's alerts until local time `until`; `None` ends that. Returns whether there is such a
    /// rule.
    pub fn snooze(&mut self, id: RuleId, until: Option<UnixMillis>) -> bool {
        let found = self.watched.iter_mut().find(|watched| watched.rule.id == id);
        found.map(|watched| watched.rule.snoozed_until = until).is_some()
    }

    /// Makes rules watch `position` at live prices, from the next bar on.
    pub fn watch_position(&mut self, position: Option<Position>) {
        self.positions.live = position;
    }

    /// Makes rules watch `position` at recorded or made-up prices, from the next bar on.
    pub fn rehearse(&mut self, position: Option<Position>) {
        self.positions.rehearsed = position;
    }

    /// Switches off a rule after its last alert.
    pub fn switch_off(&mut self, id: RuleId) {
        for watched in self.watched.iter_mut().filter(|watched| watched.rule.id == id) {
            self.changed |= core::mem::replace(&mut watched.rule.enabled, false);
        }
    }

    /// Whether an enabled rule watches a number of the evidence or has a condition on one.
    pub fn watches_evidence(&self) -> bool {
        self.watched.iter().any(|watched| watched.rule.watches_evidence())
    }

    /// Resets all triggers: bars of another kind will be shown.
    pub fn begin_anew(&mut self) {
        self.rewind();
        self.seen = None;
        self.watched.iter_mut().for_each(|watched| watched.since = None);
    }

    /// Resets the triggers on bars: every bar will be shown again.
    pub fn rewind(&mut self) {
        for watched in self.watched.iter_mut().filter(|watched| !watched.rule.quantity.is_between_bars()) {
            watched.trigger = Trigger::default();
        }
    }

    /// The rules in force.
    pub fn rules(&self) -> Vec<Rule> {
        self.watched.iter().map(|watched| watched.rule.clone()).collect()
    }

    /// Whether a rule has switched itself off since the last call.
    pub fn take_changed(&mut self) -> bool {
        core::mem::take(&mut self.changed)
    }

    /// Takes a closed bar. `news` is the local time if its alerts are to be raised. Without it the bar only
    /// restores the triggers' state, and a condition on a test result no longer known counts as met, so that no
    /// old alert is raised later.
    pub fn observe(&mut self, inputs: &Inputs<'_>, news: Option<UnixMillis>, alerts: &mut Vec<Alert>) {
        let inputs = &inputs.with_position(self.positions.at(&self.settings.source));
        self.seen = self.seen.max(Some(inputs.time()));
        for watched in self.watched.iter_mut().filter(|watched| !watched.rule.quantity.is_between_bars()) {
            if watched.since.is_some_and(|since| inputs.open_time() < since) {
                continue;
            }
            let Watched { rule, trigger, .. } = watched;
            let value = inputs.reading(rule.quantity).ready();
            let conditions_hold = value.is_some() && conditions_hold(rule, Some(inputs), news.is_none());
            let Some(edge) = trigger.observe(rule, inputs.time(), value, conditions_hold) else { continue };
            if let Some(now) = news
                && let Some(value) = value
                && watched.speaks(now)
            {
                watched.take_note(inputs.time());
                let moment = (inputs.time(), inputs.open_time());
                alerts.push(watched.alert(edge, Some(value), moment, Some(inputs), &self.settings));
                self.changed |= !watched.rule.enabled;
            }
        }
    }

    /// Takes the state between bars at local time `now`; conditions use the newest closed bar.
    pub fn observe_between(
        &mut self,
        now: UnixMillis,
        between: &Between,
        inputs: Option<&Inputs<'_>>,
        alerts: &mut Vec<Alert>,
    ) {
        let inputs = inputs.map(|inputs| inputs.with_position(self.positions.at(&self.settings.source)));
        let inputs = inputs.as_ref();
        for watched in self.watched.iter_mut().filter(|watched| watched.rule.quantity.is_between_bars()) {
            let Watched { rule, trigger, .. } = watched;
            let value = between.reading(rule.quantity).ready();
            let conditions_hold = conditions_hold(rule, inputs, false);
            let Some(edge) = trigger.observe(rule, now, value, conditions_hold) else { continue };
            if watched.speaks(now) {
                watched.take_note(now);
                let moment = (between.time, between.open_time);
                alerts.push(watched.alert(edge, value, moment, inputs, &self.settings));
                self.changed |= !watched.rule.enabled;
            }
        }
    }

    /// Prepares the rules on scans for a scan that has ended at local time `now`. Each scan's changes are news
    /// whatever the previous scan changed, so the triggers first see one without changes. That raises no alert.
    pub fn expect_scan(&mut self, now: UnixMillis) {
        for Watched { rule, trigger, .. } in &mut self.watched {
            if rule.quantity.is_of_scans() {
                trigger.observe(rule, now, Some(0.0), false);
            }
        }
    }

    /// The state of each rule, and why it has not fired.
    pub fn states(&self, now: UnixMillis, between: &Between, inputs: Option<&Inputs<'_>>) -> Vec<RuleState> {
        let inputs = inputs.map(|inputs| inputs.with_position(self.positions.at(&self.settings.source)));
        let moment = Moment { now, inputs: inputs.as_ref(), between };
        self.watched
            .iter()
            .map(|Watched { rule, trigger, last_told, .. }| RuleState {
                rule: rule.id,
                value: moment.reading(rule.quantity).ok().and_then(|reading| reading.ready()),
                reason: explain::explain(rule, trigger, *last_told, &moment),
                last_told: *last_told,
            })
            .collect()
    }

    /// An alert of rule `id` marked as a test; `None` if there is no such rule.
    pub fn test(&self, id: RuleId, between: &Between, inputs: Option<&Inputs<'_>>) -> Option<Alert> {
        let watched = self.watched.iter().find(|watched| watched.rule.id == id)?;
        let inputs = inputs.map(|inputs| inputs.with_position(self.positions.at(&self.settings.source)));
        let inputs = inputs.as_ref();
        let rule = &watched.rule;
        let value = if rule.quantity.is_between_bars() {
            between.reading(rule.quantity).ready()
        } else {
            inputs.and_then(|inputs| inputs.reading(rule.quantity).ready())
        };
        let edge = nearest(rule.edges(), value)?;
        let moment = (between.time, between.open_time);
        Some(Alert { occasion: Occasion::Test, ..watched.alert(edge, value, moment, inputs, &self.settings) })
    }
}

impl Watched {
    /// Whether alerts are raised at local time `now`.
    fn speaks(&self, now: UnixMillis) -> bool {
        self.rule.enabled && self.rule.snoozed_until.is_none_or(|until| now >= until)
    }

    /// Takes note that the rule raised an alert at `time`, on its trigger's clock.
    fn take_note(&mut self, time: UnixMillis) {
        self.last_told = Some(time);
        if self.rule.repeat == Repeat::Once {
            self.rule.enabled = false;
        }
    }

    /// The alert of `edge` at `moment`: its time, and the open time of its bar.
    fn alert(
        &self,
        edge: Edge,
        value: Option<f64>,
        (time, open_time): (UnixMillis, UnixMillis),
        inputs: Option<&Inputs<'_>>,
        settings: &Settings,
    ) -> Alert {
        Alert {
            time,
            open_time,
            pair: settings.pair.clone(),
            interval: settings.interval,
            rule: self.rule.id,
            name: self.rule.name.clone(),
            severity: self.rule.severity,
            quantity: self.rule.quantity,
            direction: edge.direction,
            value,
            threshold: edge.zone.limit(value.unwrap_or(0.0)),
            occasion: Occasion::Fired,
            snapshot: inputs.map(Inputs::snapshot).unwrap_or_default(),
        }
    }
}

/// Whether all conditions of `rule` hold; with `benefit`, those on an unknown test result count as met.
fn conditions_hold(rule: &Rule, inputs: Option<&Inputs<'_>>, benefit: bool) -> bool {
    let Some(inputs) = inputs else { return rule.conditions.is_empty() };
    rule.conditions.iter().all(|condition| {
        if benefit && condition.quantity.is_tested() && !inputs.is_tested() {
            return true;
        }
        inputs.reading(condition.quantity).ready().is_some_and(|value| condition.level.holds(value))
    })
}

/// The edge whose limit is nearest to `value`; the first if there is no value.
fn nearest(edges: impl Iterator<Item = Edge>, value: Option<f64>) -> Option<Edge> {
    let Some(value) = value else { return edges.into_iter().next() };
    edges.min_by(|a, b| {
        let far = |edge: &Edge| (edge.zone.limit(value) - value).abs();
        far(a).total_cmp(&far(b))
    })
}
