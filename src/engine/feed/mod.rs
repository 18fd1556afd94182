//! The connection to the exchange: frames in, order kept, holes found and filled.

pub mod backoff;
pub mod clock;
pub mod connection;
mod fast_trade;
pub mod history;
pub mod klines;
pub mod sequence;
pub mod status;
pub mod wire;

pub use status::{Backfill, FeedStatus, Phase};
