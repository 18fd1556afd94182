//! Deterministic simulation: one seed decides the market, the network, the faults, the clock and the crashes.
//!
//! The one decision of this crate: the whole world around the engine is a queue of events in virtual time, so
//! that a day of faults takes a second, and a failing seed fails again. After the last fault the world is left
//! alone for some minutes; then the page's state is compared with the market's trades.

mod check;
mod diary;
mod driver;
mod durability;
mod fault;
mod kept_trades;
mod network;
mod page_state;
mod random;
mod report;
mod rest;
mod restored;
mod store;
pub mod tabs;
mod tape;
mod world;

pub use diary::{Diary, SentRequest, SocketLife};
pub use driver::{Driver, Fetch};
pub use fault::{Fault, Place, Plan, Timed};
pub use page_state::PageState;
pub use report::{Failure, Played, Report};
pub use store::Store;
pub use tape::{START_MS, trade_of};
pub use world::play;
