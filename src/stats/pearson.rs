//! Pearson correlation of two whole series.

use crate::Undefined;
use crate::sums::{dot, mean};

/// Pearson correlation of `y` and `x`: the sum of products of deviations from the means over the root of the
/// product of both sums of squares, in `[-1, 1]`.
///
/// `y`, `x`: of the same length; the excess of a longer one is ignored.
///
/// # Errors
/// [`Undefined`]: fewer than two observations, a series that does not vary, or a value that is not finite.
///
/// # Source
/// Pearson (1895). Checked against numpy's `corrcoef` through [`by_stride`](crate::by_stride), which uses it.
///
/// ```
/// use spreadscope_stats::pearson;
/// assert!((pearson(&[1.0, 2.0, 3.0], &[4.0, 2.0, 0.0])? + 1.0).abs() < 1e-15);
/// # Ok::<(), spreadscope_stats::Undefined>(())
/// ```
pub fn pearson(y: &[f64], x: &[f64]) -> Result<f64, Undefined> {
    let got = y.len().min(x.len());
    if got < 2 {
        return Err(Undefined::TooShort { needed: 2, got });
    }
    let (y, x) = (&y[..got], &x[..got]);
    let deviations = |values: &[f64]| {
        let middle = mean(values);
        values.iter().map(|value| value - middle).collect::<Vec<f64>>()
    };
    let (dy, dx) = (deviations(y), deviations(x));
    let (yy, xx) = (dot(&dy, &dy), dot(&dx, &dx));
    if yy <= 0.0 || xx <= 0.0 {
        return Err(Undefined::Constant);
    }
    let correlation = dot(&dy, &dx) / yy.sqrt() / xx.sqrt();
    if correlation.is_finite() { Ok(correlation.clamp(-1.0, 1.0)) } else { Err(Undefined::NonFinite) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_correlation_says_why() {
        assert_eq!(pearson(&[1.0], &[1.0, 2.0]), Err(Undefined::TooShort { needed: 2, got: 1 }));
        assert_eq!(pearson(&[1.0, 2.0], &[3.0, 3.0]), Err(Undefined::Constant));
        assert_eq!(pearson(&[1.0, f64::NAN], &[1.0, 2.0]), Err(Undefined::NonFinite));
    }
}
