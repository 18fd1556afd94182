//! The backtest as the engine sees it: asks go in as bytes, news comes out as bytes, a step at a time.
//!
//! What works is handed over from outside, since a visit without a backtest does not need its code: see
//! [`SetUp`]. Only the two ends know what the bytes say: [`message`].

pub mod message;
mod task;
mod working;

pub use working::set_up;

use super::pool::{Errand, Said};
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
    /// Takes news of one of the workers that it has had started.
    fn hear(&mut self, said: Said);
    /// Does a step of a few milliseconds at local time `now`. Returns encoded [`message::Told`]s.
    fn work(&mut self, now: UnixMillis) -> Vec<Vec<u8>>;
    /// What is to be done with workers since this was last asked.
    fn take_errands(&mut self) -> Vec<Errand>;
    /// Whether there is more to do at once.
    fn is_busy(&self) -> bool;
}

/// What makes a [`Bench`], and how many workers that may have started to try cells.
#[derive(Debug, Clone, Copy)]
pub struct SetUp {
    make: fn(usize) -> Box<dyn Bench>,
    workers: usize,
}

/// Most workers that try cells: more would wait for memory.
const MOST_WORKERS: usize = 4;

impl SetUp {
    /// What `make` makes for a number of workers; none, until [`Self::on`] says where it is.
    pub const fn of(make: fn(usize) -> Box<dyn Bench>) -> Self {
        Self { make, workers: 0 }
    }

    /// The same on a machine with so many threads, one of which is for everything else.
    #[must_use]
    pub fn on(self, threads: usize) -> Self {
        Self { workers: threads.saturating_sub(1).clamp(1, MOST_WORKERS), ..self }
    }

    /// Makes it.
    pub fn bench(self) -> Box<dyn Bench> {
        (self.make)(self.workers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thread_is_left_alone_where_there_are_two() {
        let workers = |threads| SetUp::of(set_up).on(threads).workers;
        assert_eq!([0, 1, 2, 3, 4, 5, 64].map(workers), [1, 1, 1, 2, 3, 4, 4]);
        assert_eq!(SetUp::of(set_up).workers, 0);
    }
}
