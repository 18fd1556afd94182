//! At which bars the tests are run, and how long a result counts: the same on the desk, for its rules and in a backtest.

use crate::{Interval, UnixMillis};

/// The tests are run at one bar in this time: on hundreds of bars they change slowly, and each run costs as much as
/// hundreds of frames. Of bars as long or longer they are run at each.
const GRID_MILLIS: i64 = 10_000;
/// A result is not held against bars that close later than this, or three bars, after its own.
const LASTS_MILLIS: i64 = 60_000;

/// Bars from one on the grid to the next.
fn grid_bars(interval: Interval) -> i64 {
    (GRID_MILLIS / interval.millis()).max(1)
}

/// Bars since the newest one on the grid.
pub(crate) fn bars_behind_grid(open_time: UnixMillis, interval: Interval) -> usize {
    let behind = open_time.0.div_euclid(interval.millis()).rem_euclid(grid_bars(interval));
    usize::try_from(behind).expect("Invariant: it is not negative")
}

/// Whether the tests are run at the close of the bar.
pub(crate) fn is_on_grid(open_time: UnixMillis, interval: Interval) -> bool {
    bars_behind_grid(open_time, interval) == 0
}

/// Whether that is so of this bar, and of none that opens behind it and before `end`.
pub(crate) fn is_last_on_grid(open_time: UnixMillis, end: UnixMillis, interval: Interval) -> bool {
    is_on_grid(open_time, interval) && open_time + grid_bars(interval) * interval.millis() >= end
}

/// How much later than the last bar of its sample a bar may open that a result counts for.
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
