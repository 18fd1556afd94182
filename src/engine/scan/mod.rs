//! Many markets at once: the watched pairs.

mod watched;
pub mod watchlist;

pub use watched::{Watched, Watching};
