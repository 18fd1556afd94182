//! Rules chosen on one stretch of time and traded on the next, repeatedly.

use super::grid::Grid;
use super::metrics::{Metrics, metrics};
use super::rules::Parameters;
use super::run::{Ledger, Run};
use super::settings::Value;
use super::shelf::Shelf;
use super::surface::cell_of;
use super::tape::{Legs, Tape};
use crate::alert::Rule;
use crate::settings::SettingsError;
use crate::{Settings, UnixMillis};
use core::ops::Range;
use serde::{Deserialize, Serialize};

/// Fewest bars in a stretch.
const FEWEST_BARS: usize = 10;

/// Where a training stretch starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Train {
    /// A fixed number of bars before each test.
    #[default]
    Rolling,
    /// Always at the first bar.
    Anchored,
}

/// How the time is cut into stretches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkForward {
    /// Where training stretches start.
    pub train: Train,
    /// Their length in bars; of an anchored one, the initial length.
    pub train_bars: usize,
    /// Length of the test stretches in bars.
    pub test_bars: usize,
}

/// One choice and its result.
#[derive(Debug, Clone, PartialEq)]
pub struct Fold {
    /// Bars of the training.
    pub train: Range<usize>,
    /// Bars of the test.
    pub test: Range<usize>,
    /// The index of the chosen cell; `None` if nothing traded.
    pub chosen: Option<usize>,
    /// Net profit of the chosen rules in the training.
    pub train_net: f64,
    /// Their round trips in the training.
    pub train_trades: usize,
    /// Their results in the test.
    pub ledger: Ledger,
}

impl Fold {
    /// The values of the chosen rules.
    pub fn values(&self, grid: &Grid) -> Option<[Value; 2]> {
        self.chosen.map(|place| grid.values(place))
    }

    /// Net profit of the chosen rules in the test.
    pub fn test_net(&self) -> f64 {
        self.ledger.trades.iter().fold(0.0, |sum, trade| sum + trade.net)
    }
}

impl WalkForward {
    /// Half of the bars for the first training, the others for five tests.
    pub fn of(train: Train, bars: usize) -> Self {
        let train_bars = (bars / 2).max(FEWEST_BARS);
        let test_bars = bars.saturating_sub(train_bars).div_ceil(5).max(FEWEST_BARS);
        Self { train, train_bars, test_bars }
    }

    /// The training and test stretches of `bars` bars. Each test starts where the previous one ended; the last
    /// may be shorter, but what would be a stretch of fewer than 10 bars belongs to the one before.
    ///
    /// # Errors
    /// A sentence to show if there is no room for one.
    pub fn stretches(&self, bars: usize) -> Result<Vec<[Range<usize>; 2]>, SettingsError> {
        let Self { train, train_bars, test_bars } = *self;
        let refused = |field: &str, message: String| SettingsError { field: field.to_owned(), message };
        if bars <= FEWEST_BARS {
            let message = format!("to walk forward needs more than {FEWEST_BARS} bars, and there are {bars}");
            return Err(refused("bars", message));
        }
        for (field, value) in [("train", train_bars), ("test", test_bars)] {
            if value < FEWEST_BARS || value > bars {
                let message = format!("{field} must be {FEWEST_BARS} to {bars} bars, was {value}");
                return Err(refused(field, message));
            }
        }
        if train_bars >= bars {
            let message = format!("train must leave bars to test: there are {bars}, and it was {train_bars}");
            return Err(refused("train", message));
        }
        let stretch = |from: usize| {
            let first = if train == Train::Anchored { 0 } else { from - train_bars };
            [first..from, from..(from + test_bars).min(bars)]
        };
        let mut stretches: Vec<_> = (train_bars..bars).step_by(test_bars).map(stretch).collect();
        if let [.., [_, before], [_, last]] = &mut stretches[..]
            && last.len() < FEWEST_BARS
        {
            before.end = last.end;
            stretches.pop();
        }
        Ok(stretches)
    }
}

/// A walk forward, a step at a time.
#[derive(Debug)]
pub struct Walk {
    base: Parameters,
    grid: Grid,
    folds: Vec<Fold>,
    places: Vec<usize>,
    /// Cells computed on all training stretches.
    tried: usize,
    /// Training stretches on which the next cell has been computed.
    trained: usize,
    /// The run of that cell on the current stretch.
    run: Option<Run>,
    /// Folds whose test is done, in the order of their tapes.
    tests: Vec<usize>,
    tested: usize,
    shelf: Shelf,
}

