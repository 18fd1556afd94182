//! How long a bar is, by the times of the first rows.

use super::times::Moment;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// What the times of bars agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// Length of a bar, milliseconds.
    pub millis: i64,
    /// Milliseconds by which bars open after the boundary.
    pub phase_millis: i64,
    /// Bars of a day belong to the nearest midnight.
    pub nearest_day: bool,
    /// Distances that do not fit.
    pub odd: usize,
}

/// The greatest step that all rows agree with. One that nearly all agree with is taken where the rest are few; bars that
/// daylight saving moves by an hour are days.
pub(super) fn find(moments: &[Moment]) -> Option<Step> {
    let mut times: Vec<i64> = moments.iter().map(|moment| moment.micros.div_euclid(1_000)).collect();
    times.sort_unstable();
    times.dedup();
    let distances: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let is_daily =
        |distance: &i64| *distance >= DAY - HOUR && (distance + 2 * HOUR).rem_euclid(DAY) <= 4 * HOUR;
    if !distances.is_empty() && distances.iter().all(is_daily) {
        let days = distances.iter().map(|distance| (distance + DAY / 2) / DAY).fold(0, greatest);
        let nearest_day = nearest(moments);
        return Some(Step { millis: days * DAY, phase_millis: 0, nearest_day, odd: 0 });
    }
    let common = distances.iter().copied().fold(0, greatest);
    let usual = most_frequent(&distances)?;
    let odd = distances.iter().filter(|distance| **distance % usual != 0).count();
    let (millis, odd) = if odd * 20 <= distances.len() { (usual, odd) } else { (common, 0) };
    let first = times.first()?;
    let same = |time: &&i64| time.rem_euclid(millis) == first.rem_euclid(millis);
    let aligned = times.iter().filter(|time| time.rem_euclid(millis) == 0).count();
    let fits = times.iter().filter(same).count();
    let phase_millis = if aligned < fits && millis < DAY { first.rem_euclid(millis) } else { 0 };
    Some(Step { millis, phase_millis, nearest_day: nearest(moments), odd })
}

fn greatest(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { greatest(b, a % b) }
}

fn most_frequent(distances: &[i64]) -> Option<i64> {
    let mut sorted = distances.to_vec();
    sorted.sort_unstable();
    let runs = sorted.chunk_by(|one, next| one == next);
    // the least of those that are as frequent
    runs.min_by_key(|run| (core::cmp::Reverse(run.len()), run[0])).map(|run| run[0])
}

/// Whether the dates of daily bars are those of the nearest midnights: fewer of them are on a weekend, or the clock is
/// past noon on all days of the week.
fn nearest(moments: &[Moment]) -> bool {
    // 1970-01-01 was a Thursday
    let weekends = |shift: i64| {
        let days = moments.iter().map(|moment| (moment.local.div_euclid(1_000) + shift).div_euclid(DAY));
        days.filter(|day| (day + 3).rem_euclid(7) >= 5).count()
    };
    // a clock of its own would show midnight
    let is_late = moments.iter().all(|moment| {
        moment.local == moment.micros && moment.local.div_euclid(1_000).rem_euclid(DAY) >= DAY / 2
    });
    let (before, after) = (weekends(0), weekends(DAY / 2));
    is_late && (after < before || (after == before && after > 0) || (moments.len() < 3 && after == before))
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
        let mut hours: Vec<i64> = (0..50).map(|at| at * 4).collect();
        hours.push(41);
        assert_eq!((of(&hours).millis, of(&hours).odd), (4 * HOUR, 2));
        let half = |minutes: i64| Moment::floating(minutes * 60_000_000);
        let step = find(&[half(870), half(930), half(990)]).unwrap();
        assert_eq!((step.millis, step.phase_millis), (HOUR, HOUR / 2));
    }

    #[test]
    fn days_that_begin_in_the_evening_before_are_those_of_the_week() {
        // Sunday to Thursday at 23:00 UTC: Monday to Friday in Berlin; 1970-01-04 was a Sunday
        let berlin: Vec<i64> = (0..5).map(|day| (3 + day) * 24 + 23).collect();
        assert!(of(&berlin).nearest_day);
        // Monday to Friday at 21:00 UTC: the close in New York
        let new_york: Vec<i64> = (0..5).map(|day| (4 + day) * 24 + 21).collect();
        assert!(!of(&new_york).nearest_day);
    }
}
