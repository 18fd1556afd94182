//! The form for a rule.

use crate::ui::alerts::edge_fields::{EdgeFields, TextField};
use crate::ui::alerts::rule_card;
use crate::ui::reactive::memo;
use crate::ui::state::use_desk;
use crate::view::alert::form::{EdgeDraft, FieldError, RuleDraft};
use crate::view::alert::operator::Operator;
use crate::view::alert::words;
use leptos::prelude::*;
use spreadscope_engine::alert::{CONDITIONS_AT_MOST, Repeat, Severity, Way};

const SEVERITIES: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Critical];
const WAYS: [(Way, &str); 3] = [(Way::Either, "either way"), (Way::Up, "upwards"), (Way::Down, "downwards")];

/// The form; saving or leaving it empties `draft`.
#[component]
pub fn RuleForm(draft: RwSignal<Option<RuleDraft>>) -> impl IntoView {
    let desk = use_desk();
    let errors: RwSignal<Vec<FieldError>> = RwSignal::new(Vec::new());
    let save = move || match draft.with_untracked(|draft| draft.as_ref().map(RuleDraft::read)) {
        Some(Ok(rule)) => {
            rule_card::put(desk, rule);
            draft.set(None);
        }
        Some(Err(found)) => errors.set(found),
        None => {}
    };
    let outcome = move || {
        if errors.with(Vec::is_empty) { "" } else { "Not saved: see the fields marked above." }
    };
    let text = move |read: fn(&RuleDraft) -> &String| {
        Signal::derive(move || draft.with(|draft| draft.as_ref().map(read).cloned().unwrap_or_default()))
    };
    let write = move |place: fn(&mut RuleDraft) -> &mut String| {
        Callback::new(move |(text,): (String,)| {
            edit(draft, |draft| *place(draft) = text);
        })
    };
    let named = |name: &str| Signal::stored(name.to_owned());
    let no_unit = Signal::stored(String::new());
    let has_way =
        memo(move |_| draft.with(|draft| draft.as_ref().is_some_and(|draft| draft.edge.operator.has_way())));
    let edge = Signal::derive(move || {
        draft.with(|draft| draft.as_ref().map_or_else(EdgeDraft::condition, |draft| draft.edge.clone()))
    });
    let change_edge = Callback::new(move |(edge,): (EdgeDraft,)| edit(draft, |draft| draft.edge = edge));
    view! {
        <form
            novalidate
            data-form="rule"
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
        >
            <div class="drawer-body">
                <TextField
                    name=named("name") label=Signal::stored(words::field("name")) unit=no_unit errors first=true
                    value=text(|draft| &draft.name) write=write(|draft| &mut draft.name)
                />
                <fieldset>
                    <legend>"Fires when"</legend>
                    <EdgeFields prefix=String::new() operators=&Operator::ALL is_alone=true edge change=change_edge errors/>
                    <Show when=move || has_way.get()><WayField draft/></Show>
                    <TextField
                        name=named("hysteresis") label=Signal::stored("Hysteresis: re-armed this far behind the edge") unit=no_unit errors
                        value=text(|draft| &draft.hysteresis) write=write(|draft| &mut draft.hysteresis)
                    />
                </fieldset>
                <Conditions draft errors/>
                <fieldset>
                    <legend>"How often"</legend>
                    <DwellField draft errors/>
                    <TextField
                        name=named("cooldown_secs") label=Signal::stored(words::field("cooldown_secs")) unit=Signal::stored("s".to_owned()) errors
                        value=text(|draft| &draft.cooldown_secs) write=write(|draft| &mut draft.cooldown_secs)
                    />
                    <RepeatField draft/>
                </fieldset>
                <SeverityField draft/>
            </div>
            <div class="drawer-foot">
                <p role="status">{outcome}</p>
                <button class="control" type="button" data-action="leave-rule" on:click=move |_| draft.set(None)>"Cancel"</button>
                <button class="primary" type="submit" data-action="save-rule">"Save rule"</button>
            </div>
        </form>
    }
}

fn edit(draft: RwSignal<Option<RuleDraft>>, write: impl FnOnce(&mut RuleDraft)) {
    draft.update(|draft| {
        if let Some(draft) = draft {
            write(draft);
        }
    });
}

