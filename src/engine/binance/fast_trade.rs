//! The combined trade frame exactly as the exchange writes it, read in one pass over its bytes.
//!
//! Anything else is left to the general reader: this one never rejects a frame, it only declines. It exists
//! because the whole engine must not be slower than the browser's `JSON.parse`.

use super::field::PLAUSIBLE_MILLIS;
use crate::{Trade, UnixMillis};

/// Symbol and trade of a frame in the usual form; `None` for any other.
pub(super) fn read(text: &str) -> Option<(&str, Trade)> {
    let mut rest = Rest(text);
    rest.literal(r#"{"stream":""#)?;
    rest.until_quote()?;
    rest.literal(r#","data":{"e":"trade","E":"#)?;
    let event_time = rest.time()?;
    rest.literal(r#","s":""#)?;
    let symbol = rest.until_quote()?;
    rest.literal(r#","t":"#)?;
    let trade_id = rest.whole()?;
    rest.literal(r#","p":""#)?;
    let price = rest.decimal()?;
    rest.literal(r#"","q":""#)?;
    let size = rest.decimal()?;
    rest.literal(r#"","T":"#)?;
    let trade_time = rest.time()?;
    rest.literal(r#","m":"#)?;
    let buyer_is_maker = rest.literal("true").is_some();
    if !buyer_is_maker {
        rest.literal("false")?;
    }
    rest.literal(r#","M":"#)?;
    rest.literal("true").or_else(|| rest.literal("false"))?;
    let Rest("}}") = rest else { return None };
    Some((symbol, Trade { trade_id, trade_time, event_time, price, size, buyer_is_maker }))
}

/// The text still to be read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn literal(&mut self, expected: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    /// Text without escapes, up to and including the closing quote.
    fn until_quote(&mut self) -> Option<&'a str> {
        let end = self.0.bytes().position(|byte| byte == b'"' || byte == b'\\')?;
        let (text, rest) = self.0.split_at(end);
        self.0 = rest.strip_prefix('"')?;
        Some(text)
    }

    /// At most 19 digits, so that the result cannot overflow a `u64`.
    fn whole(&mut self) -> Option<u64> {
        let digits = digits(self.0.as_bytes());
        // JSON numbers have no leading zero
        if digits.length == 0 || digits.length > 19 || (digits.length > 1 && self.0.starts_with('0')) {
            return None;
        }
        self.0 = &self.0[digits.length..];
        Some(digits.value)
    }

    /// Milliseconds within the plausible range; microseconds are left to the general reader.
    fn time(&mut self) -> Option<UnixMillis> {
        let millis = i64::try_from(self.whole()?).ok()?;
        PLAUSIBLE_MILLIS.contains(&millis).then_some(UnixMillis(millis))
    }

    /// A positive decimal of at most 15 digits, at most 8 of them after the point. The digits as a whole number
    /// and the power of ten are both exact, so their quotient is rounded once and is the nearest `f64`.
    fn decimal(&mut self) -> Option<f64> {
        const POWERS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
        let whole = digits(self.0.as_bytes());
        let mut length = whole.length;
        let mut mantissa = whole.value;
        let mut power = 1;
        if self.0.as_bytes().get(length) == Some(&b'.') {
            let fraction = digits(&self.0.as_bytes()[length + 1..]);
            power = *POWERS.get(fraction.length).filter(|_| fraction.length > 0 && whole.length <= 7)?;
            mantissa = mantissa * power + fraction.value;
            length += 1 + fraction.length;
        }
        let complete = (1..=15).contains(&whole.length) && mantissa > 0;
        self.0 = self.0.get(length..)?;
        complete.then(|| mantissa as f64 / power as f64)
    }
}

/// A run of digits.
struct Digits {
    /// Their value; meaningless for more than 19 digits.
    value: u64,
    /// The number of digits.
    length: usize,
}

/// The leading digits of `bytes`, read eight at a time where possible.
fn digits(bytes: &[u8]) -> Digits {
    let (mut value, mut length) = (0_u64, 0);
    while let Some(eight) = bytes[length..].first_chunk().copied().and_then(eight_digits) {
        value = value.wrapping_mul(100_000_000).wrapping_add(eight);
        length += 8;
    }
    while let Some(digit) = bytes.get(length).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10)
    {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        length += 1;
    }
    Digits { value, length }
}

/// Eight digits in one word: neighbours are combined to pairs, pairs to fours, and fours to eight.
fn eight_digits(bytes: [u8; 8]) -> Option<u64> {
    let word = u64::from_le_bytes(bytes);
    let high = 0xf0f0_f0f0_f0f0_f0f0;
    let zeros = 0x3030_3030_3030_3030;
    // a byte is a digit if its high half is 3, and still is after adding six
    if word & high != zeros || word.wrapping_add(0x0606_0606_0606_0606) & high != zeros {
        return None;
    }
    let digits = word - zeros;
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours & 0xffff) * 10_000 + (fours >> 32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(price: &str, size: &str, id: u64, time: i64, maker: bool) -> String {
        format!(
            r#"{{"stream":"btcusdt@trade","data":{{"e":"trade","E":{time},"s":"BTCUSDT","t":{id},"p":"{price}","q":"{size}","T":{time},"m":{maker},"M":true}}}}"#
        )
    }

    #[test]
    fn anything_unusual_is_declined() {
        let usual = frame("61837.63000000", "0.02", 7, 1_723_161_255_343, true);
        assert!(read(&usual).is_some());
        for (from, to) in [
            (r#""M":true"#, r#""M":true,"X":1"#),
            ("61837.63000000", "-1"),
            ("61837.63000000", "1e5"),
            ("61837.63000000", "1."),
            ("61837.63000000", "0.00"),
            ("1723161255343", "1723161255343000"),
            (r#""t":7"#, r#""t":07"#),
            (r#""t":7"#, r#""t":99999999999999999999"#),
            ("BTCUSDT", r"BTC\u0055SDT"),
            ("}}", "}} "),
        ] {
            assert!(read(&usual.replacen(from, to, 1)).is_none(), "{to}");
        }
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_the_standard_parser(
            whole in 0_u64..1_000_000, fraction in 0_u32..100_000_000, id: u32, maker: bool,
        ) {
            let price = format!("{whole}.{fraction:08}");
            let text = frame(&price, "0.00000001", u64::from(id), 1_723_161_255_343, maker);
            let expected: f64 = price.parse().unwrap();
            match read(&text) {
                Some((symbol, trade)) => {
                    prop_assert_eq!(symbol, "BTCUSDT");
                    prop_assert_eq!(trade.price.to_bits(), expected.to_bits());
                    prop_assert_eq!((trade.size, trade.trade_id), (1e-8, u64::from(id)));
                    prop_assert_eq!(trade.buyer_is_maker, maker);
                }
                None => prop_assert!(expected == 0.0),
            }
        }

        #[test]
        fn no_damage_makes_it_panic(cut in 0_usize..150, with in any::<char>()) {
            let usual = frame("61837.63", "0.02", 7, 1_723_161_255_343, true);
            let cut = cut.min(usual.len() - 1);
            let damaged = format!("{}{with}{}", &usual[..cut], &usual[cut + 1..]);
            prop_assert!(read(&damaged).is_none_or(|(_, trade)| trade.price > 0.0 && trade.size > 0.0));
        }
    }
}
