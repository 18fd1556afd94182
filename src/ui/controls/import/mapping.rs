//! How files were read by hand, for the next file with the same header.

use crate::ui::preferences;
use crate::ui::state::Desk;
use crate::view::files::import::dialect;
use crate::view::files::import::mappings::Mappings;
use crate::web::page;
use leptos::prelude::*;
use spreadscope_engine::transfer::plan::Plan;

const KEY: &str = "spreadscope.mappings";

/// Shows a new file in the way that an earlier one with the same header was read, if there was one.
pub fn recall(desk: Desk, plan: &Plan, show: Callback<Plan>) {
    let is_first = desk.model.try_update_value(|model| model.import.find(plan)).unwrap_or_default();
    if is_first && let Some(before) = kept().of(plan) {
        show.run(dialect::as_before(plan, before));
    }
}

/// Stores how a file is read if the user has changed that; a mapping that is no longer needed is dropped.
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
