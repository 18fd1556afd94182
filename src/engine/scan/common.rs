//! The bars that two markets have in common.

use super::holes::Holes;
use super::series::Series;
use crate::UnixMillis;
use crate::base::symbol::{Leg, Pair};
use core::cmp::Ordering;
use std::borrow::Cow;

/// One leg's closes.
#[derive(Debug)]
pub(super) struct Closes<'a> {
    pub(super) levels: Cow<'a, [f64]>,
    pub(super) logs: Cow<'a, [f64]>,
}

/// Both legs' closes, at the times when both have a bar.
#[derive(Debug)]
pub(super) struct Common<'a> {
    pub(super) y: Closes<'a>,
    pub(super) x: Closes<'a>,
    /// Open time of the first common bar; of the longer bar if the lengths differ.
    pub(super) first: UnixMillis,
    /// Open time of the last common bar, likewise.
    pub(super) last: UnixMillis,
    /// Bars that only one market has, in the time that both cover; if the lengths differ, longer bars are
    /// counted.
    pub(super) unmatched: usize,
    /// Quote volume of each from the first common bar to the last.
    pub(super) volumes: [f64; 2],
    /// Length of the bars of each in that time, milliseconds.
    pub(super) known_millis: [i64; 2],
    /// Stretches of that time without a bar of either.
    pub(super) holes: Holes,
}

/// Why two markets have no bars in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Unmatched {
    /// A market without bars.
    Empty(Leg),
    /// One market ends before the other begins.
    Apart {
        /// The one that ends first.
        earlier: Leg,
    },
    /// The bars of one market close between those of the other.
    Between,
}

impl Unmatched {
    /// The reason, as a clause.
    pub(super) fn words(self, pair: &Pair) -> String {
        let Pair { y, x } = pair;
        match self {
            Self::Empty(leg) => format!("{} has no bars", pair.symbol(leg)),
            Self::Apart { earlier } => {
                let later = if earlier == Leg::Y { x } else { y };
                format!("no bar in common: {} ends before {later} begins", pair.symbol(earlier))
            }
            Self::Between => format!("no bar in common: the bars of {y} close between those of {x}"),
        }
    }
}

impl Common<'_> {
    /// Number of common bars.
    pub(super) fn len(&self) -> usize {
        self.y.levels.len()
    }
}

/// Returns the bars that both markets have: those that close at the same time.
///
/// # Errors
/// [`Unmatched`].
pub(super) fn common<'a>(y: &'a Series, x: &'a Series) -> Result<Common<'a>, Unmatched> {
    let (of_y, of_x) = (y.span().ok_or(Unmatched::Empty(Leg::Y))?, x.span().ok_or(Unmatched::Empty(Leg::X))?);
    let (step_y, step_x) = (y.step_millis(), x.step_millis());
    if step_y == step_x && y.open_times == x.open_times {
        let volumes = [&y.volumes, &x.volumes].map(|volumes| volumes.iter().sum());
        let known_millis = step_y * i64::try_from(y.len()).unwrap_or(i64::MAX);
        let whole = |series: &'a Series| Closes {
            levels: Cow::Borrowed(series.closes.as_slice()),
            logs: Cow::Borrowed(series.logs.as_slice()),
        };
        return Ok(Common {
            y: whole(y),
            x: whole(x),
            first: of_y.0,
            last: of_y.1,
            unmatched: 0,
            volumes,
            known_millis: [known_millis; 2],
            holes: Holes::between(y.open_times.iter().copied(), step_y),
        });
    }
    let (mut at_y, mut at_x) = (0, 0);
    let (mut rows, mut volumes) = (Vec::new(), [0.0; 2]);
    let mut times: Option<i64> = None;
    // bars of only one market are counted only between two common bars
    let (mut unmatched, mut since_last) = (0, 0);
    let mut volumes_since = [0.0; 2];
    let (mut known_millis, mut known_since) = ([0; 2], [0; 2]);
    // open times of common bars, in runs that bars of only one market do not interrupt
    let mut runs: Vec<Vec<i64>> = Vec::new();
    while let (Some(&time_y), Some(&time_x)) = (y.open_times.get(at_y), x.open_times.get(at_x)) {
        let order = (time_y + step_y).cmp(&(time_x + step_x));
        if order.is_le() {
            volumes_since[0] += y.volumes[at_y];
            known_since[0] += step_y;
            at_y += 1;
        }
        if order.is_ge() {
            volumes_since[1] += x.volumes[at_x];
            known_since[1] += step_x;
            at_x += 1;
        }
        if order == Ordering::Equal {
            if times.is_none() {
                (since_last, volumes_since) = (0, [y.volumes[at_y - 1], x.volumes[at_x - 1]]);
                known_since = [step_y, step_x];
            }
            rows.push((at_y - 1, at_x - 1));
            let longer = if step_y > step_x { time_y } else { time_x };
            match runs.last_mut().filter(|_| since_last == 0) {
                Some(run) => run.push(longer),
                None => runs.push(vec![longer]),
            }
            unmatched += core::mem::take(&mut since_last);
            known_millis
                .iter_mut()
                .zip(&mut known_since)
                .for_each(|(sum, more)| *sum += core::mem::take(more));
            volumes.iter_mut().zip(&mut volumes_since).for_each(|(sum, more)| *sum += core::mem::take(more));
            times = Some(longer);
        } else if step_y == step_x || order.is_lt() == (step_y > step_x) {
            since_last += 1;
        }
    }
    let first = runs.first().and_then(|run| run.first().copied());
    let Some((first, last)) = first.zip(times) else {
        return Err(match (of_y.1 < of_x.0, of_x.1 < of_y.0) {
            (true, _) => Unmatched::Apart { earlier: Leg::Y },
            (_, true) => Unmatched::Apart { earlier: Leg::X },
            _ => Unmatched::Between,
        });
    };
    let part = |series: &Series, places: &dyn Fn(&(usize, usize)) -> usize| Closes {
        levels: rows.iter().map(|row| series.closes[places(row)]).collect(),
        logs: rows.iter().map(|row| series.logs[places(row)]).collect(),
    };
    let (y, x) = (part(y, &|row| row.0), part(x, &|row| row.1));
    Ok(Common {
        y,
        x,
        first: UnixMillis(first),
        last: UnixMillis(last),
        unmatched,
        volumes,
        known_millis,
        holes: Holes::among(&runs, step_y.max(step_x)),
    })
}

