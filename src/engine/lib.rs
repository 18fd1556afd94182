//! The engine, without I/O: frames, times and responses come in as [`Input`], requests and facts go out as
//! [`Output`].
//!
//! The one decision of this crate: [`Engine`] is a state machine over messages. It owns no socket, no
//! clock, no randomness and no task. So a reconnect, a gap or an alert's cooldown can be tested natively and
//! quickly in virtual time, and the same code runs in a worker, in the page and in a benchmark.
//!
//! # Rooms
//! In the order in which a trade goes through them. A room imports only rooms above it; a test reads this list
//! and refuses everything else.
//!
//! 1. [`base`]: time, symbols, trades, exact decimals
//! 2. [`settings`]: what can be chosen, and the sources with their hosts
//! 3. [`bars`]: trades folded on the exchange's clock
//! 4. [`binance`]: the exchange's formats
//! 5. [`market`]: two legs, their order, gaps and repair
//! 6. [`connection`]: the life of sockets and REST requests
//! 7. [`analytics`]: both legs in one row, hedge ratio, spread, z, tests
//! 8. [`alert`]: rules over the numbers
//! 9. [`backtest`]: rules traded over the rows
//! 10. [`transfer`]: files in and out
//! 11. [`archive`]: stored records
//! 12. [`scan`]: many markets at once
//! 13. [`demo`]: a made-up market
//! 14. [`messages`]: what goes in and out, between page and worker, and between tabs
//! 15. [`tabs`]: several tabs at once: who leads, what they share
//! 16. [`engine`]: the state machine that puts the rooms together
//! 17. [`replay`]: a span of the past through an engine of its own
//!
//! # The way of a trade
//! From a frame to what the page draws; a test follows one trade along it.
//!
//! 1. A socket's frame comes in as [`Input::Socket`] through [`Engine::handle`].
//! 2. [`binance::wire::parse`] reads it into a [`Trade`], or into a rejection that names field and value.
//! 3. [`market::clock::ExchangeClock`] takes its event time: bars close on the exchange's clock, not on this
//!    machine's.
//! 4. [`market::sequence::Sequence::observe`] classifies its id: next, ahead of a gap, late, or a duplicate.
//! 5. [`bars::track::Track`] folds its second into the chosen interval; [`bars::Bars`] keeps exact sums.
//! 6. [`market::Markets::close_due`] closes the bars that are over; [`market::gaps`] and [`market::repair`]
//!    recover missing trades.
//! 7. [`analytics::align`] puts the closed bars of both legs in one row; [`analytics::pair::PairGraph::push`]
//!    turns that into an [`analytics::Row`]: hedge ratio, spread, z.
//! 8. [`alert::Book`] checks the rules against the row; [`archive`] stores the bars behind it.
//! 9. [`Fact::Rows`](messages::event::Fact::Rows) leaves as [`Output::Emit`], is encoded by
//!    [`messages::protocol::encode`] and posted to the page, whose model and figures draw it.

pub mod alert;
pub mod analytics;
pub mod archive;
pub mod backtest;
pub mod bars;
pub mod base;
pub mod binance;
pub mod connection;
pub mod demo;
pub mod engine;
pub mod market;
pub mod messages;
pub mod replay;
pub mod scan;
pub mod settings;
pub mod tabs;
pub mod transfer;

pub use base::symbol::{Pair, Symbol};
pub use base::time::{Interval, UnixMillis};
pub use base::trade::Trade;
pub use engine::Engine;
pub use messages::event::Event;
pub use messages::input::{Input, Output};
pub use messages::protocol::Command;
pub use settings::Settings;
pub use spreadscope_stats::{Reading, Undefined};
