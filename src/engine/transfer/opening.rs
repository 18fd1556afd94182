//! When bars open, and the boundary that each is kept at: the desk's bars begin at boundaries of UTC.

use super::times::Moment;
use super::times::{DAY_MILLIS as DAY, HOUR_MILLIS as HOUR};
use core::cmp::Reverse;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Half a year, in which a clock is moved once.
const HALF_YEAR: i64 = 183 * DAY;

/// How far from their boundary bars open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Opening {
    /// Milliseconds by which bars open after the boundary; not of days.
    pub phase_millis: i64,
    /// Milliseconds by which some open later still, because a clock was moved.
    pub moved_millis: i64,
    /// Milliseconds that are added before a time is put on the boundary before it; below 0 where times are those of the
    /// closes.
    pub shift_millis: i64,
}

impl Opening {
    /// The opening time of a bar of `step` milliseconds, in milliseconds; a time that fits no bar as it stands.
    pub(super) fn place(&self, moment: Moment, step: i64) -> i64 {
        // the bar of a day has the date that its own clock shows
        if step == DAY {
            return floor(moment.local.div_euclid(1_000) + self.shift_millis, DAY);
        }
        let millis = moment.micros.div_euclid(1_000);
        let after = (millis - self.phase_millis).rem_euclid(step.max(1));
        if after == 0 || after == self.moved_millis {
            floor(millis + self.shift_millis, step)
        } else {
            millis
        }
    }

    /// The same for times that are those of the closes, of bars of `step` milliseconds.
    pub(super) fn of_closes(self, moments: &[Moment], step: i64) -> Self {
        // 00:59:59.999 is within its bar, and so is the minute before its end
        let within = match step {
            0..=1_000 => 1,
            1_001..=60_000 => 1_000,
            _ => 60_000,
        };
        // a date alone is that of its bar, and so is one with the hour at which an exchange closes
        let is_behind =
            |moment: &&Moment| !moment.is_date && moment.local.div_euclid(1_000).rem_euclid(DAY) == 0;
        let behind = moments.iter().filter(is_behind).count();
        let is_early =
            if step == DAY { behind * 2 > moments.len() } else { self.phase_millis < step - within };
        Self { shift_millis: self.shift_millis - if is_early { step } else { 0 }, ..self }
    }

    /// The same for bars of another length.
    pub(super) fn with_step(self, phase_millis: i64, before: i64, step: i64) -> Self {
        let shift_millis = if self.shift_millis <= -before { -step } else { 0 };
        Self { phase_millis, shift_millis, ..Self::default() }
    }

    /// The opening of bars of `step` milliseconds, by the times of the first of them.
    pub(super) fn of(moments: &[Moment], step: i64) -> Self {
        if step == DAY {
            return Self { shift_millis: day_shift(moments), ..Self::default() };
        }
        let mut times: Vec<i64> = moments.iter().map(|moment| moment.micros.div_euclid(1_000)).collect();
        times.sort_unstable();
        times.dedup();
        let mut counts = BTreeMap::<i64, usize>::new();
        for time in &times {
            *counts.entry(time.rem_euclid(step.max(1))).or_default() += 1;
        }
        let aligned = counts.get(&0).copied().unwrap_or(0);
        // of equals the one on the boundary
        let usual = counts.iter().max_by_key(|(phase, count)| (**count, Reverse(**phase)));
        let Some((&usual, _)) = usual.filter(|_| step > 1 && step < DAY) else { return Self::default() };
        if let Some(moved) = Self::moved(&times, &counts, usual, step) {
            return moved;
        }
        let phase_millis = if aligned < counts[&usual] { usual } else { 0 };
        Self { phase_millis, ..Self::default() }
    }

    /// The opening of bars that a clock has moved by an hour: those before and behind it, each in a bar of its own.
    fn moved(times: &[i64], counts: &BTreeMap<i64, usize>, usual: i64, step: i64) -> Option<Self> {
        if step < 2 * HOUR {
            return None;
        }
        let is_near = |phase: &i64| [HOUR, step - HOUR].contains(&(phase - usual).rem_euclid(step));
        let (other, _) =
            counts.iter().filter(|(phase, _)| is_near(phase)).max_by_key(|(_, count)| **count)?;
        let first = if (other - usual).rem_euclid(step) == HOUR { usual } else { *other };
        let ends_behind = first + HOUR >= step;
        let shift_millis = if ends_behind { step - first } else { 0 };
        let opening = Self { phase_millis: first, moved_millis: HOUR, shift_millis };
        let held: Vec<i64> =
            times.iter().copied().filter(|time| [usual, *other].contains(&time.rem_euclid(step))).collect();
        let changes =
            held.windows(2).filter(|pair| pair[0].rem_euclid(step) != pair[1].rem_euclid(step)).count();
        let most = (held.last()? - held.first()?) / HALF_YEAR + 1;
        let bar = |time: i64| floor(time + shift_millis, step);
        let are_apart = held.windows(2).all(|pair| bar(pair[0]) < bar(pair[1]));
        (are_apart && i64::try_from(changes).is_ok_and(|changes| changes <= most)).then_some(opening)
    }
}

/// Whether bars of `step` milliseconds open an hour earlier or later from some day on.
pub(super) fn is_moved_by_an_hour(moments: &[Moment], step: i64) -> bool {
    step < DAY && Opening::of(moments, step).moved_millis > 0
}

fn floor(millis: i64, step: i64) -> i64 {
    let step = step.max(1);
    millis.div_euclid(step) * step
}

