//! The drawer of alert rules: the list, the rule being edited, and how alerts reach the user.

use crate::ui::alerts::delivery::DeliveryFields;
use crate::ui::alerts::rule_card::{self, RuleCard};
use crate::ui::alerts::rule_form::RuleForm;
use crate::ui::panels::explain::Explain;
use crate::ui::reactive::{effect, memo};
use crate::ui::state::{Desk, use_desk};
use crate::view::alert::fault;
use crate::view::alert::form::{self, RuleDraft};
use crate::view::numbers::words::Topic;
use leptos::html;
use leptos::prelude::*;
use spreadscope_engine::alert::presets::Preset;
use spreadscope_engine::alert::{Rule, RuleId};

/// The drawer's id, for the buttons that open it.
pub const RULES_ID: &str = "alert-rules";

/// The drawer's contents.
#[component]
pub fn Rules() -> impl IntoView {
    let draft: RwSignal<Option<RuleDraft>> = RwSignal::new(None);
    let deleted = Deleted(RwSignal::new(None));
    provide_context(deleted);
    let writes = memo(move |_| draft.with(Option::is_some));
    // leaving the form returns the keyboard focus to the button that opened it
    let has_written = StoredValue::new(false);
    effect(move || {
        if writes.get() {
            has_written.set_value(true);
        }
    });
    view! {
            <div class="drawer-head">
                <h2>"Alert rules"</h2>
                <Explain topic=Topic::Alerts/>
                <span class="grow"></span>
                <button
                    class="quiet" type="button" popovertarget=RULES_ID popovertargetaction="hide"
                    aria-label="Close"
                >"×"</button>
            </div>
            <Show when=move || writes.get() fallback=move || view! { <RuleList draft has_written/> }>
                <RuleForm draft/>
            </Show>
    }
}

/// The rule that was deleted last, as long as it can be restored.
#[derive(Debug, Clone, Copy)]
pub struct Deleted(pub RwSignal<Option<Rule>>);

fn undo(desk: Desk, deleted: Deleted, rule: Rule) -> AnyView {
    let name = rule.name.clone();
    let back = move |_| {
        deleted.0.set(None);
        rule_card::put(desk, rule.clone());
    };
    view! {
        <p class="choice" role="status">
            {format!("“{name}” was deleted.")}
            <button class="quiet" type="button" data-action="undo-delete" on:click=back>"Undo"</button>
        </p>
    }
    .into_any()
}

#[component]
fn RuleList(draft: RwSignal<Option<RuleDraft>>, has_written: StoredValue<bool>) -> impl IntoView {
    let desk = use_desk();
    let deleted: Deleted = expect_context();
    let ids = desk.follow(|model| model.rules.iter().map(|rule| rule.id).collect::<Vec<RuleId>>());
    let refused = desk
        .follow(|model| model.rules_refused.iter().map(fault::sentence).collect::<Vec<String>>().join("; "));
    view! {
        <div class="drawer-body">
            <p class="field-error" role="alert" data-rules-refused="">{refused}</p>
            <ul class="rule-list">
                <For each=move || ids.get() key=|id| *id let:id>
                    <RuleCard id draft/>
                </For>
            </ul>
            {move || deleted.0.get().map(|rule| undo(desk, deleted, rule))}
            <AddRule draft has_written/>
            <DeliveryFields/>
        </div>
    }
}

#[component]
fn AddRule(draft: RwSignal<Option<RuleDraft>>, has_written: StoredValue<bool>) -> impl IntoView {
    let desk = use_desk();
    let button: NodeRef<html::Button> = NodeRef::new();
    effect(move || {
        if let Some(button) = button.get().filter(|_| has_written.get_value()) {
            // a button that has just been added can take the focus
            drop(button.focus());
        }
    });
    let chosen = RwSignal::new(0_usize);
    let options = Preset::ALL
        .into_iter()
        .enumerate()
        .map(|(place, preset)| view! { <option value=place.to_string()>{preset.title()}</option> })
        .collect_view();
    let add = move |_| {
        let preset = Preset::ALL[chosen.get_untracked().min(Preset::ALL.len() - 1)];
        let id = desk.model.with_value(|model| form::next_id(&model.rules));
        draft.set(Some(RuleDraft::of(
            &preset.rule(id, desk.settings.with_untracked(|settings| settings.z_threshold)),
        )));
    };
    view! {
        <div class="add-rule">
            <label class="field-inline">
                "Begin with"
                <select
                    data-control="preset"
                    prop:value=move || chosen.get().to_string()
                    on:change:target=move |event| chosen.set(event.target().value().parse().unwrap_or(0))
                >
                    {options}
                </select>
            </label>
            <button node_ref=button class="control" type="button" data-action="add-rule" on:click=add>"Add a rule…"</button>
        </div>
    }
}
