//! A file before it is imported: its first rows, how they are read, and what the user can change.

use super::dialect::Dialect;
use super::mapping;
use crate::ui::state::use_desk;
use crate::view::files::import::{plan as change, words};
use leptos::prelude::*;
use spreadscope_engine::Symbol;
use spreadscope_engine::transfer::plan::{Kind, Plan, Role};
use spreadscope_engine::transfer::{ImportCommand, Preview, Sample};

/// The form; each change asks the engine to show the rows again.
#[component]
pub fn PreviewForm(preview: Preview) -> impl IntoView {
    let desk = use_desk();
    let import = desk.model.with_value(|model| model.import.import);
    let Preview { plan, columns, rows, problems, notes, .. } = preview;
    let show = Callback::new(move |plan: Plan| desk.command_import(ImportCommand::Show { import, plan }));
    let ready = problems.is_empty();
    mapping::recall(desk, &plan, show);
    let taken = plan.clone();
    let start = move |_| {
        let plan = taken.clone();
        mapping::keep(desk, &plan);
        desk.model.update_value(|model| model.import.start());
        desk.command_import(ImportCommand::Start { import, plan });
    };
    let problems = problems.into_iter().map(|text| view! { <p class="problem">{text}</p> }).collect_view();
    let notes = notes.into_iter().map(|text| view! { <p class="note">{text}</p> }).collect_view();
    view! {
        <p data-headline="">{words::headline(&plan)}</p>
        <Options plan=plan.clone() show/>
        <RowTable plan columns rows show/>
        <div aria-live="polite">{problems}</div>
        {notes}
        <div class="buttons">
            <button class="primary" type="button" data-action="take" disabled=!ready on:click=start>"Import"</button>
            <button class="control" type="button" on:click=move |_| desk.command_import(ImportCommand::Cancel { import })>
                "Cancel"
            </button>
        </div>
    }
}

#[component]
fn Options(plan: Plan, show: Callback<Plan>) -> impl IntoView {
    let has_columns = plan.form.columns().is_some();
    let is_bars = plan.kind == Kind::Bars;
    let names_symbol = change::columns(&plan).contains(&Some(Role::Symbol)) || !plan.markets.is_empty();
    let kinds = {
        let plan = plan.clone();
        move |text: String| {
            let kind = if text == "trades" { Kind::Trades } else { Kind::Bars };
            show.run(change::with_kind(&plan, kind));
        }
    };
    let symbols = {
        let plan = plan.clone();
        move |text: String| show.run(Plan { symbol: Symbol::new(&text).ok(), ..plan.clone() })
    };
    let lengths = {
        let plan = plan.clone();
        move |text: String| show.run(Plan { step_millis: text.parse().ok(), ..plan.clone() })
    };
    let empties = {
        let plan = plan.clone();
        move |absent_is_empty: bool| show.run(Plan { absent_is_empty, ..plan.clone() })
    };
    let symbol = plan.symbol.clone().map_or_else(String::new, String::from);
    let chosen = plan.step_millis;
    let steps = change::steps(&plan).into_iter().map(|(millis, label)| {
        view! { <option value=millis prop:selected=chosen == Some(millis)>{label}</option> }
    });
    let steps = steps.collect_view();
    view! {
        <div class="import-options">
            {has_columns.then(|| view! {
                <label class="field-inline">
                    <span>"Rows are"</span>
                    <select data-control="kind" on:change:target=move |event| kinds(event.target().value())>
                        <option value="bars" prop:selected=is_bars>"bars"</option>
                        <option value="trades" prop:selected=!is_bars>"trades"</option>
                    </select>
                </label>
            })}
            <Dialect plan=plan.clone() show/>
            {(!names_symbol).then(|| view! {
                <label class="field-inline">
                    <span>"Symbol"</span>
                    <input
                        type="text" data-control="symbol" autocapitalize="characters" autocomplete="off" spellcheck="false"
                        value=symbol on:change:target=move |event| symbols(event.target().value())
                    />
                </label>
            })}
            {is_bars.then(|| view! {
                <label class="field-inline">
                    <span>"Bar length"</span>
                    <select data-control="step" on:change:target=move |event| lengths(event.target().value())>
                        <option value="" prop:selected=chosen.is_none()>"not known"</option>
                        {steps}
                    </select>
                </label>
                <label class="field-inline">
                    <input
                        type="checkbox" data-control="absent" prop:checked=plan.absent_is_empty
                        on:change:target=move |event| empties(event.target().checked())
                    />
                    <span>"Bars missing from the file had no trades"</span>
                </label>
            })}
        </div>
    }
}

#[component]
fn RowTable(plan: Plan, columns: Vec<String>, rows: Vec<Sample>, show: Callback<Plan>) -> impl IntoView {
    let has_columns = plan.form.columns().is_some();
    let heads = columns.into_iter().enumerate().map(|(at, name)| {
        let choice = has_columns.then(|| view! { <RoleSelect plan=plan.clone() at name=name.clone() show/> });
        view! { <th scope="col">{name} {choice}</th> }
    });
    let heads = heads.collect_view();
    let rows = rows.into_iter().map(|row| {
        let refused = row.read.is_err();
        let cells = row.cells.iter().map(|cell| view! { <td>{cell.clone()}</td> }).collect_view();
        view! {
            <tr data-refused=refused.then_some("")>
                <th scope="row">{row.line}</th>
                <td class="reading">{words::reading(&row)}</td>
                {cells}
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="First rows of the file">
            <table class="import-rows">
                <thead><tr><th scope="col">"Line"</th><th scope="col">"Read as"</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn RoleSelect(plan: Plan, at: usize, name: String, show: Callback<Plan>) -> impl IntoView {
    let current = change::meaning(&plan, at);
    let options = plan.kind.roles().iter().map(|&role| {
        view! { <option value=role.name() prop:selected=current == Some(role)>{role.name()}</option> }
    });
    let options = options.collect_view();
    let label = format!("Meaning of {name}");
    let choose = move |text: String| {
        show.run(change::with_role(&plan, at, change::role(plan.kind, &text), &name));
    };
    view! {
        <select data-column=at aria-label=label on:change:target=move |event| choose(event.target().value())>
            <option value="" prop:selected=current.is_none()>"not used"</option>
            {options}
        </select>
    }
}
