//! The pairs to choose from: the venue's markets, and the pairs of earlier visits.

use crate::ui::preferences;
use crate::ui::state::Desk;
use crate::view::settings::form::Draft;
use crate::view::settings::markets::Markets;
use leptos::prelude::*;
use spreadscope_engine::settings::Source;
use spreadscope_engine::{Command, Pair};

/// Takes the stored markets of `source`, or has the engine request them.
pub fn request_markets(desk: Desk, source: &Source) {
    match preferences::markets(source) {
        Some(markets) => {
            if desk.markets.with_untracked(|known| *known != markets) {
                desk.markets.set(markets);
            }
        }
        None => desk.send(Command::ListMarkets(source.clone())),
    }
}

/// Takes the engine's responses about markets.
pub fn take_listings(desk: Desk) {
    Effect::watch(
        move || desk.listed.get(),
        move |_, _, _| {
            let Some(listing) = desk.model.with_value(|model| model.listing.clone()) else { return };
            match listing.markets {
                Ok(listed) => {
                    let markets = Markets::new(listed);
                    preferences::keep_markets(desk, &listing.source, &markets);
                    desk.markets.set(markets);
                }
                Err(reason) => desk.notice(format!("Symbols are not checked while you type: {reason}.")),
            }
        },
        false,
    );
}

/// Favourite and recent pairs: a click puts one into the form, the star makes it a favourite.
pub fn known_pairs(desk: Desk, draft: RwSignal<Draft>) -> AnyView {
    let chips = move || {
        let pairs = desk.pairs.with(|pairs| pairs.all().to_vec());
        pairs.into_iter().map(|known| chip(desk, draft, known.pair, known.favourite)).collect_view()
    };
    view! { <div class="known-pairs" role="group" aria-label="Favourite and recent pairs">{chips}</div> }
        .into_any()
}

fn chip(desk: Desk, draft: RwSignal<Draft>, pair: Pair, favourite: bool) -> AnyView {
    let name = format!("{} / {}", pair.y, pair.x);
    let star = if favourite { "★" } else { "☆" };
    let (fill, toggle) = (pair.clone(), pair);
    view! {
        <span class="chip">
            <button
                type="button"
                data-pair=name.clone()
                on:click=move |_| draft.update(|draft| {
                    draft.y = fill.y.to_string();
                    draft.x = fill.x.to_string();
                })
            >
                {name.clone()}
            </button>
            <button
                type="button"
                aria-label=format!("Favourite: {name}")
                aria-pressed=favourite.to_string()
                on:click=move |_| {
                    let pair = toggle.clone();
                    preferences::keep_pairs(desk, |pairs| pairs.toggled(pair));
                }
            >
                <span aria-hidden="true">{star}</span>
            </button>
        </span>
    }
    .into_any()
}
