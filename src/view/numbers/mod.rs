//! The numbers of the desk: rows as columns, their format, their explanation, and the verdict on them.

pub mod calendar;
pub mod column;
pub mod evidence;
pub mod format;
pub mod lines;
pub mod quantities;
pub mod series;
pub mod tiles;
pub mod trade;
pub mod verdict;
pub mod watchlist;
pub mod words;
pub mod worked;
