//! One rule of the list: what it does, why it has not fired, and its buttons.

use crate::ui::alerts::drawer::Deleted;
use crate::ui::controls::settings::SETTINGS_ID;
use crate::ui::reactive::memo;
use crate::ui::state::{Desk, use_desk};
use crate::view::alert::form::RuleDraft;
use crate::view::alert::words;
use crate::web::clock;
use leptos::prelude::*;
use spreadscope_engine::alert::{Rule, RuleId};
use spreadscope_engine::{Command, UnixMillis};

/// The lengths of a snooze: milliseconds and words.
const SNOOZES: [(i64, &str); 4] =
    [(900_000, "15 min"), (3_600_000, "1 h"), (14_400_000, "4 h"), (86_400_000, "24 h")];

/// A rule and its state.
#[component]
pub fn RuleCard(
    /// Which rule.
    id: RuleId,
    /// The rule being edited.
    draft: RwSignal<Option<RuleDraft>>,
) -> impl IntoView {
    let desk = use_desk();
    let deleted: Deleted = expect_context();
    let rule = desk.follow(move |model| model.rules.iter().find(|rule| rule.id == id).cloned());
    let of_rule = move |read: fn(&Rule) -> String| move || rule.with(|rule| rule.as_ref().map(read));
    let sentence = desk.follow(move |model| {
        let rule = model.rules.iter().find(|rule| rule.id == id)?;
        Some(words::rule(rule, &model.settings.pair))
    });
    let why = desk.follow(move |model| {
        let rule = model.rules.iter().find(|rule| rule.id == id)?;
        let state = model.rule_states.iter().find(|state| state.rule == id)?;
        Some(words::reason(rule, state, &model.settings.pair))
    });
    let snoozed = memo(move |_| rule.with(|rule| rule.as_ref().is_some_and(is_snoozed)));
    let enabled = move || rule.with(|rule| rule.as_ref().is_some_and(|rule| rule.enabled));
    let edit = move |_| draft.set(rule.with_untracked(|rule| rule.as_ref().map(RuleDraft::of)));
    let change = if id == RuleId::SETTINGS {
        view! { <button class="quiet" type="button" popovertarget=SETTINGS_ID>"Settings…"</button> }
            .into_any()
    } else {
        view! {
            <button class="quiet" type="button" data-action="edit-rule" on:click=edit>"Edit…"</button>
            <button class="quiet" type="button" data-action="delete-rule" on:click=move |_| delete(desk, deleted, id)>
                "Delete"
            </button>
        }
        .into_any()
    };
    view! {
        <li class="rule" data-rule=id.to_string() data-enabled=move || enabled().to_string()>
            <label class="rule-name">
                <input
                    type="checkbox"
                    data-action="enable-rule"
                    prop:checked=enabled
                    on:change:target=move |event| enable(desk, id, event.target().checked())
                />
                <span>{of_rule(|rule| rule.name.clone())}</span>
            </label>
            <span class="rule-severity" data-severity=of_rule(|rule| words::severity(rule.severity).to_ascii_lowercase())>
                {of_rule(|rule| words::severity(rule.severity).to_owned())}
            </span>
            <p class="rule-sentence">{sentence}</p>
            <p class="rule-why" data-why=""><span class="visually-hidden">"State: "</span>{why}</p>
            <div class="rule-actions" role="group" aria-label=of_rule(|rule| format!("Actions on {}", rule.name))>
                <Snooze id snoozed/>
                <button
                    class="quiet" type="button" data-action="test-rule"
                    on:click=move |_| desk.send(Command::TestRule(id))
                >"Test"</button>
                {change}
            </div>
        </li>
    }
}

#[component]
fn Snooze(id: RuleId, snoozed: Memo<bool>) -> impl IntoView {
    let desk = use_desk();
    let wake = move |_| desk.send(Command::Snooze { rule: id, until: None });
    let snooze = move |millis: i64| {
        let until = clock::now() + millis;
        desk.send(Command::Snooze { rule: id, until: Some(until) });
    };
    let lengths = || {
        SNOOZES
            .into_iter()
            .map(|(millis, label)| view! { <option value=millis.to_string()>{label}</option> })
            .collect_view()
    };
    view! {
        <Show
            when=move || snoozed.get()
            fallback=move || view! {
                <label class="field-inline">
                    <span class="visually-hidden">"Snooze for"</span>
                    <select
                        data-action="snooze-rule"
                        on:change:target=move |event| {
                            if let Ok(millis) = event.target().value().parse() {
                                snooze(millis);
                            }
                        }
                    >
                        <option value="">"Snooze…"</option>
                        {lengths()}
                    </select>
                </label>
            }
        >
            <button class="quiet" type="button" data-action="wake-rule" on:click=wake>"End snooze"</button>
        </Show>
    }
}

fn is_snoozed(rule: &Rule) -> bool {
    rule.snoozed_until.is_some_and(|until: UnixMillis| until > clock::now())
}

fn with_rules(desk: Desk, change: impl FnOnce(&mut Vec<Rule>)) {
    let mut rules = desk.model.with_value(|model| model.rules.clone());
    change(&mut rules);
    desk.send(Command::SetRules(rules));
}

fn enable(desk: Desk, id: RuleId, enabled: bool) {
    with_rules(desk, |rules| {
        if let Some(rule) = rules.iter_mut().find(|rule| rule.id == id) {
            rule.enabled = enabled;
        }
    });
}

fn delete(desk: Desk, deleted: Deleted, id: RuleId) {
    deleted.0.set(desk.model.with_value(|model| model.rules.iter().find(|rule| rule.id == id).cloned()));
    with_rules(desk, |rules| rules.retain(|rule| rule.id != id));
}

/// Replaces the rule that has the number of `rule`, or appends `rule`.
pub fn put(desk: Desk, rule: Rule) {
    with_rules(desk, |rules| match rules.iter_mut().find(|other| other.id == rule.id) {
        Some(other) => *other = rule,
        None => rules.push(rule),
    });
}
