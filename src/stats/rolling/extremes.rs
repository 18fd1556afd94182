//! Rolling minimum and maximum.

use crate::estimator::reading;
use crate::rolling::sliding::{Merge, Sliding};
use crate::{Estimator, Reading, Undefined, WindowError};

/// The ends of the range of the observations in a window, in their unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremes {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

/// Both ends, and whether all values between them were finite.
#[derive(Debug, Clone, Copy)]
struct Range {
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

/// Minimum and maximum of the last `window` observations, in constant time a step on average.
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
#[derive(Debug, Clone)]
pub struct RollingExtremes {
    sliding: Sliding<Range>,
}

impl RollingExtremes {
    /// An empty window.
    ///
    /// # Errors
    /// [`WindowError`] when `window` is 0.
    pub fn new(window: usize) -> Result<Self, WindowError> {
        Ok(Self { sliding: Sliding::new(window, 1)? })
    }
}

impl Estimator for RollingExtremes {
    type Input = f64;
    type Output = Extremes;

    fn update(&mut self, input: f64) -> Reading<Extremes> {
        let Range { min, max, finite } =
            self.sliding.push(Range { min: input, max: input, finite: input.is_finite() });
        reading(self.sliding.len(), 1, self.sliding.window(), || {
            if finite { Ok(Extremes { min, max }) } else { Err(Undefined::NonFinite) }
        })
    }

    fn reset(&mut self) {
        self.sliding.clear();
    }

    fn window(&self) -> usize {
        self.sliding.window()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;
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
