//! The row of key numbers.

use crate::ui::panels::explain::Explain;
use crate::ui::state::use_desk;
use crate::view::numbers::tiles::{self, Tile};
use crate::view::numbers::words::Topic;
use crate::view::screen::model::Model;
use leptos::prelude::*;

/// The key numbers of the pair.
#[component]
pub fn Tiles() -> impl IntoView {
    view! {
        <section class="tiles" aria-label="Key numbers">
            <TileBox name="z" label="z-score" topic=Topic::Z read=tiles::z/>
            <TileBox name="spread" label="Spread" topic=Topic::Spread read=tiles::spread/>
            <TileBox name="hedge" label="Hedge ratio" topic=Topic::Hedge read=tiles::hedge/>
            <TileBox name="correlation" label="Correlation" topic=Topic::Correlation read=tiles::correlation/>
            <TileBox name="half-life" label="Half-life" topic=Topic::HalfLife read=tiles::half_life/>
            <TileBox name="eg" label="EG p-value" topic=Topic::EngleGranger read=tiles::engle_granger/>
        </section>
    }
}

#[component]
fn TileBox(
    /// The tile's name for tests.
    name: &'static str,
    /// The label above the number.
    label: &'static str,
    /// The topic that the "i" explains.
    topic: Topic,
    /// Reads the tile from the model.
    read: fn(&Model) -> Tile,
) -> impl IntoView {
    let desk = use_desk();
    let tile = desk.derive(read);
    let open_time = desk.derive(|model| model.last_row.as_ref().map(|row| row.open_time.0.to_string()));
    let stretched = desk.derive(move |model| {
        name == "z" && tiles::z(model).value.is_some_and(|z| z.abs() >= model.settings.z_threshold)
    });
    view! {
        <div
            class="tile"
            data-tile=name
            data-value=move || tile.with(Tile::data_value)
            data-open-time=move || open_time.get()
            data-standing=move || tile.with(|tile| tile.standing.name())
            data-stretched=move || stretched.get().then_some("true")
        >
            <div class="tile-head">
                <span class="tile-label">{label}</span>
                <Explain topic/>
            </div>
            <div class="tile-value" data-long=move || tile.with(|tile| (tile.text.chars().count() > 7).to_string())>{move || tile.with(|tile| tile.text.clone())}</div>
            <div class="tile-context">
                {move || tile.with(|tile| tile.context.clone())}
            </div>
        </div>
    }
}
