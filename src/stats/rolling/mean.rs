//! A mean in double-double precision, so that small deviations are not lost beside the level of a price.

/// `value + rest`, where the rest is below the last digit of the value.
///
/// # Source
/// Knuth, "The art of computer programming", volume 2, section 4.2.2, theorem B, for the exact sum.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Mean {
    pub(crate) value: f64,
    rest: f64,
}

impl Mean {
    pub(crate) fn of(x: f64) -> Self {
        Self { value: x, rest: 0.0 }
    }

    /// `self - other`.
    pub(crate) fn less(self, other: Self) -> f64 {
        (self.value - other.value) + (self.rest - other.rest)
    }

    /// `x` minus the mean.
    pub(crate) fn below(self, x: f64) -> f64 {
        (x - self.value) - self.rest
    }

    /// The mean moved by `by`.
    pub(crate) fn moved(self, by: f64) -> Self {
        let step = self.rest + by;
        let value = self.value + step;
        let taken = value - self.value;
        let rest = (self.value - (value - taken)) + (step - taken);
        Self { value, rest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_small_steps_from_a_large_number_are_kept() {
        let mut mean = Mean::of(60_000.0);
        (0..1_000).for_each(|_| mean = mean.moved(1e-13));
        assert_eq!(mean.value, 60_000.0 + 1e-10);
        assert!((mean.less(Mean::of(60_000.0)) - 1e-10).abs() < 1e-24);
        assert!((mean.below(60_000.5) - (0.5 - 1e-10)).abs() < 1e-16);
        assert_eq!(60_000.0 + 1e-13, 60_000.0, "a single number could not hold the sum");
    }
}
