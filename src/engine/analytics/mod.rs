//! Both legs' bars on one row, and what is computed from the rows: align, hedge, pair; tests of now and of the past;
//! the whole evidence on a pair, the sizes of a trade and what it costs.

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
