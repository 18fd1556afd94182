//! The charts in the user's order, and the menu that arranges them and the panels beside them.

use super::panel::ChartPanel;
use crate::ui::preferences;
use crate::ui::state::{Desk, use_desk};
use crate::view::figure::ChartKind;
use crate::view::layout::Layout;
use crate::view::side::{Side, SidePanel};
use leptos::prelude::*;

const MENU_ID: &str = "arrange-menu";

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

/// The button and its list of all charts and panels, shown or not.
#[component]
pub fn ArrangeMenu() -> impl IntoView {
    let desk = use_desk();
    let charts = ChartKind::ALL.into_iter().map(|kind| {
        let shown = move || desk.layout.with(|layout| layout.position(kind).is_some());
        let toggle = move || preferences::arrange(desk, |layout| layout.toggled(kind));
        item(kind.slug(), kind.title(), shown, toggle)
    });
    let reset = move |_| {
        preferences::arrange(desk, |_| Layout::default());
        preferences::arrange_side(desk, |_| Side::default());
    };
    view! {
        <button type="button" popovertarget=MENU_ID data-action="arrange">"Arrange…"</button>
        <div class="menu arrange" id=MENU_ID popover="auto" role="dialog" aria-label="Charts and panels">
            <p class="menu-head">"Charts"</p>
            {charts.collect_view()}
            <p class="menu-head">"Panels"</p>
            <For each=move || desk.side.with(Side::all) key=|panel| *panel let:panel>
                {panel_item(desk, panel)}
            </For>
            <button type="button" data-action="reset-layout" on:click=reset>"Back to the first arrangement"</button>
        </div>
    }
}

fn panel_item(desk: Desk, panel: SidePanel) -> AnyView {
    let shown = move || desk.side.with(|side| side.shows(panel));
    let toggle = move || preferences::arrange_side(desk, |side| side.toggled(panel));
    let raise = move |_| preferences::arrange_side(desk, |side| side.raised(panel));
    let is_first = move || !shown() || desk.side.with(|side| side.panels().first() == Some(&panel));
    view! {
        <div class="menu-row">
            {item(panel.slug(), panel.title(), shown, toggle)}
            <button
                type="button" data-raises=panel.slug() disabled=is_first
                aria-label=format!("Move {} up", panel.title()) on:click=raise
            >"↑"</button>
        </div>
    }
    .into_any()
}

fn item(
    slug: &'static str,
    title: &'static str,
    shown: impl Fn() -> bool + Send + 'static,
    toggle: impl Fn() + 'static,
) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" data-shows=slug prop:checked=shown on:change=move |_| toggle()/>
            {title}
        </label>
    }
    .into_any()
}
