//! Light, dark, or as the system is.

use crate::ui::preferences;
use crate::ui::state::use_desk;
use crate::view::screen::scheme::Scheme;
use leptos::prelude::*;

/// The choice of colour scheme.
#[component]
pub fn ThemeSelect() -> impl IntoView {
    let desk = use_desk();
    let choose = move |text: String| {
        if let Some(chosen) = Scheme::parse(&text) {
            preferences::keep_scheme(desk, chosen);
        }
    };
    let options = Scheme::ALL
        .into_iter()
        .map(|choice| {
            view! {
                <option value=choice.as_str() prop:selected=move || desk.look.scheme.get() == choice>{choice.label()}</option>
            }
        })
        .collect_view();
    view! {
        <label class="field-inline theme">
            <span>"Colours"</span>
            <select data-control="theme" aria-label="Colours" on:change:target=move |event| choose(event.target().value())>
                {options}
            </select>
        </label>
    }
}
