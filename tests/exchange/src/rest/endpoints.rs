//! The answers, from the tape.

use super::WEIGHT_LIMIT;
use super::query::{Query, Refusal, limit, missing, refuse, whole};
use crate::agg::Aggregate;
use crate::decimal;
use crate::klines::{Kline, Steps, klines_on};
use crate::server::Shared;
use crate::streams::interval_millis;
use crate::tape::Market;
use axum::http::StatusCode;
use serde_json::{Value, json};

type Answer = Result<Value, Refusal>;

pub(super) fn serve(shared: &Shared, endpoint: &str, query: &Query) -> Answer {
    match endpoint {
        "ping" => Ok(json!({})),
        "time" => Ok(json!({ "serverTime": shared.told_now_ms() })),
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
        "timezone": "UTC", "serverTime": shared.told_now_ms(),
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
    let time_of = |run: &Aggregate| market.trades[run.first].time_ms;
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