impl Walk {
    /// A walk over tapes of `bars` bars.
    ///
    /// # Errors
    /// As [`WalkForward::stretches`].
    pub fn new(base: &Parameters, grid: &Grid, how: WalkForward, bars: usize) -> Result<Self, SettingsError> {
        let fold = |[train, test]: [Range<usize>; 2]| Fold {
            train,
            test,
            chosen: None,
            train_net: 0.0,
            train_trades: 0,
            ledger: Ledger::default(),
        };
        Ok(Self {
            base: base.clone(),
            grid: grid.clone(),
            folds: how.stretches(bars)?.into_iter().map(fold).collect(),
            places: grid.by_tape(),
            tried: 0,
            trained: 0,
            run: None,
            tests: Vec::new(),
            tested: 0,
            shelf: Shelf::default(),
        })
    }

    /// The same with entries triggered by an alert rule, in place of |z|.
    #[must_use]
    pub(super) fn entered_by(self, enter_by: Option<Rule>) -> Self {
        Self { shelf: Shelf::entered_by(enter_by), ..self }
    }

    /// Does a step of a few milliseconds: part of a tape, one cell on one training stretch, one test, or part
    /// of those. Returns whether there is more.
    ///
    /// # Errors
    /// As [`Sweep::work`](super::Sweep::work).
    pub fn work(&mut self, legs: Legs<'_>) -> Result<bool, SettingsError> {
        let Some(&place) = self.places.get(self.tried) else { return self.test(legs) };
        let Some(parameters) = self.grid.parameters(&self.base, place) else {
            self.tried += 1;
            return Ok(true);
        };
        let Some(made) = self.shelf.tape(legs, &parameters.settings)? else { return Ok(true) };
        if let Some(fold) = self.folds.get_mut(self.trained) {
            let (tape, rules, bars) = (&made.tape, &parameters.rules, fold.train.clone());
            let mut run = self.run.take().unwrap_or_else(|| Run::new(rules, bars.clone(), false));
            if run.work(tape, &mut made.tests, usize::MAX) {
                self.run = Some(run);
                return Ok(true);
            }
            // a position open at the end of a training stretch is closed in it
            let found = cell_of(tape, rules, bars, &run.finish());
            let better = fold.chosen.is_none_or(|chosen| {
                found.net > fold.train_net || found.net == fold.train_net && place < chosen
            });
            if found.trades > 0 && better {
                fold.chosen = Some(place);
                (fold.train_net, fold.train_trades) = (found.net, found.trades);
            }
            self.trained += 1;
        }
        if self.trained < self.folds.len() {
            return Ok(true);
        }
        self.trained = 0;
        self.tried += 1;
        if self.tried == self.places.len() {
            let order = |fold: &usize| {
                let chosen = self.folds[*fold].chosen;
                chosen.and_then(|place| self.places.iter().position(|known| *known == place))
            };
            self.tests = (0..self.folds.len()).collect();
            self.tests.sort_by_key(order);
        }
        Ok(true)
    }

    fn test(&mut self, legs: Legs<'_>) -> Result<bool, SettingsError> {
        let Some(&at) = self.tests.get(self.tested) else { return Ok(false) };
        let fold = &mut self.folds[at];
        if let Some(parameters) = fold.chosen.and_then(|place| self.grid.parameters(&self.base, place)) {
            let Some(made) = self.shelf.tape(legs, &parameters.settings)? else { return Ok(true) };
            let rules = &parameters.rules;
            let mut run = self.run.take().unwrap_or_else(|| Run::new(rules, fold.test.clone(), true));
            if run.work(&made.tape, &mut made.tests, usize::MAX) {
                self.run = Some(run);
                return Ok(true);
            }
            fold.ledger = run.finish();
        } else {
            // no rules could be chosen, so nothing is traded
            let flat = vec![self.base.rules.notional; fold.test.len()];
            fold.ledger = Ledger { equity: flat.clone(), gross_equity: flat, ..Ledger::default() };
        }
        self.tested += 1;
        Ok(self.tested < self.tests.len())
    }

    /// Steps done, and steps in total, without those that make tapes.
    pub fn progress(&self) -> (usize, usize) {
        let folds = self.folds.len();
        (self.tried * folds + self.trained + self.tested, (self.places.len() + 1) * folds)
    }

