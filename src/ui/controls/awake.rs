//! The switch that keeps the screen on.

use crate::ui::state::use_desk;
use crate::ui::{away, preferences};
use leptos::prelude::*;

/// It takes effect at once; the form about it need not be applied.
#[component]
pub(super) fn AwakeSwitch() -> impl IntoView {
    let desk = use_desk();
    let switch = move |event: web_sys::Event| {
        preferences::keep_screen_on(desk, event_target_checked(&event));
        away::keep_screen_on(desk);
    };
    view! {
        <label class="check">
            <input type="checkbox" data-control="awake" prop:checked=preferences::keeps_screen_on() on:change=switch/>
            "Keep the screen on"
        </label>
        <p class="note">"While this tab is seen. It takes effect at once."</p>
    }
}
