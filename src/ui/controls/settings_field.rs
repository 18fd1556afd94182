//! One field of the settings, with its range and its error in words.

use crate::ui::controls::settings::FieldError;
use crate::ui::state::use_desk;
use crate::view::settings::field;
use crate::view::settings::form::Draft;
use leptos::prelude::*;
use spreadscope_engine::settings::{About, SettingsError};

/// The numeric fields of `group`, each with its unit and range; `errors` holds those found at the last attempt.
pub fn number_fields(
    group: About,
    draft: RwSignal<Draft>,
    errors: RwSignal<Vec<SettingsError>>,
) -> impl IntoView {
    field::numbers_about(group)
        .map(|(place, setting)| {
            let name = setting.name;
            let (label, help) = field::words(setting);
            let value = move || draft.with(|draft| draft.numbers[place].clone());
            let invalid = move || has_error(errors, name).to_string();
            view! {
                <div class="field">
                    <label for=name>{label}</label>
                    <input
                        id=name
                        type="text"
                        inputmode=if field::is_fractional(setting) { "decimal" } else { "numeric" }
                        autocomplete="off"
                        aria-invalid=invalid
                        aria-describedby=format!("hint-{name} error-{name}")
                        prop:value=value
                        on:input:target=move |event| {
                            draft.update(|draft| draft.numbers[place] = event.target().value());
                        }
                    />
                    <p class="field-hint" id=format!("hint-{name}")>{help} ". " {field::hint(setting)} "."</p>
                    <FieldError name errors/>
                </div>
            }
        })
        .collect_view()
}

/// A leg's symbol.
#[component]
pub fn SymbolField(
    /// `y` or `x`.
    name: &'static str,
    /// The field's own id on the page.
    id: &'static str,
    /// The label.
    label: &'static str,
    /// The form.
    draft: RwSignal<Draft>,
    /// The errors found at the last attempt.
    errors: RwSignal<Vec<SettingsError>>,
) -> impl IntoView {
    let value = move || draft.with(|draft| if name == "y" { draft.y.clone() } else { draft.x.clone() });
    let write = move |text: String| {
        draft.update(|draft| {
            let place = if name == "y" { &mut draft.y } else { &mut draft.x };
            *place = text;
        });
    };
    let desk = use_desk();
    let offered = move || {
        let found = desk.markets.with(|markets| markets.search(&value()));
        found.into_iter().map(|symbol| view! { <option value=symbol></option> }).collect_view()
    };
    let objection = move || desk.markets.with(|markets| markets.objection(&value()));
    let invalid = move || has_error(errors, name).to_string();
    view! {
        <div class="field symbol">
            <label for=id>{label}</label>
            <input
                id=id
                type="text"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                maxlength="24"
                aria-invalid=invalid
                aria-describedby=format!("objection-{id} error-{name}")
                list=format!("markets-{id}")
                prop:value=value
                on:input:target=move |event| write(event.target().value())
            />
            <datalist id=format!("markets-{id}")>{offered}</datalist>
            <p class="field-hint" id=format!("objection-{id}") data-objection=name>{objection}</p>
            <FieldError name errors/>
        </div>
    }
}

fn has_error(errors: RwSignal<Vec<SettingsError>>, name: &'static str) -> bool {
    errors.with(|errors| errors.iter().any(|error| error.field == name))
}
