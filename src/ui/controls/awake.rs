//! The switch that keeps the screen on.

use crate::ui::state::use_desk;
use crate::ui::{away, preferences};
use leptos::prelude::*;

/// The switch; it takes effect at once, without applying the form around it.
#[component]
pub fn AwakeSwitch() -> impl IntoView {
    let desk = use_desk();
    let switch = move |on: bool| {
        preferences::keep_screen_on(desk, on);
        away::keep_screen_on(desk);
    };
    view! {
        <label class="check">
            <input
                type="checkbox" data-control="awake" prop:checked=preferences::keeps_screen_on()
                on:change:target=move |event| switch(event.target().checked())
            />
            "Keep the screen on"
        </label>
        <p class="note">"While this tab is visible. It takes effect at once."</p>
    }
}
