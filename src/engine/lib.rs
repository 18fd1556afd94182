//! The rules of the desk, without I/O: frames, times and answers come in as [`Input`], requests and
//! facts go out as [`Output`].
//!
//! The one decision of this crate: [`Engine`] is a state machine over messages. It owns no socket, no
//! clock, no randomness and no task, so a reconnect, a gap or an alert's cooldown is a short native test
//! in virtual time, and the same code runs in a worker, in the page and in a benchmark.
//!
//! The life of a frame: [`feed::wire`] parses it into a [`Trade`] or a named rejection; the feed checks
//! its trade id (duplicate, late, gap); [`bars`] folds it into 1 s, 1 m and 5 m bars on the exchange's
//! clock; [`align`] puts both legs on one row; [`pair`] turns rows into hedge ratio, spread and z-score;
//! [`alert`] watches the closed rows; [`Output::Emit`] carries the result away.

pub mod alert;
pub mod align;
pub mod archive;
pub mod backtest;
mod bar;
pub mod bars;
pub mod config;
mod decimal;
pub mod demo;
pub mod desk;
pub mod engine;
pub mod epps;
pub mod event;
pub mod feed;
pub mod hedge;
pub mod input;
pub mod leg_market;
pub mod listing;
pub mod market;
pub mod pair;
pub mod past_tests;
pub mod protocol;
mod rate;
pub mod symbol;
pub mod test_options;
pub mod tests_report;
pub mod ticks;
pub mod time;
pub mod track;
pub mod trade;
pub mod transfer;
pub mod watchlist;

pub use config::Settings;
pub use engine::Engine;
pub use event::Event;
pub use input::{Input, Output};
pub use protocol::Command;
pub use spreadscope_stats::{Reading, Undefined};
pub use symbol::{Pair, Symbol};
pub use time::{Interval, UnixMillis};
pub use trade::Trade;
