//! Numbers, times and durations as text.

use spreadscope_engine::base::grouped::grouped;

/// The text in place of a missing number.
pub const ABSENT: &str = "—";

/// Magnitudes that are written out; others use engineering notation, `6.9×10⁻¹²`.
const WRITTEN_OUT: core::ops::Range<f64> = 1e-4..1e9;

/// Returns `value` with `decimals` decimals, thousands grouped by commas and a true minus sign. If there are
/// decimals, a value other than 0 has at least two significant digits, and is in engineering notation if it
/// would otherwise be too long.
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return ABSENT.to_owned();
    }
    if decimals == 0 || value == 0.0 {
        return written_out(value, decimals);
    }
    if WRITTEN_OUT.contains(&value.abs()) {
        // from 100,000 on, at most nine digits in all
        let most = if value.abs() < 1e5 { usize::MAX } else { decimals_for(value, 9) };
        written_out(value, decimals.max(decimals_for(value, 2)).min(most))
    } else {
        engineering(value, 3)
    }
}

/// Returns a finite `value` with all its digits and `decimals` decimals, grouped.
pub(super) fn written_out(value: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::with_capacity(plain.len() + 6);
    // a value that rounds to zero has no sign
    if value < 0.0 && plain.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        text.push('\u{2212}');
    }
    text.push_str(&grouped(whole));
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Returns `value` as one to three whole digits times a power of a thousand, with `digits` significant digits.
fn engineering(value: f64, digits: i32) -> String {
    let exponent = thousands(value);
    let scaled = value / 10_f64.powi(exponent);
    // a value that rounds up to 1,000 takes the next power
    let rounded = scaled.abs() >= 1_000.0 - 0.5 * 10_f64.powi(3 - digits.min(3));
    let (exponent, scaled) = if rounded { (exponent + 3, scaled / 1_000.0) } else { (exponent, scaled) };
    format!("{}{}", written_out(scaled, decimals_for(scaled, digits)), times_ten_to(exponent))
}

/// Returns the exponent of ten, a multiple of three, at or below the magnitude of `value`; 0 for 0.
pub fn thousands(value: f64) -> i32 {
    magnitude(value).map_or(0, |magnitude| magnitude.div_euclid(3) * 3)
}

/// Returns `×10⁻¹²`.
pub fn times_ten_to(exponent: i32) -> String {
    let raised = |digit: char| match digit {
        '-' => '\u{207b}',
        '1' => '\u{b9}',
        '2' => '\u{b2}',
        '3' => '\u{b3}',
        other => char::from_u32(0x2070 + other.to_digit(10).unwrap_or(0)).unwrap_or(other),
    };
    format!("×10{}", exponent.to_string().chars().map(raised).collect::<String>())
}

/// Returns [`fixed`] with a plus sign if the value is above zero after rounding.
pub fn signed(value: f64, decimals: usize) -> String {
    let text = fixed(value, decimals);
    let visible = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    if value > 0.0 && value.is_finite() && visible { format!("+{text}") } else { text }
}

/// Returns the exponent of ten of the first digit of `value`; `None` for 0 and non-finite values.
fn magnitude(value: f64) -> Option<i32> {
    #[expect(clippy::cast_possible_truncation, reason = "the magnitude of an f64 is -324 to 308")]
    (value != 0.0 && value.is_finite()).then(|| value.abs().log10().floor() as i32)
}

/// Returns how many decimals, 0 to 10, give `value` about `digits` significant digits.
pub fn decimals_for(value: f64, digits: i32) -> usize {
    let decimals = magnitude(value).map_or(digits - 1, |magnitude| (digits - 1 - magnitude).clamp(0, 10));
    usize::try_from(decimals).unwrap_or(0)
}

/// Returns a price: two decimals from 100 up, more below, so that a tick is visible.
pub fn price(value: f64) -> String {
    if value != 0.0 && !WRITTEN_OUT.contains(&value.abs()) {
        return significant(value, 5);
    }
    fixed(value, spread_decimals(value))
}

/// Returns a spread, signed, with the decimals of the price `reference`.
pub fn spread(value: f64, reference: f64) -> String {
    signed(value, spread_decimals(reference))
}

/// Returns the decimals of a spread beside the price `reference`.
pub fn spread_decimals(reference: f64) -> usize {
    match reference.abs() {
        100.0..100_000.0 => 2,
        100_000.0.. => decimals_for(reference, 7),
        _ => decimals_for(reference, 5).max(2),
    }
}

/// Returns `value` with `digits` significant digits, at most four in engineering notation.
pub fn significant(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() || WRITTEN_OUT.contains(&value.abs()) {
        fixed(value, decimals_for(value, digits))
    } else {
        engineering(value, digits.min(4))
    }
}

/// Returns the error of `value` with two significant digits, in the same power of ten as `value`.
pub fn error_of(value: f64, error: f64) -> String {
    if value == 0.0 || !value.is_finite() || WRITTEN_OUT.contains(&value.abs()) {
        return significant(error, 2);
    }
    let exponent = thousands(value);
    format!("{}{}", significant(error / 10_f64.powi(exponent), 2), times_ten_to(exponent))
}