    /// The folds, oldest first.
    pub fn finish(self) -> Vec<Fold> {
        self.folds
    }
}

/// The tests of all folds joined, as if they were one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Stitched {
    /// All their orders, round trips and equity.
    pub ledger: Ledger,
    /// Metrics of the whole.
    pub metrics: Metrics,
    /// Net profit per bar in the tests minus net profit per bar in the training: the part that the choice did
    /// not keep. A difference, because a ratio of two losses would look like a gain.
    pub efficiency_per_bar: f64,
}

/// Joins the tests of `folds`; `None` if there are none.
pub fn stitched(tape: &Tape, base: &Parameters, folds: &[Fold]) -> Option<Stitched> {
    let bars = folds.first()?.test.start..folds.last()?.test.end;
    let capital = base.rules.notional;
    let mut ledger = Ledger::default();
    let mut earned = (0.0, 0.0);
    for fold in folds {
        ledger.orders.extend(&fold.ledger.orders);
        ledger.trades.extend(&fold.ledger.trades);
        ledger.equity.extend(fold.ledger.equity.iter().map(|worth| worth + earned.0));
        ledger.gross_equity.extend(fold.ledger.gross_equity.iter().map(|worth| worth + earned.1));
        let end = |curve: &[f64]| curve.last().map_or(0.0, |worth| worth - capital);
        earned.0 += end(&fold.ledger.equity);
        earned.1 += end(&fold.ledger.gross_equity);
    }
    let [metrics, _] = metrics(tape, &base.rules, bars, &ledger);
    let a_bar = |net: fn(&Fold) -> f64, bars: fn(&Fold) -> &Range<usize>| {
        let (net, bars) =
            folds.iter().fold((0.0, 0), |(sum, count), fold| (sum + net(fold), count + bars(fold).len()));
        net / bars.max(1) as f64
    };
    let efficiency_per_bar =
        a_bar(Fold::test_net, |fold| &fold.test) - a_bar(|fold| fold.train_net, |fold| &fold.train);
    Some(Stitched { ledger, metrics, efficiency_per_bar })
}

/// The number of bars of a tape with these settings, without making it.
pub fn bars_of(legs: Legs<'_>, settings: &Settings) -> usize {
    let [y, x] = legs.bars;
    let first = y.first().max(x.first()).unwrap_or_default();
    let end = y.end().min(x.end()).unwrap_or(UnixMillis(0));
    usize::try_from(end.since(first) / settings.interval.millis()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_begins_where_its_training_ends_and_no_bar_is_tested_twice() {
        let how = WalkForward { train: Train::Rolling, train_bars: 100, test_bars: 40 };
        let stretches = how.stretches(205).unwrap();
        assert_eq!(stretches, [[0..100, 100..140], [40..140, 140..180], [80..180, 180..205]]);
        let anchored = WalkForward { train: Train::Anchored, ..how }.stretches(205).unwrap();
        assert_eq!(anchored[2], [0..180, 180..205]);
        // a few bars more are no stretch of their own
        let longer = how.stretches(189).unwrap();
        assert_eq!(longer, [[0..100, 100..140], [40..140, 140..189]]);
        for bars in [3_601, 86_399, 101, 21] {
            let folds = WalkForward::of(Train::Rolling, bars).stretches(bars).unwrap();
            let [_, first] = &folds[0];
            let [_, last] = &folds[folds.len() - 1];
            assert!(last.end == bars && 10 * last.len() >= 9 * first.len().min(40), "{bars}: {folds:?}");
        }
        let refused = |how: WalkForward, bars| how.stretches(bars).unwrap_err().message;
        assert_eq!(refused(how, 90), "train must be 10 to 90 bars, was 100");
        assert_eq!(refused(how, 100), "train must leave bars to test: there are 100, and it was 100");
        assert_eq!(refused(WalkForward { test_bars: 3, ..how }, 205), "test must be 10 to 205 bars, was 3");
        let least = WalkForward::of(Train::Rolling, 10);
        assert_eq!(refused(least, 10), "to walk forward needs more than 10 bars, and there are 10");
        assert_eq!(WalkForward::of(Train::Rolling, 11).stretches(11).unwrap(), [[0..10, 10..11]]);
    }
}
