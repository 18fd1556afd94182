//! Stretches without a bar of either market, other than those that come back, as weekends do.

use crate::base::calendar::iso;

/// A stretch that comes back this often is usual: a weekend, a night.
const USUAL_EVERY_MILLIS: i64 = 14 * 86_400_000;
/// The fewest stretches that can be called usual.
const USUAL_FEWEST: i64 = 5;

/// Stretches without bars that are longer than usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Holes {
    /// How many.
    pub(super) count: usize,
    /// Bars that would fit into the longest.
    pub(super) longest_bars: i64,
    /// Where the longest begins.
    pub(super) longest_from: i64,
}

impl Holes {
    /// Those between bars of `step_millis` that open at these times, oldest first.
    pub(super) fn between(open_times: impl Iterator<Item = i64>, step_millis: i64) -> Self {
        Self::among(&[open_times.collect()], step_millis)
    }

    /// Those within runs of bars.
    pub(super) fn among(runs: &[Vec<i64>], step_millis: i64) -> Self {
        let gaps = || {
            let within = runs.iter().flat_map(|run| run.windows(2));
            within.map(|pair| (pair[1] - pair[0], pair[0])).filter(|(gap, _)| *gap > step_millis)
        };
        let mut lengths: Vec<i64> = gaps().map(|(gap, _)| gap).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        let first = runs.first().and_then(|run| run.first()).copied().unwrap_or_default();
        let last = runs.last().and_then(|run| run.last()).copied().unwrap_or_default();
        let fewest = USUAL_FEWEST.max((last - first) / USUAL_EVERY_MILLIS);
        // the longest that enough others reach; a holiday may make it twice as long
        let usual =
            lengths.get(usize::try_from(fewest - 1).unwrap_or(usize::MAX)).map_or(step_millis, |gap| 2 * gap);
        let holes = gaps().filter(|(gap, _)| *gap > usual);
        holes.fold(Self::default(), |holes, (gap, opens)| {
            let bars = gap / step_millis - 1;
            let (longest_bars, longest_from) = if bars > holes.longest_bars {
                (bars, opens + step_millis)
            } else {
                (holes.longest_bars, holes.longest_from)
            };
            Self { count: holes.count + 1, longest_bars, longest_from }
        })
    }

    /// The remark on them, as a sentence; `None` without any.
    pub(super) fn words(self) -> Option<String> {
        let Self { count, longest_bars, longest_from } = self;
        let bars = if longest_bars == 1 { "1 bar".to_owned() } else { format!("{longest_bars} bars") };
        let from = iso(longest_from);
        match count {
            0 => None,
            1 => Some(format!(
                "Hole: neither has a bar for {bars} from {from} on; it is tested as if time had not passed."
            )),
            _ => Some(format!(
                "Holes: neither has a bar in {count} stretches, the longest of {bars} from {from} on; they are tested as if \
                 time had not passed."
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;

    #[test]
    fn holes_are_named_with_the_longest() {
        let lacks = |hour: &i64| (100..110).contains(hour) || (200..260).contains(hour) || *hour == 300;
        let hours = (0..400).filter(|hour| !lacks(hour)).map(|hour| hour * HOUR);
        let holes = Holes::between(hours, HOUR);
        assert_eq!(holes, Holes { count: 3, longest_bars: 60, longest_from: 200 * HOUR });
        let words = holes.words().unwrap();
        assert!(words.contains("3 stretches, the longest of 60 bars from 1970-01-09T08:00"), "{words}");
        assert_eq!(Holes::between((0..400).map(|hour| hour * HOUR), HOUR).words(), None);
    }

    /// The first day of 1970 was a Thursday.
    #[test]
    fn weekends_and_holidays_are_no_holes_and_a_lost_month_is_one() {
        let is_open = |day: &i64| !matches!((day + 4) % 7, 0 | 6) && *day != 85;
        let days = |lost: core::ops::Range<i64>| {
            let days = (0..300).filter(is_open).filter(move |day| !lost.contains(day));
            Holes::between(days.map(|day| day * DAY), DAY)
        };
        assert_eq!(days(0..0).count, 0);
        let lost = days(100..130);
        assert!(lost.count == 1 && lost.longest_bars >= 30, "{lost:?}");
        assert!(
            lost.words().is_some_and(|words| words.starts_with("Hole: neither has a bar for 3")),
            "{lost:?}"
        );
    }

    #[test]
    fn a_stretch_in_which_one_market_goes_on_is_no_hole_of_both() {
        let runs = [vec![0, HOUR], vec![50 * HOUR, 51 * HOUR]];
        assert_eq!(Holes::among(&runs, HOUR), Holes::default());
    }
}
