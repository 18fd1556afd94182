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

/// Whether `body` can be the exchange's response, which is JSON, and not a page of the network in between.
pub(crate) fn is_json(body: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok()
}
