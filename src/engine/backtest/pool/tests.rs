//! Workers that answer in any order, and workers that fail: the surface stays the same.

use super::*;
use crate::backtest::tests::{legs, market, parameters};
use crate::backtest::{Rules, SlippageBy, Sweep};
use crate::bars::{Bars, HalfSpreads};
use spreadscope_stats::random::Random;

const ONE_TAPE: &str = "entry_z=0.6:2:20,exit_z=-1:0.5:15";
const MANY_TAPES: &str = "hedge_model,entry_z=0.8:2:5";

/// What happens to a worker.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Works,
    CannotStart,
    NeverGreets,
    /// It stops during its share with this number, counted from 0.
    StopsIn(usize),
    /// It goes silent during that share, without stopping.
    HangsIn(usize),
    TalksNonsenseIn(usize),
}

struct FakeWorker {
    sweeper: Sweeper,
    fate: Fate,
    shares: usize,
    hangs: bool,
}

/// A pool and its workers, taking turns at random.
struct Floor<'a> {
    pool: Pool,
    base: &'a Parameters,
    grid: Grid,
    bars: &'a [Bars; 2],
    workers: BTreeMap<u64, FakeWorker>,
    news: Vec<WorkerNews>,
    fates: Vec<Fate>,
    random: Random,
    now: UnixMillis,
    /// Cells computed without a worker.
    own: usize,
}

impl<'a> Floor<'a> {
    fn new(base: &'a Parameters, bars: &'a [Bars; 2], axes: &str, fates: &[Fate], seed: u64) -> Self {
        let grid = Grid::parse(axes).unwrap();
        Self {
            pool: Pool::new(base, None, axes, &grid, 7..7 + fates.len() as u64),
            base,
            grid,
            bars,
            workers: BTreeMap::new(),
            news: Vec::new(),
            fates: fates.to_vec(),
            random: Random::new(seed),
            now: UnixMillis(1_000),
            own: 0,
        }
    }

    fn perform(&mut self, errand: Errand) {
        match errand {
            Errand::Start(number) => match self.fates[usize::try_from(number - 7).unwrap()] {
                Fate::CannotStart => self.news.push(WorkerNews::Lost(number)),
                fate => {
                    let worker = FakeWorker { sweeper: Sweeper::default(), fate, shares: 0, hangs: false };
                    assert!(self.workers.insert(number, worker).is_none(), "a number is used once");
                    if fate != Fate::NeverGreets {
                        self.news.push(WorkerNews::Word(number, Sweeper::greeting()));
                    }
                }
            },
            Errand::Post(number, bytes) => {
                if let Some(worker) = self.workers.get_mut(&number) {
                    worker.sweeper.hear(&bytes);
                }
            }
            Errand::End(number) => drop(self.workers.remove(&number)),
        }
    }

    /// One of the workers does a step or stops.
    fn step(&mut self) {
        let busy: Vec<u64> = self
            .workers
            .iter()
            .filter(|(_, worker)| worker.sweeper.is_busy() && !worker.hangs)
            .map(|at| *at.0)
            .collect();
        if busy.is_empty() {
            return;
        }
        let number = busy[usize::try_from(self.random.bits() % busy.len() as u64).unwrap()];
        let worker = self.workers.get_mut(&number).unwrap();
        let half_way = worker.sweeper.word() != encode(&ToPool::Tried(0));
        match worker.fate {
            Fate::StopsIn(share) if half_way && share == worker.shares => {
                self.workers.remove(&number);
                return self.news.push(WorkerNews::Lost(number));
            }
            Fate::TalksNonsenseIn(share) if half_way && share == worker.shares => {
                return self.news.push(WorkerNews::Word(number, vec![0xff; 3]));
            }
            Fate::HangsIn(share) if half_way && share == worker.shares => return worker.hangs = true,
            _ => {}
        }
        let answer = worker.sweeper.work();
        worker.shares += usize::from(answer.is_some());
        let word = answer.unwrap_or_else(|| worker.sweeper.word());
        self.news.push(WorkerNews::Word(number, word));
    }

