//! `/api/v3/…`: questions checked as the exchange checks them, answers from the tape.

use crate::decimal;
use crate::klines::{Kline, Steps, klines_on};
use crate::server::Shared;
use crate::streams::interval_millis;
use crate::tape::Market;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// Request weight of an address in a clock minute.
const WEIGHT_LIMIT: u32 = 6_000;

/// The weight used in the minute under way.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    minute: i64,
    used: u32,
    refusals: u32,
}

type Body = Response<axum::body::Body>;
type Query = BTreeMap<String, String>;
type Answer = Result<Value, Refusal>;

/// HTTP status, the exchange's code, and its words.
struct Refusal(StatusCode, i32, String);

fn refuse(code: i32, message: impl Into<String>) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, code, message.into())
}

pub(crate) async fn answer(
    State(shared): State<Arc<Shared>>,
    Path(endpoint): Path<String>,
    RawQuery(query): RawQuery,
) -> Body {
    let (status, delay, truncates, refuses) = {
        let faults = shared.faults();
        (faults.rest_status(), faults.rest_delay_millis(), faults.truncates(), faults.refuses())
    };
    tokio::time::sleep(Duration::from_millis(delay)).await;
    if refuses {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if let Some(status) = status {
        return faulty(status, shared.clock.tape_now() + shared.clock.shift_ms());
    }
    let weight = weight_of(&endpoint);
    let used = match charge(&shared, weight) {
        Ok(used) => used,
        Err(status) => return faulty(status, shared.clock.tape_now() + shared.clock.shift_ms()),
    };
    let (status, mut body) = match parse_query(query.as_deref())
        .and_then(|query| serve(&shared, &endpoint, &query))
    {
        Ok(value) => (StatusCode::OK, value.to_string()),
        Err(Refusal(status, code, message)) => (status, json!({ "code": code, "msg": message }).to_string()),
    };
    if truncates {
        body.truncate(body.len() / 2);
    }
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("x-mbx-used-weight-1m", HeaderValue::from(used));
    response
}

/// A refusal as the real one sends it: 451 and 403 come without the header that lets a page read them.
fn faulty(status: u16, now: i64) -> Body {
    let body = match status {
        451 => json!({"code": 0, "msg": "Service unavailable from a restricted location according to 'b. Eligibility' in the terms of use."}).to_string(),
        418 => json!({"code": -1003, "msg": format!("Way too much request weight used; IP banned until {}. Please use WebSocket Streams for live updates to avoid bans.", now + 120_000)}).to_string(),
        429 => json!({"code": -1003, "msg": format!("Too much request weight used; current limit is {WEIGHT_LIMIT} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.")}).to_string(),
        403 => "<html><body><h1>403 Forbidden</h1></body></html>".to_owned(),
        _ => json!({"code": -1008, "msg": "Server is currently overloaded with other requests. Please try again in a few minutes."}).to_string(),
    };
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (code, body).into_response();
    if !matches!(status, 451 | 403) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    if matches!(status, 418 | 429) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("120"));
    }
    response
}

fn weight_of(endpoint: &str) -> u32 {
    match endpoint {
        "exchangeInfo" => 20,
        "klines" => 2,
        "aggTrades" => 4,
        "trades" | "historicalTrades" => 25,
        _ => 1,
    }
}

/// Adds to the minute's weight; past the limit 429, and 418 for whoever goes on.
fn charge(shared: &Shared, weight: u32) -> Result<u32, u16> {
    let minute = (shared.clock.tape_now() + shared.clock.shift_ms()).div_euclid(60_000);
    let mut weights = shared.weights.lock().unwrap_or_else(PoisonError::into_inner);
    if weights.minute != minute {
        *weights = Weights { minute, used: 0, refusals: 0 };
    }
    weights.used += weight;
    if weights.used <= WEIGHT_LIMIT {
        return Ok(weights.used);
    }
    weights.refusals += 1;
    Err(if weights.refusals > 10 { 418 } else { 429 })
}

