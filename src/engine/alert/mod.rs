//! What deserves a word: rules over the desk's numbers, told on the edge, once, and not again before the number
//! has calmed down.
//!
//! The one decision of this module: a rule's trigger is a function of the closed bars alone (of what is known
//! between bars for a rule on silence or on scans). That a rule is off or snoozed, or that a bar is old, keeps an alert from being
//! told and changes nothing else, so that bars computed again bring every trigger to where it was.

mod between;
mod book;
mod evidence;
mod explain;
mod inputs;
mod notice;
mod position;
pub mod presets;
mod quantity;
mod rule;
mod trigger;
mod validate;

pub use between::{Between, Turnover};
pub use book::Book;
pub use explain::{Rearm, Reason, RuleState};
pub use inputs::{Inputs, Tested};
pub use notice::{Alert, Direction, Occasion, Snapshot};
pub use quantity::Quantity;
pub use rule::{Condition, Dwell, Level, Repeat, Rule, RuleId, Severity, Test, Way, follow};
pub use validate::{
    CONDITIONS_AT_MOST, COOLDOWN_SECS_AT_MOST, DWELL_BARS_AT_MOST, DWELL_MILLIS_AT_MOST, NAME_CHARS_AT_MOST,
    RULES_AT_MOST, RuleError, validate,
};
