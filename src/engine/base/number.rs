//! Parses decimal text to the nearest `f64`. The result is that of `str::parse`, without its table of 651
//! powers of five: ten kilobytes that no compressor shrinks.
//!
//! Prices and sizes have few digits: one exact multiplication or division each. Sums of volumes take a 128-bit
//! division; anything else is divided bit by bit.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "digits, halves of larger words, and counts that are not negative"
)]

/// Powers of ten that an `f64` holds exactly.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];
/// Decimal digits that fit into 64 bits; the largest power of ten that does.
const FIT: i64 = 19;
/// Above this, not every whole number is exact in an `f64`.
const EXACT: u64 = 1 << 53;
/// Above this power of ten nothing is finite, and below its inverse everything is 0, whatever the digits: text
/// is assumed to hold no more than that many digits.
const FAR: i64 = 100_000;

/// Returns the number in `text`: digits with an optional sign, point and power of ten. `None` if `text` is
/// anything else or not finite.
pub fn parse(text: &str) -> Option<f64> {
    let (is_negative, text) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    let (digits, power) = match text.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&text[..at], power_of(&text[at + 1..])?),
        None => (text, 0),
    };
    let number = Decimal::read(digits, power)?.nearest();
    number.is_finite().then_some(if is_negative { -number } else { number })
}

/// The power of ten after the `e`, clamped to where it still makes a difference.
fn power_of(text: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    if digits.is_empty() {
        return None;
    }
    let mut power = 0_i64;
    for digit in digits {
        power = (power * 10 + i64::from(value(*digit)?)).min(2 * FAR);
    }
    Some(if is_negative { -power } else { power })
}

fn value(digit: u8) -> Option<u8> {
    digit.is_ascii_digit().then(|| digit - b'0')
}

/// Digits without leading zeros, as one whole number times a power of ten.
struct Decimal<'a> {
    /// May include the point.
    digits: &'a [u8],
    count: i64,
    /// The leading digits, as many as fit.
    first: u64,
    power: i64,
}

impl<'a> Decimal<'a> {
    fn read(digits: &'a [u8], power: i64) -> Option<Self> {
        let mut read = Self { digits, count: 0, first: 0, power };
        let (mut has_digit, mut has_point) = (false, false);
        for &byte in digits {
            if byte == b'.' && !has_point {
                has_point = true;
                continue;
            }
            let digit = value(byte)?;
            has_digit = true;
            read.power -= i64::from(has_point);
            if digit > 0 || read.count > 0 {
                read.count += 1;
                if read.count <= FIT {
                    read.first = read.first * 10 + u64::from(digit);
                }
            }
        }
        has_digit.then_some(read)
    }

    fn nearest(&self) -> f64 {
        let Self { count, first, power, .. } = *self;
        let tens = usize::try_from(power.abs()).unwrap_or(usize::MAX);
        if count == 0 || count + power < -FAR {
            return 0.0;
        }
        if count + power > FAR {
            return f64::INFINITY;
        }
        if count > FIT {
            return self.by_bits();
        }
        if first <= EXACT && tens < TENS.len() {
            let whole = first as f64;
            return if power < 0 { whole / TENS[tens] } else { whole * TENS[tens] };
        }
        match power {
            ..0 if -power <= FIT => by_division(first, 10_u64.pow(tens as u32)),
            0..=FIT => (u128::from(first) * 10_u128.pow(tens as u32)) as f64,
            _ => self.by_bits(),
        }
    }

    /// The nearest number for any digits.
    fn by_bits(&self) -> f64 {
        // below 1e-400 everything is 0, above 1e400 nothing is finite
        if self.count + self.power < -400 {
            return 0.0;
        }
        if self.count + self.power > 400 {
            return f64::INFINITY;
        }
        let mut above = Big(Vec::new());
        for digit in self.digits.iter().filter_map(|byte| value(*byte)) {
            above.times_and(10, digit.into());
        }
        let mut below = Big(vec![1]);
        let tens = if self.power < 0 { &mut below } else { &mut above };
        for _ in 0..self.power.abs() {
            tens.times_and(10, 0);
        }
        let mut exponent = above.bits() - below.bits();
        if exponent > 0 {
            below.shift(exponent);
        } else {
            above.shift(-exponent);
        }
        if above.is_less(&below) {
            above.shift(1);
            exponent -= 1;
        }
        let mut bits = 0_u64;
        for _ in 0..64 {
            bits <<= 1;
            if !above.is_less(&below) {
                above.subtract(&below);
                bits |= 1;
            }
            above.shift(1);
        }
        compose(bits, exponent - 63, above.bits() > 0)
    }
}

