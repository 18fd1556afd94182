//! Numbers as people type them, with a decimal point or a decimal comma, and thousands apart or not.

use super::number;

/// Why typed text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum TypedError {
    /// It is a number in neither writing.
    #[error("is not a number")]
    NotANumber,
    /// It is one number with its comma as the decimal sign, and another with the comma between thousands.
    #[error("can be read as {whole} and as {decimal}: type {whole} or {decimal}")]
    TwoReadings {
        /// With the comma between thousands.
        whole: f64,
        /// With the comma as the decimal sign.
        decimal: f64,
    },
}

/// Digits between two separators of thousands.
const GROUP: usize = 3;

/// Returns the number in `text`: `2.5`, `2,5`, `1,234.5`, `1.234,5` and `10 000` are unambiguous. A single point
/// is the decimal sign, as everywhere on this page.
///
/// # Errors
/// [`TypedError::TwoReadings`] for `1,000`; [`TypedError::NotANumber`] for anything else that is not a finite
/// number.
pub fn typed(text: &str) -> Result<f64, TypedError> {
    let text = together(text.trim()).ok_or(TypedError::NotANumber)?;
    let read = |text: &str| number::parse(text).ok_or(TypedError::NotANumber);
    let commas = text.matches(',').count();
    match (commas, text.matches('.').count()) {
        (0, 0 | 1) => read(&text),
        (1, 0) => {
            let decimal = read(&text.replace(',', "."))?;
            match apart(&text, ',').filter(|_| starts_like_thousands(&text)) {
                Some(whole) => Err(TypedError::TwoReadings { whole: read(&whole)?, decimal }),
                None => Ok(decimal),
            }
        }
        (_, 0) => apart(&text, ',').map_or(Err(TypedError::NotANumber), |whole| read(&whole)),
        (0, _) => apart(&text, '.').map_or(Err(TypedError::NotANumber), |whole| read(&whole)),
        _ => {
            // the sign that comes last is the decimal one
            let (separator, decimal) =
                if text.rfind(',') < text.rfind('.') { (',', '.') } else { ('.', ',') };
            let (whole, rest) = text.split_once(decimal).ok_or(TypedError::NotANumber)?;
            let whole = apart(whole, separator).ok_or(TypedError::NotANumber)?;
            read(&format!("{whole}.{rest}"))
        }
    }
}

/// Removes spaces between thousands and writes the true minus, which this page prints, as `-`.
fn together(text: &str) -> Option<String> {
    let is_space = |sign: char| sign.is_whitespace();
    let text = text.replace('\u{2212}', "-").replace(is_space, " ");
    if !text.contains(' ') {
        return Some(text);
    }
    let end = text.find(['.', ',']).unwrap_or(text.len());
    apart(&text[..end], ' ').map(|whole| whole + &text[end..])
}

/// Removes `separator` from between groups of three digits; `None` if they are of another length.
fn apart(text: &str, separator: char) -> Option<String> {
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) => (&text[..1], digits),
        None => ("", text),
    };
    let mut groups = digits.split(separator);
    let is_number = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().filter(|first| (1..=GROUP).contains(&first.len()) && is_number(first))?;
    let mut whole = format!("{sign}{first}");
    for group in groups {
        if group.len() != GROUP || !is_number(group) {
            return None;
        }
        whole.push_str(group);
    }
    Some(whole)
}

/// Returns whether nobody would write the first group of `text` for a fraction alone: `0,500` is one half.
fn starts_like_thousands(text: &str) -> bool {
    text.trim_start_matches(['-', '+']).starts_with(|first: char| first != '0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_writings_are_taken_where_they_mean_one_number() {
        for (text, number) in [
            ("2.5", 2.5),
            (" 2,5 ", 2.5),
            ("0,5", 0.5),
            ("0,500", 0.5),
            (",5", 0.5),
            ("\u{2212}2,5", -2.5),
            ("1.000", 1.0),
            ("1e4", 1e4),
            ("1,5e3", 1_500.0),
            ("1234,567", 1_234.567),
            ("10,00", 10.0),
            ("1,234.5", 1_234.5),
            ("1.234,5", 1_234.5),
            ("-1,234,567.25", -1_234_567.25),
            ("1.234.567,25", 1_234_567.25),
            ("1,000,000", 1e6),
            ("1.000.000", 1e6),
            ("10 000", 1e4),
            ("10\u{a0}000,5", 10_000.5),
            ("1\u{202f}000\u{202f}000", 1e6),
        ] {
            assert_eq!(typed(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn a_comma_before_three_digits_has_two_readings() {
        for (text, whole, decimal) in
            [("1,000", 1e3, 1.0), ("-10,500", -10_500.0, -10.5), ("100,125", 100_125.0, 100.125)]
        {
            assert_eq!(typed(text), Err(TypedError::TwoReadings { whole, decimal }), "{text}");
        }
        let said = typed("10,000").unwrap_err().to_string();
        assert_eq!(said, "can be read as 10000 and as 10: type 10000 or 10");
    }

    #[test]
    fn anything_else_is_not_a_number() {
        for text in [
            "", "many", "NaN", "inf", "1,00,000", "1,000,00", "1.5.2", "1 0", "10 00", ",", ".", "1,2.3,4",
            "- 5", "1,,000",
        ] {
            assert_eq!(typed(text), Err(TypedError::NotANumber), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_programs_write_is_read(text in "[-+0-9., e\u{a0}]{0,12}", number in -1e12..1e12_f64) {
            prop_assert!(typed(&text).map_or(true, f64::is_finite));
            prop_assert_eq!(typed(&number.to_string()), Ok(number));
        }
    }
}
