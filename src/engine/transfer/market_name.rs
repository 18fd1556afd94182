//! The name of a market, as files and their names write it.

use crate::Symbol;

/// What a pair is priced in.
const QUOTES: [&str; 18] = [
    "USDT", "USDC", "FDUSD", "TUSD", "BUSD", "USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "KRW", "TRY",
    "BTC", "XBT", "ETH", "BNB",
];

/// What else is priced, and never prices a currency.
#[rustfmt::skip]
const COINS: [&str; 34] = [
    "BTC", "XBT", "ETH", "BNB", "XRP", "LTC", "BCH", "BSV", "ETC", "DASH", "XMR", "ZEC", "EOS", "ADA", "DOGE", "SOL",
    "DOT", "TRX", "XLM", "LINK", "AVAX", "MATIC", "POL", "ATOM", "UNI", "AAVE", "ALGO", "FIL", "NEAR", "SHIB", "PEPE",
    "SUI", "APT", "TON",
];
/// Currencies that are named in front of coins where the quote is.
const FIRST: [&str; 6] = ["USDT", "USDC", "TUSD", "BUSD", "KRW", "THB"];

/// Whether a name is that of a currency that others are priced in.
pub(super) fn is_quote(name: &str) -> bool {
    QUOTES.contains(&name)
}

/// The name of a market as it is kept: two coins without the sign between them, and without an exchange in front.
///
/// # Errors
/// What a symbol must be, with the text given.
pub fn symbol(text: &str) -> Result<Symbol, String> {
    // '600519 and ="600519" are texts to a spreadsheet
    let text = text.trim().trim_start_matches('=').trim_matches(['\'', '"', '\u{2019}']).trim();
    // BINANCE:BTCUSDT, and BTC/USDT:USDT of a perpetual contract
    let text = match text.split_once(':') {
        Some((pair, _)) if pair.contains('/') => pair,
        Some((_, name)) => name,
        None => text,
    };
    let name = match text.split_once(['/', '-', '_']) {
        // Upbit and Poloniex name the quote first: KRW-BTC, USDT_BTC
        Some((quote, base)) if is_one_of(&FIRST, quote) && is_one_of(&COINS, base) => {
            format!("{base}{quote}")
        }
        Some((base, quote)) if QUOTES.iter().any(|known| quote.eq_ignore_ascii_case(known)) => {
            format!("{base}{quote}")
        }
        _ => text.replace('/', "-"),
    };
    Symbol::new(&name).map_err(|error| error.to_string())
}

fn is_one_of(known: &[&str], name: &str) -> bool {
    known.iter().any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_market_has_one_name_however_it_is_written() {
        let cases = [
            ("BTC/USDT", "BTCUSDT"),
            ("btc-usd", "BTCUSD"),
            ("BTC_USDT", "BTCUSDT"),
            ("BINANCE:BTCUSDT", "BTCUSDT"),
            ("BTC/USDT:USDT", "BTCUSDT"),
            ("KRW-BTC", "BTCKRW"),
            ("USDT_XRP", "XRPUSDT"),
            ("USDC-USDT", "USDCUSDT"),
            ("USDT-EUR", "USDTEUR"),
            ("BRK-B", "BRK-B"),
            ("BRK.B", "BRK.B"),
            ("CL=F", "CL=F"),
            ("'600519", "600519"),
            ("=\"000858\"", "000858"),
        ];
        for (text, name) in cases {
            assert_eq!(super::symbol(text).unwrap().as_str(), name);
        }
        assert!(super::symbol("/").is_err() && super::symbol("").is_err());
    }
}
