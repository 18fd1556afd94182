//! The user's choices in the page's database, beside the browser's own small store of them: where that has been
//! cleared and the database has not, they are put back from there.

use crate::ui::state::Desk;
use crate::web::timer::{self, Timeout};
use crate::web::{location, page};
use leptos::prelude::*;
use spreadscope_engine::Command;
use spreadscope_engine::archive::Preferences;

/// The database is told this long after the last change.
const SETTLE_MILLIS: u32 = 500;

/// Where the page stands with the database.
#[derive(Debug, Default)]
pub struct Remembered {
    /// Nothing was kept here when the page began, and the database has not answered yet: it is not told of what the
    /// page begins with by itself.
    waits: bool,
    /// The page was opened by a link, which stays in force.
    linked: bool,
    settling: Option<Timeout>,
}

/// Begins: the database is told what is kept here, or asked if there is nothing.
pub fn begin(desk: Desk) {
    let remembered = Remembered {
        waits: page::settings().is_empty(),
        linked: !location::fragment().is_empty(),
        settling: None,
    };
    desk.remembered.set_value(remembered);
    tell(desk);
}

/// Tells the database what is kept here, once changes have settled.
pub fn tell(desk: Desk) {
    desk.remembered.update_value(|remembered| {
        if !remembered.waits {
            remembered.settling = Some(timer::after(SETTLE_MILLIS, move || {
                let kept = page::settings();
                // a browser that keeps nothing by itself has nothing to say against what is stored
                if !kept.is_empty() {
                    desk.send(Command::Remember(kept));
                }
            }));
        }
    });
}

/// Takes what the database has: where nothing was kept here the page begins again with it.
pub fn take(desk: Desk, choices: &Preferences) {
    let (waited, linked) = desk
        .remembered
        .try_update_value(|remembered| (core::mem::take(&mut remembered.waits), remembered.linked))
        .unwrap_or_default();
    if !waited || choices.is_empty() {
        return tell(desk);
    }
    match page::replace_settings(choices) {
        Ok(()) => {
            if !linked {
                // the address has followed what the page began with
                drop(location::replace_fragment(""));
            }
            page::reload();
        }
        Err(reason) => desk.notice(format!("What you chose at earlier visits is not in force: {reason}.")),
    }
}