/// Returns `value` with the fewest digits that read back the same.
pub fn exact(value: f64) -> String {
    if value == 0.0 || WRITTEN_OUT.contains(&value.abs()) {
        let plain = value.to_string();
        return written_out(value, plain.split_once('.').map_or(0, |(_, fraction)| fraction.len()));
    }
    raised(&format!("{value:e}"))
}

/// Returns an amount, shortened with k, M or G if it is long.
pub fn amount(value: f64) -> String {
    let (scale, suffix) = match value.abs() {
        size if size >= 1e12 => (1e12, " T"),
        size if size >= 1e9 => (1e9, " G"),
        size if size >= 1e6 => (1e6, " M"),
        size if size >= 1e4 => (1e3, " k"),
        _ => (1.0, ""),
    };
    let scaled = value / scale;
    if scaled.abs() < 1.0 {
        significant(scaled, 3)
    } else {
        format!("{}{suffix}", fixed(scaled, decimals_for(scaled, 4)))
    }
}

/// Returns a relative change in basis points, hundredths of a percent, signed.
pub fn basis_points(fraction: f64) -> String {
    format!("{} bp", signed(fraction * 10_000.0, 2))
}

/// Returns a deviation in basis points, unsigned.
pub fn deviation_bps(fraction: f64) -> String {
    format!("{} bp", fixed(fraction * 10_000.0, 3))
}

/// Returns a share of 0 to 1 in percent.
pub fn percent(share: f64) -> String {
    format!("{} %", fixed(share * 100.0, usize::from(share > 0.0 && share < 0.1)))
}

/// Returns `3.0e-7` as `3.0×10⁻⁷`.
fn raised(scientific: &str) -> String {
    match scientific.split_once('e').map(|(digits, power)| (digits, power.parse())) {
        Some((digits, Ok(power))) => format!("{}{}", digits.replace('-', "\u{2212}"), times_ten_to(power)),
        _ => ABSENT.to_owned(),
    }
}

/// Returns a p-value with three decimals, or two significant digits if it is small.
pub fn p_value(p: f64) -> String {
    if p < 1e-12 {
        "<10\u{207b}\u{b9}\u{b2}".to_owned()
    } else if p < 1e-4 {
        raised(&format!("{p:.1e}"))
    } else if p > 0.999 {
        ">0.999".to_owned()
    } else {
        fixed(p, 3)
    }
}

/// Returns a length of time in at most two units: `85 s`, `2 h 5 min`.
pub fn duration(secs: f64) -> String {
    if !secs.is_finite() {
        return ABSENT.to_owned();
    }
    let sign = if secs < 0.0 { "\u{2212}" } else { "" };
    let secs = secs.abs();
    if secs < 9.95 {
        return format!("{sign}{} s", fixed(secs, 1));
    }
    if secs < 119.5 {
        return format!("{sign}{} s", fixed(secs, 0));
    }
    let (unit, small, per, word, small_word) = match secs {
        s if s < 3_600.0 => (60.0, 1.0, 60.0, "min", "s"),
        s if s < 86_400.0 => (3_600.0, 60.0, 60.0, "h", "min"),
        _ => (86_400.0, 3_600.0, 24.0, "d", "h"),
    };
    let smalls = (secs / small).round();
    let (whole, rest) = ((smalls / per).floor(), smalls % per);
    debug_assert!((unit / small - per).abs() < 1e-9, "Invariant: units divide");
    if rest == 0.0 {
        format!("{sign}{} {word}", fixed(whole, 0))
    } else {
        format!("{sign}{} {word} {} {small_word}", fixed(whole, 0), fixed(rest, 0))
    }
}

/// Returns a short span: `120 ms`, `4.2 s`, then as [`duration`].
pub fn span_millis(millis: i64) -> String {
    if millis.abs() < 1_000 {
        let sign = if millis < 0 { "\u{2212}" } else { "" };
        format!("{sign}{} ms", millis.abs())
    } else {
        duration(millis as f64 / 1_000.0)
    }
}

/// Returns a long span in one unit, rounded down: `45 s`, `12 min`, `3 h`.
pub fn coarse_millis(millis: i64) -> String {
    let secs = millis.max(0) / 1_000;
    match secs {
        0..60 => format!("{secs} s"),
        60..3_600 => format!("{} min", secs / 60),
        3_600..86_400 => format!("{} h", secs / 3_600),
        _ => format!("{} d", secs / 86_400),
    }
}

/// Returns a whole number with its digits grouped.
pub fn count(value: u64) -> String {
    fixed(value as f64, 0)
}

/// Returns how much of a sample there is: `90 of 900 bars`.
pub fn part((seen, needed): (usize, usize)) -> String {
    format!("{} of {} bars", count(seen as u64), count(needed as u64))
}

