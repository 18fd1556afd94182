//! The exchange's formats: frames, REST bodies, listings, and why a request has no response.

pub mod agg_trades;
pub mod book;
mod fast_trade;
mod fetch_error;
mod field;
mod frame;
pub mod klines;
pub mod listing;
mod rows;
mod slow_frame;
pub mod streams;
pub mod ticker;
pub mod wire;

pub use fetch_error::FetchError;
pub use rows::RowsError;
