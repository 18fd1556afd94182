//! Last prices and 24-hour volumes over REST: the requests and the responses.

use super::field;
use crate::Symbol;
use crate::base::number;
use crate::settings::Source;
use serde_json::Value;

/// The URL of the request for all of `symbols`.
pub fn url(host: &str, symbols: &[&Symbol]) -> String {
    let names: Vec<String> = symbols.iter().map(|symbol| format!("%22{}%22", symbol.in_query())).collect();
    format!("{host}/api/v3/ticker/price?symbols=%5B{}%5D", names.join(","))
}

/// Reads a response, whole or not at all:
/// ```json
/// [{"symbol":"BTCUSDT","price":"60000.00000000"}]
/// ```
///
/// # Errors
/// What is wrong with it, as a clause.
pub fn parse(body: &str) -> Result<Vec<(Symbol, f64)>, String> {
    let value: Value =
        serde_json::from_str(body).map_err(|error| format!("the response is not JSON: {error}"))?;
    let rows = value.as_array().ok_or("the response must be a list of prices")?;
    let read = |row: &Value| {
        let text = |name: &str| {
            let value = row.get(name).unwrap_or(&Value::Null);
            value.as_str().ok_or_else(|| format!("{name} must be a string, was {value}"))
        };
        let symbol = Symbol::new(text("symbol")?).map_err(|error| error.to_string())?;
        let price = field::decimal("price", text("price")?).map_err(|error| error.to_string())?;
        Ok((symbol, price))
    };
    rows.iter().map(read).collect()
}

/// The URL of the request for the last 24 hours of every market; its weight is 80.
pub fn days_url(source: &Source, host: &str) -> String {
    format!("{host}/api/v3/ticker/24hr{}", source.offer().days)
}

/// The last 24 hours of a market.
#[derive(Debug, Clone, PartialEq)]
pub struct DayFigures {
    /// The market.
    pub symbol: Symbol,
    /// Quote volume.
    pub quote_volume: f64,
    /// Lowest and highest price, if given.
    pub range: Option<(f64, f64)>,
}

/// Reads each market's quote volume and range over the last 24 hours. Leaves out a market whose name is not a valid
/// [`Symbol`] or whose volume is not a number.
/// ```json
/// [{"symbol":"BTCUSDT","lastPrice":"60000.00000000","quoteVolume":"1234567890.10000000"}]
/// ```
///
/// # Errors
/// What is wrong with it, as a clause.
pub fn parse_days(body: &str) -> Result<Vec<DayFigures>, String> {
    let value: Value =
        serde_json::from_str(body).map_err(|error| format!("the response is not JSON: {error}"))?;
    let rows = value.as_array().ok_or("the response must be a list of markets")?;
    let read = |row: &Value| {
        let symbol = Symbol::new(row.get("symbol")?.as_str()?).ok()?;
        let number = |name: &str| number::parse(row.get(name)?.as_str()?);
        let quote_volume = number("quoteVolume")?;
        let range = number("lowPrice").zip(number("highPrice"));
        (quote_volume >= 0.0).then_some(DayFigures { symbol, quote_volume, range })
    };
    Ok(rows.iter().filter_map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_a_market_with_an_odd_name_or_volume_is_left_out() {
        let row = |symbol: &str, volume: &str| format!(r#"{{"symbol":"{symbol}","quoteVolume":"{volume}"}}"#);
        let whole =
            r#"{"symbol":"DAIUSDT","quoteVolume":"1","lowPrice":"0.9990","highPrice":"1.0010"}"#.to_owned();
        let body =
            [row("BTCUSDT", "9.5"), whole, row("A/BUSDT", "1"), row("ETHUSDT", "NaN"), "{}".to_owned()];
        let days = parse_days(&format!("[{}]", body.join(","))).unwrap();
        let of = |name: &str, quote_volume: f64, range: Option<(f64, f64)>| DayFigures {
            symbol: Symbol::new(name).unwrap(),
            quote_volume,
            range,
        };
        assert_eq!(days, [of("BTCUSDT", 9.5, None), of("DAIUSDT", 1.0, Some((0.999, 1.001)))]);
        assert_eq!(parse_days("{}").unwrap_err(), "the response must be a list of markets");
        assert!(days_url(&Source::BinanceUs, "https://host").ends_with("/24hr"));
    }

    #[test]
    fn a_bad_response_is_refused_whole_with_what_is_wrong() {
        let good = r#"{"symbol":"BTCUSDT","price":"60000.10"}"#;
        assert_eq!(parse(&format!("[{good}]")), Ok(vec![(Symbol::new("BTCUSDT").unwrap(), 60_000.1)]));
        for (row, said) in [
            (r#"{"symbol":"ETHUSDT","price":1}"#, "price must be a string, was 1"),
            (r#"{"price":"1"}"#, "symbol must be a string, was null"),
            (r#"{"symbol":"ETHUSDT","price":"-1"}"#, "field price must be a positive decimal, was -1"),
        ] {
            assert_eq!(parse(&format!("[{good},{row}]")), Err(said.to_owned()));
        }
        assert!(parse("[").is_err_and(|said| said.starts_with("the response is not JSON")));
    }
}
