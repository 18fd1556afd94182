//! Corrections of p-values for the number of hypotheses tested: a scan of many pairs finds some by chance.

use core::fmt;

/// A number that is not a p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PValueError {
    /// Its index.
    pub index: usize,
    /// Its value.
    pub was: f64,
}

impl fmt::Display for PValueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "p-value {} must be between 0 and 1, was {}", self.index, self.was)
    }
}

impl core::error::Error for PValueError {}

fn check(p_values: &[f64]) -> Result<(), PValueError> {
    let bad = p_values.iter().enumerate().find(|(_, p)| !(0.0..=1.0).contains(*p));
    bad.map_or(Ok(()), |(index, &was)| Err(PValueError { index, was }))
}

/// p-values adjusted by Bonferroni, in the order given: `min(1, m p)` for m of them.
///
/// If those at or below a level α are called significant, the probability that any of them is false is at most
/// α.
///
/// # Errors
/// [`PValueError`].
///
/// # Source
/// Checked against statsmodels `multipletests` in `tests/oracle`.
pub fn bonferroni(p_values: &[f64]) -> Result<Vec<f64>, PValueError> {
    check(p_values)?;
    let count = p_values.len() as f64;
    Ok(p_values.iter().map(|p| (count * p).min(1.0)).collect())
}

/// p-values adjusted by Benjamini and Hochberg, in the order given: the minimum of `m p_(j) / j` over all ranks
/// j at or above its own among the m sorted ones.
///
/// Of those at or below a level α, at most a share α is expected to be false if the tests are independent or
/// positively dependent.
///
/// # Errors
/// [`PValueError`].
///
/// # Source
/// Benjamini, Hochberg (1995). Checked against statsmodels `multipletests` (`fdr_bh`) in `tests/oracle`.
///
/// ```
/// use spreadscope_stats::benjamini_hochberg;
/// let adjusted = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.5])?;
/// let rounded: Vec<f64> = adjusted.iter().map(|p| (p * 1e3).round() / 1e3).collect();
/// assert_eq!(rounded, [0.04, 0.053, 0.053, 0.5]);
/// # Ok::<(), spreadscope_stats::PValueError>(())
/// ```
pub fn benjamini_hochberg(p_values: &[f64]) -> Result<Vec<f64>, PValueError> {
    step_up(p_values, 1.0)
}

/// p-values adjusted by Benjamini and Yekutieli, in the order given: those of [`benjamini_hochberg`] times
/// `1 + 1/2 + … + 1/m`, at most 1.
///
/// Of those at or below a level α, at most a share α is expected to be false under any dependence between the
/// tests; pairs of a scan share their legs.
///
/// # Errors
/// [`PValueError`].
///
/// # Source
/// Benjamini, Yekutieli (2001), theorem 1.3. Equal to statsmodels `multipletests` (`fdr_by`) to the last bit in
/// `tests/oracle`.
pub fn benjamini_yekutieli(p_values: &[f64]) -> Result<Vec<f64>, PValueError> {
    let reciprocals: Vec<f64> = (1..=p_values.len()).map(|place| 1.0 / place as f64).collect();
    step_up(p_values, pairwise_sum(&reciprocals))
}

/// p-values adjusted by Holm, in the order given: the maximum of `(m - j + 1) p_(j)` over all ranks j at or
/// below its own among the m sorted ones, at most 1.
///
/// As with [`bonferroni`], if those at or below a level α are called significant, the probability that any of
/// them is false is at most α; there are at least as many of them.
///
/// # Errors
/// [`PValueError`].
///
/// # Source
/// Holm (1979). Equal to statsmodels `multipletests` (`holm`) to the last bit in `tests/oracle`.
pub fn holm(p_values: &[f64]) -> Result<Vec<f64>, PValueError> {
    check(p_values)?;
    let count = p_values.len();
    let mut adjusted = vec![1.0; count];
    let mut most = 0.0_f64;
    for (place, at) in ascending(p_values).into_iter().enumerate() {
        most = most.max((p_values[at] * (count - place) as f64).min(1.0));
        adjusted[at] = most;
    }
    Ok(adjusted)
}

/// Indices of the values, smallest value first.
fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order
}

/// The minimum of `m penalty p_(j) / j` over all ranks j at or above its own, at most 1.
fn step_up(p_values: &[f64], penalty: f64) -> Result<Vec<f64>, PValueError> {
    check(p_values)?;
    let count = p_values.len();
    let mut adjusted = vec![1.0; count];
    let mut least = 1.0_f64;
    for (place, &at) in ascending(p_values).iter().enumerate().rev() {
        least = least.min(p_values[at] / ((place + 1) as f64 / count as f64 / penalty));
        adjusted[at] = least;
    }
    Ok(adjusted)
}

/// The sum in numpy's order: halves down to 128 values, which are added in eight parallel sums.
fn pairwise_sum(values: &[f64]) -> f64 {
    const LANES: usize = 8;
    const BLOCK: usize = 128;
    let count = values.len();
    if count < LANES {
        return values.iter().sum();
    }
    if count > BLOCK {
        let (left, right) = values.split_at(count / 2 - count / 2 % LANES);
        return pairwise_sum(left) + pairwise_sum(right);
    }
    let (whole, rest) = values.split_at(count - count % LANES);
    let mut sums = [0.0; LANES];
    for lanes in whole.chunks_exact(LANES) {
        for (sum, value) in sums.iter_mut().zip(lanes) {
            *sum += value;
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_value_and_order_is_kept() {
        let p_values = [0.25, 0.0625, 0.25, 1.0, 0.0];
        let adjusted = benjamini_hochberg(&p_values).unwrap();
        assert_eq!((adjusted[0], adjusted[2], adjusted[3], adjusted[4]), (0.3125, 0.3125, 1.0, 0.0));
        assert!((adjusted[1] - 0.156_25).abs() < 1e-15);
        assert_eq!(bonferroni(&p_values).unwrap(), [1.0, 0.3125, 1.0, 1.0, 0.0]);
        assert_eq!(benjamini_hochberg(&[]), Ok(vec![]));
        assert_eq!((benjamini_yekutieli(&[]), holm(&[])), (Ok(vec![]), Ok(vec![])));
    }

    #[test]
    fn a_larger_p_never_has_a_smaller_q() {
        // without the running minimum the third and fourth would be above the fifth
        let p_values = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216];
        let rounded = |values: Vec<f64>| values.iter().map(|q| (q * 1e3).round() / 1e3).collect::<Vec<f64>>();
        let expected = [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.106, 0.216, 0.216, 0.216];
        assert_eq!(rounded(benjamini_hochberg(&p_values).unwrap()), expected);
        let by = benjamini_yekutieli(&p_values).unwrap();
        assert_eq!(rounded(by)[..4], [0.029, 0.117, 0.246, 0.246]);
        assert_eq!(rounded(holm(&p_values).unwrap())[..4], [0.01, 0.072, 0.312, 0.312]);
    }

    #[test]
    fn what_is_no_p_value_is_named() {
        assert_eq!(bonferroni(&[0.5, 1.5]), Err(PValueError { index: 1, was: 1.5 }));
        assert_eq!(holm(&[-0.1]), Err(PValueError { index: 0, was: -0.1 }));
        assert_eq!(benjamini_yekutieli(&[1.0, 2.0]), Err(PValueError { index: 1, was: 2.0 }));
        let error = benjamini_hochberg(&[f64::NAN]).unwrap_err();
        assert_eq!(error.to_string(), "p-value 0 must be between 0 and 1, was NaN");
    }
}
