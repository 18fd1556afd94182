//! The inspector: what the engine and the page hold, live, as a table or as JSON.

use crate::ui::address;
use crate::ui::reactive::memo;
use crate::ui::state::{Desk, use_desk};
use crate::view::inspect::{self, Page, Table};
use crate::view::screen::route::{Route, View};
use crate::web::timer::{self, Interval};
use crate::web::{clock, download, page, reason};
use leptos::prelude::*;
use spreadscope_engine::Command;
use spreadscope_engine::analytics::evidence::EvidenceOptions;

/// Interval at which a view is rebuilt.
const PERIOD_MILLIS: u32 = 1_000;

/// The view named by the page's address.
#[component]
pub fn Inspector() -> impl IntoView {
    let desk = use_desk();
    let beats = RwSignal::new(0_u64);
    let beat = move || {
        if desk.paused.get_untracked() || page::hidden() {
            return;
        }
        if matches!(desk.route.get_untracked(), Route::Inspect(View::Ticks(_))) {
            desk.send(Command::Inspect { ticks: inspect::ROWS });
        }
        if desk.route.get_untracked() == Route::Inspect(View::Adf) {
            let beside = desk.panels.evidence.get_untracked().beside;
            desk.send(Command::Examine(EvidenceOptions { beside, bootstrap: true, traces: false }));
        }
        beats.update(|beats| *beats += 1);
    };
    beat();
    let timer = StoredValue::<Option<Interval>, LocalStorage>::new_local(None);
    timer.set_value(Some(timer::every(PERIOD_MILLIS, beat)));
    on_cleanup(move || timer.set_value(None));
    let shown = memo(move |_| {
        beats.track();
        desk.inspected.track();
        match desk.route.get() {
            Route::Inspect(view) => desk.model.with_value(|model| inspect::page(&view, model)),
            Route::Desk | Route::Backtest | Route::Scanner => Page::default(),
        }
    });
    let as_json = RwSignal::new(false);
    let json = move || shown.with(|page| page.json(&desk.route.get(), clock::now()));
    let body = move || if as_json.get() { json_view(json()) } else { shown.with(table_view) };
    view! {
        <main class="inspector" data-view=move || desk.route.with(Route::path)>
            <nav class="inspector-nav" aria-label="Views">
                <a class="control" href="#/">"← Desk"</a>
                {move || views(desk).into_iter().map(|view| link(desk, view)).collect_view()}
            </nav>
            <header class="inspector-head">
                <h2>{move || shown.with(|page| page.title.clone())}</h2>
                <p>{move || shown.with(|page| page.about.clone())}</p>
                <span class="grow"></span>
                <button
                    class="control" type="button" data-action="json"
                    aria-pressed=move || as_json.get().to_string()
                    on:click=move |_| as_json.update(|json| *json = !*json)
                >"JSON"</button>
                <button
                    class="control" type="button" data-action="copy-view"
                    on:click=move |_| address::copy(desk, "The view", untrack(json))
                >"Copy"</button>
                <button class="control" type="button" data-action="save-view" on:click=move |_| save(desk, untrack(json))>
                    "Download"
                </button>
                <button class="control" type="button" data-action="diagnostics" on:click=move |_| diagnostics(desk)>
                    "Copy diagnostics"
                </button>
            </header>
            {body}
        </main>
    }
}

fn views(desk: Desk) -> Vec<View> {
    let pair = desk.settings.with(|settings| settings.pair.clone());
    vec![View::Ticks(pair.y), View::Ticks(pair.x), View::Spread, View::Adf, View::ZScoreAlert, View::Feed]
}

fn link(desk: Desk, view: View) -> AnyView {
    let route = Route::Inspect(view);
    let path = route.path();
    let current = move || desk.route.with(|shown| (*shown == route).then_some("page"));
    view! { <a class="inspector-link" href=format!("#{path}") aria-current=current>{path.clone()}</a> }
        .into_any()
}

fn json_view(text: String) -> AnyView {
    view! { <pre class="inspector-body" tabindex="0" role="region" aria-label="The view as JSON">{text}</pre> }.into_any()
}

fn table_view(page: &Page) -> AnyView {
    let facts = page
        .facts
        .iter()
        .map(|(name, value)| view! { <tr><th scope="row">{*name}</th><td>{inspect::text(value)}</td></tr> })
        .collect_view();
    let tables = page.tables.iter().map(rows_view).collect_view();
    view! {
        <div class="inspector-body" tabindex="0" role="region" aria-label="The view as tables">
            <table class="facts" hidden=page.facts.is_empty()><tbody>{facts}</tbody></table>
            {tables}
        </div>
    }
    .into_any()
}

fn rows_view(table: &Table) -> AnyView {
    if table.rows.is_empty() {
        let none = (!table.title.is_empty()).then(|| view! { <p class="note">{table.title}": none"</p> });
        return none.into_any();
    }
    let heads = table.columns.iter().map(|name| view! { <th scope="col">{*name}</th> }).collect_view();
    let rows = table
        .rows
        .iter()
        .map(|row| {
            let cells = row.iter().map(|cell| view! { <td>{inspect::text(cell)}</td> }).collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    let caption = (!table.title.is_empty()).then(|| view! { <caption>{table.title}</caption> });
    view! {
        <table class="rows" data-table=table.name>
            {caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn save(desk: Desk, json: String) {
    let path = desk.route.with_untracked(Route::path);
    let name = format!("spreadscope{}.json", path.replace('/', "-"));
    if let Err(reason) = download::save(&name, "application/json", &[json]) {
        desk.notice(format!("{name} was not saved: {reason}."));
    }
}

fn diagnostics(desk: Desk) {
    let notices = desk.notes.notices.get_untracked();
    let raw = reason::kept();
    let text = desk
        .model
        .with_value(|model| inspect::diagnostics(model, &page::browser(), &notices, &raw, clock::now()));
    address::copy(desk, "The diagnostics", text);
}
