//! Best bid and ask, and the order size rules of markets, over REST.

use crate::Symbol;
use crate::base::number;
use serde::{Deserialize, Serialize};

/// Weight of a request for the books of several markets.
pub const BOOKS_WEIGHT: u32 = 4;
/// Weight of a request for the order rules of some markets.
pub const RULES_WEIGHT: u32 = 20;

/// The top of a market's book.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BookTop {
    /// Best bid price.
    pub bid: f64,
    /// Quantity at the best bid, base currency.
    pub bid_size: f64,
    /// Best ask price.
    pub ask: f64,
    /// Quantity at the best ask, base currency.
    pub ask_size: f64,
}

impl BookTop {
    /// Half the bid-ask spread, in basis points of the mid price.
    pub fn half_spread_bps(&self) -> f64 {
        1e4 * (self.ask - self.bid) / (self.ask + self.bid)
    }
}

/// The exchange's order rules for one market. A filter that the market lacks is 0.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct LotRules {
    /// Quantities are whole multiples of this.
    pub lot_step: f64,
    /// Smallest quantity.
    pub least_quantity: f64,
    /// Largest quantity; 0 if there is no limit.
    pub most_quantity: f64,
    /// Prices are whole multiples of this.
    pub tick: f64,
    /// Smallest order value, quote currency.
    pub least_notional: f64,
    /// Largest order value, quote currency; 0 if there is no limit.
    pub most_notional: f64,
    /// Largest quantity of a market order; 0 if there is no limit.
    pub most_market_quantity: f64,
}

/// The URL of the request for the books of `symbols`.
pub fn books_url(host: &str, symbols: [&Symbol; 2]) -> String {
    format!("{host}/api/v3/ticker/bookTicker?symbols={}", list(symbols))
}

/// The URL of the request for the order rules of `symbols`.
pub fn rules_url(host: &str, symbols: [&Symbol; 2]) -> String {
    format!("{host}/api/v3/exchangeInfo?symbols={}&showPermissionSets=false", list(symbols))
}

fn list([y, x]: [&Symbol; 2]) -> String {
    format!("%5B%22{}%22,%22{}%22%5D", y.in_query(), x.in_query())
}

/// ```json
/// [{"symbol": "BTCUSDT", "bidPrice": "60000.00", "bidQty": "1.5", "askPrice": "60000.01", "askQty": "0.2"}]
/// ```
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BookRow {
    symbol: String,
    bid_price: String,
    bid_qty: String,
    ask_price: String,
    ask_qty: String,
}

/// Reads the books of `symbols` from a response.
///
/// # Errors
/// What is wrong with the response, as a clause: not JSON, a market missing, an empty side, or a bid above the
/// ask.
pub fn parse_books(body: &str, symbols: [&Symbol; 2]) -> Result<[BookTop; 2], String> {
    let rows: Vec<BookRow> =
        serde_json::from_str(body).map_err(|error| format!("the books cannot be read: {error}"))?;
    let [y, x] = symbols.map(|symbol| {
        let row = rows.iter().find(|row| row.symbol == symbol.as_str());
        top(row.ok_or_else(|| format!("the response has no book of {symbol}"))?)
    });
    Ok([y?, x?])
}

fn top(row: &BookRow) -> Result<BookTop, String> {
    let positive = |name: &str, text: &str| {
        let number = number::parse(text).filter(|number| *number > 0.0);
        number.ok_or_else(|| format!("{name} of {} must be a positive decimal, was {text:?}", row.symbol))
    };
    let book = BookTop {
        bid: positive("bidPrice", &row.bid_price)?,
        bid_size: positive("bidQty", &row.bid_qty)?,
        ask: positive("askPrice", &row.ask_price)?,
        ask_size: positive("askQty", &row.ask_qty)?,
    };
    if book.bid > book.ask {
        return Err(format!(
            "the book of {} is crossed: bid {} above ask {}",
            row.symbol, book.bid, book.ask
        ));
    }
    Ok(book)
}

#[derive(Deserialize)]
struct Info {
    symbols: Vec<InfoRow>,
}

#[derive(Deserialize)]
struct InfoRow {
    symbol: String,
    #[serde(default)]
    filters: Vec<Filter>,
}

/// ```json
/// {"filterType": "LOT_SIZE", "minQty": "0.00001000", "maxQty": "9000.00000000", "stepSize": "0.00001000"}
/// ```
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    #[serde(rename = "filterType")]
    name: String,
    #[serde(default)]
    tick_size: Option<String>,
    #[serde(default)]
    min_qty: Option<String>,
    #[serde(default)]
    max_qty: Option<String>,
    #[serde(default)]
    step_size: Option<String>,
    #[serde(default)]
    min_notional: Option<String>,
    #[serde(default)]
    max_notional: Option<String>,
}

/// Reads the order rules of `symbols` from an `exchangeInfo` response.
///
/// # Errors
/// What is wrong with the response, as a clause.
pub fn parse_rules(body: &str, symbols: [&Symbol; 2]) -> Result<[LotRules; 2], String> {
    let info: Info =
        serde_json::from_str(body).map_err(|error| format!("the market's rules cannot be read: {error}"))?;
    let [y, x] = symbols.map(|symbol| {
        let row = info.symbols.iter().find(|row| row.symbol == symbol.as_str());
        rules(row.ok_or_else(|| format!("the response has no rules of {symbol}"))?)
    });
    Ok([y?, x?])
}

