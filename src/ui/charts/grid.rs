//! The charts in the user's order, and the menus that arrange them.

use super::panel::ChartPanel;
use crate::ui::preferences;
use crate::ui::state::{Desk, use_desk};
use crate::view::figure::ChartKind;
use crate::view::layout::Layout;
use leptos::prelude::*;

const MENU_ID: &str = "charts-menu";

/// All charts that are shown.
#[component]
pub fn Charts() -> impl IntoView {
    let desk = use_desk();
    let kinds =
        move || desk.layout.with(|layout| layout.places().iter().map(|place| place.kind).collect::<Vec<_>>());
    view! {
        <div class="charts-grid" data-charts=move || desk.layout.with(|layout| layout.places().len())>
            <For each=kinds key=|kind| *kind let:kind>
                <ChartPanel kind/>
            </For>
        </div>
    }
}

/// The button and its list of all charts, shown or not.
#[component]
pub fn ChartsMenu() -> impl IntoView {
    let desk = use_desk();
    let items = ChartKind::ALL.into_iter().map(|kind| item(desk, kind)).collect_view();
    view! {
        <button type="button" popovertarget=MENU_ID data-action="charts">"Charts…"</button>
        <div class="menu charts-menu" id=MENU_ID popover="auto" role="dialog" aria-label="Charts">
            {items}
            <button type="button" data-action="reset-layout" on:click=move |_| preferences::arrange(desk, |_| Layout::default())>
                "Back to the first arrangement"
            </button>
        </div>
    }
}

fn item(desk: Desk, kind: ChartKind) -> AnyView {
    let shown = move || desk.layout.with(|layout| layout.position(kind).is_some());
    view! {
        <label class="check">
            <input
                type="checkbox"
                data-shows=kind.slug()
                prop:checked=shown
                on:change=move |_| preferences::arrange(desk, |layout| layout.toggled(kind))
            />
            {kind.title()}
        </label>
    }
    .into_any()
}
