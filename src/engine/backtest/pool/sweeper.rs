//! The worker's side: takes a job and its bars, and computes the cells assigned.

use super::words::{ToPool, ToSweeper};
use crate::backtest::grid::Grid;
use crate::backtest::surface::Sweep;
use crate::backtest::tape::Legs;
use crate::bars::Bars;
use crate::base::codec::{decode, encode};

/// The state of a worker.
#[derive(Debug, Default)]
pub struct Sweeper {
    job: Option<Job>,
}

#[derive(Debug)]
struct Job {
    bars: [Bars; 2],
    sweep: Sweep,
    /// Cells computed before the current share; `None` without a share.
    tried_before: Option<usize>,
}

impl Sweeper {
    /// A worker's first message: it is listening.
    pub fn greeting() -> Vec<u8> {
        encode(&ToPool::Ready)
    }

    /// Takes a message from the engine.
    pub fn hear(&mut self, bytes: &[u8]) {
        // both ends are from the same build, so a message that cannot be decoded was never sent
        match (decode::<ToSweeper>(bytes), &mut self.job) {
            (Ok(ToSweeper::Job { base, enter_by, axes }), job) => {
                let interval = base.settings.interval;
                *job = Grid::parse(&axes).ok().map(|grid| Job {
                    bars: [Bars::new(interval), Bars::new(interval)],
                    sweep: Sweep::of_none(&base, &grid).entered_by(enter_by),
                    tried_before: None,
                });
            }
            (Ok(ToSweeper::Bars(packed)), Some(job)) => packed.unpack(&mut job.bars),
            (Ok(ToSweeper::Cells { from, to }), Some(job)) => {
                job.tried_before = Some(job.sweep.tried());
                job.sweep.take_on(from..to);
            }
            _ => {}
        }
    }

    /// Whether there is something to do.
    pub fn is_busy(&self) -> bool {
        self.job.as_ref().is_some_and(|job| job.tried_before.is_some())
    }

    /// Does a step of a few milliseconds; returns the message to the engine at the end of a share.
    pub fn work(&mut self) -> Option<Vec<u8>> {
        let job = self.job.as_mut().filter(|job| job.tried_before.is_some())?;
        let [y, x] = &job.bars;
        // whether opens are known was checked before the surface was started
        let legs = Legs { bars: [y, x], closes_alone: [false; 2] };
        let answer = match job.sweep.work(legs) {
            Ok(true) => return None,
            Ok(false) => ToPool::Found(job.sweep.take_found()),
            Err(why) => ToPool::Refused(why),
        };
        job.tried_before = None;
        Some(encode(&answer))
    }

    /// A busy worker's progress message.
    pub fn word(&self) -> Vec<u8> {
        let tried = self.job.as_ref().and_then(|job| Some(job.sweep.tried() - job.tried_before?));
        encode(&ToPool::Tried(tried.unwrap_or(0)))
    }
}
