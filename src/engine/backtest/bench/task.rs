//! The current task, a step at a time.

use super::message::{FoldReport, News, Ran, Walked};
use crate::UnixMillis;
use crate::alert::Rule;
use crate::backtest::pool::{Errand, Pool, WorkerNews};
use crate::backtest::shelf::maker;
use crate::backtest::{
    BreakEven, Cell, Comparison, Grid, Judged, Ledger, Legs, Parameters, Run, Sweep, Tape, TapeMaker,
    TestResults, Train, Truncation, Walk, WalkForward, metrics, stitched, trust_in_run,
};
use crate::settings::SettingsError;
use core::ops::Range;

/// Rows computed per step; each is a regression and a z.
const ROWS_A_STEP: usize = 2_048;
/// Bars traded per step.
const BARS_A_STEP: usize = 400_000;
/// Sums per step in counting how often the best trial is below the median.
const SUMS_A_STEP: usize = 4_000_000;
/// A surface's cells are reported after this many, and then each time their number has doubled.
const FIRST_CELLS: usize = 32;
/// Tenths of the tape on which a run is compared.
const PROOF_TENTHS: [usize; 6] = [1, 2, 3, 5, 7, 9];

/// A tape, and everything that depends only on it.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) tape: Tape,
    pub(super) tests: TestResults,
    /// The alert rule that triggers entries.
    pub(super) enter_by: Option<Rule>,
}

/// The newest run, for further requests about it.
#[derive(Debug)]
pub(super) struct Newest {
    pub(super) parameters: Parameters,
    /// The alert rule that triggered entries.
    pub(super) enter_by: Option<Rule>,
    pub(super) ledger: Ledger,
}

/// The context of a step.
pub(super) struct Step<'a> {
    /// Local time.
    pub(super) now: UnixMillis,
    pub(super) legs: Legs<'a>,
    /// Older bars of both recordings that are not held.
    pub(super) left_out: u64,
    /// The span that was requested, if not all bars were.
    pub(super) within: Option<[UnixMillis; 2]>,
    pub(super) made: &'a mut Option<Made>,
    pub(super) newest: &'a mut Option<Newest>,
    /// News to report before the end of the task.
    pub(super) untold: &'a mut Vec<News>,
    /// Actions on workers.
    pub(super) errands: &'a mut Vec<Errand>,
}

/// A task in progress.
#[derive(Debug)]
pub(super) enum Task {
    /// Making the tape of a run.
    Making { maker: Box<TapeMaker>, parameters: Box<Parameters>, enter_by: Option<Rule> },
    /// Trading the tape.
    Running { run: Box<Run>, parameters: Box<Parameters> },
    /// Looking for the run's break-even fee.
    Pricing { search: Box<BreakEven>, ran: Box<Ran> },
    /// Computing cells: by workers, and here for those without one.
    Sweeping(Box<Sweeping>),
    /// Evaluating the cells.
    Judging { judged: Box<Judged>, cells: usize },
    /// Walking forward.
    Walking { walk: Box<Walk>, grid: Grid, how: WalkForward, parameters: Box<Parameters> },
    /// Comparing with shorter tapes.
    Proving { found: Vec<Truncation>, comparison: Option<Box<Comparison>> },
}

/// A surface in progress.
#[derive(Debug)]
pub(super) struct Sweeping {
    base: Parameters,
    pool: Pool,
    sweep: Sweep,
    grid: Grid,
    told: ReportedCells,
}

/// How much of a surface in progress has been reported.
#[derive(Debug)]
struct ReportedCells {
    /// Cells that had traded by the last report.
    cells: usize,
    /// Number of computed cells at which the next report is due.
    next: usize,
}

/// The state after a step.
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

