//! The charts in the user's order.

use super::panel::ChartPanel;
use crate::ui::state::use_desk;
use crate::view::charts::layout::Layout;
use leptos::prelude::*;

/// All charts that are shown.
#[component]
pub fn Charts(
    /// How many of them it is the turn of.
    laid_out: Memo<usize>,
) -> impl IntoView {
    let desk = use_desk();
    let kinds = move || {
        let kinds = |layout: &Layout| {
            layout.places().iter().take(laid_out.get()).map(|place| place.kind).collect::<Vec<_>>()
        };
        desk.look.layout.with(kinds)
    };
    view! {
        <div class="charts-grid" data-charts=move || desk.look.layout.with(|layout| layout.places().len())>
            <For each=kinds key=|kind| *kind let:kind>
                <ChartPanel kind/>
            </For>
        </div>
    }
}
