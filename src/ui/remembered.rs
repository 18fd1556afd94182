//! A copy of the user's choices in the page's database: if the browser's local storage has been cleared and the
//! database has not, they are restored from there.

use crate::ui::state::Desk;
use crate::web::timer::{self, Timeout};
use crate::web::{location, page};
use leptos::prelude::*;
use spreadscope_engine::Command;
use spreadscope_engine::archive::Preferences;

/// Delay after the last change before it is sent to the database.
const SETTLE_MILLIS: u32 = 500;

/// The state of the copy.
#[derive(Debug, Default)]
pub struct Remembered {
    /// Local storage was empty when the page began, and the database has not responded yet: the page's defaults
    /// are not written over its copy.
    waits: bool,
    /// The page was opened by a link, which stays in force.
    linked: bool,
    /// The page was reloaded with its choices restored, and local storage is empty again.
    in_vain: bool,
    settling: Option<Timeout>,
}

/// Sends the stored choices to the database, or waits for its copy if nothing is stored.
pub fn begin(desk: Desk) {
    let waits = page::settings().is_empty();
    let remembered = Remembered {
        waits,
        linked: !location::fragment().is_empty(),
        in_vain: waits && location::is_reloaded(),
        settling: None,
    };
    if location::is_reloaded() && !waits {
        location::stay();
    }
    desk.remembered.set_value(remembered);
    tell(desk);
}

/// Sends the stored choices to the database once changes have settled.
pub fn tell(desk: Desk) {
    desk.remembered.update_value(|remembered| {
        if !remembered.waits {
            remembered.settling = Some(timer::after(SETTLE_MILLIS, move || {
                let kept = page::settings();
                // an empty local storage must not overwrite the database's copy
                if !kept.is_empty() {
                    desk.send(Command::Remember(kept));
                }
            }));
        }
    });
}

/// Takes the database's copy; if local storage was empty, the page reloads with it.
pub fn take(desk: Desk, choices: &Preferences) {
    let (waited, linked, in_vain) = desk
        .remembered
        .try_update_value(|remembered| {
            (core::mem::take(&mut remembered.waits), remembered.linked, remembered.in_vain)
        })
        .unwrap_or_default();
    if !waited || choices.is_empty() {
        return tell(desk);
    }
    // without a link the address already carries the defaults
    let fragment = if linked { location::fragment() } else { String::new() };
    let begun = if in_vain {
        Err("this browser forgets them on every reload".to_owned())
    } else {
        page::replace_settings(choices).and_then(|()| location::reload_at(&fragment))
    };
    if let Err(reason) = begun {
        desk.notice(format!("Your choices from earlier visits could not be restored: {reason}."));
    }
}
