//! Keys. Only one: the space bar pauses, as long as nothing that uses it has the focus.

use crate::ui::state::Desk;
use leptos::ev;
use leptos::prelude::*;

/// Elements on which the space bar has a meaning of its own.
const OWN_SPACE: [&str; 7] = ["INPUT", "SELECT", "TEXTAREA", "BUTTON", "SUMMARY", "A", "OL"];

/// Listens for the space bar.
pub fn listen(desk: Desk) {
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.key() != " " || event.repeat() || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let focused = document().active_element().map(|element| element.tag_name());
        if focused.is_some_and(|tag| OWN_SPACE.contains(&tag.as_str())) {
            return;
        }
        event.prevent_default();
        desk.paused.update(|paused| *paused = !*paused);
    });
    on_cleanup(move || handle.remove());
}
