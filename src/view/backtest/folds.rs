//! The walk forward in words: what was chosen, and what came of it afterwards.

use super::surface;
use crate::view::numbers::format;
use spreadscope_engine::backtest::Grid;
use spreadscope_engine::backtest::bench::message::{FoldTold, Walked};

/// What the walk forward says.
pub fn sentence(walked: &Walked) -> String {
    let kept = walked.folds.iter().filter(|fold| fold.test_net > 0.0).count();
    let pays = if walked.metrics.net > 0.0 { "It pays" } else { "It does not pay" };
    format!(
        "{pays} where it was not chosen: net {} over {} stretches, {kept} of them with a profit. \
         A bar earned {} less than where the values were chosen.",
        format::signed(walked.metrics.net, 2),
        walked.folds.len(),
        format::signed(-walked.efficiency_per_bar, 4),
    )
}

/// The heads of the table.
pub const HEADS: [&str; 6] =
    ["Traded from", "Chosen before", "Net there", "Round trips", "Net afterwards", "Round trips"];

/// The cells of a stretch behind the time, which the page writes.
pub fn row(grid: &Grid, fold: &FoldTold) -> [String; 5] {
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
    use crate::view::backtest::shown::tests::{run, told};
    use spreadscope_engine::backtest::Train;
    use spreadscope_engine::backtest::bench::message::{News, Wanted};

    #[test]
    fn every_stretch_says_what_was_chosen_and_the_sum_is_the_sentences() {
        let axes = "entry_z=1:3:5,exit_z=-0.5:0.5:3";
        let forward = Wanted::WalkForward { axes: axes.to_owned(), train: Train::Anchored };
        let News::Walked(walked) = told([run(&[("fee_bps", "0")]), forward]).remove(1) else { panic!() };
        let grid = Grid::parse(axes).unwrap();
        assert!(walked.folds.iter().all(|fold| row(&grid, fold)[0].starts_with("Entry |z| ")));
        let sum: f64 = walked.folds.iter().map(|fold| fold.test_net).sum();
        assert!((sum - walked.metrics.net).abs() < 1e-9);
        assert!(
            sentence(&walked).starts_with("It pays where it was not chosen: net +"),
            "{}",
            sentence(&walked)
        );
    }
}
