//! Keeps the page's files once the desk is up, and reports newer ones.

use crate::ui::state::Desk;
use crate::view::feed::storage::Offline;
use crate::web::offline::{self, Kept};
use crate::web::timer;
use leptos::prelude::*;

/// Delay after the first bars: the first charts have precedence.
const AFTER_BARS_MILLIS: u32 = 3_000;
/// Delay if no bars arrive.
const WITHOUT_BARS_MILLIS: u32 = 20_000;

/// Has the browser keep the page's files, and reports the outcome to the desk.
pub fn keep(desk: Desk) {
    if cfg!(debug_assertions) {
        // stored files would hide a developer's newest build
        let reason = "this is a build for development".to_owned();
        return take(desk, Kept::Unavailable(reason));
    }
    let begun = StoredValue::new(false);
    let begin = move || {
        if !begun.get_value() {
            begun.set_value(true);
            offline::keep_files(move |kept| take(desk, kept));
        }
    };
    timer::after(WITHOUT_BARS_MILLIS, begin).forget();
    let bars = desk.derive(|model| !model.series.is_empty());
    Effect::watch(
        move || bars.get(),
        move |there, _, _| {
            if *there {
                timer::after(AFTER_BARS_MILLIS, begin).forget();
            }
        },
        true,
    );
}

fn take(desk: Desk, kept: Kept) {
    match kept {
        Kept::Ready => desk.surroundings.update(|around| around.offline = Offline::Ready),
        Kept::Unavailable(reason) => {
            desk.surroundings.update(|around| around.offline = Offline::Unavailable { reason });
        }
        Kept::Update(update) => desk.notes.update.set(Some(update)),
    }
}
