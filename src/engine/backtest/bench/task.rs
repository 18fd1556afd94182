//! What is under way, a step at a time.

use super::message::{FoldTold, News, Ran, Walked};
use crate::UnixMillis;
use crate::alert::Rule;
use crate::backtest::pool::{Errand, Pool, Said};
use crate::backtest::shelf::maker;
use crate::backtest::{
    Cell, Comparison, Grid, Judged, Ledger, Legs, Parameters, Run, Sweep, Tape, TapeMaker, TestResults,
    Train, Truncation, Walk, WalkForward, metrics, stitched, trust_in_run,
};
use crate::settings::SettingsError;
use core::ops::Range;

/// Rows computed a step: each is a regression and a z.
const ROWS_A_STEP: usize = 2_048;
/// Rows a step where an alert rule may ask for tests at each.
const ROWS_A_TESTED_STEP: usize = 256;
/// Bars traded a step.
const BARS_A_STEP: usize = 400_000;
/// Sums that a step adds to count how often the best of many is below the middle.
const SUMS_A_STEP: usize = 4_000_000;
/// The cells of a surface are told after so many of them, and again each time that they have become twice as many.
const FIRST_CELLS: usize = 32;
/// Parts of the tape, tenths, that a run is compared on.
const PROOF_TENTHS: [usize; 6] = [1, 2, 3, 5, 7, 9];

/// A tape with all that depends on it alone.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) tape: Tape,
    pub(super) tests: TestResults,
    /// The alert rule that says when to enter.
    pub(super) enter_by: Option<Rule>,
}

/// The newest run, for what is asked about it.
#[derive(Debug)]
pub(super) struct Newest {
    pub(super) parameters: Parameters,
    /// The alert rule that said when to enter.
    pub(super) enter_by: Option<Rule>,
    pub(super) ledger: Ledger,
}

/// What a step needs.
pub(super) struct Step<'a> {
    /// Local time.
    pub(super) now: UnixMillis,
    pub(super) legs: Legs<'a>,
    pub(super) made: &'a mut Option<Made>,
    pub(super) newest: &'a mut Option<Newest>,
    /// What is told of it before its end.
    pub(super) untold: &'a mut Vec<News>,
    /// What is to be done with workers.
    pub(super) errands: &'a mut Vec<Errand>,
}

/// A task under way.
#[derive(Debug)]
pub(super) enum Task {
    /// Making the tape of a run.
    Making { maker: Box<TapeMaker>, parameters: Box<Parameters>, enter_by: Option<Rule> },
    /// Trading it.
    Running { run: Box<Run>, parameters: Box<Parameters> },
    /// Trying values: with workers, and here those that they do not.
    Sweeping(Box<Sweeping>),
    /// Judging what they have come to.
    Judging { judged: Box<Judged>, cells: usize },
    /// Choosing and trading.
    Walking { walk: Box<Walk>, grid: Grid, how: WalkForward, parameters: Box<Parameters> },
    /// Comparing with shorter tapes.
    Proving { found: Vec<Truncation>, comparison: Option<Box<Comparison>> },
}

/// A surface under way.
#[derive(Debug)]
pub(super) struct Sweeping {
    pool: Pool,
    sweep: Sweep,
    grid: Grid,
    told: ToldCells,
}

/// How much of a surface under way has been told.
#[derive(Debug)]
struct ToldCells {
    /// Cells that had traded by the last word.
    cells: usize,
    /// Cells tried when the next one is due.
    next: usize,
}

/// What a step has left.
#[derive(Debug)]
pub(super) enum Left {
    /// More to do.
    More(Task),
    /// The end.
    Done(News),
}

fn refused(error: SettingsError) -> News {
    News::Refused(vec![error])
}

fn rows_a_step(enter_by: Option<&Rule>) -> usize {
    if enter_by.is_some_and(|rule| !rule.conditions.is_empty()) { ROWS_A_TESTED_STEP } else { ROWS_A_STEP }
}

impl Task {
    /// Bars, cells or parts done, and in all.
    pub(super) fn progress(&self) -> (usize, usize) {
        match self {
            Self::Making { maker, .. } => maker.progress(),
            Self::Running { run, .. } => run.progress(),
            Self::Sweeping(sweeping) => sweeping.pool.progress(),
            Self::Walking { walk, .. } => walk.progress(),
            Self::Judging { cells, .. } => (*cells, *cells),
            Self::Proving { found, .. } => (found.len(), PROOF_TENTHS.len()),
        }
    }

    /// Does a step of a few milliseconds.
    pub(super) fn step(self, bench: &mut Step<'_>) -> Left {
        match self {
            Self::Making { maker, parameters, enter_by } => make(maker, parameters, enter_by, bench),
            Self::Running { run, parameters } => trade(run, parameters, bench),
            Self::Sweeping(sweeping) => try_values(sweeping, bench),
            Self::Judging { judged, cells } => judge(judged, cells),
            Self::Walking { walk, grid, how, parameters } => walk_on(walk, grid, how, parameters, bench),
            Self::Proving { found, comparison } => prove(found, comparison, bench),
        }
    }
}