fn parse_query(query: Option<&str>) -> Result<Query, Refusal> {
    query
        .unwrap_or_default()
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = percent_decoded(value)
                .ok_or_else(|| refuse(-1100, format!("Illegal characters found in parameter '{name}'.")))?;
            Ok((name.to_owned(), value))
        })
        .collect()
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            let hex = core::str::from_utf8(rest.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(hex, 16).ok()?);
            rest = &rest[2..];
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn serve(shared: &Shared, endpoint: &str, query: &Query) -> Answer {
    match endpoint {
        "ping" => Ok(json!({})),
        "time" => Ok(json!({ "serverTime": shared.clock.tape_now() + shared.clock.shift_ms() })),
        "exchangeInfo" => exchange_info(shared, query),
        "klines" => serve_klines(shared, query),
        "aggTrades" => serve_aggregates(shared, query),
        "trades" => serve_trades(shared, query, false),
        "historicalTrades" => serve_trades(shared, query, true),
        _ => Err(Refusal(StatusCode::NOT_FOUND, -1000, "No such endpoint.".to_owned())),
    }
}

fn market<'a>(shared: &'a Shared, query: &Query) -> Result<&'a Market, Refusal> {
    let symbol = query.get("symbol").filter(|symbol| !symbol.is_empty()).ok_or_else(|| missing("symbol"))?;
    shared.tape.market(symbol).ok_or_else(|| refuse(-1121, "Invalid symbol."))
}

fn missing(name: &str) -> Refusal {
    refuse(-1102, format!("Mandatory parameter '{name}' was not sent, was empty/null, or malformed."))
}

fn whole(query: &Query, name: &str) -> Result<Option<i64>, Refusal> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let illegal = || {
        refuse(
            -1100,
            format!("Illegal characters found in parameter '{name}'; legal range is '^[0-9]{{1,20}}$'."),
        )
    };
    text.parse::<i64>().ok().filter(|number| *number >= 0).map(Some).ok_or_else(illegal)
}

fn limit(query: &Query) -> Result<usize, Refusal> {
    let asked = whole(query, "limit")?.unwrap_or(500);
    if asked == 0 {
        return Err(refuse(-1130, "Data sent for parameter 'limit' is not valid."));
    }
    Ok(usize::try_from(asked).unwrap_or(1_000).min(1_000))
}

/// A told time, ms or us, as a tape time.
fn tape_time(shared: &Shared, told: i64) -> i64 {
    let millis = if told >= 100_000_000_000_000 { told / 1_000 } else { told };
    millis - shared.clock.shift_ms()
}

