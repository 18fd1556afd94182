//! The backtest as the engine sees it: asks go in as bytes, news comes out as bytes, a step at a time.
//!
//! What works is handed over from outside, since a visit without a backtest does not need its code: see
//! [`SetUp`]. Only the two ends know what the bytes say: [`message`].

pub mod message;
mod task;
mod working;

pub use working::set_up;

use crate::bars::Bars;
use crate::{Settings, UnixMillis};

/// What the desk holds.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// The settings in force.
    pub settings: &'a Settings,
    /// The bars of both legs, y first.
    pub bars: [&'a Bars; 2],
    /// Whether a leg's bars are closes alone.
    pub closes_alone: [bool; 2],
    /// Open time of the first closed bar of both, and the time behind the last; `None` where there is none.
    pub span: Option<(UnixMillis, UnixMillis)>,
}

/// Backtests on demand.
pub trait Bench: core::fmt::Debug {
    /// Takes an encoded [`message::Ask`]; what is under way is left for it.
    fn ask(&mut self, ask: &[u8], held: Held<'_>);
    /// Does a step of a few milliseconds. Returns encoded [`message::Told`]s.
    fn work(&mut self) -> Vec<Vec<u8>>;
    /// Whether there is more to do.
    fn is_busy(&self) -> bool;
}

/// What makes a [`Bench`].
pub type SetUp = fn() -> Box<dyn Bench>;
