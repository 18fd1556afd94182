//! The walk forward in words: what was chosen, and what it earned afterwards.

use super::surface;
use crate::view::charts::range::Span;
use crate::view::numbers::format;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::backtest::bench::message::{FoldReport, Walked};
use spreadscope_engine::backtest::{Grid, Parameters};

/// Returns the result of the walk forward in a sentence.
pub fn sentence(walked: &Walked) -> String {
    let kept = walked.folds.iter().filter(|fold| fold.test_net > 0.0).count();
    let pays = if walked.metrics.net > 0.0 { "It pays" } else { "It does not pay" };
    let trips = walked.metrics.trades;
    let few = if walked.metrics.few { ": few, so that chance may have decided" } else { "" };
    let bars = walked.equity.len() as f64 / walked.folds.len().max(1) as f64;
    format!(
        "{pays} out of sample: net {} over {} stretches, {kept} of them with a profit, in {} round trip{}{few}. \
         On average a stretch earned {} {} than as many bars where the values were chosen.",
        format::signed(walked.metrics.net, 2),
        walked.folds.len(),
        format::count(trips as u64),
        if trips == 1 { "" } else { "s" },
        format::significant((walked.efficiency_per_bar * bars).abs(), 3),
        if walked.efficiency_per_bar > 0.0 { "more" } else { "less" },
    )
}

/// The equity of a walk forward: the test stretches joined end to end.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Open times of the bars, milliseconds since 1970.
    pub times: Vec<f64>,
    /// Length of a bar, milliseconds.
    pub step: f64,
    /// Net worth at the close of each bar.
    pub equity: Vec<f64>,
    /// Capital at the start.
    pub capital: f64,
    /// Start and end of each test stretch, milliseconds since 1970.
    pub stretches: Vec<[f64; 2]>,
}

impl Curve {
    /// Returns the curve of `walked`, whose values were tried around the rules `around`; `None` without a
    /// stretch.
    pub fn of(walked: &Walked, around: &Parameters) -> Option<Self> {
        let from = walked.folds.first()?.test[0].as_f64();
        let step = around.settings.interval.millis() as f64;
        Some(Self {
            times: (0..walked.equity.len()).map(|at| from + at as f64 * step).collect(),
            step,
            equity: walked.equity.clone(),
            capital: around.rules.notional,
            stretches: walked.folds.iter().map(|fold| fold.test.map(UnixMillis::as_f64)).collect(),
        })
    }

    /// Returns the span from the open of the first bar to the close of the last.
    pub fn span(&self) -> Span {
        let from = self.times.first().copied().unwrap_or(0.0);
        Span { from, to: from + self.step * self.times.len() as f64 }
    }

    /// Returns the equity at the close of the bar that contains `time`.
    pub fn at(&self, time: f64) -> Option<f64> {
        let at = self.times.partition_point(|&open| open <= time).checked_sub(1)?;
        self.equity.get(at).copied()
    }
}

/// The heads of the table.
pub const HEADS: [&str; 6] =
    ["Traded from", "Chosen before", "Net there", "Round trips", "Net afterwards", "Round trips"];

/// Returns the cells of a stretch after its time, which the page writes.
pub fn row(grid: &Grid, fold: &FoldReport) -> [String; 5] {
    [
        fold.chosen.map_or_else(|| "nothing traded".to_owned(), |place| surface::values(grid, place)),
        format::signed(fold.train_net, 2),
        format::count(fold.train_trades as u64),
        format::signed(fold.test_net, 2),
        format::count(fold.test_trades as u64),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::backtest::shown::tests::{news_of, run, settings};
    use spreadscope_engine::backtest::Train;
    use spreadscope_engine::backtest::bench::message::{News, Wanted};

    #[test]
    fn every_stretch_says_what_was_chosen_and_the_sum_is_the_sentences() {
        let axes = "entry_z=1:3:5,exit_z=-0.5:0.5:3";
        let forward = Wanted::WalkForward { axes: axes.to_owned(), train: Train::Anchored };
        let News::Walked(walked) = news_of([run(&[("fee_bps", "0")]), forward]).remove(1) else { panic!() };
        let grid = Grid::parse(axes).unwrap();
        assert!(walked.folds.iter().all(|fold| row(&grid, fold)[0].starts_with("Entry |z| ")));
        let sum: f64 = walked.folds.iter().map(|fold| fold.test_net).sum();
        assert!((sum - walked.metrics.net).abs() < 1e-9);
        let curve =
            Curve::of(&walked, &Parameters { settings: settings(), ..Parameters::default() }).unwrap();
        assert_eq!((curve.equity.len(), curve.stretches.len()), (2_000, walked.folds.len()));
        assert_eq!([curve.span().from, curve.span().to], [curve.stretches[0][0], curve.stretches[4][1]]);
        // at the end of a stretch the curve equals what all stretches up to it have earned
        let first = curve.at(curve.stretches[0][1] - 1.0).unwrap();
        assert!((first - curve.capital - walked.folds[0].test_net).abs() < 1e-9);
        let last = curve.at(f64::MAX).unwrap();
        assert!((last - curve.capital - walked.metrics.net).abs() < 1e-9);
        assert_eq!(curve.at(curve.times[0] - 1.0), None);
        assert!(sentence(&walked).starts_with("It pays out of sample: net +"), "{}", sentence(&walked));
    }
}
