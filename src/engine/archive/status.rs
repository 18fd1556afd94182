//! The state of storage, as shown on the page.

use crate::{Symbol, UnixMillis};
use serde::{Deserialize, Serialize};

/// Whether data outlives the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum StorageMode {
    /// Nothing is known yet.
    #[default]
    Opening,
    /// Data is stored.
    Stored,
    /// This source's data is not stored.
    NotKept,
    /// Nothing is stored; everything works, in memory.
    Memory {
        /// Why, as a clause.
        reason: String,
    },
}

/// The state of the store.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StorageStatus {
    /// Whether it is in use.
    pub mode: StorageMode,
    /// Bytes used by the page, of any kind.
    pub usage_bytes: Option<u64>,
    /// Bytes that the page may use.
    pub quota_bytes: Option<u64>,
    /// Whether the browser has promised to keep the data when space gets short.
    pub persistent: Option<bool>,
    /// Start of the oldest bars stored, of any market.
    pub oldest: Option<UnixMillis>,
    /// Spans of bars and trades stored, of all markets.
    pub spans: usize,
    /// Local time of the last completed write.
    pub last_write_local: Option<UnixMillis>,
    /// The last problem that has not been resolved, as a sentence.
    pub problem: Option<String>,
    /// Spans of the oldest bars and trades deleted in this visit because space was short.
    pub deleted_for_room: usize,
    /// Markets whose recordings did not fit in this visit: they are in memory only.
    pub imports_without_room: Vec<Symbol>,
    /// Markets whose recordings could not be stored in this visit: they, too, are in memory only.
    pub imports_failed: Vec<Symbol>,
    /// The last stored record that could not be read, as a sentence.
    pub unreadable: Option<String>,
}
