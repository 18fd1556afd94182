//! The user's choices for a trade and the position that is followed, stored in this browser between visits.

use crate::ui::preferences;
use crate::ui::state::Desk;
use crate::view::numbers::trade::TradeOptions;
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::Command;
use spreadscope_engine::analytics::position::Position;

const OPTIONS_KEY: &str = "spreadscope.trade";
const POSITION_KEY: &str = "spreadscope.position";

/// Returns the choices of the last visit.
pub fn kept_options() -> TradeOptions {
    page::setting(OPTIONS_KEY).and_then(|text| TradeOptions::parse(&text).ok()).unwrap_or_default()
}

/// Applies and stores other choices.
pub fn choose(desk: Desk, options: TradeOptions) {
    if desk.panels.trade.get_untracked() != options {
        preferences::keep(desk, OPTIONS_KEY, &options.store());
        desk.panels.trade.set(options);
    }
}

fn stored_position() -> Option<String> {
    page::setting(POSITION_KEY)
}

/// Sends the followed position to the engine, if there is one: rules may watch it.
pub fn tell_of_position(desk: Desk) {
    if let Some(text) = stored_position() {
        desk.send(Command::Follow(text));
    }
    if let Some(position) = desk.panels.rehearsed.get_untracked() {
        desk.send(Command::Rehearse(position.store()));
    }
}

/// Follows what other tabs store as the position, as long as the page is open.
pub fn follow_other_tabs(desk: Desk) {
    let listener = window_event_listener_untyped("storage", move |_| {
        let kept = kept_position();
        if kept != desk.panels.position.get_untracked() {
            desk.panels.position.set(kept);
            tell_of_position(desk);
        }
    });
    on_cleanup(move || listener.remove());
}

/// Returns the position that was followed at the last visit.
pub fn kept_position() -> Option<Position> {
    Position::restore(&stored_position()?)
}

/// Follows `position` from now on, or none, and stores that.
pub fn follow(desk: Desk, position: Option<Position>) {
    let kept = position.as_ref().map(Position::store).unwrap_or_default();
    preferences::keep(desk, POSITION_KEY, &kept);
    desk.send(Command::Follow(kept));
    desk.panels.position.set(position);
}

/// Follows `position` at the prices on the desk, which are not live, or none; it is not stored.
pub fn rehearse(desk: Desk, position: Option<Position>) {
    desk.send(Command::Rehearse(position.as_ref().map(Position::store).unwrap_or_default()));
    desk.panels.rehearsed.set(position);
}
