//! A surface computed by several workers, without I/O: who computes which cells, and what happens to the cells
//! of a worker that stops or hangs.
//!
//! The one decision: cells are cut into shares before anything is known of the workers, a share is assigned as
//! a whole, and results are ordered by index. So the surface is the same, byte for byte, whatever the number of
//! workers and the order of their answers. [`Pool`] is the engine's side, [`Sweeper`] the worker's.

mod sweeper;
#[cfg(test)]
mod tests;
mod words;

pub use sweeper::Sweeper;

use super::grid::Grid;
use super::rules::Parameters;
use super::surface::Cell;
use super::tape::Legs;
use crate::UnixMillis;
use crate::alert::Rule;
use crate::base::codec::{decode, encode};
use crate::settings::SettingsError;
use core::ops::Range;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use words::{PackedBars, ToPool, ToSweeper};

/// A worker silent for this long is given up; it reports at least every [`WORD_MILLIS`].
const SILENT_MILLIS: i64 = 10_000;
/// Interval of a busy worker's reports.
pub const WORD_MILLIS: i64 = 250;
/// Most of the time between two looks that counts as silence: during a longer time, the machine was asleep.
const LOOK_MILLIS: i64 = 1_000;
/// Bars of each leg packed at a time.
const BARS_A_PART: usize = 8_192;
/// A share during which this many workers were lost is not assigned again.
const MOST_LOST: usize = 2;

/// An action on a worker, to perform in the given order.
#[derive(Debug, Clone, PartialEq)]
pub enum Errand {
    /// Start a worker with this number, which is unique.
    Start(u64),
    /// Pass these bytes to its [`Sweeper`].
    Post(u64, Arc<[u8]>),
    /// End it, whatever it is doing.
    End(u64),
}

/// News of the worker with this number; ignored if the worker has been ended.
#[derive(Debug, Clone, PartialEq)]
pub enum WorkerNews {
    /// A message of its [`Sweeper`].
    Word(u64, Vec<u8>),
    /// It could not be started or has stopped.
    Lost(u64),
}

/// A part of the work, and how many workers were lost with it.
#[derive(Debug)]
struct Share {
    cells: Range<usize>,
    lost: usize,
}

#[derive(Debug, Default)]
struct Worker {
    is_ready: bool,
    /// Parts of the bars that it has received.
    parts: usize,
    share: Option<Share>,
    /// Cells of its share that it has computed, by its own report.
    tried: usize,
    silent_millis: i64,
}

/// The work on a surface: who does which part, and the results so far.
#[derive(Debug)]
pub struct Pool {
    workers: BTreeMap<u64, Worker>,
    /// Shares that no worker has, in order.
    waiting: VecDeque<Share>,
    cells: usize,
    tried: usize,
    /// Cells that have traded, in order of arrival.
    found: Vec<(usize, Cell)>,
    /// The packed bars, preceded by the job.
    parts: Vec<Arc<[u8]>>,
    /// Packed bars of each leg; `None` once all are packed.
    packed: Option<usize>,
    errands: VecDeque<Errand>,
    looked: Option<UnixMillis>,
    failure: Option<SettingsError>,
}

impl Pool {
    /// All cells of `axes`, which `grid` contains, around `base`, entered by an alert rule or by |z|, computed
    /// by workers with these numbers. Without workers, the shares go to [`Self::own_share`].
    pub fn new(
        base: &Parameters,
        enter_by: Option<Rule>,
        axes: &str,
        grid: &Grid,
        workers: Range<u64>,
    ) -> Self {
        let waiting: VecDeque<Share> =
            grid.shares().into_iter().map(|cells| Share { cells, lost: 0 }).collect();
        let workers: BTreeMap<u64, Worker> =
            workers.take(waiting.len()).map(|number| (number, Worker::default())).collect();
        let job = ToSweeper::Job { base: Box::new(base.clone()), enter_by, axes: axes.to_owned() };
        Self {
            packed: (!workers.is_empty()).then_some(0),
            errands: workers.keys().copied().map(Errand::Start).collect(),
            workers,
            waiting,
            cells: grid.len(),
            tried: 0,
            found: Vec::new(),
            parts: vec![encode(&job).into()],
            looked: None,
            failure: None,
        }
    }

    /// Packs a part of the bars for the workers; returns whether there are more.
    pub fn pack(&mut self, legs: Legs<'_>) -> bool {
        let Some(from) = self.packed.filter(|_| !self.workers.is_empty()) else { return false };
        let packed = [0, 1].map(|leg| PackedBars::of(leg, legs.bars[leg], from..from + BARS_A_PART));
        if packed.iter().all(PackedBars::is_empty) {
            self.packed = None;
        } else {
            self.packed = Some(from + BARS_A_PART);
            let parts = packed.into_iter().map(|packed| encode(&ToSweeper::Bars(packed)).into());
            self.parts.extend(parts);
        }
        self.give();
        self.packed.is_some()
    }

