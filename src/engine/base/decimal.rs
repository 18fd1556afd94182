//! Exact sums of decimals, so that the order of the parts cannot matter.

/// An exact sum of decimals with at most eight places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DecimalSum(u128);

const SCALE: f64 = 1e8;

impl DecimalSum {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum in units of 1e-8.
    pub const fn units(self) -> u128 {
        self.0
    }

    /// The sum of `units` times 1e-8.
    pub const fn from_units(units: u128) -> Self {
        Self(units)
    }

    /// The sum that is `number`, finite and not negative, rounded to 1e-8.
    pub fn of(number: f64) -> Self {
        Self(scaled(number))
    }

    /// The product of two decimals, exact to 1e-16, rounded to 1e-8.
    pub(crate) fn product(a: f64, b: f64) -> Self {
        let (a, b) = (scaled(a), scaled(b));
        // wide numbers are slow in wasm, and all but the largest trades can do without
        let is_narrow = a.leading_zeros() + b.leading_zeros() > 2 * u128::BITS - u64::BITS;
        if is_narrow && let (Ok(a), Ok(b)) = (u64::try_from(a), u64::try_from(b)) {
            return Self(u128::from((a * b + 50_000_000) / 100_000_000));
        }
        Self(a.saturating_mul(b).saturating_add(50_000_000) / 100_000_000)
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }

    /// The sum without `part`; `None` when `part` is the larger.
    pub(crate) fn without(self, part: Self) -> Option<Self> {
        self.0.checked_sub(part.0).map(Self)
    }

    /// The nearest `f64`.
    pub fn value(self) -> f64 {
        self.0 as f64 / SCALE
    }
}

fn scaled(number: f64) -> u128 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "prices and sizes are positive"
    )]
    // rounding to even and a narrow conversion are one instruction each in wasm, others are calls
    let scaled = match (number * SCALE).round_ties_even() {
        narrow if narrow < 1.8e19 => u128::from(narrow as u64),
        wide => wide as u128,
    };
    scaled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_the_same_narrow_and_wide() {
        assert_eq!(DecimalSum::product(61_837.63, 0.02).value(), 1_236.752_6);
        assert_eq!(DecimalSum::product(61_837.63, 1_000.5).value(), 61_868_548.815);
        assert_eq!(DecimalSum::product(0.000_012_34, 5e11).value(), 6_170_000.0);
    }
}
