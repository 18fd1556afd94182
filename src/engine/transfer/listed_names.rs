//! Names of files as sites that list stocks, funds and indices write them.

use super::file_words::{EXCHANGES, is_noise, length_of};
use super::market_name;
use crate::Symbol;

/// A name of one letter, or with the place of an exchange behind it, as Yahoo spells them: `D`, `RELIANCE.NS`.
pub(super) fn listed(stem: &str) -> Option<Symbol> {
    const PLACES: [&str; 44] = [
        "NS", "BO", "HK", "T", "SS", "SZ", "KS", "KQ", "TW", "TWO", "L", "DE", "F", "BE", "MU", "SG", "PA",
        "AS", "BR", "LS", "MI", "MC", "SW", "VI", "ST", "CO", "OL", "HE", "IC", "WA", "PR", "BD", "AT", "IS",
        "SA", "MX", "BA", "TO", "V", "AX", "NZ", "JK", "KL", "SI",
    ];
    let is_letter = stem.len() == 1 && stem.bytes().all(|byte| byte.is_ascii_uppercase());
    let has_place = stem.rsplit_once('.').is_some_and(|(name, place)| {
        let is_sign =
            |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || "-&".contains(letter);
        PLACES.contains(&place) && (1..=16).contains(&name.len()) && name.chars().all(is_sign)
    });
    (is_letter || has_place).then(|| market_name::symbol(stem).ok())?
}

/// A market behind the name of its exchange: `HKEX_700`, `CME_MINI_ES1!`.
pub(super) fn of_exchange(stem: &str) -> Option<Symbol> {
    const PARTS: [&str; 5] = ["DLY", "MINI", "EOD", "IDC", "DL"];
    let mut words = stem.split('_').peekable();
    let is_one_of = |known: &[&str], word: &str| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    words.next().filter(|word| is_one_of(&EXCHANGES, word))?;
    while words.next_if(|word| is_one_of(&PARTS, word)).is_some() {}
    let market = words.next().filter(|_| words.next().is_none())?;
    let is_sign =
        |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || ".!-&".contains(letter);
    let fits = (1..=16).contains(&market.len()) && market.chars().all(is_sign) && length_of(market).is_none();
    (fits && !is_noise(market)).then(|| market_name::symbol(market).ok())?
}

/// Stooq's names: a market in small letters, its exchange, the length of a bar: `brk-b_us_d`, `^spx_d`.
pub(super) fn stooq(stem: &str) -> Option<Symbol> {
    let (name, length) = stem.rsplit_once('_')?;
    let name = ["us", "uk", "de", "pl", "jp", "hk", "hu"]
        .iter()
        .find_map(|place| name.strip_suffix(place).and_then(|name| name.strip_suffix(['_', '.'])))
        .unwrap_or(name);
    let is_sign =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-.^".contains(letter);
    let fits = matches!(length, "d" | "w" | "m") && name.len() <= 10 && name.chars().all(is_sign);
    fits.then(|| market_name::symbol(name).ok())?
}

/// `MarketWatch`'s names: what it is, its country, its exchange, the market: `STOCK_US_XNYS_KO`.
pub(super) fn of_site(stem: &str) -> Option<Symbol> {
    const KINDS: [&str; 8] =
        ["STOCK", "FUND", "INDEX", "FUTURE", "CURRENCY", "CRYPTOCURRENCY", "BOND", "EXCHANGETRADEDFUND"];
    let parts: Vec<&str> = stem.split('_').collect();
    let [kind, country, _, market] = parts[..] else { return None };
    let is_place = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    (KINDS.contains(&kind) && is_place).then(|| market_name::symbol(market).ok())?
}
