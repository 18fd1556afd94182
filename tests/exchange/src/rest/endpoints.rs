//! The responses, computed from the tape.

use super::coins;
use super::info::{exchange_info, names, wanted};
use super::query::{Query, Refusal, limit, missing, only, refuse, whole};
use super::rows;
use crate::agg::Aggregate;
use crate::fault::{WrongBook, WrongRules};
use crate::klines::{Steps, klines_on};
use crate::streams::interval_millis;
use crate::tape::{Market, Tape};
use axum::http::StatusCode;

type Answer = Result<String, Refusal>;

/// A tape at a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) tape: &'a Tape,
    /// Now, in tape time.
    pub(crate) now_ms: i64,
    /// Added to all reported times, ms.
    pub(crate) shift_ms: i64,
    /// The fault of the order books, if any.
    pub(crate) wrong_book: Option<WrongBook>,
    /// The fault of the order rules, if any.
    pub(crate) wrong_rules: Option<WrongRules>,
}

pub(crate) fn serve(view: View<'_>, endpoint: &str, query: &Query) -> Answer {
    let Some(known) = parameters(endpoint) else {
        return Err(Refusal(StatusCode::NOT_FOUND, -1000, "No such endpoint.".to_owned()));
    };
    let known: Vec<&str> =
        known.iter().copied().filter(|name| view.tape.venue.reads(endpoint, name)).collect();
    only(query, &known)?;
    let told_now_ms = view.now_ms + view.shift_ms;
    match endpoint {
        "ping" => Ok("{}".to_owned()),
        "time" => Ok(format!(r#"{{"serverTime":{told_now_ms}}}"#)),
        "exchangeInfo" => exchange_info(view.tape, query, told_now_ms, view.wrong_rules),
        "klines" => serve_klines(view, query),
        "ticker/price" => last_prices(view, query),
        "ticker/24hr" => coins::days(view, query),
        "ticker/bookTicker" => books(view, query),
        "aggTrades" => serve_aggregates(view, query),
        "trades" => serve_trades(view, query, false),
        _ => serve_trades(view, query, true),
    }
}

/// Returns the parameters that an endpoint reads; `None` if there is no such endpoint.
fn parameters(endpoint: &str) -> Option<&'static [&'static str]> {
    Some(match endpoint {
        "ping" | "time" => &[],
        "exchangeInfo" => &["symbol", "symbols", "permissions", "showPermissionSets", "symbolStatus"],
        "ticker/price" | "ticker/bookTicker" => &["symbol", "symbols"],
        "ticker/24hr" => &["type"],
        "klines" => &["symbol", "interval", "startTime", "endTime", "limit"],
        "aggTrades" => &["symbol", "fromId", "startTime", "endTime", "limit"],
        "trades" => &["symbol", "limit"],
        "historicalTrades" => &["symbol", "fromId", "limit"],
        _ => return None,
    })
}

fn market<'a>(tape: &'a Tape, query: &Query) -> Result<&'a Market, Refusal> {
    let symbol = query.get("symbol").filter(|symbol| !symbol.is_empty()).ok_or_else(|| missing("symbol"))?;
    tape.market(symbol).ok_or_else(|| refuse(-1121, "Invalid symbol."))
}

/// Converts a reported time, ms or us, to tape time.
fn tape_time(view: View<'_>, told: i64) -> i64 {
    let millis = if told >= 100_000_000_000_000 { told / 1_000 } else { told };
    millis - view.shift_ms
}

/// Returns the bounds of a request, in tape time.
pub(super) fn span(view: View<'_>, query: &Query) -> Result<[Option<i64>; 2], Refusal> {
    let time = |name| whole(query, name).map(|told| told.map(|told| tape_time(view, told)));
    Ok([time("startTime")?, time("endTime")?])
}

