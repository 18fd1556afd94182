//! Losses in the worst periods.

use super::checked;
use crate::Undefined;
use crate::quantile::quantile;

/// Fewest returns of which a share `tail` is at least one.
fn needed(tail: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of at most thousands"
    )]
    let needed = (1.0 / tail.clamp(1e-4, 1.0)).round() as usize;
    needed
}

/// Historical value at risk: the loss, as a fraction, that is exceeded only in a share `tail` of the periods.
/// Positive for a loss; percentiles are interpolated linearly.
///
/// # Errors
/// [`Undefined::TooShort`] below `1 / tail` returns, [`Undefined::NonFinite`].
///
/// # Source
/// Checked against empyrical-reloaded `value_at_risk` in `tests/oracle`, which has the opposite sign.
pub fn value_at_risk(returns: &[f64], tail: f64) -> Result<f64, Undefined> {
    Ok(-quantile(&sorted(returns, tail)?, tail))
}

/// Historical conditional value at risk, or expected shortfall: the mean loss, as a fraction, of the worst
/// returns up to and including the one at a share `tail`, rounded down. Positive for a loss.
///
/// # Errors
/// As [`value_at_risk`].
///
/// # Source
/// Checked against empyrical-reloaded `conditional_value_at_risk` in `tests/oracle`.
pub fn expected_shortfall(returns: &[f64], tail: f64) -> Result<f64, Undefined> {
    let sorted = sorted(returns, tail)?;
    let place = tail * (sorted.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the length")]
    let last = place.floor() as usize;
    let worst = &sorted[..=last];
    Ok(-worst.iter().sum::<f64>() / worst.len() as f64)
}

fn sorted(returns: &[f64], tail: f64) -> Result<Vec<f64>, Undefined> {
    let mut sorted = checked(returns, needed(tail))?.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(sorted)
}
