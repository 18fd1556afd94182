//! Exact sums of decimals, so that the order of the parts cannot matter.

/// An exact, non-negative sum of decimals with at most sixteen places.
///
/// The product of two decimals with eight places is exact. So is the product with a price below 0.2 that has
/// sixteen: a coin at 2.5437e-7 must not become 2.5e-7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DecimalSum(u128);

/// Units in a sum of 1.
const UNITS: f64 = 1e16;
/// Units in 1e-8.
const UNITS_IN_E8: u64 = 100_000_000;
/// Units in 1e-12.
const UNITS_IN_E12: u64 = 10_000;

impl DecimalSum {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum in units of 1e-16.
    pub const fn units(self) -> u128 {
        self.0
    }

    /// The sum of `units` × 1e-16.
    pub const fn from_units(units: u128) -> Self {
        Self(units)
    }

    /// The sum equal to `number`, which is finite and not negative. Resolves 1e-16 below 0.2, 1e-12 below 2,000
    /// and 1e-8 above, which is all that an `f64` of that size holds.
    pub fn of(number: f64) -> Self {
        let (scaled, unit) = scaled(number);
        Self(scaled.saturating_mul(unit.into()))
    }

    /// The product of a price and a size, where the size has eight places; rounded to 1e-16.
    pub(crate) fn product(price: f64, size: f64) -> Self {
        let size = in_e8(size);
        let (price, unit) = match coarse(price) {
            Some(price) => (price, UNITS_IN_E8),
            None => scaled(price),
        };
        let finer = UNITS_IN_E8 / unit;
        // 128-bit multiplication is slow in wasm, and only the largest trades need it
        let is_narrow = price.leading_zeros() + size.leading_zeros() > 2 * u128::BITS - u64::BITS;
        if finer == 1
            && is_narrow
            && let (Ok(price), Ok(size)) = (u64::try_from(price), u64::try_from(size))
        {
            return Self(u128::from(price * size));
        }
        let half = u128::from(finer / 2);
        Self(price.saturating_mul(size).saturating_add(half) / u128::from(finer))
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }

    /// The sum without `part`; `None` when `part` is the larger.
    pub(crate) fn without(self, part: Self) -> Option<Self> {
        self.0.checked_sub(part.0).map(Self)
    }

    /// The nearest `f64`; where the sum has more than eight places, possibly the one next to it.
    pub fn value(self) -> f64 {
        // both are whole and exact below 2^53, so the quotient is the nearest number
        let nearest = (self.0 as f64 / UNITS_IN_E8 as f64).round_ties_even();
        if nearest < 9e15 && whole(nearest) * u128::from(UNITS_IN_E8) == self.0 {
            return nearest / 1e8;
        }
        let unit = u128::from(UNITS_IN_E8) * u128::from(UNITS_IN_E8);
        (self.0 / unit) as f64 + (self.0 % unit) as f64 / UNITS
    }
}

/// `number` in units of 1e-8 if it has no more than eight places.
fn coarse(number: f64) -> Option<u128> {
    let (fine, unit) = scaled(number);
    if unit == UNITS_IN_E8 {
        return Some(fine);
    }
    let coarse = in_e8(number);
    (coarse * u128::from(UNITS_IN_E8 / unit) == fine).then_some(coarse)
}

/// `number` as a whole number of units, with as many places as it holds exactly; and the unit, in 1e-16.
fn scaled(number: f64) -> (u128, u64) {
    // a value below 2^51 is right to the last place after two roundings
    if number < 0.2 {
        (whole(number * UNITS), 1)
    } else if number < 2_000.0 {
        (whole(number * 1e12), UNITS_IN_E12)
    } else {
        (in_e8(number), UNITS_IN_E8)
    }
}

/// `number` in units of 1e-8; whole numbers of any size are exact.
fn in_e8(number: f64) -> u128 {
    if number > 2e7 && number.trunc() == number {
        return whole(number).saturating_mul(UNITS_IN_E8.into());
    }
    whole(number * 1e8)
}

/// `number` in units of 1e-8, as the archive's format rounds it.
pub(crate) fn rounded_to_e8(number: f64) -> u128 {
    whole(number * 1e8)
}

fn whole(number: f64) -> u128 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "prices and sizes are positive"
    )]
    // rounding to even and the narrow conversion are one wasm instruction each; the alternatives are calls
    let whole = match number.round_ties_even() {
        narrow if narrow < 1.8e19 => u128::from(narrow as u64),
        wide => wide as u128,
    };
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn products_are_the_same_narrow_and_wide() {
        assert_eq!(DecimalSum::product(61_837.63, 0.02).value(), 1_236.752_6);
        assert_eq!(DecimalSum::product(61_837.63, 1_000.5).value(), 61_868_548.815);
        assert_eq!(DecimalSum::product(0.000_012_34, 5e11).value(), 6_170_000.0);
    }

    #[test]
    fn a_price_below_a_hundred_millionth_is_not_rounded_away() {
        assert_eq!(DecimalSum::product(2.543_7e-7, 1.0).value(), 2.543_7e-7);
        assert_eq!(DecimalSum::product(2.543_7e-7, 40_000_000.0).value(), 10.174_8);
        assert_eq!(DecimalSum::product(1.23e-9, 1e12).value(), 1_230.0);
        assert_eq!(DecimalSum::of(3.1e-13).value(), 3.1e-13);
        let mut sum = DecimalSum::ZERO;
        (0..1_000).for_each(|_| sum.add(DecimalSum::product(2.543_7e-7, 3.0)));
        assert_eq!(sum.value(), 7.631_1e-4);
    }

    proptest! {
        #[test]
        fn a_decimal_comes_back_as_it_was_written(units in 1_u64..2_000_000_000_000_000, places in 0_i32..=16) {
            let number: f64 = format!("{units}e-{places}").parse().unwrap();
            let most = match places {
                0 => 9e15,
                1..=8 => 2e7,
                9..=12 => 2_000.0,
                _ => 0.2,
            };
            prop_assume!(number < most);
            let sum = DecimalSum::of(number);
            prop_assert_eq!(sum.units(), u128::from(units) * 10_u128.pow(16 - places.unsigned_abs()));
            prop_assert!((sum.value() - number).abs() <= f64::EPSILON * number, "{} {}", sum.value(), number);
            if places <= 8 {
                prop_assert_eq!(sum.value(), number);
            }
        }

        #[test]
        fn a_product_is_that_of_the_digits(
            price in 1_u64..1_000_000_000_000, places in 0_u32..=12, size in 1_u64..1_000_000_000_000,
        ) {
            let number: f64 = format!("{price}e-{places}").parse().unwrap();
            prop_assume!(number < if places <= 8 { 9e6 } else { 2_000.0 });
            let size_number: f64 = format!("{size}e-8").parse().unwrap();
            let digits = u128::from(price) * u128::from(size) * 10_u128.pow(12 - places);
            let expected = (digits + 5_000) / 10_000;
            prop_assert_eq!(DecimalSum::product(number, size_number).units(), expected);
        }
    }
}
