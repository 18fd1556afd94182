//! The common part of all estimators over a window, which compute a quantity from a summary of the window.

use crate::estimator::reading;
use crate::rolling::sliding::{Merge, Sliding};
use crate::{Estimator, Reading, Undefined, WindowError};

/// A quantity of the observations in a window.
pub trait OfWindow {
    /// One observation.
    type Input: Copy;
    /// Summary of some observations, sufficient for the quantity.
    type Summary: Merge;
    /// The quantity.
    type Output;
    /// Fewest observations for the quantity to exist.
    const LEAST: usize;
    /// The summary of one observation.
    fn single(input: Self::Input) -> Self::Summary;
    /// The quantity over `count` observations, of which `newest` is the last.
    ///
    /// # Errors
    /// Why there is none.
    fn of(summary: Self::Summary, count: usize, newest: Self::Input) -> Result<Self::Output, Undefined>;
}

/// A quantity of the last `window` observations, in amortised constant time.
///
/// Provisional from the first observation at which it exists.
#[derive(Debug, Clone)]
pub struct Windowed<Q: OfWindow> {
    sliding: Sliding<Q::Summary>,
}

impl<Q: OfWindow> Windowed<Q> {
    /// An empty window of `window` observations.
    ///
    /// # Errors
    /// [`WindowError`] if the window is shorter than the quantity needs.
    pub fn new(window: usize) -> Result<Self, WindowError> {
        Ok(Self { sliding: Sliding::new(window, Q::LEAST)? })
    }
}

impl<Q: OfWindow> Estimator for Windowed<Q> {
    type Input = Q::Input;
    type Output = Q::Output;

    fn update(&mut self, input: Q::Input) -> Reading<Q::Output> {
        let summary = self.sliding.push(Q::single(input));
        let seen = self.sliding.len();
        reading(seen, Q::LEAST, self.sliding.window(), || Q::of(summary, seen, input))
    }

    fn reset(&mut self) {
        self.sliding.clear();
    }

    fn window(&self) -> usize {
        self.sliding.window()
    }
}
