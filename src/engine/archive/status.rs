//! Storage as the page shows it.

use crate::{Symbol, UnixMillis};
use serde::{Deserialize, Serialize};

/// Whether what is on the desk outlives the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum StorageMode {
    /// Nothing is known yet.
    #[default]
    Opening,
    /// It does.
    Stored,
    /// This source's data is not stored.
    NotKept,
    /// It does not: everything works, in memory.
    Memory {
        /// Why, as a clause.
        reason: String,
    },
}

/// State of the store.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StorageStatus {
    /// Whether it is in use.
    pub mode: StorageMode,
    /// Bytes taken by the page, of whatever kind.
    pub usage_bytes: Option<u64>,
    /// Bytes that the page may take.
    pub quota_bytes: Option<u64>,
    /// Whether the browser has promised to keep them when room gets short.
    pub persistent: Option<bool>,
    /// Start of the oldest bars stored, of any market.
    pub oldest: Option<UnixMillis>,
    /// Spans of bars and trades stored, of all markets.
    pub spans: usize,
    /// Local time of the last completed write.
    pub last_write_local: Option<UnixMillis>,
    /// What went wrong last and has not been made good, as a sentence.
    pub problem: Option<String>,
    /// Spans of the oldest bars and trades that were deleted in this visit because room was short.
    pub deleted_for_room: usize,
    /// Markets whose recordings found no room in this visit: they are in memory alone.
    pub imports_without_room: Vec<Symbol>,
    /// Markets whose recordings the store failed to take in this visit: they, too, are in memory alone.
    pub imports_failed: Vec<Symbol>,
    /// Stored records that could not be read, the last one in words, as a sentence.
    pub unreadable: Option<String>,
}
