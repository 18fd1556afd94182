//! The long-run variance of a regression's errors.

use crate::sums::dot;

/// Newey-West variance of the mean of `errors` times their number: with Bartlett's weights,
/// `γ_0 + 2 Σ_{j=1}^{l} (1 - j/(l+1)) γ_j`, where `γ_j = Σ_t e_t e_{t-j} / n`; the errors have mean zero.
///
/// `bandwidth` l is below the number of errors. O(n l).
///
/// # Source
/// Newey, West (1987), equation 5. Checked through the Phillips-Perron and KPSS tests against arch and
/// statsmodels in `tests/oracle`.
pub(crate) fn long_run_variance(errors: &[f64], bandwidth: usize) -> f64 {
    let weighted: f64 = (1..=bandwidth)
        .map(|lag| (1.0 - lag as f64 / (bandwidth + 1) as f64) * product_at(errors, lag))
        .sum();
    (product_at(errors, 0) + 2.0 * weighted) / errors.len() as f64
}

/// Sum of the products of errors that lie `lag` apart.
pub(crate) fn product_at(errors: &[f64], lag: usize) -> f64 {
    dot(&errors[lag..], &errors[..errors.len() - lag])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bartletts_weights_by_hand() {
        let errors = [1.0, -2.0, 3.0, -2.0];
        // products 18, -14, 7 at distances 0, 1, 2
        assert_eq!(long_run_variance(&errors, 0), 18.0 / 4.0);
        let expected = (18.0 + 2.0 * (2.0 / 3.0 * -14.0 + 1.0 / 3.0 * 7.0)) / 4.0;
        assert!((long_run_variance(&errors, 2) - expected).abs() < 1e-15);
    }
}
