//! The bars that two markets have in common.

use super::series::Series;
use crate::UnixMillis;
use crate::symbol::{Leg, Pair};
use core::cmp::Ordering;
use std::borrow::Cow;

/// One leg's closes.
#[derive(Debug)]
pub(super) struct Closes<'a> {
    pub(super) levels: Cow<'a, [f64]>,
    pub(super) logs: Cow<'a, [f64]>,
}

/// The closes of both at the times that both have.
#[derive(Debug)]
pub(super) struct Common<'a> {
    pub(super) y: Closes<'a>,
    pub(super) x: Closes<'a>,
    /// Open time of the last bar.
    pub(super) last: UnixMillis,
    /// Bars in the time that both cover which one of them lacks.
    pub(super) unmatched: usize,
    /// Quote volume of each from the first bar in common to the last.
    pub(super) volumes: [f64; 2],
    /// Length of that time, milliseconds.
    pub(super) covered_millis: i64,
}

/// Why two markets have no bars in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Unmatched {
    /// A market without bars.
    Empty(Leg),
    /// Bars of different length close at different times.
    Lengths {
        /// Of y, seconds.
        y_secs: f64,
        /// Of x, seconds.
        x_secs: f64,
    },
    /// One ends before the other begins.
    Apart {
        /// The one that ends.
        earlier: Leg,
    },
    /// The bars of one lie between those of the other.
    Between,
}

impl Unmatched {
    /// The reason, as a clause.
    pub(super) fn words(self, pair: &Pair) -> String {
        let Pair { y, x } = pair;
        match self {
            Self::Empty(leg) => format!("{} has no bars", pair.symbol(leg)),
            Self::Lengths { y_secs, x_secs } => {
                format!("bars of {y_secs} s ({y}) and of {x_secs} s ({x}) do not close together")
            }
            Self::Apart { earlier } => {
                let later = if earlier == Leg::Y { x } else { y };
                format!("no bar in common: {} ends before {later} begins", pair.symbol(earlier))
            }
            Self::Between => format!("no bar in common: the bars of {y} open between those of {x}"),
        }
    }
}

impl Common<'_> {
    /// Bars that both have.
    pub(super) fn len(&self) -> usize {
        self.y.levels.len()
    }
}

/// Returns the bars that both have.
///
/// # Errors
/// [`Unmatched`].
pub(super) fn common<'a>(y: &'a Series, x: &'a Series) -> Result<Common<'a>, Unmatched> {
    let (of_y, of_x) = (y.span().ok_or(Unmatched::Empty(Leg::Y))?, x.span().ok_or(Unmatched::Empty(Leg::X))?);
    let step = y.step_millis();
    if step != x.step_millis() {
        let secs = |series: &Series| series.step_millis() as f64 / 1e3;
        return Err(Unmatched::Lengths { y_secs: secs(y), x_secs: secs(x) });
    }
    if y.open_times == x.open_times {
        let volumes = [&y.volumes, &x.volumes].map(|volumes| volumes.iter().sum());
        let whole = |series: &'a Series| Closes {
            levels: Cow::Borrowed(series.closes.as_slice()),
            logs: Cow::Borrowed(series.logs.as_slice()),
        };
        return Ok(Common {
            y: whole(y),
            x: whole(x),
            last: of_y.1,
            unmatched: 0,
            volumes,
            covered_millis: of_y.1.since(of_y.0) + step,
        });
    }
    let (mut at_y, mut at_x) = (0, 0);
    let (mut rows, mut volumes) = (Vec::new(), [0.0; 2]);
    let mut times: Option<(i64, i64)> = None;
    // of bars that one lacks, those between two that both have
    let (mut unmatched, mut since_last) = (0, 0);
    let mut volumes_since = [0.0; 2];
    while let (Some(&time_y), Some(&time_x)) = (y.open_times.get(at_y), x.open_times.get(at_x)) {
        let order = time_y.cmp(&time_x);
        if order.is_le() {
            volumes_since[0] += y.volumes[at_y];
            at_y += 1;
        }
        if order.is_ge() {
            volumes_since[1] += x.volumes[at_x];
            at_x += 1;
        }
        if order == Ordering::Equal {
            if times.is_none() {
                (since_last, volumes_since) = (0, [y.volumes[at_y - 1], x.volumes[at_x - 1]]);
            }
            rows.push((at_y - 1, at_x - 1));
            unmatched += core::mem::take(&mut since_last);
            volumes.iter_mut().zip(&mut volumes_since).for_each(|(sum, more)| *sum += core::mem::take(more));
            times = Some((times.map_or(time_y, |(first, _)| first), time_y));
        } else {
            since_last += 1;
        }
    }
    let Some((first, last)) = times else {
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
    Ok(Common { y, x, last: UnixMillis(last), unmatched, volumes, covered_millis: last - first + step })
}

#[cfg(test)]
mod tests {
    use super::super::series::tests::series;
    use super::*;

    #[test]
    fn rows_are_the_bars_of_both_and_what_lies_between_is_counted() {
        let y = series([(0, 1.0), (1, 2.0), (2, 3.0), (5, 4.0), (6, 5.0), (7, 6.0)]);
        let x = series([(1, 10.0), (3, 20.0), (4, 30.0), (5, 40.0), (6, 50.0)]);
        let both = common(&y, &x).unwrap();
        assert_eq!((&*both.y.levels, &*both.x.levels), (&[2.0, 4.0, 5.0][..], &[10.0, 40.0, 50.0][..]));
        // minutes 2, 3 and 4
        assert_eq!((both.unmatched, both.last, both.covered_millis), (3, UnixMillis(360_000), 360_000));
        assert_eq!(both.volumes, [2.0 * (2.0 + 3.0 + 4.0 + 5.0), 2.0 * 150.0]);
        let same = common(&y, &y).unwrap();
        assert_eq!((same.len(), same.unmatched, same.covered_millis), (6, 0, 480_000));
        assert_eq!(same.volumes, [42.0; 2]);
    }

    #[test]
    fn markets_without_a_bar_in_common_say_why() {
        let names = ["AAA", "BBB"].map(|name| crate::Symbol::new(name).unwrap());
        let pair = Pair { y: names[0].clone(), x: names[1].clone() };
        let reason = |y: &Series, x: &Series| common(y, x).unwrap_err().words(&pair);
        let (y, x) = (series([(0, 1.0), (2, 1.0)]), series([(1, 1.0), (3, 1.0)]));
        assert_eq!(reason(&y, &x), "no bar in common: the bars of AAA open between those of BBB");
        let later = series([(9, 1.0)]);
        assert_eq!(reason(&later, &x), "no bar in common: BBB ends before AAA begins");
        assert_eq!(reason(&x, &series([])), "BBB has no bars");
        let hours = Series::new(3_600_000, [], super::super::Carried { known: |_, _| false, most_bars: 0 });
        assert_eq!(reason(&hours, &x), "AAA has no bars");
    }
}
