//! What everything speaks of: time, symbols, trades, exact decimals, notes on the feed.

pub mod calendar;
pub mod codec;
pub mod decimal;
pub mod half_windows;
pub mod note;
pub mod symbol;
pub mod time;
pub mod trade;
