//! The statistics of the two legs.

use crate::ui::panels::explain::Explain;
use crate::ui::state::use_desk;
use crate::view::numbers::tiles::{self, LegStat, Tile};
use crate::view::numbers::words::Topic;
use leptos::prelude::*;
use spreadscope_engine::base::symbol::Leg;

/// The table of both legs; each statistic is a row to screen readers, and a column on the screen.
#[component]
pub fn Legs() -> impl IntoView {
    let desk = use_desk();
    let symbol = move |leg: Leg| desk.derive(move |model| model.settings.pair.symbol(leg).to_string());
    let (y, x) = (symbol(Leg::Y), symbol(Leg::X));
    let quote = desk.derive(tiles::quote_of_legs);
    view! {
        <section class="legs" aria-label="The two legs">
            <div class="legs-table" role="table" aria-label="Statistics of each leg">
                <div class="legs-stat legs-names" role="row">
                    <div class="legs-label" role="columnheader"><span>"Leg " <small>{quote}</small></span> <Explain topic=Topic::Legs/></div>
                    <div class="legs-name" role="columnheader" data-leg="y">{y}</div>
                    <div class="legs-name" role="columnheader" data-leg="x">{x}</div>
                </div>
                {LegStat::ALL.into_iter().map(|stat| view! { <Stat stat/> }).collect_view()}
            </div>
        </section>
    }
}

#[component]
fn Stat(stat: LegStat) -> impl IntoView {
    let summed = use_desk().derive(move |model| tiles::summed(stat, &model.settings));
    let what = move || summed.get().map(|summed| summed.what);
    let bars = move || summed.get().map(|summed| view! { " " <small>{summed.bars}</small> });
    view! {
        <div class="legs-stat" role="row">
            <div class="legs-label" role="rowheader" title=what><span>{stat.label()}{bars}</span></div>
            <Cell leg=Leg::Y name="y" stat/>
            <Cell leg=Leg::X name="x" stat/>
        </div>
    }
}

#[component]
fn Cell(leg: Leg, name: &'static str, stat: LegStat) -> impl IntoView {
    let tile = use_desk().derive(move |model| tiles::leg(model, leg, stat));
    view! {
        <div
            class="legs-value"
            role="cell"
            data-leg=name
            data-stat=stat.name()
            data-value=move || tile.with(Tile::data_value)
            data-standing=move || tile.with(|tile| tile.standing.name())
            title=move || tile.with(|tile| tile.value.is_none().then(|| tile.context.clone()))
        >
            {move || tile.with(|tile| tile.text.clone())}
        </div>
    }
}
