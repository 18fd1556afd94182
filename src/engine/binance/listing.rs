//! The markets of a venue, over REST.

use crate::settings::Source;
use serde::{Deserialize, Serialize};

/// One market of a venue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The base currency.
    pub base: String,
    /// The quote currency.
    pub quote: String,
    /// Whether it trades; false during a halt or a break.
    pub trading: bool,
}

/// A venue's response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The venue.
    pub source: Source,
    /// Its markets, or why they are not known.
    pub markets: Result<Vec<Listed>, String>,
}

/// The URL of the request to `host`; its weight is 20 of the 6,000 allowed per minute.
pub fn url(source: &Source, host: &str) -> String {
    format!("{host}/api/v3/exchangeInfo{}", source.offer().listing)
}

/// ```json
/// {"timezone": "UTC", "symbols": [{"symbol": "BTCUSDT", "status": "TRADING",
///   "baseAsset": "BTC", "quoteAsset": "USDT", "isSpotTradingAllowed": true}]}
/// ```
#[derive(Deserialize)]
struct Answer {
    symbols: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    symbol: String,
    status: String,
    base_asset: String,
    quote_asset: String,
}

/// Reads a response. Leaves out a market whose name is not its two assets or is not a valid
/// [`Symbol`](crate::Symbol).
///
/// # Errors
/// A sentence to show if the body is not such a response.
pub fn parse(body: &str) -> Result<Vec<Listed>, String> {
    let response: Answer =
        serde_json::from_str(body).map_err(|error| format!("the list of markets: {error}"))?;
    let listed = response.symbols.into_iter().filter_map(|entry| {
        let Entry { symbol, status, base_asset: base, quote_asset: quote } = entry;
        let is_whole = crate::Symbol::new(&symbol).is_ok() && symbol == format!("{base}{quote}");
        is_whole.then(|| Listed { base, quote, trading: status == "TRADING" })
    });
    Ok(listed.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markets_are_read_and_odd_ones_left_out() {
        let body = r#"{"timezone":"UTC","symbols":[
            {"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","filters":[{}]},
            {"symbol":"LUNAUSDT","status":"BREAK","baseAsset":"LUNA","quoteAsset":"USDT"},
            {"symbol":"币安人生USDT","status":"CANCEL_ONLY","baseAsset":"币安人生","quoteAsset":"USDT"},
            {"symbol":"A/BUSDT","status":"TRADING","baseAsset":"A/B","quoteAsset":"USDT"},
            {"symbol":"ODD","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT"}]}"#;
        let listed = parse(body).unwrap();
        let told: Vec<_> = listed.iter().map(|market| (market.base.as_str(), market.trading)).collect();
        assert_eq!(told, [("BTC", true), ("LUNA", false), ("币安人生", false)]);
    }

    #[test]
    fn what_is_no_list_is_said_to_be_none() {
        for body in ["", "[]", r#"{"symbols":[{"symbol":1}]}"#, r#"{"code":-1121}"#] {
            assert!(parse(body).is_err_and(|reason| reason.starts_with("the list of markets: ")), "{body}");
        }
    }
}
