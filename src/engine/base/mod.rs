//! What every room uses: time, symbols, trades, exact decimals, notes on the feed, enumerations chosen by word.

pub(crate) mod asker;
pub mod calendar;
pub mod codec;
pub mod decimal;
pub mod grouped;
pub mod half_windows;
pub mod note;
pub mod number;
pub mod symbol;
pub mod time;
pub mod trade;
pub mod typed;
mod words;

pub(crate) use words::words;
