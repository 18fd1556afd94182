//! Stream payloads, field by field as the exchange writes them.

use crate::agg::Aggregate;
use crate::day::Summary;
use crate::decimal;
use crate::klines::Kline;
use crate::tape::{Market, TapeTrade};
use crate::venue::Venue;

/// How times are reported: shifted, in ms or us.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    pub(crate) shift_ms: i64,
    pub(crate) micros: bool,
    pub(crate) venue: Venue,
}

impl Format {
    fn time(self, tape_ms: i64) -> i64 {
        let millis = tape_ms + self.shift_ms;
        if self.micros { millis * 1_000 } else { millis }
    }

    /// Returns the last moment before a tape time, in the reported unit.
    fn last_before(self, tape_ms: i64) -> i64 {
        self.time(tape_ms) - 1
    }
}

fn price(e8: u64) -> String {
    decimal::text(u128::from(e8))
}

/// Returns the exact combined frame of a trade, with the tape's own times.
pub fn trade_frame(symbol: &str, trade: &TapeTrade) -> String {
    let payload =
        trade_payload(symbol, trade, Format { shift_ms: 0, micros: false, venue: Venue::default() });
    combined(&format!("{}@trade", symbol.to_lowercase()), &payload)
}

pub(crate) fn combined(stream: &str, payload: &str) -> String {
    format!(r#"{{"stream":"{stream}","data":{payload}}}"#)
}

pub(crate) fn trade_payload(symbol: &str, trade: &TapeTrade, format: Format) -> String {
    // order ids, which Binance removed in 2024
    let orders = match format.venue {
        Venue::Binance => String::new(),
        Venue::Us => format!(r#""b":{},"a":{},"#, 2 * trade.id, 2 * trade.id + 1),
    };
    format!(
        r#"{{"e":"trade","E":{},"s":"{symbol}","t":{},"p":"{}","q":"{}",{orders}"T":{},"m":{},"M":true}}"#,
        format.time(trade.event_ms),
        trade.id,
        price(trade.price_e8),
        price(trade.size_e8),
        format.time(trade.time_ms),
        trade.buyer_is_maker,
    )
}

pub(crate) fn aggregate_payload(market: &Market, run: &Aggregate, format: Format) -> String {
    let (first, last) = (&market.trades[run.first], &market.trades[run.last]);
    format!(
        r#"{{"e":"aggTrade","E":{},"s":"{}","a":{},"p":"{}","q":"{}","f":{},"l":{},"T":{},"m":{},"M":true}}"#,
        format.time(last.event_ms),
        market.symbol,
        run.id,
        price(first.price_e8),
        decimal::text(market.size_of(run)),
        first.id,
        last.id,
        format.time(first.time_ms),
        first.buyer_is_maker,
    )
}

pub(crate) fn average_payload(
    symbol: &str,
    event_ms: i64,
    average_e8: u128,
    last_trade_ms: i64,
    format: Format,
) -> String {
    format!(
        r#"{{"e":"avgPrice","E":{},"s":"{symbol}","i":"5m","w":"{}","T":{}}}"#,
        format.time(event_ms),
        decimal::text(average_e8),
        format.time(last_trade_ms),
    )
}

pub(crate) fn mini_ticker_payload(
    symbol: &str,
    event_ms: i64,
    open_e8: u64,
    close_e8: u64,
    day: &Summary,
    format: Format,
) -> String {
    format!(
        r#"{{"e":"24hrMiniTicker","E":{},"s":"{symbol}","c":"{}","o":"{}","h":"{}","l":"{}","v":"{}","q":"{}"}}"#,
        format.time(event_ms),
        price(close_e8),
        price(open_e8),
        price(day.high_e8),
        price(day.low_e8),
        decimal::text(day.volume_e8),
        decimal::text(day.quote_e8),
    )
}

/// Returns a change of the best bid.
pub(crate) fn depth_payload(symbol: &str, event_ms: i64, bid_e8: u64, format: Format) -> String {
    let (event, bid) = (format.time(event_ms), price(bid_e8));
    format!(
        r#"{{"e":"depthUpdate","E":{event},"s":"{symbol}","U":{event},"u":{event},"b":[["{bid}","1.00000000"]],"a":[]}}"#
    )
}

pub(crate) fn kline_payload(
    symbol: &str,
    interval: &str,
    step_ms: i64,
    bar: &Kline,
    closed: bool,
    event_ms: i64,
    format: Format,
) -> String {
    let [open, high, low, close] = bar.prices_e8.map(price);
    let id = |id: Option<u64>| id.map_or("-1".to_owned(), |id| id.to_string());
    format!(
        r#"{{"e":"kline","E":{},"s":"{symbol}","k":{{"t":{},"T":{},"s":"{symbol}","i":"{interval}","f":{},"L":{},"o":"{open}","c":"{close}","h":"{high}","l":"{low}","v":"{}","n":{},"x":{closed},"q":"{}","V":"{}","Q":"{}","B":"0"}}}}"#,
        format.time(event_ms),
        format.time(bar.open_ms),
        format.last_before(bar.open_ms + step_ms),
        id(bar.ids.map(|ids| ids.0)),
        id(bar.ids.map(|ids| ids.1)),
        decimal::text(bar.volume_e8),
        bar.trades,
        decimal::text(bar.quote_e8),
        decimal::text(bar.taker_base_e8),
        decimal::text(bar.taker_quote_e8),
    )
}

pub(crate) fn shutdown_payload(event_ms: i64, format: Format) -> String {
    format!(r#"{{"e":"serverShutdown","E":{}}}"#, format.time(event_ms))
}

/// Returns a trade with an unknown field.
pub(crate) fn with_unknown_field(payload: &str) -> String {
    payload.replacen(r#""M":true"#, r#""M":true,"Z":{"new":[1,2]}"#, 1)
}

/// Returns a trade whose price is a number instead of a text.
pub(crate) fn with_number_for_price(payload: &str) -> String {
    let (head, tail) = payload.split_once(r#""p":""#).unwrap_or((payload, ""));
    let (price, rest) = tail.split_once('"').unwrap_or((tail, ""));
    format!(r#"{head}"p":{price}{rest}"#)
}
