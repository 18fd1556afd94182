//! The connection to the exchange: frames in, order kept, gaps found and repaired.

pub mod agg_trades;
pub mod backoff;
pub mod budget;
pub mod clock;
pub mod connection;
mod fast_trade;
mod frame;
pub mod gaps;
pub mod history;
pub mod klines;
pub mod lag;
pub mod local_clock;
pub mod note;
mod pages;
mod proof;
mod refusal;
pub mod repair;
pub mod sequence;
mod slow_frame;
pub mod status;
pub mod ticker;
mod venues;
pub mod wire;

pub use note::{FeedNote, NoteKind};
pub use status::{Backfill, FeedStatus, Phase, Refusal};
pub use venues::Venues;