    /// Runs until all is done or has failed.
    fn run(&mut self) {
        let mut sweep = Sweep::of_none(self.base, &self.grid);
        while !self.pool.is_done() && self.pool.failure().is_none() {
            self.pool.pack(legs(self.bars));
            for errand in self.pool.take_errands() {
                self.perform(errand);
            }
            self.step();
            // messages of one worker stay in order, those of several may not
            if !self.news.is_empty() {
                let at = usize::try_from(self.random.bits() % self.news.len() as u64).unwrap();
                let of = |news: &WorkerNews| match news {
                    WorkerNews::Word(number, _) | WorkerNews::Lost(number) => *number,
                };
                let first = self.news.iter().position(|news| of(news) == of(&self.news[at])).unwrap();
                let news = self.news.remove(first);
                self.pool.hear(news);
            }
            if let Some(share) = self.pool.own_share() {
                self.own += share.len();
                let cells = share.len();
                sweep.take_on(share);
                while sweep.work(legs(self.bars)).unwrap() {}
                self.pool.take(cells, sweep.take_found());
            }
            self.now = self.now + 20;
            self.pool.look(self.now);
            let (tried, of) = self.pool.progress();
            assert!(tried <= of && self.now.0 < 1_000_000, "{tried} of {of}");
        }
    }
}

/// What fills pay by the books of a recording is the same in a worker.
#[test]
fn workers_know_of_the_books() {
    let plain = parameters();
    let rules = Rules { slippage_by: SlippageBy::HalfSpread, ..plain.rules.clone() };
    let base = Parameters { rules, ..plain.clone() };
    let bars = market(11, 300, 7).map(|bars| {
        let first = bars.first().unwrap();
        let book = |at: i64| (first + at * 60_000, 0.02 * at as f64);
        let books = (0..300).filter(|at| at % 5 > 0).map(book).collect();
        bars.with_half_spreads(HalfSpreads::new(books))
    });
    let expected = alone(&base, &bars, ONE_TAPE);
    assert_ne!(expected, alone(&plain, &bars, ONE_TAPE));
    let mut floor = Floor::new(&base, &bars, ONE_TAPE, &[Fate::Works; 2], 3);
    floor.run();
    assert_eq!(encode(&floor.pool.finish()), expected);
}

fn alone(base: &Parameters, bars: &[Bars; 2], axes: &str) -> Vec<u8> {
    let mut sweep = Sweep::new(base, &Grid::parse(axes).unwrap());
    while sweep.work(legs(bars)).unwrap() {}
    let mut found = sweep.finish();
    found.sort_by_key(|(place, _)| *place);
    assert!(found.len() > 20, "{} cells have traded", found.len());
    encode(&found)
}

#[test]
fn the_cells_are_the_same_to_the_byte_whatever_the_number_of_workers_and_their_order() {
    let (base, bars) = (parameters(), market(11, 300, 7));
    for axes in [ONE_TAPE, MANY_TAPES] {
        let expected = alone(&base, &bars, axes);
        for workers in 0..=4 {
            for seed in 0..3 {
                let mut floor = Floor::new(&base, &bars, axes, &vec![Fate::Works; workers], seed);
                floor.run();
                assert_eq!(floor.own > 0, workers == 0);
                assert_eq!(encode(&floor.pool.finish()), expected, "{workers} workers, seed {seed}");
            }
        }
    }
}

