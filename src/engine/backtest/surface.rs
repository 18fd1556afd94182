//! Many sets of rules over the same bars: where they pay, over how wide an area, and how far to trust that.

use super::account::Account;
use super::grid::Grid;
use super::metrics::lost;
use super::periods::{Period, Periods};
use super::rules::{Parameters, Rules};
use super::run::{Ledger, Run};
use super::shelf::Shelf;
use super::tape::{Legs, Tape};
use super::tested::TestResults;
use super::trust::{Chosen, Trials, Trust, overfitting_count, trust};
use crate::alert::Rule;
use crate::settings::SettingsError;
use core::ops::Range;
use serde::{Deserialize, Serialize};
use spreadscope_stats::performance::OverfittingCount;

/// The result of one set of rules. Money is in quote currency.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Cell {
    /// Round trips.
    pub trades: usize,
    /// Net profit.
    pub net: f64,
    /// Gross profit.
    pub gross: f64,
    /// Fees.
    pub fees: f64,
    /// Money of all fills.
    pub turnover: f64,
    /// Return of each whole period, as a fraction of capital.
    pub returns: Vec<f64>,
    /// Whether the capital was lost.
    pub lost: bool,
}

impl Cell {
    /// The same without the returns.
    pub(crate) fn sums_alone(&self) -> Self {
        Self { returns: Vec::new(), ..*self }
    }

    /// Fee per fill at which net would be 0 with the same fills.
    pub fn break_even_fee_bps(&self) -> Option<f64> {
        (self.turnover > 0.0).then(|| 1e4 * (self.net + self.fees) / self.turnover)
    }
}

/// Trades `rules` over the bars at `bars` and keeps only the sums.
pub fn cell(tape: &Tape, tests: &mut TestResults, rules: &Rules, bars: Range<usize>) -> Cell {
    let mut run = Run::new(rules, bars.clone(), false);
    while run.work(tape, tests, usize::MAX) {}
    cell_of(tape, rules, bars, &run.finish())
}

/// The sums of a run over the bars at `bars`.
pub(super) fn cell_of(tape: &Tape, rules: &Rules, bars: Range<usize>, ledger: &Ledger) -> Cell {
    let lost = ledger.ruined_at.is_some() || lost(&ledger.equity);
    let mut cell = Cell { trades: ledger.trades.len(), lost, ..Cell::default() };
    for trade in &ledger.trades {
        cell.net += trade.net;
        cell.gross += trade.gross;
        cell.fees += trade.fees;
        cell.turnover += trade.turnover;
    }
    let periods = Periods::of(tape, bars.clone());
    let mut equity = Equity::new(ledger, rules.notional, bars.start);
    cell.returns = periods.returns(rules.notional, rules.compounding, |behind| equity.at(tape, behind));
    cell
}

/// Equity at a few closes, from a ledger kept bar by bar or from its orders.
struct Equity<'a> {
    ledger: &'a Ledger,
    capital: f64,
    start: usize,
    account: Account,
    next: usize,
}

impl<'a> Equity<'a> {
    fn new(ledger: &'a Ledger, capital: f64, start: usize) -> Self {
        Self { ledger, capital, start, account: Account::default(), next: 0 }
    }

    /// Equity after the first `behind` bars; `behind` must not decrease between calls.
    fn at(&mut self, tape: &Tape, behind: usize) -> f64 {
        let Some(place) = behind.checked_sub(1) else { return self.capital };
        if !self.ledger.equity.is_empty() {
            return self.ledger.equity.get(place).copied().unwrap_or(self.capital);
        }
        let at = self.start + place;
        let by_then = tape.open_time(at);
        while let Some(order) = self.ledger.orders.get(self.next).filter(|order| order.time <= by_then) {
            self.account.add(order);
            self.next += 1;
        }
        self.capital + self.account.net([0, 1].map(|leg| tape.close(leg, at).unwrap_or(0.0)))
    }
}

/// Computes the cells of a grid, one after the other.
#[derive(Debug)]
pub struct Sweep {
    base: Parameters,
    grid: Grid,
    /// All cells, in the order of their tapes.
    order: Vec<usize>,
    /// The cells to compute.
    places: Vec<usize>,
    next: usize,
    cells: Vec<(usize, Cell)>,
    /// The run of the current cell.
    run: Option<Run>,
    shelf: Shelf,
}

