//! Fewer points, the same picture: of each pixel's worth of rows the first, the lowest, the highest and the
//! last. Gaps stay gaps.

use core::ops::Range;

/// Places of the rows to draw, in order, at most four a bucket, with every gap's edge kept.
///
/// `values` over `rows` are shared out among `buckets`. A row that is not a number ends a stretch; one of
/// them is kept so that the line is broken.
pub fn extremes(values: &[f64], rows: Range<usize>, buckets: usize) -> Vec<usize> {
    let count = rows.len();
    if buckets == 0 || count <= 4 * buckets {
        return rows.collect();
    }
    let mut kept = Vec::with_capacity(4 * buckets + 8);
    for bucket in 0..buckets {
        let start = rows.start + count * bucket / buckets;
        let end = rows.start + count * (bucket + 1) / buckets;
        let mut chosen = [None::<usize>; 4];
        let mut gap = None;
        for at in start..end {
            let value = values[at];
            if value.is_nan() {
                gap = Some(at);
                continue;
            }
            let [first, low, high, last] = &mut chosen;
            first.get_or_insert(at);
            *last = Some(at);
            if low.is_none_or(|low| value < values[low]) {
                *low = Some(at);
            }
            if high.is_none_or(|high| value > values[high]) {
                *high = Some(at);
            }
        }
        let mut places: Vec<usize> = chosen.into_iter().flatten().chain(gap).collect();
        places.sort_unstable();
        places.dedup();
        kept.extend(places);
    }
    kept
}

/// Sums of `values` over `rows` in `buckets` of equal length, each with the place of its first row; what is
/// not a number adds nothing.
pub fn sums(values: &[f64], rows: Range<usize>, buckets: usize) -> Vec<(usize, f64)> {
    let count = rows.len();
    let buckets = buckets.clamp(1, count.max(1));
    // whole rows a bucket, counted from the beginning of all rows, so that bars do not change as time goes on
    let each = count.div_ceil(buckets).max(1);
    let mut sums = Vec::with_capacity(buckets + 1);
    let mut start = rows.start;
    while start < rows.end {
        let end = ((start / each + 1) * each).min(rows.end);
        let sum = values[start..end].iter().filter(|value| !value.is_nan()).sum();
        sums.push((start, sum));
        start = end;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_survives_and_the_number_of_points_is_bounded() {
        let mut values: Vec<f64> = (0..10_000).map(|at| f64::from(at % 7)).collect();
        values[4_321] = 99.0;
        values[8_765] = -99.0;
        let kept = extremes(&values, 0..10_000, 100);
        assert!(kept.len() <= 400 && kept.is_sorted());
        assert!(kept.contains(&4_321) && kept.contains(&8_765));
        assert_eq!((kept.first(), kept.last()), (Some(&0), Some(&9_999)));
    }

    #[test]
    fn a_gap_is_still_a_gap() {
        let mut values = vec![1.0; 1_000];
        values[500] = f64::NAN;
        let kept = extremes(&values, 0..1_000, 10);
        assert!(kept.contains(&500));
        let all = extremes(&[f64::NAN; 100], 0..100, 5);
        assert_eq!(all.len(), 5);
    }

    #[test]
    fn few_rows_are_all_drawn() {
        assert_eq!(extremes(&[1.0; 30], 10..20, 100), (10..20).collect::<Vec<_>>());
        assert_eq!(extremes(&[], 0..0, 100), Vec::<usize>::new());
    }

    #[test]
    fn sums_lose_nothing_and_do_not_shift_as_rows_come() {
        let values: Vec<f64> = (0..1_000).map(f64::from).collect();
        let total = |sums: &[(usize, f64)]| sums.iter().map(|(_, sum)| sum).sum::<f64>();
        let before = sums(&values, 0..998, 50);
        let after = sums(&values, 0..999, 50);
        assert_eq!(total(&before), (0..998).map(f64::from).sum::<f64>());
        assert_eq!(before[..40], after[..40]);
        assert_eq!(total(&sums(&[f64::NAN, 2.0], 0..2, 1)), 2.0);
    }
}
