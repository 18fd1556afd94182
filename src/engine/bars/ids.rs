//! Ranges of trade ids.

/// A run of consecutive trade ids, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ids {
    /// Lowest id.
    pub first: u64,
    /// Highest id; not below `first`.
    pub last: u64,
}

impl Ids {
    /// The number of ids.
    pub fn count(self) -> u64 {
        (self.last - self.first).saturating_add(1)
    }
}

impl From<u64> for Ids {
    fn from(id: u64) -> Self {
        Self { first: id, last: id }
    }
}
