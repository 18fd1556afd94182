//! How many bars are made of files, and held.

use crate::Interval;

/// Most bars of files. A page has little memory, a program that of its machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bars of all markets of one file; beyond that they are made longer.
    pub of_a_file: usize,
    /// Bars of all recordings together; a file for which there is no room is refused.
    pub in_all: usize,
    /// Bars of a recording at one interval, the newest; `None`: as many as [`Interval::bars_kept`].
    pub at_an_interval: Option<usize>,
}

impl Limits {
    /// Those of a page: all recordings together take about 100 MB.
    pub const PAGE: Self = Self { of_a_file: 200_000, in_all: 600_000, at_an_interval: None };
    /// Those of a program: none on what files hold. A file with one damaged date spans decades, so that no more bars are
    /// made of its span than a year has seconds.
    pub const PROGRAM: Self =
        Self { of_a_file: usize::MAX, in_all: usize::MAX, at_an_interval: Some(366 * 86_400) };

    /// Bars of a recording at `interval`.
    pub const fn kept(self, interval: Interval) -> usize {
        match self.at_an_interval {
            Some(most) => most,
            None => interval.bars_kept(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::PAGE
    }
}