fn by_division(above: u64, below: u64) -> f64 {
    let up = above.leading_zeros() + 64;
    let (above, below) = (u128::from(above) << up, u128::from(below));
    let quotient = above / below;
    let left = quotient.leading_zeros();
    let bits = quotient << left;
    let is_more = bits as u64 != 0 || above % below != 0;
    compose((bits >> 64) as u64, 64 - i64::from(left) - i64::from(up), is_more)
}

/// The number nearest to `bits` × 2^`exponent`, or a little more if `is_more`. The highest bit of `bits` is
/// set; ties go to even.
fn compose(bits: u64, exponent: i64, is_more: bool) -> f64 {
    const LOWEST: i64 = -1_022;
    let highest = exponent + 63;
    if highest > 1_023 {
        return f64::INFINITY;
    }
    let drop = 11 + (LOWEST - highest).max(0);
    if drop > 64 {
        return 0.0;
    }
    let kept = if drop == 64 { 0 } else { bits >> drop };
    let half = 1_u64 << (drop - 1);
    let dropped = if drop == 64 { bits } else { bits & ((1 << drop) - 1) };
    let goes_up = dropped > half || (dropped == half && (is_more || kept % 2 == 1));
    let biased = (highest.max(LOWEST) - LOWEST) as u64;
    // the highest of 53 bits adds one to the exponent; a number rounded up to 54 bits adds one more
    f64::from_bits((biased << 52) + kept + u64::from(goes_up))
}

/// A whole number of any size, lowest digits first, without trailing zeros.
struct Big(Vec<u32>);

impl Big {
    fn bits(&self) -> i64 {
        self.0.iter().map(|_| 32).sum::<i64>()
            - self.0.last().map_or(0, |last| i64::from(last.leading_zeros()))
    }

    fn times_and(&mut self, factor: u32, more: u32) {
        let mut carry = u64::from(more);
        for digit in &mut self.0 {
            carry += u64::from(*digit) * u64::from(factor);
            *digit = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn shift(&mut self, bits: i64) {
        let zeros = (bits / 32) as usize;
        self.times_and(1 << (bits % 32), 0);
        if !self.0.is_empty() {
            self.0.splice(0..0, core::iter::repeat_n(0, zeros));
        }
    }

    fn is_less(&self, other: &Self) -> bool {
        self.0.len() < other.0.len()
            || (self.0.len() == other.0.len() && self.0.iter().rev().lt(other.0.iter().rev()))
    }

    /// Subtracts `other`, which must not be greater.
    fn subtract(&mut self, other: &Self) {
        let mut borrow = 0_i64;
        for (at, digit) in self.0.iter_mut().enumerate() {
            let left = i64::from(*digit) - other.0.get(at).map_or(0, |digit| i64::from(*digit)) - borrow;
            borrow = i64::from(left < 0);
            *digit = left as u32;
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn assert_parsed(text: &str) {
        let expected = text.parse::<f64>().ok().filter(|number| number.is_finite());
        assert_eq!(parse(text).map(f64::to_bits), expected.map(f64::to_bits), "{text}");
    }

    #[test]
    fn what_is_no_number_and_what_is_hard_to_round_is_read_as_the_library_does() {
        let forms = "|-|+|.|1.|.5|1e|1e+|1E-5|-0|+.5e-3|.e5|e5|--1|1..2|1_0| 1|0x1|inf|NaN|0e999999999999|1e-400|-1e309";
        let edges = "1.7976931348623157e308|1.7976931348623159e308|4.9e-324|2.4703282292062327e-324|\
            2.4703282292062328e-324|2.2250738585072011e-308|2.2250738585072014e-308|8.5e22|1e23";
        let halves = "9007199254740993|9007199254740992.5|9007199254740993.00000000000000000000000001|123456789.12345678";
        [forms, edges, halves].iter().flat_map(|list| list.split('|')).for_each(assert_parsed);
        assert_parsed(&format!("0.{}1", "0".repeat(3_000)));
        assert_parsed(&format!("{}e-2990", "9".repeat(3_000)));
        assert_parsed(&format!("1{}e-5000", "0".repeat(5_000)));
    }

    proptest! {
        #[test]
        fn any_decimal_is_read_as_the_library_does(whole in any::<u64>(), more in any::<u64>(), shift in 0..64, power in -350..350) {
            let whole = whole >> shift;
            for text in [
                format!("{whole}.{:08}", more % 100_000_000),
                format!("{whole}e{}", power / 10),
                format!("{whole}{more}e{power}"),
                format!("{:?}", f64::from_bits(more)),
                format!("{:.30e}", f64::from_bits(more)),
            ] {
                assert_parsed(&text);
            }
        }

        #[test]
        fn any_text_is_read_as_the_library_does(text in "[-+]?[0-9.e+-]{0,12}") {
            assert_parsed(&text);
        }
    }
}
