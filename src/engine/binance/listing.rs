//! The markets of a venue, over REST.

use crate::settings::Source;
use serde::{Deserialize, Serialize};

/// A market of a venue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The coin.
    pub base: String,
    /// What it is priced in.
    pub quote: String,
    /// Whether it trades; false while it is halted or in a break.
    pub trading: bool,
}

/// A venue's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The venue.
    pub source: Source,
    /// Its markets, or why they are not known.
    pub markets: Result<Vec<Listed>, String>,
}

/// The address of the question, which weighs 20 of the 6,000 that a minute allows; `None` where none is to be
/// asked.
pub fn url(source: &Source) -> Option<String> {
    let host = source.rest_hosts().into_iter().next()?;
    Some(match source {
        // megabytes of permissions otherwise
        Source::Binance | Source::Loopback { .. } | Source::Demo => {
            format!("{host}/api/v3/exchangeInfo?permissions=SPOT&showPermissionSets=false")
        }
        Source::BinanceUs | Source::Recording => format!("{host}/api/v3/exchangeInfo"),
    })
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

/// Reads an answer. A market whose name is not its two assets, or not plain letters and digits, is left out:
/// its streams could not be asked for.
///
/// # Errors
/// The sentence to show when the body is no such answer.
pub fn parse(body: &str) -> Result<Vec<Listed>, String> {
    let answer: Answer =
        serde_json::from_str(body).map_err(|error| format!("the list of markets: {error}"))?;
    let listed = answer.symbols.into_iter().filter_map(|entry| {
        let Entry { symbol, status, base_asset: base, quote_asset: quote } = entry;
        let plain = crate::Symbol::new(&symbol).is_ok_and(|symbol| symbol.is_plain())
            && symbol == format!("{base}{quote}");
        plain.then(|| Listed { base, quote, trading: status == "TRADING" })
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
            {"symbol":"币安人生USDT","status":"TRADING","baseAsset":"币安人生","quoteAsset":"USDT"}]}"#;
        let listed = parse(body).unwrap();
        let told: Vec<_> = listed.iter().map(|market| (market.base.as_str(), market.trading)).collect();
        assert_eq!(told, [("BTC", true), ("LUNA", false)]);
    }

    #[test]
    fn what_is_no_list_is_said_to_be_none() {
        for body in ["", "[]", r#"{"symbols":[{"symbol":1}]}"#, r#"{"code":-1121}"#] {
            assert!(parse(body).is_err_and(|reason| reason.starts_with("the list of markets: ")), "{body}");
        }
    }
}
