//! A chart's own menu: its place, its size and its other forms.

use super::drawing::Drawing;
use crate::ui::preferences;
use crate::ui::state::Desk;
use crate::view::charts::figure::ChartKind;
use crate::view::charts::layout::{Layout, Size};
use crate::web::page;
use leptos::prelude::*;

/// The menu button and the menu of the chart of `kind`.
pub(super) fn panel_menu(desk: Desk, kind: ChartKind, drawing: Drawing) -> AnyView {
    let id = format!("chart-menu-{}", kind.slug());
    let size = move || match desk.look.layout.with(|layout| layout.size(kind)).next() {
        Size::Half => "Half the width",
        Size::Wide => "Whole width",
        Size::Large => "Twice the height",
    };
    let form = move || if drawing.as_table.get() { "Show as chart" } else { "Show as table" };
    view! {
        <button class="chart-more" type="button" popovertarget=id.clone() aria-label=format!("{}: more", kind.title())>
            <span aria-hidden="true">"⋯"</span>
        </button>
        // any choice closes the menu
        <div
            class="menu" id=id.clone() popover="auto" role="group" aria-label=format!("{} chart", kind.title())
            on:click=move |_| page::hide_popover(&id)
        >
            {item("earlier", "Move back", move || preferences::arrange(desk, |layout| layout.moved(kind, -1)))}
            {item("later", "Move forward", move || preferences::arrange(desk, |layout| layout.moved(kind, 1)))}
            <button type="button" data-do="size" on:click=move |_| preferences::arrange(desk, |layout| layout.resized(kind))>
                {size}
            </button>
            {(kind == ChartKind::Price).then(|| view! {
                <button type="button" data-do="axes" on:click=move |_| preferences::arrange(desk, Layout::with_other_axes)>
                    {move || if desk.look.layout.with(Layout::has_two_axes) { "One axis, in percent" } else { "Two axes, in prices" }}
                </button>
            })}
            {item("hide", "Hide", move || preferences::arrange(desk, |layout| layout.toggled(kind)))}
            <button type="button" data-do="table" on:click=move |_| drawing.as_table.update(|table| *table = !*table)>
                {form}
            </button>
            {item("picture", "Save as PNG", move || drawing.save_picture())}
        </div>
    }
    .into_any()
}

fn item(name: &'static str, label: &'static str, act: impl Fn() + Send + 'static) -> AnyView {
    view! { <button type="button" data-do=name on:click=move |_| act()>{label}</button> }.into_any()
}
