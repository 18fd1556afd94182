//! The favourite pairs side by side: a click opens one.

use crate::ui::preferences;
use crate::ui::reactive::{effect, memo};
use crate::ui::state::{Desk, use_desk};
use crate::view::numbers::watchlist::{self, CellText, WatchLine};
use crate::web::clock;
use leptos::prelude::*;
use spreadscope_engine::scan::watchlist::PAIRS_AT_MOST;
use spreadscope_engine::{Command, Pair, Settings};

/// Returns the watched pairs: the newest of the favourites.
fn watched(desk: Desk) -> Vec<Pair> {
    desk.pairs.with(|pairs| pairs.favourites().take(PAIRS_AT_MOST).cloned().collect())
}

/// Returns whether there are pairs to watch.
pub fn watches(desk: Desk) -> bool {
    desk.pairs.with(|pairs| pairs.favourites().next().is_some())
}

/// Has the engine watch the favourites, now and whenever they change.
pub fn follow(desk: Desk) {
    effect(move || desk.send(Command::Watch(watched(desk))));
}

/// Sends the favourites to an engine that does not know them.
pub fn send(desk: Desk) {
    desk.send(Command::Watch(untrack(|| watched(desk))));
}

/// Adds the desk's pair to the watchlist, or removes it.
#[component]
pub fn WatchButton() -> impl IntoView {
    let desk = use_desk();
    let pair = memo(move |_| desk.settings.with(|settings| settings.pair.clone()));
    let is_watched = move || pair.with(|pair| desk.pairs.with(|pairs| pairs.is_favourite(pair)));
    view! {
        <button
            class="quiet" type="button" data-action="watch" aria-label="On the watchlist" title="On the watchlist"
            aria-pressed=move || is_watched().to_string()
            on:click=move |_| toggle(desk, pair.get_untracked())
        >
            <span aria-hidden="true">{move || if is_watched() { "★" } else { "☆" }}</span>
        </button>
    }
}

/// The table, shown while there are pairs to watch.
#[component]
pub fn WatchlistPanel() -> impl IntoView {
    let desk = use_desk();
    let pairs = memo(move |_| watched(desk));
    let lines = desk.derive(move |model| watchlist::lines(&pairs.get(), model));
    let freshness = desk.derive(|model| watchlist::freshness(model, clock::now().0));
    let left_out = move || watchlist::left_out(desk.pairs.with(|pairs| pairs.favourites().count()));
    view! {
        <Show when=move || pairs.with(|pairs| !pairs.is_empty())>
            <section class="panel watchlist" aria-label="Watchlist">
                <header class="panel-head">
                    <h2>"Watchlist"</h2>
                    <span class="count">{move || pairs.with(Vec::len)}</span>
                </header>
                <table>
                    <thead>
                        <tr><th scope="col">"Pair"</th><th scope="col">"z, 1 m"</th><th scope="col">"EG p"</th><th scope="col">"Half-life"</th></tr>
                    </thead>
                    <tbody>{move || lines.get().into_iter().map(|line| row(desk, line)).collect_view()}</tbody>
                </table>
                <p class="note">
                    {left_out} " " {freshness}
                    " Rules on z, correlation, p and half-life watch these pairs too, minute by minute."
                </p>
            </section>
        </Show>
    }
}

fn row(desk: Desk, line: WatchLine) -> AnyView {
    let WatchLine { pair, z, p, half_life, trouble } = line;
    let name = format!("{} / {}", pair.y, pair.x);
    let current = desk.settings.with(|settings| settings.pair == pair).then_some("true");
    let opened = pair.clone();
    let open = move |_| {
        let settings = Settings { pair: opened.clone(), ..desk.settings.get_untracked() };
        preferences::apply(desk, settings);
    };
    view! {
        <tr data-watched=name.clone() aria-current=current>
            <th scope="row">
                <button class="quiet" type="button" title=name.clone() on:click=open>
                    {watchlist::short_name(&pair)}
                </button>
                <button
                    class="quiet" type="button" aria-label=format!("Remove {name}")
                    on:click=move |_| toggle(desk, pair.clone())
                >"×"</button>
            </th>
            {match trouble {
                Some(trouble) => view! { <td class="note" colspan="3">{trouble}</td> }.into_any(),
                None => view! { {cell(z)}{cell(p)}{cell(half_life)} }.into_any(),
            }}
        </tr>
    }
    .into_any()
}

fn cell(cell: CellText) -> AnyView {
    view! { <td title=cell.note>{cell.text}</td> }.into_any()
}

fn toggle(desk: Desk, pair: Pair) {
    preferences::keep_pairs(desk, |pairs| pairs.toggled(pair));
}