#[component]
fn Conditions(draft: RwSignal<Option<RuleDraft>>, errors: RwSignal<Vec<FieldError>>) -> impl IntoView {
    let count = memo(move |_| draft.with(|draft| draft.as_ref().map_or(0, |draft| draft.conditions.len())));
    let row = move |place: usize| {
        let edge = Signal::derive(move || {
            let condition =
                draft.with(|draft| draft.as_ref().and_then(|draft| draft.conditions.get(place).cloned()));
            condition.unwrap_or_else(EdgeDraft::condition)
        });
        let change = Callback::new(move |(edge,): (EdgeDraft,)| {
            edit(draft, |draft| {
                if let Some(condition) = draft.conditions.get_mut(place) {
                    *condition = edge;
                }
            });
        });
        let remove = move |_| {
            edit(draft, |draft| drop(draft.conditions.remove(place)));
            errors.set(Vec::new());
        };
        view! {
            <li class="condition">
                <EdgeFields
                    prefix=format!("conditions[{place}].") operators=&Operator::ALL[1..] is_alone=false edge change errors
                />
                <button
                    class="quiet" type="button" data-action="remove-condition"
                    aria-label=format!("Remove condition {}", place + 1) on:click=remove
                >"Remove"</button>
            </li>
        }
    };
    let full = move || count.get() >= CONDITIONS_AT_MOST;
    view! {
        <fieldset>
            <legend>"And only while"</legend>
            <ul class="conditions">
                <For each=move || 0..count.get() key=|place| *place let:place>{row(place)}</For>
            </ul>
            <button
                class="control" type="button" data-action="add-condition" disabled=full
                on:click=move |_| edit(draft, |draft| draft.conditions.push(EdgeDraft::condition()))
            >"Add a condition"</button>
        </fieldset>
    }
}

#[component]
fn WayField(draft: RwSignal<Option<RuleDraft>>) -> impl IntoView {
    let options = WAYS
        .into_iter()
        .enumerate()
        .map(|(place, (way, label))| {
            let chosen = move || draft.with(|draft| draft.as_ref().is_some_and(|draft| draft.way == way));
            view! { <option value=place.to_string() prop:selected=chosen>{label}</option> }
        })
        .collect_view();
    let choose = move |text: String| {
        if let Some((way, _)) = text.parse::<usize>().ok().and_then(|place| WAYS.get(place)) {
            edit(draft, |draft| draft.way = *way);
        }
    };
    view! {
        <label class="choice">
            "Direction"
            <select data-field="way" on:change:target=move |event| choose(event.target().value())>{options}</select>
        </label>
    }
}

#[component]
fn DwellField(draft: RwSignal<Option<RuleDraft>>, errors: RwSignal<Vec<FieldError>>) -> impl IntoView {
    let in_bars = move || draft.with(|draft| draft.as_ref().is_some_and(|draft| draft.dwell_in_bars));
    let unit = move || if in_bars() { "bars".to_owned() } else { "s".to_owned() };
    view! {
        <TextField
            name=Signal::stored("dwell".to_owned())
            label=Signal::stored(words::field("dwell"))
            unit=Signal::derive(unit)
            errors
            value=Signal::derive(move || draft.with(|draft| draft.as_ref().map(|draft| draft.dwell.clone()).unwrap_or_default()))
            write=Callback::new(move |(text,): (String,)| edit(draft, |draft| draft.dwell = text))
        />
        <label class="choice">
            "Counted in"
            <select
                data-field="dwell-unit"
                on:change:target=move |event| {
                    let bars = event.target().value() == "bars";
                    edit(draft, |draft| draft.dwell_in_bars = bars);
                }
            >
                <option value="bars" prop:selected=in_bars>"bars in a row"</option>
                <option value="secs" prop:selected=move || !in_bars()>"seconds"</option>
            </select>
        </label>
    }
}

#[component]
fn RepeatField(draft: RwSignal<Option<RuleDraft>>) -> impl IntoView {
    let once = move || draft.with(|draft| draft.as_ref().is_some_and(|draft| draft.repeat == Repeat::Once));
    view! {
        <label class="radio">
            <input
                type="checkbox"
                data-field="once"
                prop:checked=once
                on:change:target=move |event| {
                    let repeat = if event.target().checked() { Repeat::Once } else { Repeat::Always };
                    edit(draft, |draft| draft.repeat = repeat);
                }
            />
            "Fire once, then switch off"
        </label>
    }
}

#[component]
fn SeverityField(draft: RwSignal<Option<RuleDraft>>) -> impl IntoView {
    let options = SEVERITIES
        .into_iter()
        .enumerate()
        .map(|(place, severity)| {
            let chosen =
                move || draft.with(|draft| draft.as_ref().is_some_and(|draft| draft.severity == severity));
            view! { <option value=place.to_string() prop:selected=chosen>{words::severity(severity)}</option> }
        })
        .collect_view();
    let choose = move |text: String| {
        if let Some(severity) = text.parse::<usize>().ok().and_then(|place| SEVERITIES.get(place)) {
            edit(draft, |draft| draft.severity = *severity);
        }
    };
    view! {
        <label class="choice">
            "Severity"
            <select data-field="severity" on:change:target=move |event| choose(event.target().value())>{options}</select>
        </label>
    }
}
