//! Which pairs are shown, as a table or as a map.

use super::{Explained, Shown, use_state};
use crate::view::scanner::conditions::{Bound, Conditions, LEVELS, Switch, correction_name};
use crate::view::scanner::sort::Column;
use crate::view::scanner::words;
use leptos::prelude::*;
use spreadscope_engine::scan::filter::Correction;

/// The conditions in one line, the rarer ones folded away.
#[component]
pub fn Filters() -> impl IntoView {
    let state = use_state();
    let conditions = state.conditions;
    let change = move |change: &dyn Fn(&mut Conditions)| {
        conditions.update(change);
        state.page.set(0);
    };
    let shown = move |wanted: Shown| move || (state.shown.get() == wanted).to_string();
    let corrections = [Correction::Hochberg, Correction::Yekutieli].map(|correction| {
        let chosen = move || conditions.with(|conditions| conditions.correction == correction);
        let value = if correction == Correction::Hochberg { "bh" } else { "by" };
        view! { <option value=value prop:selected=chosen>{correction_name(correction)}</option> }
    });
    let levels = LEVELS.map(|level| {
        let chosen = move || conditions.with(|conditions| conditions.level == level);
        view! { <option value=level.to_string() prop:selected=chosen>{format!("q < {level}")}</option> }
    });
    let columns = move || {
        let line = |column: Column| view! { <p><b>{column.title()}</b>" "{column.about()}</p> };
        Column::ALL.map(line).collect_view().into_any()
    };
    let active = move || {
        conditions.with(|conditions| {
            Bound::ALL.into_iter().filter(|bound| bound.read(conditions).is_some()).count()
        })
    };
    view! {
        <section class="scanner-filters" aria-label="Which pairs are shown">
            <div class="segmented" role="group" aria-label="Show as">
                <button type="button" data-show="table" aria-pressed=shown(Shown::Table) on:click=move |_| state.shown.set(Shown::Table)>"Table"</button>
                <button type="button" data-show="map" aria-pressed=shown(Shown::Map) on:click=move |_| state.shown.set(Shown::Map)>"Map"</button>
            </div>
            {move || match state.shown.get() {
                Shown::Table => view! { <Explained about=words::COLUMNS more=columns()/> }.into_any(),
                Shown::Map => view! { <Explained about=words::MAP/> }.into_any(),
            }}
            <label class="field-inline">
                <span>"Corrected by"</span>
                <select data-filter="correction" on:change:target=move |event| {
                    let by = if event.target().value() == "by" { Correction::Yekutieli } else { Correction::Hochberg };
                    change(&|conditions| conditions.correction = by);
                }>{corrections.collect_view()}</select>
            </label>
            <label class="field-inline">
                <span>"survives at"</span>
                <select data-filter="level" on:change:target=move |event| {
                    let level = event.target().value().parse();
                    change(&|conditions| conditions.level = level.clone().unwrap_or(conditions.level));
                }>{levels.collect_view()}</select>
            </label>
            {Switch::ALL.map(|switch| view! {
                <label class="check">
                    <input
                        type="checkbox" data-filter=switch.as_str()
                        prop:checked=move || conditions.with(|conditions| switch.read(conditions))
                        on:change:target=move |event| {
                            let on = event.target().checked();
                            change(&|conditions| switch.write(conditions, on));
                        }
                    />
                    {switch.label()}
                </label>
            }).collect_view()}
            <label class="field-inline">
                <span>"Coin"</span>
                <input
                    type="search" data-filter="text" placeholder="any" autocomplete="off" spellcheck="false"
                    prop:value=move || conditions.with(|conditions| conditions.text.clone())
                    on:input:target=move |event| {
                        let text = event.target().value();
                        change(&|conditions| conditions.text.clone_from(&text));
                    }
                />
            </label>
            <details class="scanner-more">
                <summary>"More conditions " <span class="count" hidden=move || active() == 0>{active}</span></summary>
                <div class="scanner-bounds">
                    {Bound::ALL.map(|bound| view! {
                        <label class="field-inline">
                            <span>{bound.label()}</span>
                            <input
                                type="number" step="any" data-filter=bound.as_str() placeholder="any"
                                prop:value=conditions.with_untracked(|conditions| bound.read(conditions)).map(|value| value.to_string()).unwrap_or_default()
                                on:input:target=move |event| {
                                    let text = event.target().value();
                                    change(&|conditions| bound.write(conditions, &text));
                                }
                            />
                        </label>
                    }).collect_view()}
                </div>
            </details>
        </section>
    }
}
