//! How a rule or a condition compares a number, as offered in the form.

/// A comparison; only a rule's own test may be a crossing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Passes through a line.
    Crosses,
    /// At or above.
    Above,
    /// At or below.
    Below,
    /// Within a band.
    Inside,
    /// Beyond a band.
    Outside,
}

impl Operator {
    /// The operators of a rule's own test; a condition has all but the first.
    pub const ALL: [Self; 5] = [Self::Crosses, Self::Above, Self::Below, Self::Inside, Self::Outside];

    /// Returns the operator's label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Crosses => "crosses",
            Self::Above => "is at or above",
            Self::Below => "is at or below",
            Self::Inside => "is inside the band",
            Self::Outside => "is outside the band",
        }
    }

    /// Returns whether it takes two ends.
    pub const fn is_band(self) -> bool {
        matches!(self, Self::Inside | Self::Outside)
    }

    /// Returns whether a direction can be chosen.
    pub const fn has_way(self) -> bool {
        matches!(self, Self::Crosses | Self::Outside)
    }
}
