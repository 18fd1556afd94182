//! When the tests are run and how long a result counts: the same for the page, its rules and backtests.

use crate::{Interval, UnixMillis};

/// The tests are run at one bar in this time. On hundreds of bars they change slowly, and a run costs as much
/// as hundreds of frames. With bars at least this long, they are run at each.
const GRID_MILLIS: i64 = 10_000;
/// A result no longer counts for bars that close later than this, or than three bars, after its own.
const LASTS_MILLIS: i64 = 60_000;

/// Bars between two on the grid.
fn grid_bars(interval: Interval) -> i64 {
    (GRID_MILLIS / interval.millis()).max(1)
}

/// Bars since the newest bar on the grid.
pub(crate) fn bars_behind_grid(open_time: UnixMillis, interval: Interval) -> usize {
    let behind = open_time.0.div_euclid(interval.millis()).rem_euclid(grid_bars(interval));
    usize::try_from(behind).expect("Invariant: it is not negative")
}

/// Whether the tests are run at the close of this bar.
pub(crate) fn is_on_grid(open_time: UnixMillis, interval: Interval) -> bool {
    bars_behind_grid(open_time, interval) == 0
}

/// Whether this bar is on the grid and no later bar that opens before `end` is.
pub(crate) fn is_last_on_grid(open_time: UnixMillis, end: UnixMillis, interval: Interval) -> bool {
    is_on_grid(open_time, interval) && open_time + grid_bars(interval) * interval.millis() >= end
}

/// How much later than the last bar of its sample a bar may open for a result to count.
pub(crate) fn lasts_millis(step_millis: i64) -> i64 {
    LASTS_MILLIS.max(3 * step_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_second_in_ten_is_on_the_grid_and_every_longer_bar() {
        let at = |second: i64| UnixMillis(1_700_000_000_000 + 1_000 * second);
        let on_grid =
            |interval| (0..20).filter(|second| is_on_grid(at(*second), interval)).collect::<Vec<_>>();
        assert_eq!(on_grid(Interval::OneSecond), [0, 10]);
        assert_eq!(bars_behind_grid(at(19), Interval::OneSecond), 9);
        assert!(is_last_on_grid(at(10), at(20), Interval::OneSecond));
        assert!(!is_last_on_grid(at(10), at(21), Interval::OneSecond));
        let minute = |minute: i64| UnixMillis(1_700_000_040_000 + 60_000 * minute);
        assert!((0..9).all(|at| is_on_grid(minute(at), Interval::OneMinute)));
        assert!(is_last_on_grid(minute(3), minute(4), Interval::OneMinute));
        assert_eq!((lasts_millis(1_000), lasts_millis(60_000)), (60_000, 180_000));
    }
}
