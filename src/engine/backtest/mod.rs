//! Backtests: would it have paid? Trades the rows by rules, without I/O.
//!
//! The signal is never computed a second time: a [`Tape`] is made of the same rows as on the page, and a
//! [`Run`] trades it bar by bar, so that a shorter tape gives the same as a longer one up to its end.

mod account;
pub mod bench;
mod break_even;
mod column;
mod decide;
mod grid;
mod look_ahead;
mod metrics;
mod periods;
pub mod pool;
mod position;
mod refusal;
mod remarks;
mod rules;
mod run;
pub mod settings;
mod shelf;
mod slippage;
mod surface;
mod tape;
mod tested;
#[cfg(test)]
mod tests;
mod traded;
mod trust;
mod walk_forward;
mod watch;

pub use crate::analytics::sizing::Sizing;
pub use account::{Account, Costs, Order, OrderLeg, Reason, Ticket};
pub use break_even::{BreakEven, break_even_fee_bps};
pub use decide::UndefinedFilter;
pub use grid::{Axis, Grid};
pub use look_ahead::{Comparison, Truncation, truncation};
pub use metrics::{FEW, Figure, Metrics, metrics};
pub use periods::Period;
pub use position::{PositionSide, RoundTrip};
pub use refusal::{Refusal, Refusals, RefusedBars};
pub use remarks::remarks;
pub use rules::{FillAt, Parameters, Rules, Side, SlippageBy};
pub use run::{Ledger, Run};
pub use slippage::{fills_by_book, mean_half_spread_bps};
pub use surface::{Cell, Judged, Spot, Surface, Sweep, cell, period, trust_in_run};
pub use tape::{Legs, Tape, TapeMaker, tape, tape_within};
pub use tested::TestResults;
pub use traded::closes_alone;
pub use trust::Trust;
pub use walk_forward::{Fold, Stitched, Train, Walk, WalkForward, bars_of, stitched};

use crate::settings::SettingsError;

/// Checks the parameters against the bars to be traded.
///
/// # Errors
/// A sentence to show: the legs are priced in two currencies or have no time in common, or opens are needed and not
/// known.
pub fn check(parameters: &Parameters, legs: Legs<'_>) -> Result<(), SettingsError> {
    let [y, x] = legs.bars;
    let refused = |field: &str, message: String| Err(SettingsError { field: field.to_owned(), message });
    let pair = &parameters.settings.pair;
    if let Some(why) = pair.two_currencies() {
        return refused("pair", why);
    }
    if y.first().max(x.first()) >= y.end().min(x.end()) {
        return refused("pair", parameters.no_time_in_common());
    }
    let [of_y, of_x] = legs.closes_alone;
    if parameters.rules.fill == FillAt::NextOpen && (of_y || of_x) {
        let whose = if of_y { &pair.y } else { &pair.x };
        let message = format!(
            "fill next_open needs the open of each bar, and the bars of {whose} are closes alone: take fill next_close"
        );
        return refused("fill", message);
    }
    Ok(())
}
