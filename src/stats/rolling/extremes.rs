//! Rolling minimum and maximum.

use crate::Undefined;
use crate::rolling::sliding::Merge;
use crate::rolling::windowed::{OfWindow, Windowed};

/// Minimum and maximum of the observations in a window, in their unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremes {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

/// Minimum, maximum, and whether all values were finite.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    min: f64,
    max: f64,
    finite: bool,
}

impl Merge for Range {
    fn merge(self, newer: Self) -> Self {
        Self {
            min: self.min.min(newer.min),
            max: self.max.max(newer.max),
            finite: self.finite && newer.finite,
        }
    }
}

/// Minimum and maximum of the last `window` observations, in amortised constant time.
///
/// Provisional from the first observation on. Checked against a search of the window.
///
/// ```
/// use spreadscope_stats::{Estimator, Extremes, Reading, RollingExtremes};
/// let mut extremes = RollingExtremes::new(2)?;
/// extremes.update(9.0);
/// extremes.update(1.0);
/// assert_eq!(extremes.update(4.0), Reading::Ready(Extremes { min: 1.0, max: 4.0 }));
/// # Ok::<(), spreadscope_stats::WindowError>(())
/// ```
pub type RollingExtremes = Windowed<Extremes>;

impl OfWindow for Extremes {
    type Input = f64;
    type Summary = Range;
    type Output = Self;
    const LEAST: usize = 1;

    fn single(input: f64) -> Range {
        Range { min: input, max: input, finite: input.is_finite() }
    }

    fn of(Range { min, max, finite }: Range, _: usize, _: f64) -> Result<Self, Undefined> {
        if finite { Ok(Self { min, max }) } else { Err(Undefined::NonFinite) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;
    use crate::{Estimator as _, Reading};
    use proptest::prelude::*;

    #[test]
    fn the_laws_hold() {
        contract::check(|| RollingExtremes::new(5), &contract::walk(40), |extremes| extremes.max);
        contract::check(|| RollingExtremes::new(1), &contract::walk(40), |extremes| extremes.min);
    }

    #[test]
    fn what_is_no_number_is_said_and_forgotten() {
        let mut extremes = RollingExtremes::new(2).unwrap();
        assert_eq!(extremes.update(f64::NAN), Reading::Undefined(Undefined::NonFinite));
        assert_eq!(extremes.update(3.0), Reading::Undefined(Undefined::NonFinite));
        assert_eq!(extremes.update(2.0), Reading::Ready(Extremes { min: 2.0, max: 3.0 }));
        assert_eq!(RollingExtremes::new(0).unwrap_err().to_string(), "window must be at least 1, was 0");
    }

    proptest! {
        #[test]
        fn streaming_is_batch(values in proptest::collection::vec(-1e6_f64..1e6, 1..200), window in 1_usize..50) {
            let mut extremes = RollingExtremes::new(window).unwrap();
            for at in 0..values.len() {
                let inside = &values[(at + 1).saturating_sub(window)..=at];
                let min = inside.iter().copied().fold(f64::INFINITY, f64::min);
                let max = inside.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let now = extremes.update(values[at]);
                prop_assert_eq!(now.value(), Some(&Extremes { min, max }));
            }
        }
    }
}