fn make(
    mut maker: Box<TapeMaker>,
    parameters: Box<Parameters>,
    enter_by: Option<Rule>,
    bench: &mut Step<'_>,
) -> Left {
    if maker.work(bench.legs, rows_a_step(enter_by.as_ref())) {
        return Left::More(Task::Making { maker, parameters, enter_by });
    }
    let tape = maker.finish();
    let run = Box::new(Run::new(&parameters.rules, 0..tape.len(), true));
    *bench.made = Some(Made { tape, tests: TestResults::default(), enter_by });
    Left::More(Task::Running { run, parameters })
}

fn trade(mut run: Box<Run>, parameters: Box<Parameters>, bench: &mut Step<'_>) -> Left {
    let Some(Made { tape, tests, enter_by }) = bench.made else { return Left::Done(News::Stopped) };
    let rules = &parameters.rules;
    if run.work(tape, tests, rules.bars_a_step(BARS_A_STEP)) {
        return Left::More(Task::Running { run, parameters });
    }
    let ledger = run.finish();
    let ran = Ran {
        entered_by: enter_by.as_ref().map(|rule| rule.name.clone()),
        from: tape.open_time(0),
        bars: tape.len(),
        metrics: metrics(tape, rules, 0..tape.len(), &ledger),
        trust: trust_in_run(tape, rules, &ledger),
        z: (0..tape.len()).map(|at| tape.z(at).unwrap_or(f64::NAN)).collect(),
        ledger: ledger.clone(),
        parameters: (*parameters).clone(),
    };
    *bench.newest = Some(Newest { parameters: *parameters, enter_by: enter_by.clone(), ledger });
    Left::Done(News::Ran(Box::new(ran)))
}

/// Goes on until so many bars have been traded, or a part of a tape has been made, which takes a step of its own.
fn until_enough<E>(bars: usize, mut work: impl FnMut() -> Result<(bool, bool), E>) -> Result<bool, E> {
    for _ in 0..BARS_A_STEP.div_ceil(bars.max(1)) {
        let (more, has_traded) = work()?;
        if !more || !has_traded {
            return Ok(more);
        }
    }
    Ok(true)
}

fn try_values(mut sweeping: Box<Sweeping>, bench: &mut Step<'_>) -> Left {
    let Some(Made { tape, .. }) = bench.made else { return Left::Done(News::Stopped) };
    let Sweeping { pool, sweep, told, .. } = &mut *sweeping;
    pool.look(bench.now);
    let here = if pool.pack(bench.legs) { Ok(true) } else { try_here(pool, sweep, tape.len(), bench.legs) };
    if pool.is_done() || pool.failure().is_some() {
        pool.end();
    }
    bench.errands.extend(pool.take_errands());
    if let Some(error) = here.err().or_else(|| pool.failure().cloned()) {
        return Left::Done(refused(error));
    }
    if pool.is_done() {
        let Sweeping { pool, grid, .. } = *sweeping;
        let judged = Box::new(Judged::new(&grid, pool.finish(), tape));
        return Left::More(Task::Judging { judged, cells: grid.len() });
    }
    if pool.progress().0 >= told.next {
        let cells: Vec<(usize, Cell)> =
            pool.found(told.cells).iter().map(|(place, cell)| (*place, cell.sums_alone())).collect();
        *told = ToldCells { cells: told.cells + cells.len(), next: 2 * told.next };
        bench.untold.push(News::Cells(cells));
    }
    Left::More(Task::Sweeping(sweeping))
}

/// Tries the cells for which there is no worker, for a step.
fn try_here(pool: &mut Pool, sweep: &mut Sweep, bars: usize, legs: Legs<'_>) -> Result<bool, SettingsError> {
    until_enough(bars, || {
        let before = sweep.tried();
        let mut more = sweep.work(legs)?;
        let tried = sweep.tried() - before;
        pool.take(tried, sweep.take_found());
        if !more && let Some(share) = pool.own_share() {
            sweep.take_on(share);
            more = true;
        }
        Ok((more, tried > 0))
    })
}

fn judge(mut judged: Box<Judged>, cells: usize) -> Left {
    if judged.work((SUMS_A_STEP / (16 * cells.max(1))).max(1)) {
        return Left::More(Task::Judging { judged, cells });
    }
    Left::Done(News::Surface(Box::new(judged.finish())))
}

