//! How a rule or a condition compares a number, as a person chooses it.

/// Where a number must be; a rule's own test may be a crossing as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Comes through a line.
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
    /// Those of a rule's own test; those of a condition are all but the first.
    pub const ALL: [Self; 5] = [Self::Crosses, Self::Above, Self::Below, Self::Inside, Self::Outside];

    /// The operator for the eye.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Crosses => "crosses",
            Self::Above => "is at or above",
            Self::Below => "is at or below",
            Self::Inside => "is inside the band",
            Self::Outside => "is outside the band",
        }
    }

    /// Whether it takes two ends.
    pub const fn is_band(self) -> bool {
        matches!(self, Self::Inside | Self::Outside)
    }

    /// Whether a direction can be chosen.
    pub const fn has_way(self) -> bool {
        matches!(self, Self::Crosses | Self::Outside)
    }
}