#[cfg(test)]
mod tests {
    use super::super::series::tests::{series, series_of};
    use super::*;

    #[test]
    fn rows_are_the_bars_of_both_and_what_lies_between_is_counted() {
        let y = series([(0, 1.0), (1, 2.0), (2, 3.0), (5, 4.0), (6, 5.0), (7, 6.0)]);
        let x = series([(1, 10.0), (3, 20.0), (4, 30.0), (5, 40.0), (6, 50.0)]);
        let both = common(&y, &x).unwrap();
        assert_eq!((&*both.y.levels, &*both.x.levels), (&[2.0, 4.0, 5.0][..], &[10.0, 40.0, 50.0][..]));
        // minutes 2, 3 and 4
        assert_eq!((both.unmatched, both.first, both.last), (3, UnixMillis(60_000), UnixMillis(360_000)));
        assert_eq!(both.known_millis, [4 * 60_000, 5 * 60_000]);
        assert_eq!(both.volumes, [2.0 * (2.0 + 3.0 + 4.0 + 5.0), 2.0 * 150.0]);
        let same = common(&y, &y).unwrap();
        assert_eq!((same.len(), same.unmatched, same.known_millis), (6, 0, [360_000; 2]));
        assert_eq!((same.first, same.last), (UnixMillis(0), UnixMillis(420_000)));
        assert_eq!(same.volumes, [42.0; 2]);
    }

    #[test]
    fn markets_without_a_bar_in_common_say_why() {
        let names = ["AAA", "BBB"].map(|name| crate::Symbol::new(name).unwrap());
        let pair = Pair { y: names[0].clone(), x: names[1].clone() };
        let reason = |y: &Series, x: &Series| common(y, x).unwrap_err().words(&pair);
        let (y, x) = (series([(0, 1.0), (2, 1.0)]), series([(1, 1.0), (3, 1.0)]));
        assert_eq!(reason(&y, &x), "no bar in common: the bars of AAA close between those of BBB");
        let later = series([(9, 1.0)]);
        assert_eq!(reason(&later, &x), "no bar in common: BBB ends before AAA begins");
        assert_eq!(reason(&x, &series([])), "BBB has no bars");
    }

    #[test]
    fn bars_of_different_length_meet_where_they_close_together() {
        let minutes = series((0..30).filter(|minute| *minute != 14).map(|minute| (minute, minute as f64)));
        let closes = [(0, 40.0), (5, 50.0), (10, 60.0), (15, 70.0)];
        let fives = series_of(300_000, closes.map(|(minute, close)| (minute * 60_000, close)));
        let both = common(&minutes, &fives).unwrap();
        // minute 14 is missing, so the bar from 10 to 15 has no partner
        assert_eq!((&*both.y.levels, &*both.x.levels), (&[4.0, 9.0, 19.0][..], &[40.0, 50.0, 70.0][..]));
        assert_eq!((both.unmatched, both.last), (1, UnixMillis(900_000)));
        // from the first common bar's close on, minute 4 to minute 19 without minute 14
        assert_eq!(both.known_millis, [16 * 60_000 - 60_000, 1_200_000]);
        let turned = common(&fives, &minutes).unwrap();
        assert_eq!((turned.unmatched, &*turned.x.levels), (1, &[4.0, 9.0, 19.0][..]));
    }
}
