//! The user's choices for a trade and the position that is followed, kept in this browser between visits.

use crate::ui::preferences;
use crate::ui::state::Desk;
use crate::view::numbers::trade::{self, TradeOptions};
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::analytics::position::Position;

const OPTIONS_KEY: &str = "spreadscope.trade";
const POSITION_KEY: &str = "spreadscope.position";

/// The choices of the last visit.
pub fn kept_options() -> TradeOptions {
    page::setting(OPTIONS_KEY).and_then(|text| TradeOptions::parse(&text).ok()).unwrap_or_default()
}

/// Puts other choices in force and keeps them.
pub fn choose(desk: Desk, options: TradeOptions) {
    if desk.trade.get_untracked() != options {
        preferences::keep(desk, OPTIONS_KEY, &options.store());
        desk.trade.set(options);
    }
}

/// The position that was followed at the last visit.
pub fn kept_position() -> Option<Position> {
    page::setting(POSITION_KEY).and_then(|text| trade::restore(&text))
}

/// Follows `position` from here on, or none, and keeps that.
pub fn follow(desk: Desk, position: Option<Position>) {
    let kept = position.as_ref().map(trade::store).unwrap_or_default();
    preferences::keep(desk, POSITION_KEY, &kept);
    desk.position.set(position);
}