/// What is to be added to the times of days so that each has its date.
///
/// Midnight of another zone is the evening before, or the noon, by UTC. A weekday market tells its dates by its
/// weekends, and one that never closes by its clock being past noon.
fn day_shift(moments: &[Moment]) -> i64 {
    // a clock of its own shows the date
    if moments.iter().any(|moment| moment.local != moment.micros) {
        return 0;
    }
    let time_of_day = |moment: &Moment| moment.local.div_euclid(1_000).rem_euclid(DAY);
    let mut clocks: Vec<i64> = moments.iter().map(time_of_day).collect();
    clocks.sort_unstable();
    clocks.dedup();
    let [first, .., last] = clocks[..] else {
        return clocks.first().map_or(0, |only| past_noon(moments, *only, *only));
    };
    // London's midnight is that of UTC in winter, and an hour before it in summer
    if clocks.len() == 2 && first + DAY - last == HOUR {
        return HOUR;
    }
    past_noon(moments, first, last)
}

/// The shift of days whose clock is between `first` and `last`.
fn past_noon(moments: &[Moment], first: i64, last: i64) -> i64 {
    // the last minute of a day is its close
    let is_close = first == last && first >= DAY - 60_000;
    if last < 11 * HOUR || is_close {
        return 0;
    }
    // daylight saving beyond the first rows must not reach over the next midnight
    let shift = DAY - first + 2 * HOUR;
    // 1970-01-01 was a Thursday
    let weekends = |shift: i64| {
        let days = moments.iter().map(|moment| (moment.local.div_euclid(1_000) + shift).div_euclid(DAY));
        days.filter(|day| (day + 3).rem_euclid(7) >= 5).count()
    };
    let (before, after) = (weekends(0), weekends(shift));
    // the first day and the last may each be one of a weekend
    let has_weekends = before > 0 && after > 0 && before.abs_diff(after) <= 2;
    let is_short = before == after && moments.len() < 3;
    let is_open_always = (has_weekends || is_short) && first >= 11 * HOUR && last >= DAY / 2;
    if after < before || is_open_always { shift } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::timestamp;

    fn at_hours(hours: &[i64]) -> Vec<Moment> {
        hours.iter().map(|hour| Moment::floating(hour * HOUR * 1_000)).collect()
    }

    fn placed(hours: &[i64], step: i64) -> Vec<i64> {
        let moments = at_hours(hours);
        let opening = Opening::of(&moments, step * HOUR);
        moments.iter().map(|moment| opening.place(*moment, step * HOUR) / HOUR).collect()
    }

    #[test]
    fn bars_that_open_after_the_boundary_are_kept_at_it() {
        let half = |minutes: i64| Moment::floating(minutes * 60_000_000);
        let moments = [half(870), half(930), half(990)];
        let opening = Opening::of(&moments, HOUR);
        assert_eq!(opening, Opening { phase_millis: HOUR / 2, ..Opening::default() });
        assert_eq!(opening.place(half(930), HOUR), 15 * HOUR);
        assert_eq!(opening.place(half(937), HOUR), 937 * 60_000, "one that does not fit stands where it is");
    }

    #[test]
    fn bars_of_hours_keep_their_places_when_the_clock_is_moved() {
        // Berlin: 3 h after the boundary in winter, 2 h in summer
        assert_eq!(placed(&[3, 7, 11, 15, 18, 22], 4), [0, 4, 8, 12, 16, 20]);
        assert_eq!(placed(&[2, 6, 10, 15, 19], 4), [0, 4, 8, 12, 16]);
        // London: on the boundary in winter, an hour before it in summer
        assert_eq!(placed(&[0, 4, 8, 11, 15, 19], 4), [0, 4, 8, 12, 16, 20]);
        assert_eq!(placed(&[3, 7, 11, 16, 20], 4), [4, 8, 12, 16, 20]);
        // one bar between two others was not moved
        assert_eq!(placed(&[0, 4, 8, 9, 12], 4), [0, 4, 8, 9, 12]);
    }

    #[test]
    fn a_day_has_the_date_of_its_own_midnight() {
        // London, New York, Berlin, Sydney and Auckland over a change of the clock; 1970-01-01 was a Thursday
        let cases: [(i64, i64, i64); 5] = [(0, -1, 0), (5, 4, 0), (-1, -2, 0), (-11, -10, 0), (-13, -12, 0)];
        for (before, behind, date) in cases {
            let hours: Vec<i64> =
                (20..34).map(|day| day * 24 + if day < 27 { before } else { behind }).collect();
            let expected: Vec<i64> = (20..34).map(|day| (day + date) * 24).collect();
            assert_eq!(placed(&hours, 24), expected, "{before} and {behind} h");
            // Monday to Friday
            let weekdays: Vec<i64> = (20..34).filter(|day| (day + 3) % 7 < 5).collect();
            let hours: Vec<i64> =
                weekdays.iter().map(|day| day * 24 + if *day < 27 { before } else { behind }).collect();
            let expected: Vec<i64> = weekdays.iter().map(|day| day * 24).collect();
            assert_eq!(placed(&hours, 24), expected, "{before} and {behind} h on weekdays");
        }
    }

    #[test]
    fn the_close_of_a_day_is_of_that_day() {
        // Monday to Friday at 21:00 UTC: the close in New York
        let new_york: Vec<i64> = (0..5).map(|day| (4 + day) * 24 + 21).collect();
        assert_eq!(placed(&new_york, 24)[0], 4 * 24);
        let closes =
            (0..9).map(|day| timestamp::parse(&format!("2024-01-0{}T23:59:59.999Z", day + 1)).unwrap());
        let closes: Vec<Moment> = closes.map(Moment::floating).collect();
        assert_eq!(day_shift(&closes), 0);
        let own = Moment { micros: 0, ..Moment::floating(23 * HOUR * 1_000) };
        assert_eq!(day_shift(&[own]), 0, "a clock of its own shows the date");
    }
}
