//! Keeps the page's files once the desk is up, and says when there are newer ones.

use crate::ui::state::Desk;
use crate::view::feed::storage::Offline;
use crate::web::offline::{self, Kept};
use crate::web::timer;
use leptos::prelude::*;

/// The first charts come first: the files wait this long after the first bars,
const AFTER_BARS_MILLIS: u32 = 3_000;
/// or this long where none come.
const WITHOUT_BARS_MILLIS: u32 = 20_000;

/// Has the files kept, and the desk told what comes of it.
pub fn keep(desk: Desk) {
    if cfg!(debug_assertions) {
        // kept files would stand between a developer and the build just made
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
