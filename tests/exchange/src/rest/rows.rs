//! Rows of a response, field by field in the exchange's order.

use crate::agg::Aggregate;
use crate::decimal;
use crate::fault::WrongBook;
use crate::klines::{Kline, Steps};
use crate::tape::{Market, TapeTrade};

/// Returns a list of rows.
pub(super) fn list(rows: impl Iterator<Item = String>) -> String {
    format!("[{}]", rows.collect::<Vec<_>>().join(","))
}

pub(super) fn kline(bar: &Kline, Steps { step_ms, shift_ms }: Steps) -> String {
    let [open, high, low, close] = bar.prices_e8.map(|e8| decimal::text(u128::from(e8)));
    let opens = bar.open_ms + shift_ms;
    format!(
        r#"[{opens},"{open}","{high}","{low}","{close}","{}",{},"{}",{},"{}","{}","0"]"#,
        decimal::text(bar.volume_e8),
        opens + step_ms - 1,
        decimal::text(bar.quote_e8),
        bar.trades,
        decimal::text(bar.taker_base_e8),
        decimal::text(bar.taker_quote_e8),
    )
}

pub(super) fn aggregate(market: &Market, run: &Aggregate, shift_ms: i64) -> String {
    let (head, tail) = (&market.trades[run.first], &market.trades[run.last]);
    format!(
        r#"{{"a":{},"p":"{}","q":"{}","f":{},"l":{},"T":{},"m":{},"M":true}}"#,
        run.id,
        decimal::text(u128::from(head.price_e8)),
        decimal::text(market.size_of(run)),
        head.id,
        tail.id,
        head.time_ms + shift_ms,
        head.buyer_is_maker,
    )
}

/// Returns the price of a market's last trade.
pub(super) fn price(market: &Market, last: &TapeTrade) -> String {
    format!(r#"{{"symbol":"{}","price":"{}"}}"#, market.symbol, decimal::text(u128::from(last.price_e8)))
}

/// Returns the top of a market's book: one tick wide around the last trade, on whose side it is as large as
/// that trade.
pub(super) fn book(market: &Market, last: &TapeTrade, wrong: Option<WrongBook>) -> String {
    const TICK_E8: u64 = 1_000_000;
    let (low, high) = if last.buyer_is_maker {
        (last.price_e8, last.price_e8 + TICK_E8)
    } else {
        (last.price_e8.saturating_sub(TICK_E8), last.price_e8)
    };
    let (bid, ask) = match wrong {
        None | Some(WrongBook::Empty) => (low, high),
        Some(WrongBook::Crossed) => (high, low),
        Some(WrongBook::Wide) => (low - low / 100, high + high / 100),
    };
    let size = if wrong == Some(WrongBook::Empty) { 0 } else { last.size_e8 };
    let [bid, ask, size] = [bid, ask, size].map(|e8| decimal::text(u128::from(e8)));
    let symbol = &market.symbol;
    format!(
        r#"{{"symbol":"{symbol}","bidPrice":"{bid}","bidQty":"{size}","askPrice":"{ask}","askQty":"{size}"}}"#
    )
}

pub(super) fn trade(trade: &TapeTrade, shift_ms: i64) -> String {
    format!(
        r#"{{"id":{},"price":"{}","qty":"{}","quoteQty":"{}","time":{},"isBuyerMaker":{},"isBestMatch":true}}"#,
        trade.id,
        decimal::text(u128::from(trade.price_e8)),
        decimal::text(u128::from(trade.size_e8)),
        decimal::text(decimal::product(trade.price_e8, trade.size_e8)),
        trade.time_ms + shift_ms,
        trade.buyer_is_maker,
    )
}
