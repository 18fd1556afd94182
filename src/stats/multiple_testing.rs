//! What p-values mean when many hypotheses have been tested: a scanner of pairs finds some by chance.

use core::fmt;

/// A p-value that is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PValueError {
    /// Which of them.
    pub index: usize,
    /// What it was.
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
/// Those at or below a level α may be called significant with a chance of at most α that any is not.
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

/// p-values adjusted by Benjamini and Hochberg, in the order given: the smallest of `m p_(j) / j` over all
/// places j at or above its own among the m sorted ones.
///
/// Of those at or below a level α, at most a share of α is expected to be false, where the tests are
/// independent or positively dependent.
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
    check(p_values)?;
    let count = p_values.len();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![1.0; count];
    let mut least = 1.0_f64;
    for (place, &at) in order.iter().enumerate().rev() {
        least = least.min(p_values[at] / ((place + 1) as f64 / count as f64));
        adjusted[at] = least;
    }
    Ok(adjusted)
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
    }

    #[test]
    fn what_is_no_p_value_is_named() {
        assert_eq!(bonferroni(&[0.5, 1.5]), Err(PValueError { index: 1, was: 1.5 }));
        let error = benjamini_hochberg(&[f64::NAN]).unwrap_err();
        assert_eq!(error.to_string(), "p-value 0 must be between 0 and 1, was NaN");
    }
}
