//! How much of the screen a message makes out of date.

/// From nothing to everything; two of them merge to the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Invalidation {
    /// Nothing on the screen has changed.
    #[default]
    None,
    /// The live numbers.
    Live,
    /// Charts have new data.
    Data,
    /// Charts have entirely different data, including their axes.
    Layout,
}

impl Invalidation {
    /// Returns what is out of date after both.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        self.max(other)
    }
}