/// Returns a number of bytes in the largest unit that it fills, powers of 1,000: "12.4 MB".
pub fn bytes(bytes: f64) -> String {
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    match units.into_iter().find(|(size, _)| bytes >= *size) {
        Some((size, unit)) => format!("{} {unit}", fixed(bytes / size, 1)),
        None => format!("{} B", fixed(bytes, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_and_a_minus_is_a_minus_sign() {
        assert_eq!(fixed(1_234_567.891, 2), "1,234,567.89");
        assert_eq!(fixed(-999.5, 1), "\u{2212}999.5");
        assert_eq!(fixed(100.0, 0), "100");
        assert_eq!(fixed(f64::NAN, 2), ABSENT);
    }

    #[test]
    fn what_rounds_to_zero_has_no_sign() {
        assert_eq!(fixed(-0.4, 0), "0");
        assert_eq!(fixed(0.0, 2), "0.00");
        assert_eq!(signed(0.4, 0), "0");
        assert_eq!(signed(0.01, 2), "+0.010");
    }

    #[test]
    fn a_price_keeps_its_tick_at_every_size() {
        assert_eq!(price(67_187.4), "67,187.40");
        assert_eq!(price(2.5), "2.5000");
        assert_eq!(price(0.001_234), "0.0012340");
        assert_eq!(price(0.000_012_34), "12.34×10⁻⁶");
        assert_eq!(price(1_612_345_678.0), "1.612×10⁹");
        assert_eq!(price(612_345.678), "612,345.7");
        assert_eq!(spread(-12.345, 67_000.0), "\u{2212}12.35");
    }

    #[test]
    fn a_number_that_a_person_has_written_keeps_its_digits() {
        let written = [
            (60_000.0, "60,000"),
            (-2.25, "\u{2212}2.25"),
            (0.0, "0"),
            (6.9e-11, "6.9×10⁻¹¹"),
            (-11.5e9, "\u{2212}1.15×10¹⁰"),
        ];
        for (value, text) in written {
            assert_eq!(exact(value), text);
        }
    }

    #[test]
    fn an_error_is_written_in_the_power_of_its_value() {
        assert_eq!(error_of(5.444e9, 5_539_946.0), "0.0055×10⁹");
        assert_eq!(error_of(6.9e-11, 6.1e-12), "6.1×10⁻¹²");
        assert_eq!(error_of(18.8, 0.631), "0.63");
    }

    #[test]
    fn small_p_values_are_not_printed_as_zero() {
        assert_eq!(p_value(0.000_2), "0.00020");
        assert_eq!(p_value(3.7e-6), "3.7×10⁻⁶");
        assert_eq!(p_value(3.04e-7), "3.0×10⁻⁷");
        assert_eq!(p_value(0.0), "<10⁻¹²");
        assert_eq!(p_value(0.0123), "0.012");
        assert_eq!(p_value(0.003), "0.0030");
        assert_eq!(p_value(0.999_9), ">0.999");
        assert_eq!(p_value(f64::NAN), ABSENT);
    }

    #[test]
    fn a_value_that_is_not_zero_has_two_digits_at_least_and_never_more_than_its_place() {
        assert_eq!(significant(6.9e-11, 5), "69.00×10⁻¹²");
        assert_eq!(significant(6.1e-12, 2), "6.1×10⁻¹²");
        assert_eq!(significant(-11.5e9, 5), "\u{2212}11.50×10⁹");
        assert_eq!(significant(999_999_999_999.0, 2), "1.00×10¹²");
        assert_eq!(signed(0.004, 2), "+0.0040");
        assert_eq!(amount(0.000_012_34), "12.3×10⁻⁶");
        assert_eq!(amount(3.2e12), "3.200 T");
        for power in -30..30 {
            for mantissa in [1.0, 2.345_678, 9.999_999] {
                let value = -mantissa * 10_f64.powi(power);
                let texts = [
                    significant(value, 5),
                    significant(value, 2),
                    fixed(value, 2),
                    price(value),
                    spread(value, 67_000.0),
                ];
                for text in texts {
                    let mantissa = text.split('×').next().unwrap_or_default();
                    let digits = mantissa.trim_start_matches(['\u{2212}', '0', '.', ',']).chars();
                    assert!(digits.filter(char::is_ascii_digit).count() >= 2, "{value:e} {text}");
                    assert!(text.chars().count() <= 14, "{value:e} {text}");
                }
            }
        }
    }

    #[test]
    fn durations_use_at_most_two_units() {
        assert_eq!(duration(4.26), "4.3 s");
        assert_eq!(duration(85.0), "85 s");
        assert_eq!(duration(125.0), "2 min 5 s");
        assert_eq!(duration(3_600.0), "1 h");
        assert_eq!(duration(93_600.0), "1 d 2 h");
        assert_eq!(duration(3_599.9), "60 min");
        assert_eq!(span_millis(-250), "\u{2212}250 ms");
        assert_eq!(coarse_millis(754_000), "12 min");
    }

    #[test]
    fn amounts_shorten() {
        assert_eq!(amount(0.0123), "0.0123");
        assert_eq!(amount(12_300.0), "12.30 k");
        assert_eq!(amount(2_500_000.0), "2.500 M");
    }

    #[test]
    fn basis_points_are_hundredths_of_a_percent() {
        assert_eq!(basis_points(0.000_123), "+1.23 bp");
        assert_eq!(deviation_bps(0.000_012_3), "0.123 bp");
    }
}
