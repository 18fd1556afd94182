//! Sliding-window aggregation with two stacks: amortised constant time, and nothing is ever subtracted.
//!
//! Observations enter at the back, which has one running aggregate, and leave at the front, where each element
//! is the aggregate from itself to the end of the front. When the front is empty, the back is reversed into it
//! once. An observation that has left the window leaves no trace, however large it was.
//!
//! # Source
//! Tangwongsan, Hirzel, Schneider, "Optimal and general out-of-order sliding-window aggregation" (2019),
//! section 2, the two-stacks algorithm.

use crate::WindowError;

/// A summary that can be merged with that of the observations after it.
pub trait Merge: Copy {
    /// The summary of the observations of `self` followed by those of `newer`.
    fn merge(self, newer: Self) -> Self;
}

/// The summary of the last `window` observations.
#[derive(Debug, Clone)]
pub(crate) struct Sliding<S> {
    window: usize,
    /// Suffix aggregates; the last is that of the whole front.
    front: Vec<S>,
    back: Vec<S>,
    back_sum: Option<S>,
}

impl<S: Merge> Sliding<S> {
    /// An empty window of `window` observations; the statistic needs at least `min`.
    pub(crate) fn new(window: usize, min: usize) -> Result<Self, WindowError> {
        if window < min {
            return Err(WindowError { min, was: window });
        }
        Ok(Self { window, front: Vec::new(), back: Vec::new(), back_sum: None })
    }

    pub(crate) fn window(&self) -> usize {
        self.window
    }

    pub(crate) fn len(&self) -> usize {
        self.front.len() + self.back.len()
    }

    pub(crate) fn clear(&mut self) {
        self.front.clear();
        self.back.clear();
        self.back_sum = None;
    }

    /// Takes one observation; the oldest leaves if the window is full. Returns the summary of the window.
    pub(crate) fn push(&mut self, single: S) -> S {
        if self.len() == self.window {
            self.pop();
        }
        let back = self.back_sum.map_or(single, |sum| sum.merge(single));
        self.back.push(single);
        self.back_sum = Some(back);
        self.front.last().map_or(back, |front| front.merge(back))
    }

    fn pop(&mut self) {
        if self.front.is_empty() {
            let mut sum: Option<S> = None;
            while let Some(single) = self.back.pop() {
                let whole = sum.map_or(single, |newer| single.merge(newer));
                self.front.push(whole);
                sum = Some(whole);
            }
            self.back_sum = None;
        }
        self.front.pop();
    }
}
