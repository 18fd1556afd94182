//! The ways in which files were read by hand, for the next one with the same header.

use crate::ui::preferences;
use crate::ui::state::Desk;
use crate::view::files::import::dialect;
use crate::view::files::import::mappings::Mappings;
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::transfer::plan::Plan;

const KEY: &str = "spreadscope.mappings";

/// Shows a file that has just been looked at as one with its header was read before, if there was one.
pub fn recall(desk: Desk, plan: &Plan, show: Callback<Plan>) {
    let is_first = desk.model.try_update_value(|model| model.import.find(plan)).unwrap_or_default();
    if is_first && let Some(before) = kept().of(plan) {
        show.run(dialect::as_before(plan, before));
    }
}

/// Keeps how a file is read, if the user has changed that; a mapping that is not used any more is dropped.
pub fn keep(desk: Desk, plan: &Plan) {
    let found = desk.model.with_value(|model| model.import.found.clone());
    let Some(found) = found else { return };
    let mut mappings = kept();
    if mappings.put(&found, plan) {
        preferences::keep(desk, KEY, &mappings.store());
    }
}

fn kept() -> Mappings {
    Mappings::restore(page::setting(KEY).as_deref().unwrap_or_default())
}
