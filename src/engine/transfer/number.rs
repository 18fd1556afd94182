//! Numbers as people and programs write them: with a decimal comma, thousands apart, `81.04K`, `$185.64`.

use super::plan::Role;
use super::refusal::quoted;

/// Prices and sizes from here on are damaged numbers.
const MOST_PRICE: f64 = 1e15;

/// The decimal sign of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Decimal {
    /// `1,234.5`
    #[default]
    Point,
    /// `1.234,5`
    Comma,
}

impl Decimal {
    /// The sign.
    pub const fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

/// Reads a finite number; `None` for any other text.
pub fn parse(text: &str, decimal: Decimal) -> Option<f64> {
    let text = text.trim();
    let plain = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let starts =
        |text: &str| text.starts_with(|sign: char| sign.is_ascii_digit() || matches!(sign, '.' | '-' | '+'));
    if decimal == Decimal::Point
        && starts(text)
        && let Some(number) = plain(text)
    {
        return Some(number);
    }
    let (digits, power) = without_power(bare(text))?;
    let (whole, rest) = match digits.find([decimal.sign(), 'e', 'E']) {
        Some(at) => digits.split_at(at),
        None => (digits, ""),
    };
    let mut number = together(whole)?;
    number.push_str(&rest.replacen(decimal.sign(), ".", 1));
    number.push_str(power);
    plain(&number).filter(|_| starts(&number))
}

/// A number without what stands behind it for thousands and more, and the power of ten that this is.
fn without_power(text: &str) -> Option<(&str, &str)> {
    // the longer ones first
    const POWERS: [(&str, &str); 20] = [
        ("crore", "e7"),
        ("lakh", "e5"),
        ("mio.", "e6"),
        ("mrd.", "e9"),
        ("mio", "e6"),
        ("mrd", "e9"),
        ("mln", "e6"),
        ("mld", "e9"),
        ("тыс", "e3"),
        ("млн", "e6"),
        ("млрд", "e9"),
        ("bn", "e9"),
        ("mn", "e6"),
        ("cr", "e7"),
        ("万", "e4"),
        ("萬", "e4"),
        ("만", "e4"),
        ("亿", "e8"),
        ("億", "e8"),
        ("억", "e8"),
    ];
    let letter = match text.chars().last()? {
        'K' | 'k' => "e3",
        'M' | 'm' => "e6",
        'B' | 'b' => "e9",
        'T' | 't' => "e12",
        last if last.is_ascii_digit() => return Some((text, "")),
        _ => "",
    };
    if !letter.is_empty() {
        return Some((text[..text.len() - 1].trim_end(), letter));
    }
    let word = POWERS.iter().find_map(|(word, power)| {
        let (digits, end) = text.split_at_checked(text.len().checked_sub(word.len())?)?;
        (end.to_lowercase() == *word).then(|| (digits.trim_end(), *power))
    });
    Some(word.unwrap_or((text, "")))
}

/// Reads a sum, such as a volume, which may have a sign of its own: `43.90K` beside prices with decimal commas.
pub fn parse_sum(text: &str, decimal: Decimal) -> Option<f64> {
    let other = || parse(text, Decimal::Point).filter(|_| decimal == Decimal::Comma && !text.contains(','));
    parse(text, decimal).or_else(other)
}

/// Reads a whole number, also one that is written as `308.0` or `3.08e+02`.
pub(super) fn id(text: &str) -> Option<u64> {
    let whole = text.split_once('.').filter(|(_, zeros)| zeros.bytes().all(|byte| byte == b'0'));
    let plain = whole.map_or(text, |(whole, _)| whole).parse().ok();
    plain.or_else(|| counted(text, Decimal::Point).filter(|_| text.contains(['e', 'E'])))
}

/// Reads a whole number as people write one: `1,234`, `308,0`.
pub(super) fn counted(text: &str, decimal: Decimal) -> Option<u64> {
    // above that not every whole number is one of floating point
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    let number = parse(text, decimal)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is within 2^53")]
    let whole = number as u64;
    ((0.0..=LARGEST).contains(&number) && number.fract() == 0.0).then_some(whole)
}

/// A number without its currency, in front or behind.
pub(super) fn bare(text: &str) -> &str {
    #[rustfmt::skip]
    const CODES: [&str; 20] = [
        "USDT", "USD", "EUR", "GBP", "CHF", "JPY", "INR", "SEK", "NOK", "DKK", "PLN", "BTC", "US", "HK", "R", "A", "C",
        "Rs.", "kr", "zł",
    ];
    let is_sign =
        |sign: char| matches!(sign, '$' | '€' | '£' | '¥' | '₹' | '₩' | '₽' | '₿') || sign.is_whitespace();
    let front = CODES.iter().find_map(|code| {
        let rest = text.strip_prefix(code)?;
        rest.starts_with(is_sign).then_some(rest)
    });
    let text = front.unwrap_or(text).trim_start_matches(is_sign);
    let behind = CODES.iter().find_map(|code| {
        let rest = text.strip_suffix(code)?;
        rest.ends_with(is_sign).then_some(rest)
    });
    behind.unwrap_or(text).trim_end_matches(is_sign)
}

/// Digits without the signs between thousands; `None` where they do not stand between groups of two or three digits
/// of which the last is one of three.
fn together(whole: &str) -> Option<String> {
    let is_between = |sign: char| matches!(sign, ',' | '.' | '\'' | '’' | '_') || sign.is_whitespace();
    let mut groups = whole.split(is_between);
    let first = groups.next()?;
    let others: Vec<&str> = groups.collect();
    let fits = |(at, group): (usize, &&str)| group.len() == 3 || (group.len() == 2 && at + 1 < others.len());
    let grouped = others.iter().enumerate().all(fits);
    let begins = others.is_empty() || (1..=4).contains(&first.len());
    (grouped && begins).then(|| [&[first], &others[..]].concat().concat())
}

/// Whether a cell says that there is nothing in it.
pub fn is_absent(text: &str) -> bool {
    let words = ["", "nan", "null", "none", "n/a", "#n/a", "na", "<na>", "-", ".", "--"];
    let text = text.trim();
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Reads a positive decimal.
pub(super) fn positive(role: Role, text: &str, decimal: Decimal) -> Result<f64, String> {
    match parse(text, decimal) {
        Some(number) if number > 0.0 && number < MOST_PRICE => Ok(number),
        Some(number) if number < 0.0 => Err(format!(
            "{} must be a positive decimal, was {}: a price below 0 has no return and no logarithm",
            role.name(),
            quoted(text)
        )),
        _ => Err(format!("{} must be a positive decimal, was {}", role.name(), quoted(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let point = [
            ("44,951.1", 44_951.1),
            ("8.18K", 8_180.0),
            ("1.2M", 1_200_000.0),
            ("$185.64", 185.64),
            ("US$ 41,945.00", 41_945.0),
            ("185.64 EUR", 185.64),
            ("1e-05", 1e-5),
            ("12,34,567.5", 1_234_567.5),
            ("1'234.5", 1_234.5),
            ("308.0", 308.0),
            ("-3", -3.0),
            ("1000万", 10_000_000.0),
            ("1.25 亿", 125_000_000.0),
            ("1,250 K", 1_250_000.0),
            ("1.25 mln", 1_250_000.0),
            ("1.25bn", 1_250_000_000.0),
            ("3 Crore", 30_000_000.0),
        ];
        for (text, number) in point {
            assert_eq!(parse(text, Decimal::Point), Some(number), "{text}");
        }
        for (text, number) in [
            ("59,75", 59.75),
            ("1.234,5", 1_234.5),
            ("1 234,5", 1_234.5),
            ("1\u{2009}234,5", 1_234.5),
            ("1,5e-3", 0.0015),
            ("1,25 Mio.", 1_250_000.0),
            ("2 млрд", 2_000_000_000.0),
        ] {
            assert_eq!(parse(text, Decimal::Comma), Some(number), "{text}");
        }
        for text in
            ["", "x", "万", "1 apples", "US", "A1", "inf", "NaN", "1,2", "1,23,4", "1e999", "K", "1-2", "१"]
        {
            assert_eq!(parse(text, Decimal::Point), None, "{text}");
        }
    }

    #[test]
    fn a_whole_number_may_have_an_exponent() {
        assert_eq!(
            ["308", "308.0", "3.08e+02", "9.007e15"].map(id),
            [308, 308, 308, 9_007_000_000_000_000].map(Some)
        );
        assert_eq!(["1e300", "1.5e0", "-1e1", "1,234", "1K"].map(id), [None; 5]);
        assert_eq!((counted("1.234", Decimal::Comma), counted("1,5", Decimal::Comma)), (Some(1_234), None));
    }

    proptest! {
        #[test]
        fn a_number_comes_back_in_either_sign(number in -1e12_f64..1e12) {
            let text = number.to_string();
            prop_assert_eq!(parse(&text, Decimal::Point), Some(number));
            prop_assert_eq!(parse(&text.replace('.', ","), Decimal::Comma), Some(number));
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), digits in "[0-9., 'kKmM$e-]{0,12}") {
            for text in [text, digits] {
                for decimal in [Decimal::Point, Decimal::Comma] {
                    prop_assert!(parse(&text, decimal).is_none_or(f64::is_finite));
                }
            }
        }
    }
}
