//! Numbers as the page writes them, read back.

/// A number as shown, and half a unit of its last digit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Written {
    pub(crate) value: f64,
    pub(crate) half_unit: f64,
}

/// Reads the numbers in `text`, in its order and in base units: `+1,234.5`, `26×10⁻⁹`, `1.25k`, `0.4 bp`, `7.1 %`.
/// Digits within a word, a time or a date are no number.
pub(crate) fn numbers(text: &str) -> Vec<Written> {
    let text = text.replace('\u{2212}', "-");
    let mut found = Vec::new();
    let mut rest = text.as_str();
    let mut before = ' ';
    while let Some(char) = rest.chars().next() {
        let begins = char.is_ascii_digit()
            || ['+', '-'].contains(&char) && rest[1..].starts_with(|next: char| next.is_ascii_digit());
        let length = if begins && !before.is_alphanumeric() && ![':', '×'].contains(&before) {
            number_length(rest)
        } else {
            0
        };
        if length == 0 {
            before = char;
            rest = &rest[char.len_utf8()..];
            continue;
        }
        let (number, after) = rest.split_at(length);
        if !after.starts_with(':') {
            found.extend(written(number, after));
        }
        before = '0';
        rest = after;
    }
    found
}

/// Returns the length of the number that `text` begins with, in bytes; all of them ASCII.
fn number_length(text: &str) -> usize {
    let end = text.find(|char: char| !(char.is_ascii_digit() || ['+', '-', '.', ','].contains(&char)));
    text[..end.unwrap_or(text.len())].trim_end_matches(['.', ',']).len()
}

/// Reads a number by its digits and what follows them.
fn written(digits: &str, after: &str) -> Option<Written> {
    let scale = match after.chars().next() {
        Some('k') => 1e3,
        Some('M') => 1e6,
        Some('G') => 1e9,
        _ if after.starts_with(" bp") => 1e-4,
        _ if after.starts_with(" %") => 1e-2,
        _ => after.strip_prefix("×10").map_or(1.0, |power| 10_f64.powi(raised(power))),
    };
    let digits = digits.replace(',', "");
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let unit = 10_f64.powi(-i32::try_from(decimals).ok()?);
    Some(Written { value: digits.parse::<f64>().ok()? * scale, half_unit: unit * scale / 2.0 })
}

/// Returns the whole number in raised digits.
fn raised(text: &str) -> i32 {
    const DIGITS: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let place = |char| DIGITS.chars().position(|digit| digit == char);
    let digits = text.trim_start_matches('⁻').chars().map_while(place);
    let value = digits.fold(0, |value, digit| value * 10 + i32::try_from(digit).unwrap_or(0));
    if text.starts_with('⁻') { -value } else { value }
}

#[test]
fn a_number_is_read_with_what_its_last_digit_leaves_open() {
    let read = |text| numbers(text).iter().map(|number| (number.value, number.half_unit)).collect::<Vec<_>>();
    assert_eq!(read("\u{2212}1,234.50 USDT"), [(-1_234.5, 0.005)]);
    assert_eq!(read("26×10⁻⁹"), [(26.0 * 1e-9, 1e-9 / 2.0)]);
    assert_eq!(read("1.25k"), [(1_250.0, 5.0)]);
    assert_eq!(read("19.05 ± 0.16"), [(19.05, 0.005), (0.16, 0.005)]);
    assert_eq!(read("0.5 bp, 25 %"), [(0.5 * 1e-4, 0.1 * 1e-4 / 2.0), (25.0 * 1e-2, 1e-2 / 2.0)]);
    assert_eq!(read("—, at 07:52:48 UTC, EG"), []);
}