fn exchange_info(shared: &Shared, query: &Query) -> Answer {
    let wanted: Option<Vec<String>> = match (query.get("symbol"), query.get("symbols")) {
        (Some(_), Some(_)) => return Err(refuse(-1128, "Combination of optional parameters invalid.")),
        (Some(symbol), None) => Some(vec![symbol.clone()]),
        (None, Some(list)) => {
            let illegal = |_bad| refuse(-1100, "Illegal characters found in parameter 'symbols'.");
            Some(serde_json::from_str(list).map_err(illegal)?)
        }
        (None, None) => None,
    };
    if let Some(wanted) = &wanted
        && wanted.iter().any(|symbol| shared.tape.market(symbol).is_none())
    {
        return Err(refuse(-1121, "Invalid symbol."));
    }
    let symbols: Vec<Value> = shared
        .tape
        .markets
        .iter()
        .filter(|market| wanted.as_ref().is_none_or(|wanted| wanted.contains(&market.symbol)))
        .map(|market| {
            let base = market.symbol.trim_end_matches("USDT");
            json!({
                "symbol": market.symbol, "status": "TRADING", "baseAsset": base, "baseAssetPrecision": 8,
                "quoteAsset": "USDT", "quotePrecision": 8, "quoteAssetPrecision": 8, "isSpotTradingAllowed": true,
                "filters": [
                    {"filterType": "PRICE_FILTER", "minPrice": "0.01000000", "maxPrice": "1000000.00000000", "tickSize": "0.01000000"},
                    {"filterType": "LOT_SIZE", "minQty": "0.00001000", "maxQty": "9000.00000000", "stepSize": "0.00001000"},
                ],
                "permissions": [], "permissionSets": [["SPOT"]],
            })
        })
        .collect();
    Ok(json!({
        "timezone": "UTC", "serverTime": shared.clock.tape_now() + shared.clock.shift_ms(),
        "rateLimits": [
            {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": WEIGHT_LIMIT},
            {"rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5, "limit": 300_000},
        ],
        "exchangeFilters": [], "symbols": symbols,
    }))
}

fn serve_klines(shared: &Shared, query: &Query) -> Answer {
    let market = market(shared, query)?;
    let interval = query.get("interval").ok_or_else(|| missing("interval"))?;
    let step_ms = interval_millis(interval).ok_or_else(|| refuse(-1120, "Invalid interval."))?;
    let limit = limit(query)?;
    let time = |name| whole(query, name).map(|told| told.map(|told| tape_time(shared, told)));
    let (start, end) = (time("startTime")?, time("endTime")?);
    let now = shared.clock.tape_now();
    let trades = market.pushed_by(now);
    let shift_ms = shared.clock.shift_ms();
    let steps = Steps { step_ms, shift_ms };
    let to = end.unwrap_or(i64::MAX).min(now);
    let begins = trades.first().map_or(now, |trade| trade.time_ms - step_ms);
    let span = step_ms * i64::try_from(limit - 1).unwrap_or(999);
    let (from, to) = match start {
        Some(start) => (start.max(begins), to.min(steps.ceil(start.max(begins)) + span)),
        None => (steps.floor(to) - span, to),
    };
    let bars = klines_on(trades, steps, from, to);
    Ok(Value::Array(bars.iter().take(limit).map(|bar| kline_row(bar, steps)).collect()))
}

fn kline_row(bar: &Kline, Steps { step_ms, shift_ms }: Steps) -> Value {
    let [open, high, low, close] = bar.prices_e8.map(|e8| decimal::text(u128::from(e8)));
    json!([
        bar.open_ms + shift_ms,
        open,
        high,
        low,
        close,
        decimal::text(bar.volume_e8),
        bar.open_ms + shift_ms + step_ms - 1,
        decimal::text(bar.quote_e8),
        bar.trades,
        decimal::text(bar.taker_base_e8),
        decimal::text(bar.taker_quote_e8),
        "0",
    ])
}

fn serve_aggregates(shared: &Shared, query: &Query) -> Answer {
    let market = market(shared, query)?;
    let limit = limit(query)?;
    let from_id = whole(query, "fromId")?;
    let time = |name| whole(query, name).map(|told| told.map(|told| tape_time(shared, told)));
    let (start, end) = (time("startTime")?, time("endTime")?);
    if from_id.is_some() && (start.is_some() || end.is_some()) {
        return Err(refuse(-1128, "Combination of optional parameters invalid."));
    }
    let pushed = market.pushed_by(shared.clock.tape_now()).len();
    let all = &market.aggregates[..market.aggregates.partition_point(|run| run.last < pushed)];
    let time_of = |run: &crate::agg::Aggregate| market.trades[run.first].time_ms;
    let first = match (from_id, start) {
        (Some(id), _) => all.partition_point(|run| i64::try_from(run.id).is_ok_and(|run| run < id)),
        (None, Some(start)) => all.partition_point(|run| time_of(run) < start),
        (None, None) => {
            all.partition_point(|run| end.is_none_or(|end| time_of(run) <= end)).saturating_sub(limit)
        }
    };
    let shift = shared.clock.shift_ms();
    let rows = all[first..]
        .iter()
        .take_while(|run| end.is_none_or(|end| time_of(run) <= end))
        .take(limit)
        .map(|run| {
            let (head, tail) = (&market.trades[run.first], &market.trades[run.last]);
            let size: u128 =
                market.trades[run.first..=run.last].iter().map(|trade| u128::from(trade.size_e8)).sum();
            json!({
                "a": run.id, "p": decimal::text(u128::from(head.price_e8)), "q": decimal::text(size),
                "f": head.id, "l": tail.id, "T": head.time_ms + shift, "m": head.buyer_is_maker, "M": true,
            })
        })
        .collect();
    Ok(Value::Array(rows))
}

fn serve_trades(shared: &Shared, query: &Query, historical: bool) -> Answer {
    let market = market(shared, query)?;
    let limit = limit(query)?;
    let pushed = market.pushed_by(shared.clock.tape_now());
    let from_id = if historical { whole(query, "fromId")? } else { None };
    let first = match from_id {
        Some(id) => pushed.partition_point(|trade| i64::try_from(trade.id).is_ok_and(|trade| trade < id)),
        None => pushed.len().saturating_sub(limit),
    };
    let shift = shared.clock.shift_ms();
    let rows = pushed[first..]
        .iter()
        .take(limit)
        .map(|trade| {
            json!({
                "id": trade.id, "price": decimal::text(u128::from(trade.price_e8)),
                "qty": decimal::text(u128::from(trade.size_e8)),
                "quoteQty": decimal::text(decimal::product(trade.price_e8, trade.size_e8)),
                "time": trade.time_ms + shift, "isBuyerMaker": trade.buyer_is_maker, "isBestMatch": true,
            })
        })
        .collect();
    Ok(Value::Array(rows))
}
