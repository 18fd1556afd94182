//! The menu that arranges the charts and the side panels: all of them, shown or hidden.

use crate::ui::preferences;
use crate::ui::reactive::memo;
use crate::ui::state::{Desk, use_desk};
use crate::view::charts::figure::ChartKind;
use crate::view::charts::layout::Layout;
use crate::view::screen::side::{Side, SidePanel};
use crate::web::{page, timer};
use leptos::prelude::*;

/// The menu's id, for the button that opens it.
pub const ARRANGE_ID: &str = "arrange-menu";

/// The contents of the menu's popover.
#[component]
pub fn Arrange() -> impl IntoView {
    let desk = use_desk();
    let charts = ChartKind::ALL.into_iter().map(|kind| {
        let shown = move || desk.look.layout.with(|layout| layout.position(kind).is_some());
        let toggle = move || preferences::arrange(desk, |layout| layout.toggled(kind));
        item(kind.slug(), kind.title(), shown, toggle)
    });
    let order = memo(move |_| desk.look.side.get().all());
    let reset = move |_| {
        preferences::arrange(desk, |_| Layout::default());
        preferences::arrange_side(desk, |_| Side::default());
    };
    view! {
            <p class="menu-head">"Charts"</p>
            {charts.collect_view()}
            <p class="menu-head">"Panels"</p>
            {move || order.get().map(|panel| panel_item(desk, panel))}
            <button type="button" data-action="reset-layout" on:click=reset>"Reset to the default layout"</button>
    }
}

fn panel_item(desk: Desk, panel: SidePanel) -> AnyView {
    let shown = move || desk.look.side.get().shows(panel);
    let toggle = move || preferences::arrange_side(desk, |side| side.toggled(panel));
    let raise = move |_| {
        preferences::arrange_side(desk, |side| side.raised(panel));
        // the rows are rebuilt; the focus returns to the row of the same panel
        let at_top = desk.look.side.get_untracked().all()[0] == panel;
        let name = if at_top { "shows" } else { "raises" };
        timer::after(0, move || page::focus(&format!("[data-{name}={}]", panel.slug()))).forget();
    };
    let is_first = desk.look.side.get_untracked().all()[0] == panel;
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
