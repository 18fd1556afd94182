//! The text of a date, without what people and programs put into it besides.

use std::borrow::Cow;

/// A date without blanks beside the signs in it, `2024- 01- 02`, without the weekday behind it, and with signs for the
/// words of Chinese, Japanese and Korean.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let mut plain = Cow::Borrowed(text);
    if text.contains(['年', '년']) {
        let signs = text.replace(['年', '月', '년', '월'], "-").replace(['日', '일'], " ");
        plain = Cow::Owned(signs.trim_end().to_owned());
    }
    let weekday = plain.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    if let Some((date, _)) =
        weekday.filter(|(_, name)| name.len() < 16 && name.chars().all(char::is_alphabetic))
    {
        let date = date.trim_end();
        // `GMT+0100 (CET)` names a zone
        if !date.contains(['+', ':']) {
            plain = Cow::Owned(date.to_owned());
        }
    }
    let is_sign = |letter: char| matches!(letter, '-' | '/' | '.');
    let is_apart = |at: usize| {
        let (before, behind) = (plain[..at].trim_end(), plain[at + 1..].trim_start());
        let is_wide = before.len() < at || behind.len() < plain.len() - at - 1;
        let ends = behind.is_empty() && plain[at..].starts_with('.');
        (is_wide || ends)
            && before.ends_with(|letter: char| letter.is_ascii_digit())
            && (ends || behind.starts_with(|letter: char| letter.is_ascii_digit()))
    };
    if !plain.find(is_sign).is_some_and(|at| at <= 6 && is_apart(at)) {
        return plain;
    }
    // the second sign of the date, and the one behind it
    let mut closed = String::with_capacity(plain.len());
    let (mut rest, mut signs) = (&plain[..], 0);
    while let Some(at) = rest.find(is_sign).filter(|_| signs < 3) {
        let behind = rest[at + 1..].trim_start();
        if signs == 2 && !behind.is_empty() {
            break;
        }
        closed.push_str(rest[..at].trim_end());
        if signs < 2 {
            closed.push_str(&rest[at..=at]);
        }
        (rest, signs) = (behind, signs + 1);
    }
    closed.push_str(rest);
    Cow::Owned(closed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blanks_words_and_weekdays_are_left_out() {
        for (text, expected) in [
            ("2024- 01- 02", "2024-01-02"),
            ("2. 1. 2024 9:30", "2.1.2024 9:30"),
            ("2024. 01. 02.", "2024.01.02"),
            ("13 / 01 / 2024", "13/01/2024"),
            ("2024年1月2日", "2024-1-2"),
            ("2024년 1월 2일 9:30", "2024-1-2  9:30"),
            ("2024-01-02 (Tue)", "2024-01-02"),
        ] {
            assert_eq!(plain(text), expected);
        }
        for text in
            ["2024-01-02", "2024-01-02 - 09:30", "2. May 2024", "01.02.2024 00:00 GMT+0100 (CET)", "Jan. 2"]
        {
            assert_eq!(plain(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), date in "[0-9./ 年()-]{0,16}") {
            prop_assert!(plain(&text).len() <= text.len() + 8 && plain(&date).len() <= date.len() + 8);
        }
    }
}
