//! Backtests as the engine sees them: commands go in as bytes and news comes out as bytes, a step at a time.
//!
//! The implementation is passed in from outside, since a visit without a backtest does not need its code: see
//! [`SetUp`]. Only the two ends know the contents of the bytes: [`message`].

pub mod message;
mod task;
mod working;

pub use working::set_up;

use super::pool::{Errand, WorkerNews};
use crate::bars::Bars;
use crate::{Settings, UnixMillis};

/// The engine's data for a backtest.
#[derive(Debug, Clone, Copy)]
pub struct BenchInput<'a> {
    /// The settings in force.
    pub settings: &'a Settings,
    /// The bars of both legs, y first.
    pub bars: [&'a Bars; 2],
    /// Whether a leg's bars have only closes.
    pub closes_alone: [bool; 2],
    /// Open time of the first bar closed in both legs, and of the bar after the last; `None` if there is none.
    pub span: Option<(UnixMillis, UnixMillis)>,
    /// Older bars of both recordings that are not held.
    pub left_out: u64,
}

/// Runs backtests on demand.
pub trait Bench: core::fmt::Debug {
    /// Takes an encoded [`message::BacktestCommand`], which replaces the current task.
    fn command(&mut self, command: &[u8], input: BenchInput<'_>);
    /// Takes news of a worker that it had started.
    fn hear(&mut self, news: WorkerNews);
    /// Does a step of a few milliseconds at local time `now`. Returns encoded [`message::BacktestReport`]s.
    fn work(&mut self, now: UnixMillis) -> Vec<Vec<u8>>;
    /// Takes the actions on workers since the last call.
    fn take_errands(&mut self) -> Vec<Errand>;
    /// Whether there is more to do at once.
    fn is_busy(&self) -> bool;
}

/// Makes a [`Bench`] and limits its number of workers.
#[derive(Debug, Clone, Copy)]
pub struct SetUp {
    make: fn(usize) -> Box<dyn Bench>,
    workers: usize,
}

/// Most workers; more would wait for memory.
const MOST_WORKERS: usize = 4;

impl SetUp {
    /// A bench from `make`, which takes a number of workers; 0 workers until [`Self::on`].
    pub const fn of(make: fn(usize) -> Box<dyn Bench>) -> Self {
        Self { make, workers: 0 }
    }

    /// The same on a machine with `threads` threads, one of which is left for everything else.
    #[must_use]
    pub fn on(self, threads: usize) -> Self {
        Self { workers: threads.saturating_sub(1).clamp(1, MOST_WORKERS), ..self }
    }

    /// Makes the bench.
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
