//! Open and close, by how bars follow each other.

/// Rows by which columns are judged.
const FEWEST: usize = 5;
/// How much nearer a bar opens to the close before than it would if open and close were the other way round.
const NEARER: f64 = 2.0;

/// Whether the first of two columns is the open, in rows of a time and both: a bar opens near the close of the one before,
/// and not the other way round. `None` where neither is so by far.
pub(super) fn opens_first(rows: &[(i64, f64, f64)]) -> Option<bool> {
    if rows.len() < FEWEST {
        return None;
    }
    let mut sorted = rows.to_vec();
    sorted.sort_by_key(|(time, _, _)| *time);
    let of_first: f64 = sorted.windows(2).map(|pair| (pair[1].1 - pair[0].2).abs()).sum();
    let of_second: f64 = sorted.windows(2).map(|pair| (pair[1].2 - pair[0].1).abs()).sum();
    (of_first * NEARER < of_second || of_second * NEARER < of_first).then_some(of_first < of_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_opens_where_the_one_before_has_closed() {
        let price = |at: i64| (at * 7 % 5) as f64;
        let rows: Vec<(i64, f64, f64)> = (0..12).map(|at| (at, price(at), price(at + 1))).collect();
        let turned: Vec<(i64, f64, f64)> =
            rows.iter().map(|(time, open, close)| (*time, *close, *open)).collect();
        let newest_first: Vec<(i64, f64, f64)> = rows.iter().rev().copied().collect();
        assert_eq!((opens_first(&rows), opens_first(&turned)), (Some(true), Some(false)));
        assert_eq!((opens_first(&newest_first), opens_first(&rows[..4])), (Some(true), None));
        let apart: Vec<(i64, f64, f64)> = (0..12).map(|at| (at, price(at), 3.0 - price(at * 3))).collect();
        assert_eq!(opens_first(&apart), None);
    }
}
