//! The list of keys with its switch, and the start of the tour.

use crate::ui::preferences;
use crate::ui::state::{Desk, use_desk};
use crate::view::screen::keys::{CHART_KEYS, KEYS, REPLAY_KEYS};
use crate::view::screen::tour::{STOPS, Stop};
use crate::web::page;
use leptos::prelude::*;

/// The list's id, for the button that opens it.
pub const HELP_ID: &str = "help";

/// The list of keys: the contents of its popover.
#[component]
pub fn Help() -> impl IntoView {
    let desk = use_desk();
    let keys = KEYS.iter().map(|key| line(key.label, key.words)).collect_view();
    let replay = REPLAY_KEYS.iter().map(|[label, words]| line(label, words)).collect_view();
    let chart = CHART_KEYS.iter().map(|[label, words]| line(label, words)).collect_view();
    view! {
            <h2>"Keys"</h2>
            <dl>{keys}</dl>
            <h2>"Keys of a replay"</h2>
            <dl>{replay}</dl>
            <h2>"Keys on a chart"</h2>
            <dl>{chart}</dl>
            <label class="check">
                <input
                    type="checkbox"
                    data-control="shortcuts"
                    prop:checked=move || desk.shortcuts.get()
                    on:change:target=move |event| preferences::keep_shortcuts(desk, event.target().checked())
                />
                "Single-key shortcuts"
            </label>
            <button
                class="control" type="button" data-action="tour"
                popovertarget=HELP_ID popovertargetaction="hide"
                on:click=move |_| desk.tour.set(Some(0))
            >"Show me around"</button>
    }
}

/// The tour, while it is on.
#[component]
pub fn Tour() -> impl IntoView {
    let desk = use_desk();
    move || desk.tour.get().and_then(|at| Some(stop(desk, at, STOPS.get(at)?)))
}

fn line(label: &'static str, words: &'static str) -> AnyView {
    view! { <div><dt><kbd>{label}</kbd></dt><dd>{words}</dd></div> }.into_any()
}

/// A stop of the tour; the element it is about is outlined.
fn stop(desk: Desk, at: usize, stop: &'static Stop) -> AnyView {
    page::point_at(Some(stop.at));
    on_cleanup(|| page::point_at(None));
    let last = at + 1 == STOPS.len();
    let next = move |_| desk.tour.set((!last).then_some(at + 1));
    view! {
        <section class="tour" role="dialog" aria-label="Tour" aria-live="polite">
            <h2>{stop.title}</h2>
            <p>{stop.text}</p>
            <div class="tour-foot">
                <span class="count">{format!("{} of {}", at + 1, STOPS.len())}</span>
                <button class="control" type="button" data-action="tour-end" on:click=move |_| desk.tour.set(None)>
                    "End"
                </button>
                <button class="control" type="button" disabled={at == 0} on:click=move |_| desk.tour.set(at.checked_sub(1))>
                    "Back"
                </button>
                <button class="primary" type="button" data-action="tour-next" on:click=next>
                    {if last { "Done" } else { "Next" }}
                </button>
            </div>
        </section>
    }
    .into_any()
}
