//! Both legs' bars on one row and everything computed from rows: alignment, hedge, pair statistics, current and
//! past tests, the evidence on a pair, position sizes and trading costs.

pub mod align;
pub mod cointegration;
pub mod cost;
pub mod epps;
pub mod evidence;
pub mod hedge;
pub mod lots;
mod metric;
pub mod pair;
pub mod past_cointegration;
pub mod past_trace;
pub mod position;
mod row;
mod sample;
pub mod sizing;
pub(crate) mod test_times;

pub use metric::Metric;
pub use past_cointegration::PastTest;
pub use row::{LegRow, Row};
pub use sample::SampleRow;
