//! The trade panel: the size of each leg, the cost of a round trip, and a position that is followed.

pub mod about;
mod fees;
mod lines;
mod moment;
mod options;
mod position;
mod reckoned;
mod refusals;

pub use fees::{FEES_LABEL, FEES_NOTE, FeeChoice, fee_choices, fee_in_force, with_fee};
pub use lines::{book_lines, cost_lines, head_lines, size_lines, slippage_note};
pub use moment::{Moment, ZOf};
pub use options::{OptionField, TradeOptions};
pub use position::{PositionDraft, csv, heading, invitation, live_is_kept, position_lines};
pub use reckoned::{Reckoned, UnpaidZ, must_be_beyond, reckon, unpaid_z, verdict_clause};
