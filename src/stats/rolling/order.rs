//! Order statistics of a scratch buffer.

/// The value that would be at `rank` if `values` were sorted; reorders them.
pub(crate) fn select(values: &mut [f64], rank: usize) -> f64 {
    *values.select_nth_unstable_by(rank, f64::total_cmp).1
}

/// The middle value, or the mean of the two in the middle; `values` is not empty, and is reordered.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    let half = values.len() / 2;
    let upper = select(values, half);
    if values.len() % 2 == 1 {
        return upper;
    }
    let lower = values[..half].iter().copied().max_by(f64::total_cmp).unwrap_or(upper);
    lower + (upper - lower) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_even_and_odd() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(&mut [7.0]), 7.0);
        assert_eq!(select(&mut [5.0, 1.0, 9.0], 2), 9.0);
    }
}
