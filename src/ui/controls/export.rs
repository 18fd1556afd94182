//! Tables to take away.

use crate::ui::state::{Desk, use_desk};
use crate::view::export;
use crate::web::{clock, download};
use leptos::prelude::*;

const MENU_ID: &str = "export-menu";

/// What goes into the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Take {
    All,
    Visible,
    Alerts,
}

/// The button and its menu of tables.
#[component]
pub fn ExportMenu() -> impl IntoView {
    view! {
        <button class="control" type="button" popovertarget=MENU_ID data-action="export">"Export"</button>
        <div class="menu" id=MENU_ID popover="auto" role="group" aria-label="Export as CSV">
            <Item take=Take::All name="all" label="Analytics, all bars" note="CSV, every number in full"/>
            <Item take=Take::Visible name="visible" label="Analytics, visible range" note="as the charts show it"/>
            <Item take=Take::Alerts name="alerts" label="Alerts" note="CSV, newest first"/>
        </div>
    }
}

#[component]
fn Item(take: Take, name: &'static str, label: &'static str, note: &'static str) -> impl IntoView {
    let desk = use_desk();
    view! {
        <button
            type="button"
            data-export=name
            popovertarget=MENU_ID
            popovertargetaction="hide"
            on:click=move |_| save(desk, take)
        >
            <span>{label}</span>
            <small>{note}</small>
        </button>
    }
}

fn save(desk: Desk, take: Take) {
    let now = clock::now();
    let file = desk.model.with_value(|model| match take {
        Take::All => export::analytics(model, None, now),
        Take::Visible => {
            let span = desk.range.get_untracked().bounds(&model.series);
            export::analytics(model, Some(span), now)
        }
        Take::Alerts => export::alerts(model, now),
    });
    if let Err(reason) = download::save(&file.name, "text/csv;charset=utf-8", &file.text) {
        desk.notices.update(|notices| notices.push(format!("{} was not saved: {reason}.", file.name)));
    }
}