fn rules(row: &InfoRow) -> Result<LotRules, String> {
    let number = |name: &str, text: &Option<String>| {
        let Some(text) = text else { return Ok(0.0) };
        let number = number::parse(text).filter(|number| *number >= 0.0);
        number.ok_or_else(|| format!("{name} of {} must be a decimal, was {text:?}", row.symbol))
    };
    let mut rules = LotRules::default();
    for filter in &row.filters {
        match filter.name.as_str() {
            "PRICE_FILTER" => rules.tick = number("tickSize", &filter.tick_size)?,
            "LOT_SIZE" => {
                rules.lot_step = number("stepSize", &filter.step_size)?;
                rules.least_quantity = number("minQty", &filter.min_qty)?;
                rules.most_quantity = number("maxQty", &filter.max_qty)?;
            }
            "NOTIONAL" | "MIN_NOTIONAL" => {
                rules.least_notional = number("minNotional", &filter.min_notional)?;
                rules.most_notional = number("maxNotional", &filter.max_notional)?;
            }
            "MARKET_LOT_SIZE" => {
                rules.most_market_quantity = number("maxQty", &filter.max_qty)?;
            }
            _ => {}
        }
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols() -> [Symbol; 2] {
        ["BTCUSDT", "ETHUSDT"].map(|name| Symbol::new(name).unwrap())
    }

    #[test]
    fn both_books_are_read_whole_or_the_response_is_refused_with_what_is_wrong() {
        let [y, x] = symbols();
        let row = |name: &str, bid: &str, size: &str| {
            format!(
                r#"{{"symbol":"{name}","bidPrice":"{bid}","bidQty":"{size}","askPrice":"100.10","askQty":"2"}}"#
            )
        };
        let body = format!("[{},{}]", row("ETHUSDT", "99.90", "1"), row("BTCUSDT", "100.00", "3"));
        let [book_y, book_x] = parse_books(&body, [&y, &x]).unwrap();
        assert_eq!((book_y.bid, book_y.bid_size, book_x.bid), (100.0, 3.0, 99.9));
        assert!((book_x.half_spread_bps() - 10.0).abs() < 1e-9, "0.1 of 100");
        for (bid, size, said) in [
            ("100.00", "0.00", "bidQty of BTCUSDT must be a positive decimal, was \"0.00\""),
            ("nan", "1", "bidPrice of BTCUSDT must be a positive decimal, was \"nan\""),
            ("101", "1", "the book of BTCUSDT is crossed: bid 101 above ask 100.1"),
        ] {
            let body = format!("[{},{}]", row("BTCUSDT", bid, size), row("ETHUSDT", "99.90", "1"));
            assert_eq!(parse_books(&body, [&y, &x]), Err(said.to_owned()));
        }
        let one = format!("[{}]", row("BTCUSDT", "100", "1"));
        assert_eq!(parse_books(&one, [&y, &x]), Err("the response has no book of ETHUSDT".to_owned()));
        assert!(parse_books("{}", [&y, &x]).is_err_and(|said| said.starts_with("the books cannot be read")));
    }

    #[test]
    fn filters_become_rules_and_those_that_are_not_there_are_no_limit() {
        let [y, x] = symbols();
        let body = r#"{"symbols":[{"symbol":"BTCUSDT","filters":[
            {"filterType":"PRICE_FILTER","minPrice":"0.01","maxPrice":"1000000","tickSize":"0.01000000"},
            {"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"9000.0","stepSize":"0.00001000"},
            {"filterType":"ICEBERG_PARTS","limit":10},
            {"filterType":"MARKET_LOT_SIZE","minQty":"0.00000000","maxQty":"120.00000000","stepSize":"0.00000000"},
            {"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true,"maxNotional":"9000000.0"}]},
            {"symbol":"ETHUSDT"}]}"#;
        let [rules_y, rules_x] = parse_rules(body, [&y, &x]).unwrap();
        let expected = LotRules {
            lot_step: 0.00001,
            least_quantity: 0.00001,
            most_quantity: 9_000.0,
            tick: 0.01,
            least_notional: 5.0,
            most_notional: 9_000_000.0,
            most_market_quantity: 120.0,
        };
        assert_eq!((rules_y, rules_x), (expected, LotRules::default()));
        let bad = body.replace("5.00000000", "-5");
        let said = "minNotional of BTCUSDT must be a decimal, was \"-5\"";
        assert_eq!(parse_rules(&bad, [&y, &x]), Err(said.to_owned()));
        // a step of 0 is as good as none
        let step = r#""stepSize":"0.00001000""#;
        for written in [r#""stepSize":"0.00000000""#, r#""otherSize":"1""#] {
            let rules = parse_rules(&body.replace(step, written), [&y, &x]).unwrap();
            assert_eq!(rules, [LotRules { lot_step: 0.0, ..expected }, LotRules::default()], "{written}");
        }
        let bad = body.replace(step, r#""stepSize":"small""#);
        let said = "stepSize of BTCUSDT must be a decimal, was \"small\"";
        assert_eq!(parse_rules(&bad, [&y, &x]), Err(said.to_owned()));
        let number = body.replace(step, r#""stepSize":0.5"#);
        assert!(parse_rules(&number, [&y, &x]).is_err_and(|said| said.contains("cannot be read")));
    }
}
