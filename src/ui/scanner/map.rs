//! The map of all pairs.

use super::use_state;
use crate::ui::reactive::memo;
use crate::view::scanner::map::{self, Level};
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::Pair;

/// The map, coin by coin; the table has the same in numbers.
#[component]
pub fn Map() -> impl IntoView {
    let state = use_state();
    let html = memo(move |_| {
        state.board.with(|board| state.conditions.with(|conditions| map::html(board, conditions)))
    });
    let open = move |cell: String| {
        let coins = state.board.with_untracked(map::coins);
        let Some((y, x)) = map::cell(&cell) else { return };
        if let (Some(y), Some(x)) = (coins.get(y), coins.get(x)) {
            state.open(Pair { y: y.clone(), x: x.clone() });
        }
    };
    let go = move |cell: &str, key: &str| {
        let coins = state.board.with_untracked(|board| map::coins(board).len());
        let next = map::cell(cell).and_then(|at| map::moved(at, key, coins));
        if let Some((y, x)) = next {
            page::focus(&format!("[data-cell='{y}-{x}']"));
        }
        next.is_some()
    };
    let missing = memo(move |_| state.board.with(map::missing));
    let legend = Level::ALL.map(|level| {
        view! { <span data-level=level.as_str()><b aria-hidden="true">{level.mark()}</b>" "{level.label()}</span> }
    });
    view! {
        <div
            class="scanner-body scanner-map" role="region" aria-label="Map of pairs"
            on:click=move |event| {
                if let Some(cell) = page::data_of(&event, "cell") {
                    open(cell);
                }
            }
            on:keydown=move |event| {
                if let Some(cell) = page::data_of(&event, "cell")
                    && go(&cell, &event.key())
                {
                    event.prevent_default();
                }
            }
        >
            <p class="scanner-legend">
                {legend.collect_view()}
                {move || missing.get().map(|words| view! { <span data-missing="">{words}</span> })}
            </p>
            <table inner_html=html></table>
            <p class="empty" hidden=move || !html.with(String::is_empty)>"The map appears once all pairs are tested."</p>
        </div>
    }
}
