//! The evidence panel: one line per test, and one sentence that weighs them.

mod about;
mod choice;
mod lines;
mod weigh;

pub use about::{About, about, cannot_tell_of_all, formula, put_in, worked};
pub use choice::EvidenceChoice;
pub use lines::{EvidenceLine, ShownFinding, group_head, group_title, line, sample};

use crate::view::numbers::verdict::TESTS_WAIT;
use crate::view::screen::model::Model;
use spreadscope_engine::Settings;
use spreadscope_engine::analytics::evidence::{Beside, Evidence, next_slower};

/// Returns the evidence to show; none while the history is incomplete.
pub fn shown(model: &Model) -> Option<&Evidence> {
    model.evidence.as_deref().filter(|_| !model.filling)
}

/// Returns the sentence at the top; `clock` gives the time of day of a moment.
pub fn sentence(model: &Model, clock: &dyn Fn(i64) -> String) -> String {
    if model.filling { TESTS_WAIT.to_owned() } else { weigh::weigh(shown(model), clock) }
}

/// Returns the label of a comparison under `settings`; `None` if it does not exist.
pub fn beside_label(beside: Beside, settings: &Settings) -> Option<String> {
    match beside {
        Beside::Nothing => Some("Nothing".to_owned()),
        Beside::OtherDirection => {
            let pair = &settings.pair;
            Some(format!("{} on {}", pair.x.base(), pair.y.base()))
        }
        Beside::SlowerInterval => {
            next_slower(settings.interval).map(|interval| format!("{} bars", interval.as_str()))
        }
    }
}
