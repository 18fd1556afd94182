//! Whether the browser has a network, and what happens when it returns.

use crate::ui::state::Desk;
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::Command;

/// Follows the browser's reports: when the network is back, the engine reconnects without waiting.
pub fn follow(desk: Desk) {
    for event in ["online", "offline"] {
        let listener = window_event_listener_untyped(event, move |_| {
            let online = page::online();
            let returned = online && desk.surroundings.with_untracked(|around| !around.online);
            desk.surroundings.update(|around| around.online = online);
            if returned {
                desk.send(Command::NetworkReturned);
            }
        });
        on_cleanup(move || listener.remove());
    }
    // a hidden or frozen page may never come back
    page::on_freeze(move || desk.send(Command::Flush));
    let listener = window_event_listener_untyped("pagehide", move |_| desk.send(Command::Flush));
    on_cleanup(move || listener.remove());
}
