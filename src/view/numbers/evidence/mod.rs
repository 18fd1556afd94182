//! The panel of the evidence: one line a test, and one sentence that weighs them.

mod about;
mod lines;
mod weigh;

pub use about::{About, about, cannot_tell_of_all, worked};
pub use lines::{EvidenceLine, Told, group_head, group_title, line, sample};
pub use weigh::weigh;

use spreadscope_engine::Settings;
use spreadscope_engine::analytics::evidence::{Beside, next_slower};

/// What a choice of what stands beside is called under `settings`; `None` where there is nothing of the kind.
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
