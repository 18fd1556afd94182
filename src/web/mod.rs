//! The browser, one file per capability and no decisions. Wasm only.
#![expect(
    clippy::disallowed_methods,
    reason = "this module is where the browser's clock, window and tasks live"
)]

pub mod backtest;
pub mod canvas;
pub mod channel;
pub mod chart;
pub mod clipboard;
pub mod clock;
pub mod database;
pub mod demo;
pub mod deployment;
pub mod download;
pub mod engine;
pub mod evidence;
pub mod file;
pub mod first_paint;
pub mod frame;
pub mod grid;
pub mod host;
mod later;
pub mod location;
pub mod locks;
pub mod notify;
pub mod offline;
pub mod page;
pub mod performing;
pub mod port;
pub mod print;
pub mod reason;
pub mod replay;
pub mod resize;
pub mod rest;
pub mod scan;
pub mod shared_weight;
pub mod socket;
pub mod sound;
pub mod style;
pub mod sweepers;
pub mod tabs;
pub mod theme;
pub mod timer;
pub mod visible;
pub mod wake_lock;
