//! How long a bar is, by the times of the first rows.

use super::opening;
use super::times::Moment;
use super::times::{DAY_MILLIS as DAY, HOUR_MILLIS as HOUR};
use crate::Interval;

/// Lengths of bars that are longer than a day, milliseconds.
const WEEK: i64 = 7 * DAY;
pub(super) const MONTH: i64 = 30 * DAY;
const QUARTER: i64 = 91 * DAY;
const YEAR: i64 = 365 * DAY;
/// Usual lengths of bars, minutes.
#[rustfmt::skip]
const LENGTHS: [i64; 11] = {
    let mut lengths = [1, 3, 5, 15, 30, 60, 120, 240, 360, 480, 720];
    let mut at = 0;
    while at < lengths.len() {
        lengths[at] *= 60_000;
        at += 1;
    }
    lengths
};

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
        if let Some(millis) = longer_than_a_week(&distances) {
            return Some(Step { millis, odd: 0 });
        }
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
    if is_few(odd as u64, distances.len() as u64) {
        return Some(Step { millis: usual, odd });
    }
    if let Some(odd) = damaged(&times, usual, common) {
        return Some(Step { millis: usual, odd });
    }
    // a few damaged times make no bars of a millisecond
    let near = |length: &&i64| (**length - usual).abs() * 20 <= **length;
    let lengths = core::iter::once(&usual).chain(LENGTHS.iter().filter(near));
    let found = lengths.copied().find_map(|millis| Some(Step { millis, odd: strays(&times, millis)? }));
    Some(found.unwrap_or(Step { millis: common, odd: 0 }))
}

/// How many of few times are anywhere between the boundaries of bars of `step` that nearly all others are on, one in a
/// short file; `None` where bars could be of a length that all agree with, `common`.
fn damaged(times: &[i64], step: i64, common: i64) -> Option<usize> {
    if !Interval::ALL.iter().any(|known| step > 0 && known.millis() % step == 0) {
        return None;
    }
    let phases: Vec<i64> = times.iter().map(|time| time.rem_euclid(step)).collect();
    let usual = most_frequent(&phases)?;
    let held: Vec<i64> = times.iter().copied().filter(|time| time.rem_euclid(step) == usual).collect();
    let off = times.len() - held.len();
    let bars = (held.last()? - held.first()?) / step + 1;
    // each stands where a bar is missing, or is of bars that nothing else is as short as
    let is_in_place = usize::try_from(bars).is_ok_and(|bars| bars == times.len());
    let is_few = off > 0 && are_few_damaged(off as u64, times.len() as u64);
    (is_few && (is_in_place || is_much_shorter(common, step))).then_some(off)
}

/// Whether bars of `shorter` are so much shorter than those of `step` that a few times demand them because they are
/// damaged; an eighth of a bar and more may be the length of bars of which some are missing.
pub(super) const fn is_much_shorter(shorter: i64, step: i64) -> bool {
    shorter > 0 && shorter * 8 <= step
}

/// Whether so many times of `all` are few enough to be damaged ones.
pub(super) const fn are_few_damaged(count: u64, all: u64) -> bool {
    all >= 5 && (count <= 1 || (count <= 5 && count * 10 <= all))
}

/// How many times are hardly off the boundary of bars of `step` that all others are on; `None` where there are others
/// still, where they are more than a few, and where there can be no such bars.
fn strays(times: &[i64], step: i64) -> Option<usize> {
    let fits = Interval::ALL.iter().any(|interval| step > 0 && interval.millis() % step == 0);
    let phases: Vec<i64> = times.iter().filter(|_| fits).map(|time| time.rem_euclid(step)).collect();
    let usual = most_frequent(&phases)?;
    let off: Vec<i64> = phases.iter().map(|phase| phase - usual).filter(|off| *off != 0).collect();
    let is_few = times.len() > 2 && are_few_strays(off.len() as u64, times.len() as u64);
    (is_few && off.iter().all(|off| is_stray(*off, step))).then_some(off.len())
}

/// Whether so many damaged times of `all` are the exception.
pub(super) const fn are_few_strays(strays: u64, all: u64) -> bool {
    strays <= 1 || strays.saturating_mul(10) <= all
}

/// Whether a time that is so far from a boundary of `step` is a damaged one: by a twentieth of the bar at most.
pub(super) const fn is_stray(from_boundary: i64, step: i64) -> bool {
    let after = from_boundary.rem_euclid(if step < 1 { 1 } else { step });
    let off = if after < step - after { after } else { step - after };
    off > 0 && off <= step / 20
}

/// The usual length of bars whose distances differ by some days: weeks with holidays, months, quarters, years.
fn longer_than_a_week(distances: &[i64]) -> Option<i64> {
    let usual = [(WEEK, 5..=9), (MONTH, 27..=32), (QUARTER, 88..=93), (YEAR, 360..=370)];
    let fits = |days: &core::ops::RangeInclusive<i64>| {
        let held = distances.iter().filter(|distance| days.contains(&((**distance + DAY / 2) / DAY)));
        held.count() * 5 >= distances.len() * 4
    };
    usual.into_iter().filter(|_| distances.len() > 1).find(|(_, days)| fits(days)).map(|(length, _)| length)
}

/// What the distance of bars that are longer than weeks is called.
pub(super) const fn words(millis: i64) -> Option<&'static str> {
    match millis {
        MONTH => Some("a month"),
        QUARTER => Some("a quarter"),
        YEAR => Some("a year"),
        _ => None,
    }
}

/// Whether so many of `all` are the exception.
pub(super) const fn is_few(odd: u64, all: u64) -> bool {
    odd.saturating_mul(20) <= all
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
        assert_eq!(of(&[0, 168, 336, 480, 672, 840]).millis, 7 * DAY, "a week that ends on a Thursday");
        assert_eq!(of(&[0, 744, 1_440, 2_184]).millis, MONTH);
        assert_eq!(of(&[0, 2_184, 4_368, 6_576]).millis, QUARTER);
        assert_eq!(of(&[0, 24, 48, 744, 1_440]).millis, DAY);
        let minutes = |minutes: &[i64]| {
            let moment = |minute: &i64| Moment::floating(minute * 60_000_000);
            find(&minutes.iter().map(moment).collect::<Vec<_>>()).unwrap()
        };
        let hour = Step { millis: HOUR, odd: 1 };
        assert_eq!(minutes(&[0, 60, 120, 187, 240, 300, 360, 420]), hour, "one damaged time");
        assert_eq!(minutes(&[0, 60, 120, 185, 240]), hour);
        assert_eq!(minutes(&[0, 60, 120, 195, 240, 300]), hour, "in the place of a bar");
        assert_eq!(minutes(&[0, 60, 120, 180, 195, 240]).millis, HOUR / 4, "bars of which some are missing");
        assert_eq!(minutes(&[0, 60, 127, 187, 240, 300]).millis, 60_000, "two of six are not few");
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
