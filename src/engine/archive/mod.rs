//! Data that outlives the page: records of bars, trades, choices and alerts, opaque to the store.
//!
//! The store puts and gets records by name and knows nothing of their contents. A record is checked when it is
//! read: damaged, newer or senseless ones are named and left out, and nothing else is lost with them.

mod alert_log;
mod bars;
pub mod choices;
mod columns;
mod found;
mod imported;
mod keeper;
pub mod key;
mod one_file;
mod recall;
pub mod record;
mod retention;
mod shelf;
pub mod status;
pub mod store;
mod tick_shelf;
mod ticks;
mod traded;
#[cfg(test)]
mod versions_tests;

pub use bars::{BarChunk, MOST_BARS};
pub(crate) use found::{Found, FoundBars, FoundTicks};
pub(crate) use imported::Recordings;
pub(crate) use keeper::Archive;
pub use one_file::{BACKUP_FILE, BackupCommand, BackupNews, Preferences};
pub use record::RecordError;
pub use status::{StorageMode, StorageStatus};
pub use store::StoreError;
pub use ticks::TickChunk;
