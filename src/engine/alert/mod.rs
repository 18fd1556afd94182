//! Alerts: rules over the engine's numbers. A rule fires on the edge, once, and not again before its number has
//! calmed down.
//!
//! The one decision of this module: a rule's trigger is a function of the closed bars alone (for a rule on
//! silence or on scans, of the state between bars). Disabling or snoozing a rule, or the age of a bar,
//! suppresses the alert and changes nothing else, so that recomputing the bars restores every trigger.

mod between;
mod book;
mod evidence;
mod explain;
mod fault;
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
pub use fault::{RuleError, RuleFault};
pub use inputs::{Inputs, Tested};
pub use notice::{Alert, Direction, Occasion, Snapshot};
pub use quantity::Quantity;
pub use rule::{Condition, Dwell, Level, Repeat, Rule, RuleId, Severity, Test, Way, follow};
pub use validate::{
    CONDITIONS_AT_MOST, COOLDOWN_SECS_AT_MOST, DWELL_BARS_AT_MOST, DWELL_MILLIS_AT_MOST, NAME_CHARS_AT_MOST,
    RULES_AT_MOST, validate,
};