#[test]
fn the_cells_of_a_lost_worker_are_tried_by_others_and_none_is_lost() {
    let (base, bars) = (parameters(), market(11, 300, 7));
    let expected = alone(&base, &bars, ONE_TAPE);
    for (fates, is_own) in [
        (vec![Fate::StopsIn(0), Fate::Works], false),
        (vec![Fate::Works, Fate::HangsIn(1), Fate::Works], false),
        (vec![Fate::TalksNonsenseIn(0), Fate::Works], false),
        (vec![Fate::CannotStart, Fate::NeverGreets, Fate::StopsIn(0), Fate::Works], false),
        (vec![Fate::StopsIn(1)], true),
        (vec![Fate::CannotStart; 3], true),
        (vec![Fate::NeverGreets], true),
    ] {
        let mut floor = Floor::new(&base, &bars, ONE_TAPE, &fates, 5);
        floor.run();
        assert_eq!(floor.own > 0, is_own);
        assert_eq!(encode(&floor.pool.finish()), expected);
    }
}

#[test]
fn a_share_that_two_workers_stop_at_is_given_to_nobody_else() {
    let (base, bars) = (parameters(), market(11, 300, 7));
    // the share is alone at the end: the first two workers stop at the same cells
    let mut floor = Floor::new(&base, &bars, "entry_z=0.6:2:5,exit_z=-1:0.5:5", &[Fate::StopsIn(0); 2], 1);
    floor.run();
    // one share, one worker: no second one is started, and the cells are computed here
    assert_eq!((floor.own, floor.pool.failure()), (25, None));
    let fates = [Fate::StopsIn(0), Fate::StopsIn(0), Fate::Works];
    let mut floor = Floor::new(&base, &bars, ONE_TAPE, &fates, 1);
    let share = |floor: &mut Floor<'_>, number: u64| {
        floor.pool.workers.get_mut(&number).unwrap().share.take().unwrap().cells
    };
    while floor.pool.workers.values().any(|worker| worker.share.is_none()) {
        floor.pool.pack(legs(&bars));
        for errand in floor.pool.take_errands() {
            floor.perform(errand);
        }
        for news in core::mem::take(&mut floor.news) {
            floor.pool.hear(news);
        }
    }
    // the second worker gets the share that was lost with the first
    let first = floor.pool.workers[&7].share.as_ref().unwrap().cells.clone();
    assert!(!share(&mut floor, 8).is_empty());
    floor.pool.hear(WorkerNews::Lost(7));
    assert_eq!(floor.pool.workers[&8].share.as_ref().map(|share| share.cells.clone()), Some(first));
    assert_eq!(floor.pool.failure(), None);
    floor.pool.hear(WorkerNews::Lost(8));
    let failure = floor.pool.failure().unwrap();
    assert_eq!(failure.message, "2 workers have stopped at the same values");
}

#[test]
fn a_machine_that_slept_has_no_worker_given_up() {
    let (base, bars) = (parameters(), market(11, 300, 7));
    let mut floor = Floor::new(&base, &bars, ONE_TAPE, &[Fate::NeverGreets], 1);
    floor.pool.look(UnixMillis(0));
    floor.pool.look(UnixMillis(3_600_000));
    assert!(floor.pool.waits() || floor.pool.pack(legs(&bars)));
    assert_eq!(floor.pool.own_share(), None);
    for second in 1..=10 {
        floor.pool.look(UnixMillis(3_600_000 + 1_000 * second));
    }
    assert!(floor.pool.own_share().is_some());
    assert!(floor.pool.take_errands().contains(&Errand::End(7)));
}

#[test]
fn a_worker_that_finds_no_rows_gives_the_reason_and_all_are_ended() {
    let (base, bars) = (parameters(), market(11, 300, 7));
    let mut floor = Floor::new(&base, &bars, ONE_TAPE, &[Fate::Works; 2], 1);
    let why = SettingsError { field: "window".to_owned(), message: "it is too short".to_owned() };
    floor.pool.hear(WorkerNews::Word(8, encode(&ToPool::Refused(why.clone()))));
    assert_eq!(floor.pool.failure(), Some(&why));
    floor.pool.take_errands();
    floor.pool.end();
    assert_eq!(floor.pool.take_errands(), [Errand::End(7), Errand::End(8)]);
}
