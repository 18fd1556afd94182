//! Pages put to sleep, and the screen kept awake.

use crate::ui::preferences;
use crate::ui::state::Desk;
use crate::view::screen::away;
use crate::web::{clock, page, timer, wake_lock};
use leptos::prelude::*;
use leptos::task::spawn_local;

const LOOK_KEY: &str = "spreadscope.look";

/// Reports when the page has slept, and keeps the screen on where the user wants that.
pub fn follow(desk: Desk) {
    let before =
        page::of_this_tab(LOOK_KEY).and_then(|look| look.parse().ok()).filter(|_| page::was_discarded());
    let last_look = StoredValue::new(before.unwrap_or_else(|| clock::now().0));
    let look = move || {
        let now = clock::now().0;
        let from = last_look.get_value();
        if away::has_slept(from, now) {
            desk.notice(untrack(|| away::sentence(&desk.clock(from), &desk.clock(now))));
        }
        last_look.set_value(now);
        page::keep_for_this_tab(LOOK_KEY, &now.to_string());
    };
    look();
    timer::every(away::BEAT_MILLIS, look).forget();
    keep_screen_on(desk);
    let listener = window_event_listener_untyped("visibilitychange", move |_| {
        if !page::hidden() {
            look();
            // the browser releases the lock whenever the page is hidden
            keep_screen_on(desk);
        }
    });
    on_cleanup(move || listener.remove());
}

/// Keeps the screen on if that is chosen, and reports when the browser refuses.
pub fn keep_screen_on(desk: Desk) {
    if !preferences::keeps_screen_on() {
        return wake_lock::release();
    }
    spawn_local(async move {
        if let Err(reason) = wake_lock::hold().await {
            desk.notice(format!("The screen may turn off: {reason}."));
        }
    });
}
