//! The charts in the user's order.

use super::panel::ChartPanel;
use crate::ui::state::use_desk;
use leptos::prelude::*;

/// All charts that are shown.
#[component]
pub fn Charts() -> impl IntoView {
    let desk = use_desk();
    let kinds = move || {
        desk.look.layout.with(|layout| layout.places().iter().map(|place| place.kind).collect::<Vec<_>>())
    };
    view! {
        <div class="charts-grid" data-charts=move || desk.look.layout.with(|layout| layout.places().len())>
            <For each=kinds key=|kind| *kind let:kind>
                <ChartPanel kind/>
            </For>
        </div>
    }
}