impl Sweep {
    /// All cells of `grid` around `base`.
    pub fn new(base: &Parameters, grid: &Grid) -> Self {
        let mut sweep = Self::of_none(base, grid);
        sweep.take_on(0..grid.len());
        sweep
    }

    /// No cells yet; [`Self::take_on`] adds them.
    pub(super) fn of_none(base: &Parameters, grid: &Grid) -> Self {
        Self {
            base: base.clone(),
            grid: grid.clone(),
            order: grid.by_tape(),
            places: Vec::new(),
            next: 0,
            cells: Vec::new(),
            run: None,
            shelf: Shelf::default(),
        }
    }

    /// The same with entries triggered by an alert rule, in place of |z|.
    #[must_use]
    pub(super) fn entered_by(self, enter_by: Option<Rule>) -> Self {
        Self { shelf: Shelf::entered_by(enter_by), ..self }
    }

    /// Adds one of the [shares](Grid::shares) of the work.
    pub(super) fn take_on(&mut self, share: Range<usize>) {
        self.places.extend(self.order.get(share).unwrap_or_default());
    }

    /// Does a step of a few milliseconds: part of a tape, one cell, or part of a cell whose entries need tests.
    /// Returns whether there is more to do.
    ///
    /// # Errors
    /// A sentence to show if rows cannot be computed; with validated settings they can.
    pub fn work(&mut self, legs: Legs<'_>) -> Result<bool, SettingsError> {
        let Some(&place) = self.places.get(self.next) else { return Ok(false) };
        let Some(parameters) = self.grid.parameters(&self.base, place) else {
            self.next += 1;
            return Ok(true);
        };
        if let Some(made) = self.shelf.tape(legs, &parameters.settings)? {
            let (bars, rules) = (0..made.tape.len(), &parameters.rules);
            let mut run = self.run.take().unwrap_or_else(|| Run::new(rules, bars.clone(), false));
            if run.work(&made.tape, &mut made.tests, usize::MAX) {
                self.run = Some(run);
                return Ok(true);
            }
            let cell = cell_of(&made.tape, rules, bars, &run.finish());
            if cell.trades > 0 {
                self.cells.push((place, cell));
            }
            self.next += 1;
        }
        Ok(true)
    }

    /// Cells computed.
    pub(super) fn tried(&self) -> usize {
        self.next
    }

    /// Takes the cells that have traded since the last call, with their indices.
    pub(super) fn take_found(&mut self) -> Vec<(usize, Cell)> {
        core::mem::take(&mut self.cells)
    }

    /// The cells that have traded, with their indices.
    pub fn finish(self) -> Vec<(usize, Cell)> {
        self.cells
    }
}

/// A cell and its neighbourhood.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    /// Its index.
    pub place: usize,
    /// Its net profit.
    pub net: f64,
    /// The median net of the cell and its neighbours that have traded.
    pub median: f64,
    /// The lowest net of those.
    pub worst_neighbour: f64,
}

/// All cells of a grid, and their evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Surface {
    /// Cells by index; `None` if the rules are invalid or have not traded.
    pub cells: Vec<Option<Cell>>,
    /// The cell with the highest net.
    pub peak: Option<Spot>,
    /// The cell with the highest neighbourhood median.
    pub plateau: Option<Spot>,
    /// How far to trust the peak.
    pub trust: Trust,
}

impl Surface {
    /// Combines the workers' results around `base`, in any order. Periods are those of the bars of `tape`.
    pub fn new(base: &Parameters, grid: &Grid, found: Vec<(usize, Cell)>, tape: &Tape) -> Self {
        let mut judged = Judged::new(base, grid, found, tape);
        while judged.work(usize::MAX) {}
        judged.finish()
    }

    /// The part of a surface computed so far, without an answer yet on how far to trust it.
    pub fn partly(grid: &Grid, found: impl IntoIterator<Item = (usize, Cell)>) -> Self {
        let cells = by_place(grid, found);
        let [peak, plateau] = spots(grid, &cells);
        Self { cells, peak, plateau, trust: Trust::not_yet() }
    }
}

/// A surface being evaluated, a few splits of the time at a time.
#[derive(Debug)]
pub struct Judged {
    cells: Vec<Option<Cell>>,
    spots: [Option<Spot>; 2],
    period: Period,
    per_year: f64,
    /// Cells whose rules are valid.
    tried: usize,
    count: Result<OverfittingCount, String>,
}

