//! What everything speaks of: time, symbols, trades, exact decimals, notes on the feed, words to choose by.

pub mod calendar;
pub mod codec;
pub mod decimal;
pub mod half_windows;
pub mod note;
pub mod number;
pub mod symbol;
pub mod time;
pub mod trade;
mod words;

pub(crate) use words::words;