    /// Takes news of a worker.
    pub fn hear(&mut self, news: WorkerNews) {
        match news {
            WorkerNews::Lost(number) => self.lose(number),
            WorkerNews::Word(number, bytes) => {
                let Some(worker) = self.workers.get_mut(&number) else { return };
                worker.silent_millis = 0;
                match decode(&bytes) {
                    Ok(ToPool::Ready) => worker.is_ready = true,
                    Ok(ToPool::Tried(cells)) => worker.tried = cells,
                    Ok(ToPool::Found(found)) => {
                        if let Some(share) = worker.share.take() {
                            worker.tried = 0;
                            self.take(share.cells.len(), found);
                        }
                    }
                    Ok(ToPool::Refused(why)) => self.failure = Some(why),
                    // a worker of the same build whose messages cannot be decoded is broken
                    Err(_) => self.lose(number),
                }
                self.give();
            }
        }
    }

    /// Gives up workers that have been silent for too long at local time `now`; to be called regularly.
    pub fn look(&mut self, now: UnixMillis) {
        let passed = now.since(self.looked.replace(now).unwrap_or(now)).clamp(0, LOOK_MILLIS);
        for worker in self.workers.values_mut().filter(|worker| !worker.is_ready || worker.share.is_some()) {
            worker.silent_millis += passed;
        }
        let silent =
            |(number, worker): (&u64, &Worker)| (worker.silent_millis >= SILENT_MILLIS).then_some(*number);
        let lost: Vec<u64> = self.workers.iter().filter_map(silent).collect();
        for number in lost {
            self.lose(number);
        }
    }

    /// Takes the actions on workers.
    pub fn take_errands(&mut self) -> Vec<Errand> {
        self.errands.drain(..).collect()
    }

    /// Ends all workers, which are no longer needed.
    pub fn end(&mut self) {
        let numbers = core::mem::take(&mut self.workers).into_keys();
        self.errands.extend(numbers.map(Errand::End));
    }

    /// A share to compute without a worker; its results go to [`Self::take`].
    pub fn own_share(&mut self) -> Option<Range<usize>> {
        if !self.workers.is_empty() {
            return None;
        }
        self.waiting.pop_front().map(|share| share.cells)
    }

    /// Takes the results of `tried` cells.
    pub fn take(&mut self, tried: usize, found: Vec<(usize, Cell)>) {
        self.tried += tried;
        self.found.extend(found);
    }

    /// Whether there is nothing to do until a worker reports.
    pub fn waits(&self) -> bool {
        !self.workers.is_empty() && self.packed.is_none() && self.failure.is_none() && !self.is_done()
    }

    /// Whether all cells have been computed.
    pub fn is_done(&self) -> bool {
        self.tried == self.cells
    }

    /// Why there can be no surface.
    pub fn failure(&self) -> Option<&SettingsError> {
        self.failure.as_ref()
    }

    /// Cells computed, and cells in total.
    pub fn progress(&self) -> (usize, usize) {
        let under_way: usize = self.workers.values().map(|worker| worker.tried).sum();
        (self.tried + under_way, self.cells)
    }

    /// The cells that have traded, from position `from` in order of arrival.
    pub fn found(&self, from: usize) -> &[(usize, Cell)] {
        self.found.get(from..).unwrap_or_default()
    }

    /// The cells that have traded, with their indices, ordered by index.
    pub fn finish(mut self) -> Vec<(usize, Cell)> {
        self.found.sort_by_key(|(place, _)| *place);
        self.found
    }

    /// Sends bars to workers that lack some, and shares to those without one.
    fn give(&mut self) {
        for (number, worker) in self.workers.iter_mut().filter(|(_, worker)| worker.is_ready) {
            for part in &self.parts[worker.parts..] {
                self.errands.push_back(Errand::Post(*number, Arc::clone(part)));
            }
            worker.parts = self.parts.len();
            if self.packed.is_some() || worker.share.is_some() {
                continue;
            }
            let Some(share) = self.waiting.pop_front() else { continue };
            let Range { start: from, end: to } = share.cells;
            self.errands.push_back(Errand::Post(*number, encode(&ToSweeper::Cells { from, to }).into()));
            worker.silent_millis = 0;
            worker.share = Some(share);
        }
    }

    /// Drops a worker; its share is the next to be assigned.
    fn lose(&mut self, number: u64) {
        let Some(worker) = self.workers.remove(&number) else { return };
        self.errands.push_back(Errand::End(number));
        if let Some(mut share) = worker.share {
            share.lost += 1;
            if share.lost >= MOST_LOST {
                let message = format!("{MOST_LOST} workers have stopped at the same values");
                self.failure = Some(SettingsError { field: "surface".to_owned(), message });
            }
            self.waiting.push_front(share);
        }
        self.give();
    }
}
