//! A stand-in for Binance's public spot market data, on this machine only.
//!
//! The one decision of this crate: there is a tape of trades and a clock that runs over it, and everything that
//! the server sends, on a stream or over REST, is computed from those same trades in exact decimal arithmetic.
//! So a bar over REST equals the bar of the streamed trades bit for bit, and the page cannot tell it from the
//! exchange. Faults are scripted, or requested while it runs.

mod agg;
mod clock;
mod control;
mod day;
mod decimal;
mod fault;
mod frames;
mod klines;
mod listener;
mod pages;
mod requests;
mod rest;
mod server;
mod site;
mod skipped;
mod socket;
mod streams;
pub mod tape;
mod venue;
mod ws_api;

pub use fault::{Fault, ScriptedFault, WrongBook, WrongRules};
pub use frames::trade_frame;
pub use klines::{Kline, klines};
pub use pages::serve_pages;
pub use server::{Config, Exchange};
pub use site::{serve_static, serve_static_with};
pub use skipped::skip;
pub use tape::{Tape, TapeTrade};
pub use venue::{UnknownStream, Venue};