fn walk_on(
    mut walk: Box<Walk>,
    grid: Grid,
    how: WalkForward,
    parameters: Box<Parameters>,
    bench: &mut Step<'_>,
) -> Left {
    let Some(Made { tape, .. }) = bench.made else { return Left::Done(News::Stopped) };
    let more = until_enough(how.train_bars, || {
        let before = walk.progress().0;
        walk.work(bench.legs).map(|more| (more, walk.progress().0 > before))
    });
    match more {
        Ok(true) => return Left::More(Task::Walking { walk, grid, how, parameters }),
        Ok(false) => {}
        Err(error) => return Left::Done(refused(error)),
    }
    let folds = walk.finish();
    let Some(whole) = stitched(tape, &parameters, &folds) else { return Left::Done(News::Stopped) };
    let times = |bars: &core::ops::Range<usize>| [tape.open_time(bars.start), tape.open_time(bars.end)];
    let told = folds.iter().map(|fold| FoldTold {
        train: times(&fold.train),
        test: times(&fold.test),
        chosen: fold.chosen,
        train_net: fold.train_net,
        train_trades: fold.train_trades,
        test_net: fold.test_net(),
        test_trades: fold.ledger.trades.len(),
    });
    Left::Done(News::Walked(Box::new(Walked {
        train: how.train,
        folds: told.collect(),
        metrics: whole.metrics,
        equity: whole.ledger.equity,
        efficiency_per_bar: whole.efficiency_per_bar,
    })))
}

fn prove(mut found: Vec<Truncation>, comparison: Option<Box<Comparison>>, bench: &mut Step<'_>) -> Left {
    let (Some(Made { tape, .. }), Some(newest)) = (&bench.made, &bench.newest) else {
        return Left::Done(News::Stopped);
    };
    let Some(tenths) = PROOF_TENTHS.get(found.len()) else { return Left::Done(News::Proved(found)) };
    let Newest { parameters, enter_by, ledger } = newest;
    let bars = tape.len() * tenths / 10;
    let begin = || Comparison::new(bench.legs, parameters, enter_by.as_ref(), bars).map(Box::new);
    let mut comparison = match comparison.map_or_else(begin, Ok) {
        Ok(comparison) => comparison,
        Err(error) => return Left::Done(refused(error)),
    };
    let steps = [rows_a_step(enter_by.as_ref()), BARS_A_STEP];
    let next = comparison.work(bench.legs, parameters, ledger, steps);
    let comparison = next.is_none().then_some(comparison);
    found.extend(next);
    Left::More(Task::Proving { found, comparison })
}

impl Task {
    /// A run of `parameters`: over the tape there is, where its rows are those.
    pub(super) fn run(
        parameters: Box<Parameters>,
        enter_by: Option<Rule>,
        legs: Legs<'_>,
        made: Option<&Made>,
    ) -> Result<Self, News> {
        let fits =
            made.is_some_and(|made| *made.tape.settings() == plain(&parameters) && made.enter_by == enter_by);
        if let (true, Some(made)) = (fits, made) {
            let run = Box::new(Run::new(&parameters.rules, 0..made.tape.len(), true));
            return Ok(Self::Running { run, parameters });
        }
        let maker = maker(legs, &parameters.desk, enter_by.as_ref()).map_err(refused)?;
        Ok(Self::Making { maker: Box::new(maker), parameters, enter_by })
    }

    /// The cells of `axes` around the newest run, by workers with these numbers.
    pub(super) fn sweep(axes: &str, newest: &Newest, workers: Range<u64>) -> Result<Self, News> {
        let grid = Grid::parse(axes).map_err(refused)?;
        Ok(Self::Sweeping(Box::new(Sweeping {
            pool: Pool::new(&newest.parameters, newest.enter_by.clone(), axes, &grid, workers),
            sweep: Sweep::of_none(&newest.parameters, &grid).entered_by(newest.enter_by.clone()),
            grid,
            told: ToldCells { cells: 0, next: FIRST_CELLS },
        })))
    }

    /// Takes news of a worker.
    pub(super) fn hear(&mut self, said: Said) {
        if let Self::Sweeping(sweeping) = self {
            sweeping.pool.hear(said);
        }
    }

    /// Whether nothing is to be done until a worker says something.
    pub(super) fn waits(&self) -> bool {
        matches!(self, Self::Sweeping(sweeping) if sweeping.pool.waits())
    }

    /// Leaves it; returns what is to be done with its workers.
    pub(super) fn leave(self) -> Vec<Errand> {
        let Self::Sweeping(mut sweeping) = self else { return Vec::new() };
        sweeping.pool.end();
        sweeping.pool.take_errands()
    }

    /// Choices among `axes` on stretches of `bars` bars.
    pub(super) fn walk(axes: &str, train: Train, newest: &Newest, bars: usize) -> Result<Self, News> {
        let grid = Grid::parse(axes).map_err(refused)?;
        let how = WalkForward::of(train, bars);
        let parameters = Box::new(newest.parameters.clone());
        let walk = Walk::new(&parameters, &grid, how, bars).map_err(refused)?;
        let walk = Box::new(walk.entered_by(newest.enter_by.clone()));
        Ok(Self::Walking { walk, grid, how, parameters })
    }
}

/// The settings as a tape keeps them: without what stands beside its rows.
fn plain(parameters: &Parameters) -> crate::Settings {
    crate::Settings { overlays: Vec::new(), ..parameters.desk.clone() }
}
