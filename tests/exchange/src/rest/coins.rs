//! Responses about markets that have only bars, and the day of all markets.

use super::endpoints::{View, span};
use super::query::{Query, Refusal, limit, missing, refuse};
use super::rows;
use crate::decimal;
use crate::klines::Steps;
use crate::streams::interval_millis;
use crate::tape::coins::Coin;

const DAY_MS: i64 = 86_400_000;

/// Returns the bars of a coin.
pub(super) fn klines(view: View<'_>, coin: &Coin, query: &Query) -> Result<String, Refusal> {
    let View { tape, now_ms, shift_ms, .. } = view;
    let interval = query.get("interval").ok_or_else(|| missing("interval"))?;
    let step_ms = interval_millis(interval).ok_or_else(|| refuse(-1120, "Invalid interval."))?;
    let steps = Steps { step_ms, shift_ms };
    let limit = limit(query)?;
    let [start, end] = span(view, query)?;
    // enough for a market that trades in one hour of three
    let reach_ms = 4 * i64::try_from(limit).unwrap_or(i64::MAX / step_ms).saturating_mul(step_ms);
    let end = end.unwrap_or(i64::MAX).min(now_ms);
    let (from, to) = match start {
        Some(start) => (start, end.min(start.saturating_add(reach_ms))),
        None => (end.saturating_sub(reach_ms), end),
    };
    let bars = coin.klines(steps, tape.now_ms, [from, to], now_ms);
    // the first ones after a start, the last ones before an end
    let surplus = if start.is_some() { 0 } else { bars.len().saturating_sub(limit) };
    Ok(rows::list(bars.iter().skip(surplus).take(limit).map(|bar| rows::kline(bar, steps))))
}

/// Returns the 24 h figures of every market, in the exchange's short form.
pub(super) fn days(view: View<'_>, query: &Query) -> Result<String, Refusal> {
    let View { tape, now_ms, shift_ms, .. } = view;
    if query.get("type").is_some_and(|kind| kind != "FULL" && kind != "MINI") {
        return Err(refuse(-1139, "Invalid ticker type."));
    }
    let row = |symbol: &str, last_e8: u64, quote_e8: u128| {
        let (last, quote) = (decimal::text(u128::from(last_e8)), decimal::text(quote_e8));
        format!(
            r#"{{"symbol":"{symbol}","lastPrice":"{last}","quoteVolume":"{quote}","openTime":{},"closeTime":{}}}"#,
            now_ms + shift_ms - DAY_MS,
            now_ms + shift_ms
        )
    };
    let traded = tape.markets.iter().filter_map(|market| {
        let (_, last, sums) = market.summary(now_ms - DAY_MS, now_ms)?;
        Some(row(&market.symbol, last.price_e8, sums.quote_e8))
    });
    let coins = tape.coins.iter().map(|coin| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive volume")]
        let quote_e8 = (coin.quote_a_day() * 1e8) as u128;
        row(&coin.symbol(), coin.price_e8(shift_ms, tape.now_ms, now_ms), quote_e8)
    });
    Ok(rows::list(traded.chain(coins)))
}
