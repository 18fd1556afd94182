//! A panel that was opened from elsewhere on the page shows itself once it is laid out.

use crate::ui::state::Desk;
use crate::view::screen::side::SidePanel;
use crate::web::{page, timer};
use leptos::prelude::*;

/// Scrolls to `panel`, which is being laid out, and moves the focus to its heading if the user has just opened it.
pub fn reveal_if_opened(desk: Desk, panel: SidePanel) {
    if desk.panels.opened.get_untracked() == Some(panel) {
        desk.panels.opened.set(None);
        timer::after(0, move || page::reveal(&format!("[data-panel={}]", panel.slug()))).forget();
    }
}
