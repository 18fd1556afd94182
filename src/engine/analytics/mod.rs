//! Both legs' bars on one row, and what is computed from the rows: align, hedge, pair; tests of now and of the past.

pub mod align;
pub mod cointegration;
pub mod epps;
pub mod hedge;
mod metric;
pub mod pair;
pub mod past_cointegration;
mod row;
mod sample;

pub use metric::Metric;
pub use past_cointegration::PastTest;
pub use row::{LegRow, Row};
pub use sample::SampleRow;
