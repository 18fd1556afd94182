//! Rolling Pearson correlation.

use crate::estimator::reading;
use crate::ols::{Bivariate, Observation};
use crate::sliding::Sliding;
use crate::{Estimator, Reading, Undefined, WindowError};

/// Pearson correlation of y and x over the last `window` observations: `sxy / sqrt(sxx syy)`, in `[-1, 1]`.
///
/// Provisional from the second observation on; undefined where either does not vary.
#[derive(Debug, Clone)]
pub struct RollingCorrelation {
    sliding: Sliding<Bivariate>,
}

impl RollingCorrelation {
    /// An empty window.
    ///
    /// # Errors
    /// [`WindowError`] when `window` is below 2.
    pub fn new(window: usize) -> Result<Self, WindowError> {
        Ok(Self { sliding: Sliding::new(window, 2)? })
    }
}

impl Estimator for RollingCorrelation {
    type Input = Observation;
    type Output = f64;

    fn update(&mut self, input: Observation) -> Reading<f64> {
        let moments = self.sliding.push(Bivariate::of(input));
        reading(self.sliding.len(), 2, self.sliding.window(), || {
            let Bivariate { sxx, sxy, syy, .. } = moments;
            if !moments.is_finite() {
                Err(Undefined::NonFinite)
            } else if sxx <= 0.0 || syy <= 0.0 {
                Err(Undefined::Constant)
            } else {
                Ok((sxy / (sxx.sqrt() * syy.sqrt())).clamp(-1.0, 1.0))
            }
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

    #[test]
    fn the_laws_hold() {
        let walk = contract::walk(80);
        let inputs: Vec<Observation> =
            (0..40).map(|at| Observation { y: walk[at] + walk[at + 40], x: walk[at] }).collect();
        contract::check(|| RollingCorrelation::new(6), &inputs, |&correlation| correlation);
    }

    #[test]
    fn a_line_has_one_and_a_constant_has_none() {
        let mut rolling = RollingCorrelation::new(3).unwrap();
        rolling.update(Observation { y: 1.0, x: -1.0 });
        rolling.update(Observation { y: 2.0, x: -2.0 });
        let Reading::Ready(line) = rolling.update(Observation { y: 3.0, x: -3.0 }) else { panic!() };
        assert!((line + 1.0).abs() < 1e-15, "{line}");
        for _ in 0..2 {
            rolling.update(Observation { y: 3.0, x: 5.0 });
        }
        assert_eq!(rolling.update(Observation { y: 3.0, x: 6.0 }), Reading::Undefined(Undefined::Constant));
    }
}
