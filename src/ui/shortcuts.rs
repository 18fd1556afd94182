//! Keys that work anywhere, unless they are switched off or the focused element takes them itself.

use crate::ui::controls::{export, settings};
use crate::ui::panels::help;
use crate::ui::state::Desk;
use crate::ui::{address, preferences};
use crate::view::charts::range::TimeRange;
use crate::view::replay::Playback;
use crate::view::screen::keys::{self, Action};
use crate::view::screen::route::{Route, View};
use crate::view::screen::zone::Zone;
use crate::web::page;
use leptos::ev;
use leptos::prelude::*;
use spreadscope_engine::{Command, Settings};

/// Elements that take text.
const TAKES_TEXT: [&str; 3] = ["INPUT", "SELECT", "TEXTAREA"];
/// Elements in which the space bar has its own meaning.
const TAKES_SPACE: [&str; 4] = ["BUTTON", "SUMMARY", "A", "OL"];

/// Listens for keys.
pub fn listen(desk: Desk) {
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.repeat() || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let focused = document().active_element().map(|element| element.tag_name()).unwrap_or_default();
        let key = event.key();
        let taken =
            TAKES_TEXT.contains(&focused.as_str()) || (key == " " && TAKES_SPACE.contains(&focused.as_str()));
        let Some(action) = keys::action(&key).filter(|_| !taken && desk.shortcuts.get_untracked()) else {
            return;
        };
        // the transport of a replay handles the space bar
        if action == Action::Pause && desk.replay.playback.with_untracked(|replay| replay.is_on) {
            return;
        }
        event.prevent_default();
        act(desk, action);
    });
    on_cleanup(move || handle.remove());
}

fn act(desk: Desk, action: Action) {
    match action {
        Action::Pause => desk.paused.update(|paused| *paused = !*paused),
        Action::Interval(interval) => {
            let settings = desk.settings.get_untracked();
            if settings.interval != interval {
                preferences::apply(desk, Settings { interval, ..settings });
            }
        }
        Action::Follow => {
            let interval = desk.settings.with_untracked(|settings| settings.interval);
            desk.look.range.set(TimeRange::following(interval));
        }
        Action::Settings => page::toggle_popover(settings::SETTINGS_ID),
        Action::Export => page::toggle_popover(export::MENU_ID),
        Action::Help => page::toggle_popover(help::HELP_ID),
        Action::Inspect => desk.route.update(|route| {
            *route = if *route == Route::Desk { Route::Inspect(View::Spread) } else { Route::Desk };
        }),
        Action::Replay => desk.replay.playback.update(Playback::show),
        Action::CopyLink => address::copy_link(desk),
        Action::Zone => {
            let other = if desk.look.zone.get_untracked() == Zone::Utc { Zone::Local } else { Zone::Utc };
            preferences::keep_zone(desk, other);
        }
        Action::RunTests => desk.send(Command::RunTests),
    }
}
