//! Names of markets.

use core::fmt;
use serde::{Deserialize, Serialize};

/// A market's name in upper case: `BTCUSDT` as REST and payloads spell it, or a name of 1 to 40 characters from
/// a file, such as `BRK.B`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Symbol(String);

/// Why a text is not a [`Symbol`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("symbol must be 1 to 40 letters, digits or . - _ & ^ = + !, such as BTCUSDT, was {0:?}")]
pub struct SymbolError(pub String);

impl Symbol {
    /// Longest name, in characters.
    pub const LONGEST: usize = 40;

    /// Returns the symbol that `text` names, with its ASCII letters in upper case. Other letters keep their
    /// case: the tables for them are 24 kB on every visit.
    ///
    /// # Errors
    /// [`SymbolError`] when `text` is empty or longer than [`Self::LONGEST`], holds anything but letters,
    /// digits, `. - _ & ^ = + !` and single spaces, or begins with one of those signs (other than `^`, as indices
    /// do).
    pub fn new(text: &str) -> Result<Self, SymbolError> {
        let name = text.trim().to_ascii_uppercase();
        let is_sign = |letter: char| matches!(letter, '.' | '-' | '_' | '&' | '^' | '=' | '+' | '!' | ' ');
        let begins = name.starts_with(|letter: char| letter.is_alphanumeric() || letter == '^');
        let holds = name.chars().all(|letter| letter.is_alphanumeric() || is_sign(letter));
        if begins && holds && !name.contains("  ") && name.chars().count() <= Self::LONGEST {
            Ok(Self(name))
        } else {
            Err(SymbolError(text.chars().take(Self::LONGEST).collect()))
        }
    }

    /// The upper-case name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name for a stream's address: lower case, percent-encoded.
    pub fn stream_name(&self) -> String {
        percent_encoded(&self.0.to_ascii_lowercase())
    }

    /// The name for a query string: percent-encoded.
    pub fn in_query(&self) -> String {
        percent_encoded(&self.0)
    }

    /// The name without a known quote currency: `BTC` of `BTCUSDT`; the whole name if there is none.
    pub fn base(&self) -> &str {
        self.parts().map_or(&self.0, |(base, _)| base)
    }

    /// The quote currency: `USDT` of `BTCUSDT`; `None` if the name does not end in a known one.
    pub fn quote(&self) -> Option<&'static str> {
        self.parts().map(|(_, quote)| quote)
    }

    fn parts(&self) -> Option<(&str, &'static str)> {
        ["USDT", "USDC", "FDUSD", "TUSD", "BUSD", "USD", "EUR", "BTC", "ETH", "BNB"].into_iter().find_map(
            |quote| self.0.strip_suffix(quote).filter(|base| !base.is_empty()).map(|base| (base, quote)),
        )
    }
}

/// Percent-encodes `text`: every byte of UTF-8 except letters, digits and `-._~`.
///
/// # Source
/// RFC 3986, sections 2.1 and 2.3.
fn percent_encoded(text: &str) -> String {
    let hexadecimal = |half: u8| char::from(b"0123456789ABCDEF"[usize::from(half)]);
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', hexadecimal(byte >> 4), hexadecimal(byte & 15)]);
        }
    }
    encoded
}

impl TryFrom<String> for Symbol {
    type Error = SymbolError;
    fn try_from(text: String) -> Result<Self, SymbolError> {
        Self::new(&text)
    }
}

impl From<Symbol> for String {
    fn from(symbol: Symbol) -> Self {
        symbol.0
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Two markets watched together; the regression is of `y` on `x`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The dependent leg, BTCUSDT by default.
    pub y: Symbol,
    /// The explanatory leg, ETHUSDT by default.
    pub x: Symbol,
}

/// The dollar and the coins that follow it, which are taken for one money.
pub(crate) const DOLLARS: [&str; 6] = ["USDT", "USDC", "FDUSD", "TUSD", "BUSD", "USD"];

impl Pair {
    /// Why money of both legs cannot be added up, as a sentence: they are quoted in two currencies. `None` where they
    /// are in one, or where it is not known.
    pub fn two_currencies(&self) -> Option<String> {
        let (y, x) = self.y.quote().zip(self.x.quote())?;
        let is_one = y == x || [y, x].iter().all(|quote| DOLLARS.contains(quote));
        (!is_one).then(|| {
            format!(
                "{} is priced in {y} and {} in {x}: money of the one cannot be added to that of the other.",
                self.y, self.x
            )
        })
    }

    /// The leg that `symbol` names, if it is one of the two.
    pub fn leg_of(&self, symbol: &str) -> Option<Leg> {
        if self.y.as_str() == symbol {
            Some(Leg::Y)
        } else if self.x.as_str() == symbol {
            Some(Leg::X)
        } else {
            None
        }
    }

    /// The symbol of `leg`.
    pub fn symbol(&self, leg: Leg) -> &Symbol {
        match leg {
            Leg::Y => &self.y,
            Leg::X => &self.x,
        }
    }
}

/// One of the two legs; also its index in `[T; 2]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Leg {
    /// The dependent leg.
    Y = 0,
    /// The explanatory leg.
    X = 1,
}

impl Leg {
    /// Both legs, in index order.
    pub const BOTH: [Self; 2] = [Self::Y, Self::X];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_added_up_in_one_currency_alone() {
        let pair = |y: &str, x: &str| Pair { y: Symbol::new(y).unwrap(), x: Symbol::new(x).unwrap() };
        for [y, x] in [["BTCUSDT", "ETHUSDT"], ["BTCUSDT", "BTCFDUSD"], ["ETHBTC", "BNBBTC"], ["PEP", "KO"]] {
            assert_eq!(pair(y, x).two_currencies(), None);
        }
        let why = pair("BTCEUR", "BTCUSDT").two_currencies().unwrap();
        assert!(why.starts_with("BTCEUR is priced in EUR and BTCUSDT in USDT: "), "{why}");
    }

    #[test]
    fn names_are_upper_cased_and_refused_with_the_text_that_was_given() {
        assert_eq!(Symbol::new(" btcusdt ").unwrap().as_str(), "BTCUSDT");
        assert_eq!(Symbol::new("=CMD()").unwrap_err(), SymbolError("=CMD()".into()));
        for name in ["A", "BRK.B", "^GSPC", "M&M", "EURUSD=X", "币安人生USDT", "S&P 500"] {
            assert_eq!(Symbol::new(name).unwrap().as_str(), name);
        }
        assert_eq!(Symbol::new("s&p 5").unwrap().in_query(), "S%26P%205");
        assert_eq!(Symbol::new("币USDT").unwrap().stream_name(), "%E5%B8%81usdt");
        for name in ["", "-A", "A/B", "A  B", "A\nB", &"A".repeat(41)] {
            assert!(Symbol::new(name).is_err(), "{name}");
        }
    }

    #[test]
    fn the_base_is_what_stands_before_the_quote_currency() {
        assert_eq!(Symbol::new("ETHUSDT").unwrap().base(), "ETH");
        assert_eq!(Symbol::new("ETHBTC").unwrap().base(), "ETH");
        assert_eq!(Symbol::new("USDT").unwrap().base(), "USDT");
    }
}