impl Task {
    /// Bars, cells or parts done, and the total.
    pub(super) fn progress(&self) -> (usize, usize) {
        match self {
            Self::Making { maker, .. } => maker.progress(),
            Self::Running { run, .. } => run.progress(),
            Self::Pricing { ran, .. } => (ran.bars, ran.bars),
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
            Self::Pricing { search, ran } => price(search, ran, bench),
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
    if maker.work(bench.legs, ROWS_A_STEP) {
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
    if run.work(tape, tests, BARS_A_STEP) {
        return Left::More(Task::Running { run, parameters });
    }
    let ledger = run.finish();
    let ran = Ran {
        entered_by: enter_by.as_ref().map(|rule| rule.name.clone()),
        from: tape.open_time(0),
        bars: tape.len(),
        left_out: bench.left_out,
        within: bench.within,
        metrics: metrics(tape, rules, 0..tape.len(), &ledger),
        trust: trust_in_run(tape, rules, &ledger),
        z: (0..tape.len()).map(|at| tape.z(at).unwrap_or(f64::NAN)).collect(),
        ledger: ledger.clone(),
        parameters: (*parameters).clone(),
    };
    let search = Box::new(BreakEven::new(rules, 0..tape.len(), &ledger));
    *bench.newest = Some(Newest { parameters: *parameters, enter_by: enter_by.clone(), ledger });
    price(search, Box::new(ran), bench)
}

fn price(mut search: Box<BreakEven>, mut ran: Box<Ran>, bench: &mut Step<'_>) -> Left {
    let Some(Made { tape, tests, .. }) = bench.made else { return Left::Done(News::Stopped) };
    if search.work(tape, tests, BARS_A_STEP) {
        return Left::More(Task::Pricing { search, ran });
    }
    if let Some(fee_bps) = search.fee_bps() {
        ran.metrics[0].break_even_fee_bps = fee_bps.into();
    }
    Left::Done(News::Ran(ran))
}

/// Continues until `bars` bars have been traded, or until part of a tape has been made, which takes a whole
/// step.
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
        let Sweeping { pool, grid, base, .. } = *sweeping;
        let judged = Box::new(Judged::new(&base, &grid, pool.finish(), tape));
        return Left::More(Task::Judging { judged, cells: grid.len() });
    }
    if pool.progress().0 >= told.next {
        let cells: Vec<(usize, Cell)> =
            pool.found(told.cells).iter().map(|(place, cell)| (*place, cell.sums_alone())).collect();
        *told = ReportedCells { cells: told.cells + cells.len(), next: 2 * told.next };
        bench.untold.push(News::Cells(cells));
    }
    Left::More(Task::Sweeping(sweeping))
}

/// Computes cells that no worker computes, for one step.
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
    let told = folds.iter().map(|fold| FoldReport {
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
    let next = comparison.work(bench.legs, parameters, ledger, [ROWS_A_STEP, BARS_A_STEP]);
    let comparison = next.is_none().then_some(comparison);
    found.extend(next);
    Left::More(Task::Proving { found, comparison })
}

impl Task {
    /// A run of `parameters`; uses the existing tape if it has the right rows.
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
        let maker = maker(legs, &parameters.settings, enter_by.as_ref()).map_err(refused)?;
        Ok(Self::Making { maker: Box::new(maker), parameters, enter_by })
    }

    /// The cells of `axes` around the newest run, computed by workers with these numbers.
    pub(super) fn sweep(axes: &str, newest: &Newest, workers: Range<u64>) -> Result<Self, News> {
        let grid = Grid::parse(axes).map_err(refused)?;
        Ok(Self::Sweeping(Box::new(Sweeping {
            base: newest.parameters.clone(),
            pool: Pool::new(&newest.parameters, newest.enter_by.clone(), axes, &grid, workers),
            sweep: Sweep::of_none(&newest.parameters, &grid).entered_by(newest.enter_by.clone()),
            grid,
            told: ReportedCells { cells: 0, next: FIRST_CELLS },
        })))
    }

    /// Takes news of a worker.
    pub(super) fn hear(&mut self, news: WorkerNews) {
        if let Self::Sweeping(sweeping) = self {
            sweeping.pool.hear(news);
        }
    }

    /// Whether there is nothing to do until a worker reports.
    pub(super) fn waits(&self) -> bool {
        matches!(self, Self::Sweeping(sweeping) if sweeping.pool.waits())
    }

    /// Ends the task and returns the actions on its workers.
    pub(super) fn leave(self) -> Vec<Errand> {
        let Self::Sweeping(mut sweeping) = self else { return Vec::new() };
        sweeping.pool.end();
        sweeping.pool.take_errands()
    }

    /// A walk forward over `axes` on `bars` bars.
    pub(super) fn walk(axes: &str, train: Train, newest: &Newest, bars: usize) -> Result<Self, News> {
        let grid = Grid::parse(axes).map_err(refused)?;
        let how = WalkForward::of(train, bars);
        let parameters = Box::new(newest.parameters.clone());
        let walk = Walk::new(&parameters, &grid, how, bars).map_err(refused)?;
        let walk = Box::new(walk.entered_by(newest.enter_by.clone()));
        Ok(Self::Walking { walk, grid, how, parameters })
    }
}

/// The settings as a tape keeps them, without those that do not affect its rows.
fn plain(parameters: &Parameters) -> crate::Settings {
    crate::Settings { overlays: Vec::new(), ..parameters.settings.clone() }
}
