//! Fewer points, the same picture: keeps the first, lowest, highest and last row of each bucket of time. Gaps
//! stay gaps.

use crate::view::charts::range::Span;
use core::ops::Range;

/// Buckets of up to this many rows are kept whole: thinning them would gain nothing.
const KEPT_WHOLE: usize = 4;

/// Buckets of a whole number of bars each. They are aligned to the clock rather than to the edge of the screen,
/// so that a line does not flicker as new bars push it to the left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Buckets {
    millis: f64,
}

impl Buckets {
    /// Returns at most `most + 1` buckets over `span`, of bars of `step_millis`.
    pub fn over(span: Span, step_millis: f64, most: usize) -> Self {
        let bars = (span.millis() / step_millis / most.max(1) as f64).ceil().max(1.0);
        Self { millis: bars * step_millis }
    }

    /// Returns the length of a bucket.
    pub const fn millis(self) -> f64 {
        self.millis
    }

    fn place(self, time: f64) -> f64 {
        (time / self.millis).floor()
    }

    /// Returns the rows of each bucket in turn.
    fn split(self, times: &[f64], rows: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let Range { mut start, end } = rows;
        core::iter::from_fn(move || {
            let place = self.place(*times[..end].get(start)?);
            let length = times[start..end].partition_point(|&time| self.place(time) <= place);
            let bucket = start..start + length;
            start = bucket.end;
            Some(bucket)
        })
    }
}

/// Returns the places of the rows to draw, in order: at most four per bucket, and one for its gaps.
///
/// A row that is not a number ends a stretch; each bucket keeps one of them so that the line is broken.
pub fn extremes(times: &[f64], values: &[f64], rows: Range<usize>, buckets: Buckets) -> Vec<usize> {
    let mut kept = Vec::new();
    for bucket in buckets.split(times, rows) {
        if bucket.len() <= KEPT_WHOLE {
            kept.extend(bucket);
            continue;
        }
        let [mut first, mut low, mut high, mut last, mut gap] = [None::<usize>; 5];
        for at in bucket {
            let value = values[at];
            if value.is_nan() {
                gap = Some(at);
                continue;
            }
            first.get_or_insert(at);
            last = Some(at);
            if low.is_none_or(|low| value < values[low]) {
                low = Some(at);
            }
            if high.is_none_or(|high| value > values[high]) {
                high = Some(at);
            }
        }
        let begin = kept.len();
        for at in [first, low, high, last, gap].into_iter().flatten() {
            let place = begin + kept[begin..].partition_point(|known| *known < at);
            if kept.get(place) != Some(&at) {
                kept.insert(place, at);
            }
        }
    }
    kept
}

/// Returns the mean of `values` over the rows of each bucket, with the place of its first row; non-numbers are
/// left out.
pub fn means(times: &[f64], values: &[f64], rows: Range<usize>, buckets: Buckets) -> Vec<(usize, f64)> {
    buckets
        .split(times, rows)
        .map(|bucket| {
            let (start, count) = (bucket.start, bucket.len() as f64);
            (start, values[bucket].iter().filter(|value| !value.is_nan()).sum::<f64>() / count)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(count: u32) -> Vec<f64> {
        (0..count).map(|second| 1_700_000_000_000.0 + 1_000.0 * f64::from(second)).collect()
    }

    fn buckets(times: &[f64], most: usize) -> Buckets {
        Buckets::over(Span { from: times[0], to: times[times.len() - 1] }, 1_000.0, most)
    }

    #[test]
    fn a_spike_survives_and_the_number_of_points_is_bounded() {
        let times = seconds(10_000);
        let mut values: Vec<f64> = (0..10_000).map(|at| f64::from(at % 7)).collect();
        values[4_321] = 99.0;
        values[8_765] = -99.0;
        let kept = extremes(&times, &values, 0..10_000, buckets(&times, 100));
        assert!(kept.len() <= 4 * 101 && kept.is_sorted(), "{}", kept.len());
        assert!(kept.contains(&4_321) && kept.contains(&8_765));
        assert_eq!((kept.first(), kept.last()), (Some(&0), Some(&9_999)));
    }

    #[test]
    fn a_gap_breaks_the_line_still() {
        let times = seconds(1_000);
        let mut values = vec![1.0; 1_000];
        values[500] = f64::NAN;
        assert!(extremes(&times, &values, 0..1_000, buckets(&times, 10)).contains(&500));
        let all = extremes(&times, &[f64::NAN; 100], 0..100, buckets(&times[..100], 5));
        assert!(all.len() <= 6);
    }

    #[test]
    fn few_rows_are_all_drawn() {
        let times = seconds(30);
        let wide = buckets(&times, 100);
        assert_eq!(extremes(&times, &[1.0; 30], 10..20, wide), (10..20).collect::<Vec<_>>());
        assert_eq!(extremes(&[], &[], 0..0, wide), Vec::<usize>::new());
    }

    #[test]
    fn points_stay_where_they_are_as_rows_come_and_old_ones_go() {
        let times = seconds(2_000);
        let values: Vec<f64> = (0..2_000).map(|at| f64::from(at * 7 % 31)).collect();
        let wide = buckets(&times[..1_000], 50);
        let before = extremes(&times, &values, 0..1_000, wide);
        let after = extremes(&times, &values, 1..1_001, wide);
        let inner = |kept: &[usize]| -> Vec<usize> {
            kept.iter().copied().filter(|at| (40..960).contains(at)).collect()
        };
        assert_eq!(inner(&before), inner(&after));
    }

    #[test]
    fn means_are_of_a_bar_however_many_stand_together_and_do_not_shift_as_rows_come() {
        let times = seconds(1_000);
        let values: Vec<f64> = (0..1_000).map(f64::from).collect();
        let wide = buckets(&times, 50);
        let before = means(&times, &values, 0..998, wide);
        let after = means(&times, &values, 0..999, wide);
        assert!(before.len() <= 51, "{}", before.len());
        assert_eq!(before[..40], after[..40]);
        assert!(means(&times, &[5.0; 1_000], 0..998, wide).iter().all(|(_, mean)| *mean == 5.0));
        assert_eq!(means(&times, &[f64::NAN, 2.0], 0..2, wide), [(0, 1.0)]);
    }
}
