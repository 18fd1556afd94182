//! The numbers of a tape, one per bar.

/// An optional number per bar.
///
/// `None` is stored as NaN, for which every comparison is false, so that the search for the next crossing is a
/// plain scan of numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Column(Vec<f64>);

impl Column {
    /// Appends the number of the next bar.
    pub(super) fn push(&mut self, value: Option<f64>) {
        self.0.push(value.filter(|value| value.is_finite()).unwrap_or(f64::NAN));
    }

    /// The number of the bar at `at`.
    pub(super) fn get(&self, at: usize) -> Option<f64> {
        self.0.get(at).copied().filter(|value| !value.is_nan())
    }

    /// The first index in `from..to` whose number `holds`.
    pub(super) fn find(&self, from: usize, to: usize, holds: impl Fn(f64) -> bool) -> Option<usize> {
        let part = self.0.get(from..to)?;
        part.iter().position(|&value| holds(value)).map(|place| from + place)
    }
}
