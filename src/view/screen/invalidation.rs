//! How much of the screen a message has made old.

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
    /// Charts have other data altogether: axes and all.
    Layout,
}

impl Invalidation {
    /// What is old after both.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        self.max(other)
    }
}