fn serve_klines(view: View<'_>, query: &Query) -> Answer {
    if let Some(coin) = query.get("symbol").and_then(|symbol| view.tape.coin(symbol)) {
        return coins::klines(view, coin, query);
    }
    let market = market(view.tape, query)?;
    let interval = query.get("interval").ok_or_else(|| missing("interval"))?;
    let step_ms = interval_millis(interval).filter(|_| view.tape.venue.has_bars_of(interval));
    let step_ms = step_ms.ok_or_else(|| refuse(-1120, "Invalid interval."))?;
    let limit = limit(query)?;
    let [start, end] = span(view, query)?;
    let now = view.now_ms;
    let trades = market.pushed_by(now);
    let shift_ms = view.shift_ms;
    let steps = Steps { step_ms, shift_ms };
    let to = end.unwrap_or(i64::MAX).min(now);
    let begins = trades.first().map_or(now, |trade| trade.time_ms - step_ms);
    // a page continues after a halt, which has no bars
    let halted: i64 = view.tape.halts.iter().map(|(from, to)| to - from).sum();
    let span = step_ms * i64::try_from(limit - 1).unwrap_or(999) + halted;
    let (from, to) = match start {
        Some(start) => (start.max(begins), to.min(steps.ceil(start.max(begins)) + span)),
        None => (steps.floor(to) - span, to),
    };
    let mut bars = klines_on(trades, steps, from, to);
    bars.retain(|bar| !view.tape.halted(bar.open_ms, bar.open_ms + step_ms));
    // the first ones after a start, the last ones before an end
    let surplus = if start.is_some() { 0 } else { bars.len().saturating_sub(limit) };
    Ok(rows::list(bars.iter().skip(surplus).take(limit).map(|bar| rows::kline(bar, steps))))
}

/// Returns the price of each requested market's last trade; of all markets if none is named.
fn last_prices(view: View<'_>, query: &Query) -> Answer {
    let wanted = wanted(view.tape, query)?;
    let markets = view.tape.markets.iter().filter(|market| names(wanted.as_ref(), market));
    let rows = markets.filter_map(|market| Some(rows::price(market, market.pushed_by(view.now_ms).last()?)));
    let rows: Vec<String> = rows.collect();
    match query.get("symbol") {
        Some(_) => rows.into_iter().next().ok_or_else(|| refuse(-1121, "Invalid symbol.")),
        None => Ok(rows::list(rows.into_iter())),
    }
}

/// Returns the top of each requested market's book; of all markets if none is named.
fn books(view: View<'_>, query: &Query) -> Answer {
    let wanted = wanted(view.tape, query)?;
    let markets = view.tape.markets.iter().filter(|market| names(wanted.as_ref(), market));
    let rows = markets.filter_map(|market| {
        Some(rows::book(market, market.pushed_by(view.now_ms).last()?, view.wrong_book))
    });
    let rows: Vec<String> = rows.collect();
    match query.get("symbol") {
        Some(_) => rows.into_iter().next().ok_or_else(|| refuse(-1121, "Invalid symbol.")),
        None => Ok(rows::list(rows.into_iter())),
    }
}

fn serve_aggregates(view: View<'_>, query: &Query) -> Answer {
    let market = market(view.tape, query)?;
    let limit = limit(query)?;
    let from_id = whole(query, "fromId")?;
    let time = |name| whole(query, name).map(|told| told.map(|told| tape_time(view, told)));
    let (start, end) = (time("startTime")?, time("endTime")?);
    if from_id.is_some() && (start.is_some() || end.is_some()) {
        return Err(refuse(-1128, "Combination of optional parameters invalid."));
    }
    let pushed = market.pushed_by(view.now_ms).len();
    let all = &market.aggregates[..market.aggregates.partition_point(|run| run.last < pushed)];
    let time_of = |run: &Aggregate| market.trades[run.first].time_ms;
    let first = match (from_id, start) {
        (Some(id), _) => all.partition_point(|run| i64::try_from(run.id).is_ok_and(|run| run < id)),
        (None, Some(start)) => all.partition_point(|run| time_of(run) < start),
        (None, None) => {
            all.partition_point(|run| end.is_none_or(|end| time_of(run) <= end)).saturating_sub(limit)
        }
    };
    let shift = view.shift_ms;
    let runs = all[first..].iter().take_while(|run| end.is_none_or(|end| time_of(run) <= end));
    Ok(rows::list(runs.take(limit).map(|run| rows::aggregate(market, run, shift))))
}

fn serve_trades(view: View<'_>, query: &Query, historical: bool) -> Answer {
    let market = market(view.tape, query)?;
    let limit = limit(query)?;
    let pushed = market.pushed_by(view.now_ms);
    let from_id = if historical { whole(query, "fromId")? } else { None };
    let first = match from_id {
        Some(id) => pushed.partition_point(|trade| i64::try_from(trade.id).is_ok_and(|trade| trade < id)),
        None => pushed.len().saturating_sub(limit),
    };
    let shift = view.shift_ms;
    Ok(rows::list(pushed[first..].iter().take(limit).map(|trade| rows::trade(trade, shift))))
}
