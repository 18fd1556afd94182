//! The menu of files.

use super::session::Session;
use crate::view::backtest::export::{self, What};
use crate::view::files::table::Format;
use crate::web::{clock, download};
use leptos::prelude::*;

const MENU_ID: &str = "bt-export";

pub(super) fn menu(session: Session) -> impl IntoView {
    let row = move |what: What| {
        let missing = move || {
            session.ran.with(Option::is_none)
                || what == What::Surface && (session.surface.with(Option::is_none) || session.is_partly.get())
        };
        let button = move |format: Format| {
            view! {
                <button
                    class="control" type="button" data-save=format!("{}.{}", what.as_str(), format.as_str())
                    aria-label=format!("{} as {}", what.label(), format.label()) disabled=missing
                    on:click=move |_| save(session, what, format)
                >{format.label()}</button>
            }
        };
        view! {
            <div class="export-row"><span>{what.label()}</span>{button(Format::Csv)}{button(Format::Json)}</div>
        }
    };
    view! {
        <button class="control" type="button" popovertarget=MENU_ID data-action="save">"Save"</button>
        <div class="menu export" id=MENU_ID popover="auto" role="dialog" aria-label="Save" tabindex="-1">
            {What::ALL.map(row).into_iter().collect_view()}
            <p class="note">"Each file begins with all parameters."</p>
        </div>
    }
}

fn save(session: Session, what: What, format: Format) {
    let desk = session.desk;
    let Some(shown) = session.ran.get_untracked() else { return };
    let surface = session.surface.get_untracked();
    let found = surface.as_ref().map(|found| (&found.grid, &found.found));
    let now = clock::now().0;
    let name = export::name(&shown, what, format, now);
    let Some(parts) = export::file(&shown, found, what, format, now, desk.replayed()) else { return };
    desk.say_saved(&name, download::save(&name, format.mime(), &parts));
}
