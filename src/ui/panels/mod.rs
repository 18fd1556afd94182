//! The desk's panels, one per file.

pub mod alerts;
pub mod backup;
pub mod banner;
pub mod evidence;
pub mod explain;
pub mod feed;
pub mod group_head;
pub mod help;
pub mod legs;
pub mod lines;
pub mod opened;
pub mod position;
pub mod storage;
pub mod tests;
pub mod tiles;
pub mod toasts;
pub mod trade;
pub mod update;
pub mod verdict;
pub mod watchlist;