impl Judged {
    /// Starts from the workers' results around `base`, in any order.
    pub fn new(base: &Parameters, grid: &Grid, found: Vec<(usize, Cell)>, tape: &Tape) -> Self {
        let cells = by_place(grid, found);
        let periods = Periods::of(tape, 0..tape.len());
        let (period, per_year) = (periods.period(), periods.per_year());
        let spots = spots(grid, &cells);
        let tried = (0..grid.len()).filter(|place| grid.parameters(base, *place).is_some()).count();
        let mut judged = Self { cells, spots, period, per_year, tried, count: Err(String::new()) };
        judged.count = overfitting_count(judged.chosen().judged(), &judged.trials().returns, period);
        judged
    }

    fn chosen(&self) -> Chosen {
        let peak = self.spots[0].and_then(|peak| self.cells[peak.place].as_ref());
        peak.map_or_else(Chosen::default, |cell| Chosen { returns: cell.returns.clone(), lost: cell.lost })
    }

    fn trials(&self) -> Trials {
        let returns = self.cells.iter().flatten().map(|cell| cell.returns.clone()).collect();
        Trials { returns, tried: self.tried }
    }

    /// Evaluates up to `splits` more splits of the time; returns whether there are more.
    pub fn work(&mut self, splits: usize) -> bool {
        self.count.as_mut().is_ok_and(|count| count.work(splits))
    }

    /// The surface.
    pub fn finish(self) -> Surface {
        let overfitting = self.count.as_ref().map(OverfittingCount::finish).map_err(Clone::clone);
        let trust = trust(self.chosen().judged(), &self.trials(), overfitting, self.period, self.per_year);
        let [peak, plateau] = self.spots;
        Surface { cells: self.cells, peak, plateau, trust }
    }
}

fn by_place(grid: &Grid, found: impl IntoIterator<Item = (usize, Cell)>) -> Vec<Option<Cell>> {
    let mut cells: Vec<Option<Cell>> = vec![None; grid.len()];
    for (place, cell) in found {
        cells[place] = Some(cell);
    }
    cells
}

/// The cell with the highest net and the one with the highest neighbourhood median; the first of equals.
fn spots(grid: &Grid, cells: &[Option<Cell>]) -> [Option<Spot>; 2] {
    let spots: Vec<Spot> = (0..cells.len()).filter_map(|place| spot(grid, cells, place)).collect();
    let best = |by: fn(&Spot) -> f64| {
        spots.iter().copied().reduce(|best, spot| if by(&spot) > by(&best) { spot } else { best })
    };
    [best(|spot| spot.net), best(|spot| spot.median)]
}

fn spot(grid: &Grid, cells: &[Option<Cell>], place: usize) -> Option<Spot> {
    let net = cells[place].as_ref()?.net;
    let across = grid.axes[1].values.len();
    let (row, column) = (place / across, place % across);
    let rows = row.saturating_sub(1)..=(row + 1).min(grid.axes[0].values.len() - 1);
    let mut around: Vec<f64> = rows
        .flat_map(|row| {
            let columns = column.saturating_sub(1)..=(column + 1).min(across - 1);
            columns.map(move |column| row * across + column)
        })
        .filter_map(|place| cells[place].as_ref().map(|cell| cell.net))
        .collect();
    around.sort_by(f64::total_cmp);
    let middle = around.len() / 2;
    let median = if around.len() % 2 == 1 {
        around[middle]
    } else {
        f64::midpoint(around[middle - 1], around[middle])
    };
    Some(Spot { place, net, median, worst_neighbour: around[0] })
}

/// How far to trust a single run.
pub fn trust_in_run(tape: &Tape, rules: &Rules, ledger: &Ledger) -> Trust {
    let periods = Periods::of(tape, 0..tape.len());
    let mut equity = Equity::new(ledger, rules.notional, 0);
    let returns = periods.returns(rules.notional, rules.compounding, |behind| equity.at(tape, behind));
    let period = periods.period();
    let run = Chosen { returns, lost: ledger.ruined_at.is_some() || lost(&ledger.equity) };
    let overfitting = overfitting_count(run.judged(), &[], period).map(|count| count.finish());
    trust(run.judged(), &Trials::default(), overfitting, period, periods.per_year())
}

/// The period of the ratios' returns.
pub fn period(tape: &Tape) -> Period {
    Periods::of(tape, 0..tape.len()).period()
}
