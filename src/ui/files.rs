//! Fetches the rest of the code once the desk is up, has the page's files kept, and reports newer ones.

use crate::ui::state::Desk;
use crate::view::feed::storage::Offline;
use crate::web::offline::{self, OfflineNews};
use crate::web::{frame, timer};
use leptos::prelude::*;

/// Delay after the first chart: the code that comes later must not compete with the next charts.
const AFTER_CHART_MILLIS: u32 = 300;
/// Delay after the first bars: the first charts have precedence.
const AFTER_BARS_MILLIS: u32 = 3_000;
/// Delay if no bars arrive.
const WITHOUT_BARS_MILLIS: u32 = 20_000;

/// Has the functions fetched that a first visit does not run: once bars have been drawn, or after a while where none
/// come.
pub fn fetch_later(desk: Desk) {
    once_bars_came(
        desk,
        move || desk.fetch_later(),
        |begin| {
            frame::once_drawn(move || {
                timer::after(AFTER_CHART_MILLIS, begin).forget();
            });
        },
    );
}

/// Has the browser keep the page's files, and reports the outcome to the desk.
pub fn keep(desk: Desk) {
    if cfg!(debug_assertions) {
        // stored files would hide a developer's newest build
        let reason = "this is a build for development".to_owned();
        return take(desk, OfflineNews::Unavailable(reason));
    }
    once_bars_came(
        desk,
        move || offline::keep_files(move |kept| take(desk, kept)),
        |begin| {
            timer::after(AFTER_BARS_MILLIS, begin).forget();
        },
    );
}

/// Runs `action` once: when `schedule` calls what it is given at the first bars, or after a while without any.
fn once_bars_came(
    desk: Desk,
    action: impl Fn() + Copy + 'static,
    schedule: impl Fn(Box<dyn FnOnce()>) + 'static,
) {
    let begun = StoredValue::new(false);
    let begin = move || {
        if !begun.get_value() {
            begun.set_value(true);
            action();
        }
    };
    timer::after(WITHOUT_BARS_MILLIS, begin).forget();
    let bars = desk.derive(|model| !model.series.is_empty());
    Effect::watch(
        move || bars.get(),
        move |there, _, _| {
            if *there {
                schedule(Box::new(begin));
            }
        },
        true,
    );
}

fn take(desk: Desk, news: OfflineNews) {
    match news {
        OfflineNews::Ready => desk.surroundings.update(|around| around.offline = Offline::Ready),
        OfflineNews::Unavailable(reason) => {
            desk.surroundings.update(|around| around.offline = Offline::Unavailable { reason });
        }
        OfflineNews::Update(update) => desk.notes.update.set(Some(update)),
    }
}
