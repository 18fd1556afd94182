//! Sums and products in parallel lanes: shorter chains of rounding, and no waiting for the processor's
//! pipeline.

/// Number of parallel sums.
const LANES: usize = 8;

/// Sum of the values.
pub(crate) fn sum(values: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for lane in 0..LANES {
            sums[lane] += block[lane];
        }
    }
    together(sums) + rest.iter().sum::<f64>()
}

/// Mean, exact to the last digit: its own rounding error is averaged out. 0 for no values.
pub(crate) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let count = values.len() as f64;
    let rough = sum(values) / count;
    let mut sums = [0.0; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for lane in 0..LANES {
            sums[lane] += block[lane] - rough;
        }
    }
    rough + (together(sums) + rest.iter().map(|value| value - rough).sum::<f64>()) / count
}

/// Whether all values are finite numbers.
pub(crate) fn all_finite(values: &[f64]) -> bool {
    let finite = |block: &[f64]| block.iter().fold(true, |finite, value| finite & value.is_finite());
    values.chunks(4 * LANES).all(finite)
}

/// Largest absolute value; 0 for no values. NaN is ignored.
pub(crate) fn largest(values: &[f64]) -> f64 {
    // `f64::max` would be slower because of its handling of NaN
    let greater = |a: f64, b: f64| if b > a { b } else { a };
    let mut most = [0.0; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for lane in 0..LANES {
            most[lane] = greater(most[lane], block[lane].abs());
        }
    }
    most.into_iter().chain(rest.iter().map(|value| value.abs())).fold(0.0, greater)
}

/// Dot product of two series of the same length.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    debug_assert_eq!(a.len(), b.len(), "Invariant: both series have one length");
    let mut sums = [0.0; LANES];
    let (blocks_a, rest_a) = a.as_chunks::<LANES>();
    let (blocks_b, rest_b) = b.as_chunks::<LANES>();
    for (a, b) in blocks_a.iter().zip(blocks_b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    together(sums) + rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum::<f64>()
}

/// Dot products of `a` with four series of the same length, reading `a` once.
pub(crate) fn dot_four(a: &[f64], others: [&[f64]; 4]) -> [f64; 4] {
    const WIDTH: usize = 2;
    let mut sums = [[0.0; WIDTH]; 4];
    let (blocks, rest) = a.as_chunks::<WIDTH>();
    let [(b, _), (c, _), (d, _), (e, _)] = others.map(<[f64]>::as_chunks::<WIDTH>);
    for ((((a, b), c), d), e) in blocks.iter().zip(b).zip(c).zip(d).zip(e) {
        for lane in 0..WIDTH {
            sums[0][lane] += a[lane] * b[lane];
            sums[1][lane] += a[lane] * c[lane];
            sums[2][lane] += a[lane] * d[lane];
            sums[3][lane] += a[lane] * e[lane];
        }
    }
    let done = a.len() - rest.len();
    let mut products = sums.map(|[even, odd]| even + odd);
    for (product, other) in products.iter_mut().zip(others) {
        *product += rest.iter().zip(&other[done..]).map(|(a, b)| a * b).sum::<f64>();
    }
    products
}

fn together(sums: [f64; LANES]) -> f64 {
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn side_by_side_is_one_after_the_other() {
        let walk = contract::walk(64);
        for length in 0..40 {
            let (a, b) = (&walk[..length], &walk[7..7 + length]);
            let plain: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            assert!((dot(a, b) - plain).abs() < 1e-12, "{length}");
            assert!((sum(a) - a.iter().sum::<f64>()).abs() < 1e-12, "{length}");
            let others = [a, b, &walk[1..=length], &walk[2..length + 2]];
            for (got, other) in dot_four(a, others).into_iter().zip(others) {
                assert!((got - dot(a, other)).abs() < 1e-12, "{length}");
            }
        }
    }

    #[test]
    fn the_largest_and_the_one_that_is_no_number_are_found_wherever_they_stand() {
        for length in 0..70 {
            let calm = vec![0.5; length];
            assert!(all_finite(&calm));
            assert_eq!(largest(&calm), if length == 0 { 0.0 } else { 0.5 });
            for at in 0..length {
                let with = |value: f64| {
                    let mut values = calm.clone();
                    values[at] = value;
                    values
                };
                assert_eq!(largest(&with(-2.0)), 2.0);
                assert!(!all_finite(&with(f64::NAN)) && !all_finite(&with(f64::NEG_INFINITY)));
            }
        }
    }

    #[test]
    fn a_mean_far_from_zero_keeps_its_last_digit() {
        let values: Vec<f64> = (0..1_001).map(|at| 1e9 + f64::from(at) * 0.25).collect();
        assert_eq!(mean(&values), 1e9 + 125.0);
        assert_eq!(mean(&[]), 0.0);
    }
}
