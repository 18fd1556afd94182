//! How long a bar is, by the times of the first rows.

use super::opening;
use super::times::Moment;
use super::times::{DAY_MILLIS as DAY, HOUR_MILLIS as HOUR};

/// What the times of bars agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// Length of a bar, milliseconds.
    pub millis: i64,
    /// Distances that do not fit.
    pub odd: usize,
}

/// The greatest step that all rows agree with. One that nearly all agree with is taken where the rest are few; bars that
/// daylight saving moves by an hour keep their length.
pub(super) fn find(moments: &[Moment]) -> Option<Step> {
    let mut times: Vec<i64> = moments.iter().map(|moment| moment.micros.div_euclid(1_000)).collect();
    times.sort_unstable();
    times.dedup();
    let distances: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let is_daily =
        |distance: &i64| *distance >= DAY - HOUR && (distance + 2 * HOUR).rem_euclid(DAY) <= 4 * HOUR;
    if !distances.is_empty() && distances.iter().all(is_daily) {
        let days = distances.iter().map(|distance| (distance + DAY / 2) / DAY).fold(0, greatest);
        return Some(Step { millis: days * DAY, odd: 0 });
    }
    let common = distances.iter().copied().fold(0, greatest);
    let usual = most_frequent(&distances)?;
    let is_saved = opening::is_moved_by_an_hour(moments, usual);
    let fits = |distance: i64| {
        distance % usual == 0
            || (is_saved && ((distance + HOUR) % usual == 0 || (distance - HOUR) % usual == 0))
    };
    let odd = distances.iter().filter(|distance| !fits(**distance)).count();
    Some(if is_few(odd, distances.len()) {
        Step { millis: usual, odd }
    } else {
        Step { millis: common, odd: 0 }
    })
}

/// Whether so many of `all` are the exception.
pub(super) const fn is_few(odd: usize, all: usize) -> bool {
    odd * 20 <= all
}

/// The greatest length that both are multiples of.
pub(super) const fn greatest(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn most_frequent(distances: &[i64]) -> Option<i64> {
    let mut sorted = distances.to_vec();
    sorted.sort_unstable();
    let runs = sorted.chunk_by(|one, next| one == next);
    // the least of those that are as frequent
    runs.min_by_key(|run| (core::cmp::Reverse(run.len()), run[0])).map(|run| run[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(hours: &[i64]) -> Step {
        let moment = |hour: &i64| Moment::floating(hour * HOUR * 1_000);
        find(&hours.iter().map(moment).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_bar_is_as_long_as_all_rows_agree() {
        assert_eq!(of(&[0, 2, 6, 8, 14]).millis, 2 * HOUR);
        assert_eq!(of(&[0, 48, 120, 144]).millis, DAY);
        assert_eq!(of(&[0, 48, 120]).millis, DAY, "no two days follow each other");
        assert_eq!(of(&[0, 24, 47, 71]).millis, DAY, "a day of 23 hours");
        assert_eq!(of(&[0, 168, 336]).millis, 7 * DAY);
        assert_eq!(of(&[0, 168, 335, 503]).millis, 7 * DAY, "a week of 167 hours");
        let mut hours: Vec<i64> = (0..50).map(|at| at * 4).collect();
        hours.push(41);
        assert_eq!((of(&hours).millis, of(&hours).odd), (4 * HOUR, 2));
    }

    #[test]
    fn daylight_saving_costs_bars_of_hours_nothing() {
        for step in [3, 4, 6, 8, 12] {
            let moved = |at: i64| at * step - i64::from(at >= 6);
            let hours: Vec<i64> = (0..12).map(moved).collect();
            assert_eq!(of(&hours), Step { millis: step * HOUR, odd: 0 }, "{step} h");
        }
        assert_eq!(of(&[0, 4, 8, 12, 13]).millis, HOUR, "a bar between two others is none that was moved");
    }
}
