//! Decimals with eight places as integers, and their text.

/// Formats an integer in units of 1e-8 as the exchange does: `61837.63000000`.
pub(crate) fn text(e8: u128) -> String {
    format!("{}.{:08}", e8 / 100_000_000, e8 % 100_000_000)
}

/// Parses a decimal with at most eight places.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 8 {
        return None;
    }
    let fraction = format!("{fraction:0<8}");
    whole.parse::<u64>().ok()?.checked_mul(100_000_000)?.checked_add(fraction.parse().ok()?)
}

/// Returns price times size, in units of 1e-8.
pub(crate) fn product(price_e8: u64, size_e8: u64) -> u128 {
    (u128::from(price_e8) * u128::from(size_e8) + 50_000_000) / 100_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_as_it_went() {
        for decimal in ["61837.63000000", "0.00000001", "0.00000000"] {
            assert_eq!(text(u128::from(parse(decimal).unwrap())), decimal);
        }
        assert_eq!(parse("1.5"), Some(150_000_000));
        assert_eq!((parse("1.123456789"), parse("x")), (None, None));
    }
}
