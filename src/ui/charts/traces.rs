//! Requests for Johansen's trace, which is computed only while its chart is shown.

use crate::ui::reactive::effect;
use crate::ui::state::Desk;
use crate::view::screen::side::SidePanel;
use crate::web::page;
use crate::web::timer::{self, Interval};
use leptos::prelude::*;
use spreadscope_engine::Command;
use spreadscope_engine::analytics::evidence::EvidenceOptions;

const PERIOD_MILLIS: u32 = 10_000;

/// Requests the traces now, again under other settings, and periodically. An open evidence panel requests them
/// itself.
pub(super) fn request(desk: Desk) {
    let send = move || {
        let beside = desk.panels.evidence.get_untracked().beside;
        desk.send(Command::Examine(EvidenceOptions { beside, bootstrap: false, traces: true }));
    };
    effect(move || {
        desk.settings.track();
        send();
    });
    let timer = StoredValue::<Option<Interval>, LocalStorage>::new_local(None);
    timer.set_value(Some(timer::every(PERIOD_MILLIS, move || {
        let panel_requests = desk.look.side.with_untracked(|side| side.shows(SidePanel::Evidence));
        if !panel_requests && !page::hidden() && !desk.paused.get_untracked() {
            send();
        }
    })));
    on_cleanup(move || timer.set_value(None));
}
