//! Reads frames of any kind through a JSON tree: those that are not trades in the usual form, and bad ones.

use super::agg_trades;
use super::field::{Rejection, decimal, field, start_of, time};
use super::frame::{Frame, SecondBar};
use crate::Trade;
use crate::bars::Ids;
use serde_json::Value;
use std::borrow::Cow;

/// Reads any frame, or says what is wrong with it.
pub(super) fn read(text: &str) -> Result<Frame<'static>, Rejection> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| Rejection::NotJson { reason: error.to_string(), start: start_of(text) })?;
    let body = value.get("data").unwrap_or(&value);
    if let Some(error) = value.get("error").or_else(|| value.get("code").map(|_| &value)) {
        let code = error.get("code").and_then(Value::as_i64).unwrap_or(0);
        let message = error.get("msg").and_then(Value::as_str).unwrap_or("no message").to_owned();
        return Ok(Frame::Error { code, message });
    }
    match body.get("e").and_then(Value::as_str) {
        Some("trade") => trade_from(body),
        Some("aggTrade") => aggregate_from(body),
        Some("serverShutdown") => Ok(Frame::ServerShutdown),
        Some("kline") if is_closed_second(body) => second_bar_from(body),
        Some(_) => match body.get("E").and_then(Value::as_i64) {
            Some(event_time) => Ok(Frame::Clock(time("E", event_time)?)),
            None => Ok(Frame::Unused),
        },
        None if value.get("id").is_some() => Ok(Frame::Reply),
        None if value.is_object() => Ok(Frame::Unused),
        None => Err(field("frame", "an object", &value)),
    }
}

fn trade_from(body: &Value) -> Result<Frame<'static>, Rejection> {
    let text = |name: &'static str, expected: &'static str| {
        let found = body.get(name).unwrap_or(&Value::Null);
        found.as_str().ok_or_else(|| field(name, expected, found))
    };
    let whole = |name: &'static str| {
        let found = body.get(name).unwrap_or(&Value::Null);
        found.as_i64().ok_or_else(|| field(name, "a whole number", found))
    };
    let trade_id = body.get("t").unwrap_or(&Value::Null);
    let side = body.get("m").unwrap_or(&Value::Null);
    Ok(Frame::Trade {
        symbol: Cow::Owned(text("s", "a symbol")?.to_owned()),
        trade: Trade {
            trade_id: trade_id.as_u64().ok_or_else(|| field("t", "a trade id", trade_id))?,
            trade_time: time("T", whole("T")?)?,
            event_time: time("E", whole("E")?)?,
            price: decimal("p", text("p", "a decimal string")?)?,
            size: decimal("q", text("q", "a decimal string")?)?,
            buyer_is_maker: side.as_bool().ok_or_else(|| field("m", "true or false", side))?,
        },
    })
}

/// ```json
/// {"e":"aggTrade","E":1633998523963,"s":"NKNUSDT","a":15683430,"p":"0.35280000","q":"58.00000000","f":19862790,"l":19862790,"T":1633998523963,"m":false,"M":true}
/// ```
fn aggregate_from(body: &Value) -> Result<Frame<'static>, Rejection> {
    let symbol = body.get("s").unwrap_or(&Value::Null);
    let event_time = body.get("E").unwrap_or(&Value::Null);
    Ok(Frame::Aggregate {
        symbol: symbol.as_str().ok_or_else(|| field("s", "a symbol", symbol))?.to_owned(),
        event_time: time("E", event_time.as_i64().ok_or_else(|| field("E", "a whole number", event_time))?)?,
        row: agg_trades::read_row(body).map_err(|reason| Rejection::Aggregate(start_of(&reason)))?,
    })
}

fn is_closed_second(body: &Value) -> bool {
    let bar = body.get("k");
    let field = |name: &str| bar.and_then(|bar| bar.get(name));
    field("i").and_then(Value::as_str) == Some("1s") && field("x").and_then(Value::as_bool) == Some(true)
}

/// ```json
/// {"e":"kline","E":1681154040004,"s":"BTCUSDT","k":{"t":1681154039000,"T":1681154039999,"i":"1s","f":100,"L":104,"n":5,"x":true,…}}
/// ```
/// with `f` and `L` -1 and `n` 0 when nothing traded.
fn second_bar_from(body: &Value) -> Result<Frame<'static>, Rejection> {
    let of = |object: &Value, name: &'static str| {
        let found = object.get(name).unwrap_or(&Value::Null);
        found.as_i64().ok_or_else(|| field(name, "a whole number", found))
    };
    let symbol = body.get("s").unwrap_or(&Value::Null);
    let symbol = symbol.as_str().ok_or_else(|| field("s", "a symbol", symbol))?;
    let bar = body.get("k").unwrap_or(&Value::Null);
    let ids = u64::try_from(of(bar, "f")?).ok().zip(u64::try_from(of(bar, "L")?).ok());
    let trade_ids = ids.filter(|(first, last)| first <= last).map(|(first, last)| Ids { first, last });
    let traded = of(bar, "n")? > 0;
    if traded != trade_ids.is_some() {
        return Err(field("n", "as many trades as there are ids", bar.get("n").unwrap_or(&Value::Null)));
    }
    let (open_time, event_time) = (time("t", of(bar, "t")?)?, time("E", of(body, "E")?)?);
    let bar = SecondBar { open_time, event_time, trade_ids };
    Ok(Frame::SecondBar { symbol: symbol.to_owned(), bar })
}
