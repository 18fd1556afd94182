//! Rows as JSON: one trade an object.

use super::members;
use super::number::{Decimal, positive};
use super::plan::Role;
use super::row::{Content, Row};
use super::times::Times;
use super::traded;
use super::zone::Clock;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A trade as a recorder writes it, with the names that are usual:
/// ```json
/// {"symbol":"btcusdt","ts":"2024-08-08T23:54:15.342Z","price":61837.63,"size":0.02}
/// ```
#[derive(Deserialize)]
struct TradeLine<'a> {
    #[serde(borrow, default, alias = "s", alias = "pair", alias = "market", alias = "ticker")]
    symbol: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "timestamp", alias = "time", alias = "T", alias = "trade_time")]
    ts: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "p")]
    price: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "q", alias = "qty", alias = "quantity", alias = "amount")]
    size: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "id", alias = "t")]
    trade_id: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "m", alias = "is_buyer_maker")]
    buyer_is_maker: Option<&'a RawValue>,
}

/// Reads a line that holds one trade; `None` for the brackets around a list.
///
/// # Errors
/// What is wrong with the JSON, or which field cannot be and what it was.
pub fn trade<'a>(line: &'a str, times: &Times, clock: &Clock) -> Result<Option<Row<'a>>, String> {
    if let Some(line) = members::without_nan(line) {
        let own = |row: Row<'_>| Row { symbol: row.symbol.map(|name| Cow::Owned(name.into_owned())), ..row };
        return trade(&line, times, clock).map(|row| row.map(own));
    }
    // a list of objects that stand on a line each is as good
    let text = line.trim().trim_start_matches('[').trim_end_matches([',', ']']).trim();
    if text.is_empty() {
        return Ok(None);
    }
    let line: TradeLine<'_> =
        serde_json::from_str(text).map_err(|error| format!("not a trade in JSON: {error}"))?;
    let needed = |role, value| field(role, value)?.ok_or_else(|| absent(role));
    let time = needed(Role::Time, line.ts)?;
    times.refuse_doubtful(&time)?;
    let time = times.read(&time)?;
    let price = positive(Role::Price, &needed(Role::Price, line.price)?, Decimal::Point)?;
    let size = positive(Role::Size, &needed(Role::Size, line.size)?, Decimal::Point)?;
    let symbol = field(Role::Symbol, line.symbol)?;
    let time = clock.settle(time, symbol.as_deref().unwrap_or_default()).micros;
    let id = match field(Role::TradeId, line.trade_id)? {
        Some(text) => {
            let id = super::number::id(&text);
            Some(id.ok_or_else(|| {
                format!("trade id must be a whole number, was {}", super::refusal::quoted(&text))
            })?)
        }
        None => None,
    };
    let maker = match line.buyer_is_maker.map(RawValue::get) {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    };
    let content = Content::Trade { traded: traded::of_size(price, size, maker), ids: id.map(|id| (id, id)) };
    Ok(Some(Row { symbol, time, content }))
}

/// The text that the time of a trade is read from.
pub(super) fn time_text(line: &str) -> Option<String> {
    let text = line.trim().trim_start_matches('[').trim_end_matches([',', ']']).trim();
    let line: TradeLine<'_> = serde_json::from_str(text).ok()?;
    field(Role::Time, line.ts).ok()?.map(Cow::into_owned)
}

fn field(role: Role, value: Option<&RawValue>) -> Result<Option<Cow<'_, str>>, String> {
    value.map(|value| scalar(role, value.get())).transpose()
}

fn absent(role: Role) -> String {
    format!("{} is absent", role.name())
}

/// The text of a number or a string.
fn scalar(role: Role, raw: &str) -> Result<Cow<'_, str>, String> {
    let refusal =
        || format!("{} must be a text or a number, was {}", role.name(), super::refusal::quoted(raw));
    match raw.as_bytes().first() {
        Some(b'"') => unquoted(raw).ok_or_else(refusal),
        Some(b'-' | b'0'..=b'9') => Ok(Cow::Borrowed(raw)),
        _ => Err(refusal()),
    }
}

/// The text of a JSON string; `None` for another value, and where an escape in it is broken.
pub(super) fn unquoted(raw: &str) -> Option<Cow<'_, str>> {
    match raw.strip_prefix('"')?.strip_suffix('"')? {
        inner if !inner.contains('\\') => Some(Cow::Borrowed(inner)),
        _ => serde_json::from_str(raw).map(Cow::Owned).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trade(line: &str) -> Result<Option<Row<'_>>, String> {
        super::trade(line, &Times::default(), &Clock::utc())
    }
    use proptest::prelude::*;

    fn read(line: &str) -> (Option<String>, i64, f64, f64, Option<(u64, u64)>) {
        match trade(line).unwrap() {
            Some(Row { symbol, time, content: Content::Trade { traded, ids } }) => {
                (symbol.map(Cow::into_owned), time, traded.close, traded.volume.value(), ids)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_recorders_line_is_read_with_numbers_as_numbers_or_as_text() {
        let expected = (Some("btcusdt".to_owned()), 1_723_161_255_342_000, 61_837.63, 0.02, None);
        let lines = [
            r#"{"symbol":"btcusdt","ts":"2024-08-08T23:54:15.342Z","price":61837.63,"size":0.02}"#,
            r#"  {"size":"0.02","price":"61837.63","ts":1723161255342,"symbol":"btcusdt","side":null}, "#,
            r#"[{"s":"btcusdt","timestamp":"2024-08-08T23:54:15.342+00:00","p":"61837.63000000","q":"2e-2"}]"#,
            r#"{"symbol":"btc\u0075sdt","ts":1723161255.342,"price":61837.63,"size":0.02}"#,
        ];
        for line in lines {
            assert_eq!(read(line), expected, "{line}");
        }
        let (_, _, _, _, ids) = read(r#"{"s":"X1","T":1723161255342,"p":"1","q":"1","t":7,"E":1,"m":true}"#);
        assert_eq!(ids, Some((7, 7)));
        assert_eq!(trade("]"), Ok(None));
    }

    #[test]
    fn decimals_are_the_nearest_numbers_to_their_text() {
        // a quick parser of JSON is off by one in the last place here
        let line =
            r#"{"symbol":"X1","ts":1723161255342,"price":0.3146772150032837,"size":51.24817837550540}"#;
        let (_, _, price, _, _) = read(line);
        assert_eq!(price.to_bits(), "0.3146772150032837".parse::<f64>().unwrap().to_bits());
    }

    #[test]
    fn a_bad_line_says_what_is_wrong() {
        let refused = |line| trade(line).unwrap_err();
        assert_eq!(refused(r#"{"symbol":"X1","price":1,"size":1}"#), "time is absent");
        assert_eq!(
            refused(r#"{"symbol":"X1","ts":"2024-08-08","price":{},"size":1}"#),
            "price must be a text or a number, was \"{}\""
        );
        assert_eq!(
            refused(r#"{"ts":"2024-08-08","price":-1,"size":1}"#),
            "price must be a positive decimal, was \"-1\": a price below 0 has no return and no logarithm"
        );
        assert!(refused(r#"{"ts":"2024-08-08""#).starts_with("not a trade in JSON"));
        assert!(refused("12").starts_with("not a trade in JSON"));
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in any::<String>(), json in r#"[\[\]{}":,0-9a-z\\.-]{0,60}"#) {
            for line in [line, json] {
                prop_assert_eq!(trade(&line).is_ok(), trade(&line).is_ok());
            }
        }
    }
}
