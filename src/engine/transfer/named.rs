//! What names within JSON say of the market that rows are of.

use super::file_words;
use super::market_name;

/// Whether a member called `name` says which market the rows beside it are of, and `text` is one.
pub(super) fn names_market(name: &str, text: &str) -> bool {
    const NAMES: [&str; 11] = [
        "symbol",
        "ticker",
        "pair",
        "instid",
        "instrument",
        "instrumentname",
        "productid",
        "currencypair",
        "secid",
        "market",
        "tradingpair",
    ];
    let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    let is_known = NAMES.contains(&plain.as_str());
    // a name may be one of a company
    let is_short = plain == "name" && !text.contains(' ') && !text.contains(char::is_lowercase);
    (is_known || is_short) && text.contains(char::is_alphanumeric) && market_name::symbol(text).is_ok()
}

/// Whether a member called `name` holds what is said about the rows beside it.
pub(super) fn is_about(name: &str) -> bool {
    let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    matches!(plain.as_str(), "meta" | "metadata" | "info" | "header" | "about")
}

/// Whether a name around rows may be that of their market: it is no word about any rows, no length and no year.
pub(super) fn may_be_market(name: &str) -> bool {
    let is_year = name.len() == 4
        && name.starts_with(['1', '2'])
        && name.parse::<u16>().is_ok_and(|year| (1900..2100).contains(&year));
    !name.is_empty() && !is_general(name) && !is_year && !file_words::is_length(name)
}

/// Whether a list has a name that says nothing of a market.
fn is_general(name: &str) -> bool {
    const GENERAL: [&str; 62] = [
        "data",
        "result",
        "results",
        "rows",
        "list",
        "ohlc",
        "ohlcv",
        "ohlcvs",
        "candle",
        "candles",
        "candlestick",
        "candlesticks",
        "klines",
        "kline",
        "values",
        "value",
        "prices",
        "price",
        "history",
        "historical",
        "historicaldata",
        "historicalprices",
        "historicalstocklist",
        "bars",
        "bar",
        "items",
        "records",
        "trades",
        "quotes",
        "quote",
        "series",
        "chart",
        "chartdata",
        "marketcaps",
        "totalvolumes",
        "response",
        "payload",
        "body",
        "content",
        "points",
        "datapoints",
        "dataset",
        "ticks",
        "markets",
        "symbols",
        "tickers",
        "instruments",
        "stocks",
        "assets",
        "coins",
        "pairs",
        "entries",
        "output",
        "table",
        "objects",
        "documents",
        "hits",
        "source",
        "spark",
        "eod",
        "spot",
        "futures",
    ];
    let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    GENERAL.contains(&plain.as_str()) || plain.starts_with("timeseries") || plain.starts_with("metadata")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_years_and_words_about_rows_are_no_markets() {
        for name in ["KO", "btc_usdt", "700", "BTC/USDT", "gold"] {
            assert!(may_be_market(name), "{name}");
        }
        for name in ["", "data", "1h", "Daily", "candles_1d", "2024", "Time Series (60min)"] {
            assert!(!may_be_market(name), "{name}");
        }
        assert!(names_market("2. Symbol", "KO") && names_market("name", "KO"));
        assert!(
            !names_market("name", "Coca-Cola") && !names_market("code", "0") && !names_market("symbol", "")
        );
        assert!(is_about("Meta Data") && !is_about("data"));
    }
}
