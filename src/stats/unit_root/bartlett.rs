//! Long-run variances with the Bartlett kernel.

use crate::sums::dot;

/// The bandwidth for the Bartlett kernel by Andrews' rule, from the autocovariances of `errors` up to lag
/// `ceil(4 (n/100)^(2/9))`: `1.1447 (α n)^(1/3)`, at most n - 1; 0 if the errors do not vary.
///
/// # Source
/// Andrews (1991), Newey, West (1994). As in arch 8.0; checked through the Phillips-Ouliaris tests.
pub(crate) fn automatic_bandwidth(errors: &[f64]) -> f64 {
    let n = errors.len() as f64;
    let furthest = (4.0 * (n / 100.0).powf(2.0 / 9.0)).ceil();
    let (mut level, mut slope) = (dot(errors, errors), 0.0);
    let mut lag = 1;
    while lag as f64 <= furthest && lag < errors.len() {
        let product = 2.0 * dot(&errors[lag..], &errors[..errors.len() - lag]);
        level += product;
        slope += lag as f64 * product;
        lag += 1;
    }
    let bandwidth = 1.1447 * ((slope / level).powi(2) * n).cbrt();
    // at a level of 0 the ratio is NaN, and no bandwidth is better than another
    if bandwidth.is_nan() { 0.0 } else { bandwidth.min(n - 1.0).max(0.0) }
}

/// `Σ_j w_j Σ_t a_t b_{t-j}` over lags from 1, with weights `1 - j/(bandwidth + 1)`; the bandwidth need not be
/// whole.
pub(crate) fn weighted_products(a: &[f64], b: &[f64], bandwidth: f64) -> f64 {
    let mut total = 0.0;
    let mut lag = 1;
    while lag as f64 <= bandwidth && lag < a.len() {
        let weight = 1.0 - lag as f64 / (bandwidth + 1.0);
        total += weight * dot(&a[lag..], &b[..b.len() - lag]);
        lag += 1;
    }
    total
}

/// Newey-West long-run variance of `errors`: `γ_0 + 2 Σ_{j=1}^{l} (1 - j/(l+1)) γ_j`,
/// where `γ_j = Σ_t e_t e_{t-j} / n`; the errors have mean zero.
///
/// With these weights, it is the mean square of the sums of `bandwidth + 1` consecutive errors, padded with
/// zeros at both ends, over `bandwidth + 1`: O(n) for any bandwidth. Each such sum is the end of one block plus
/// the start of the next, so nothing is subtracted.
///
/// # Source
/// Newey, West (1987), equation 5.
pub(crate) fn long_run_variance(errors: &[f64], bandwidth: usize) -> f64 {
    let width = bandwidth + 1;
    // behind[i]: sum of the previous block from its index i on
    let mut behind = vec![0.0; width + 1];
    let mut squares = 0.0;
    for block in errors.chunks(width) {
        let mut sum = 0.0;
        let (ends, after) = behind[1..].split_at(block.len());
        for (error, end) in block.iter().zip(ends) {
            sum += error;
            squares += (end + sum) * (end + sum);
        }
        squares += after.iter().map(|end| (end + sum) * (end + sum)).sum::<f64>();
        behind.fill(0.0);
        let mut sum = 0.0;
        for (error, end) in block.iter().zip(&mut behind).rev() {
            sum += error;
            *end = sum;
        }
    }
    squares += dot(&behind[1..], &behind[1..]);
    squares / (width as f64 * errors.len() as f64)
}

/// Sum of the products of errors `lag` apart.
pub(crate) fn product_at(errors: &[f64], lag: usize) -> f64 {
    dot(&errors[lag..], &errors[..errors.len() - lag])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bartletts_weights_by_hand() {
        let errors = [1.0, -2.0, 3.0, -2.0];
        // products 18, -14, 7 at lags 0, 1, 2
        assert_eq!(long_run_variance(&errors, 0), 18.0 / 4.0);
        let expected = (18.0 + 2.0 * (2.0 / 3.0 * -14.0 + 1.0 / 3.0 * 7.0)) / 4.0;
        assert!((long_run_variance(&errors, 2) - expected).abs() < 1e-15);
    }

    #[test]
    fn sums_in_a_row_are_the_weighted_products_whatever_the_lengths() {
        let walk = crate::contract::walk(130);
        for length in [1, 2, 7, 30, 64, 129] {
            let errors: Vec<f64> = walk[..=length].windows(2).map(|pair| pair[1] - pair[0]).collect();
            for bandwidth in 0..length {
                let weighted = weighted_products(&errors, &errors, bandwidth as f64);
                let expected = (product_at(&errors, 0) + 2.0 * weighted) / length as f64;
                let got = long_run_variance(&errors, bandwidth);
                assert!((got - expected).abs() < 1e-13, "{length} {bandwidth}: {got} {expected}");
            }
        }
    }

    #[test]
    fn by_hand() {
        let errors = [1.0, -2.0, 3.0, -2.0];
        // products -14 and 7 at lags 1 and 2
        let expected = 2.0 / 3.0 * -14.0 + 1.0 / 3.0 * 7.0;
        assert!((weighted_products(&errors, &errors, 2.0) - expected).abs() < 1e-15);
        assert!((weighted_products(&errors, &errors, 1.5) - 0.6 * -14.0).abs() < 1e-14);
        assert_eq!(weighted_products(&errors, &errors, 0.0), 0.0);
        // two lags are used: level 18 - 28 + 14, slope -28 + 28
        assert_eq!(automatic_bandwidth(&errors), 0.0);
        assert_eq!(automatic_bandwidth(&[0.0; 30]), 0.0);
        // four lags: level 30 + 2 (29 + 28 + 27 + 26), slope 2 (29 + 56 + 81 + 104)
        let expected = 1.1447 * ((540.0_f64 / 250.0).powi(2) * 30.0).cbrt();
        assert!((automatic_bandwidth(&[1.0; 30]) - expected).abs() < 1e-12);
    }
}
