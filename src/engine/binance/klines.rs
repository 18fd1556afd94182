//! Bars over REST: the request and the response.

use super::{RowsError, field, rows};
use crate::bars::Origin;
use crate::bars::{Bar, DecimalSum, Traded};
use crate::base::number;
use crate::{Interval, Symbol, UnixMillis};
use serde_json::Value;

/// Most bars in one response.
pub const LIMIT: usize = 1_000;

/// Which bars to request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The newest, including the one in progress.
    Newest {
        /// How many.
        bars: usize,
    },
    /// Those that open before a time.
    Before {
        /// The time.
        end: UnixMillis,
        /// How many.
        bars: usize,
    },
    /// The first that open at or after a time; after an outage of the exchange they may start much later.
    From {
        /// The time.
        start: UnixMillis,
        /// How many.
        bars: usize,
    },
}

/// The URL of a request.
pub fn url(host: &str, symbol: &Symbol, interval: Interval, span: Span) -> String {
    let request = format!("{host}/api/v3/klines?symbol={}&interval={}", symbol.in_query(), interval.as_str());
    match span {
        Span::Newest { bars } => format!("{request}&limit={bars}"),
        Span::Before { end, bars } => format!("{request}&endTime={}&limit={bars}", end.0 - 1),
        Span::From { start, bars } => format!("{request}&startTime={}&limit={bars}", start.0),
    }
}

/// A bar over REST.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kline {
    /// When it opened.
    pub open_time: UnixMillis,
    /// Its contents.
    pub bar: Bar,
}

/// Reads a response, oldest first:
/// ```json
/// [[1499040000000,"open","high","low","close","volume",1499644799999,"quote volume",308,"taker base","taker quote","0"]]
/// ```
///
/// # Errors
/// [`RowsError`] names the row and column that cannot be read. A response is taken whole or not at all.
pub fn parse(text: &str, interval: Interval) -> Result<Vec<Kline>, RowsError> {
    rows::parse(text, "bar", |row, before| follow(row, before, interval))
}

/// The bars of a response.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Those that can be read, oldest first.
    pub klines: Vec<Kline>,
    /// Rows that were left out because they cannot be read.
    pub skipped: usize,
}

/// As [`parse`], without the rows that cannot be read.
///
/// # Errors
/// The response is not a list.
pub fn parse_readable(text: &str, interval: Interval) -> Result<Page, RowsError> {
    let (klines, skipped) = rows::parse_readable(text, "bar", |row, before| follow(row, before, interval))?;
    Ok(Page { klines, skipped })
}

fn follow(row: &Value, before: Option<&Kline>, interval: Interval) -> Result<Kline, String> {
    let kline = read_row(row, interval)?;
    match before {
        Some(before) if before.open_time >= kline.open_time => {
            Err(format!("open time {} is not after the one before", kline.open_time.0))
        }
        _ => Ok(kline),
    }
}

fn read_row(row: &Value, interval: Interval) -> Result<Kline, String> {
    let column = |at: usize| row.get(at).unwrap_or(&Value::Null);
    let text = |at: usize, name: &str| {
        column(at).as_str().ok_or_else(|| format!("{name} must be a decimal string, was {}", column(at)))
    };
    let price =
        |at: usize, name: &'static str| field::decimal(name, text(at, name)?).map_err(|e| e.to_string());
    let sum = |at: usize, name: &str| match number::parse(text(at, name)?) {
        Some(number) if number >= 0.0 => Ok(DecimalSum::of(number)),
        _ => Err(format!("{name} must be a decimal of 0 or more, was {}", column(at))),
    };
    let open_time =
        column(0).as_i64().ok_or_else(|| format!("open time must be a number, was {}", column(0)))?;
    let open_time = field::time("open time", open_time).map_err(|error| error.to_string())?;
    if interval.floor(open_time) != open_time {
        return Err(format!("open time {} is not on a boundary of {}", open_time.0, interval.as_str()));
    }
    let trades = column(8).as_u64().and_then(|trades| u32::try_from(trades).ok());
    let trades = trades.ok_or_else(|| format!("trades must be a whole number, was {}", column(8)))?;
    let traded = Traded {
        open: price(1, "open")?,
        high: price(2, "high")?,
        low: price(3, "low")?,
        close: price(4, "close")?,
        volume: sum(5, "volume")?,
        quote_volume: sum(7, "quote volume")?,
        taker_base: sum(9, "taker base")?,
        taker_quote: sum(10, "taker quote")?,
        trades,
        first_trade_id: None,
        last_trade_id: None,
    };
    // an empty kline repeats the previous close; here that price is carried when rows are aligned
    Ok(Kline { open_time, bar: Bar { origin: Origin::History, traded: (trades > 0).then_some(traded) } })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = r#"[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",1499040000999,"2434.19055334",308,"1756.87402397","28.46694368","0"]"#;

    #[test]
    fn a_row_is_read_column_by_column() {
        let klines = parse(&format!("[{ROW}]"), Interval::OneSecond).unwrap();
        let traded = klines[0].bar.traded.unwrap();
        assert_eq!(klines[0].open_time, UnixMillis(1_499_040_000_000));
        assert_eq!(
            (traded.open, traded.high, traded.low, traded.close),
            (0.016_347_9, 0.8, 0.015_758, 0.015_771)
        );
        assert_eq!((traded.volume.value(), traded.trades), (148_976.114_278_15, 308));
    }

    #[test]
    fn an_empty_bar_has_no_trades_and_is_known() {
        let row = ROW.replace(",308,", ",0,");
        let bar = parse(&format!("[{row}]"), Interval::OneSecond).unwrap()[0].bar;
        assert_eq!((bar.traded, bar.known()), (None, true));
    }

    #[test]
    fn a_bad_response_is_refused_whole_with_its_row_and_column() {
        let refused = |text: &str| parse(text, Interval::OneSecond).unwrap_err().to_string();
        assert_eq!(
            refused(&format!("[{ROW},{}]", ROW.replace("\"0.80000000\"", "0.8"))),
            "bar 1: high must be a decimal string, was 0.8"
        );
        assert_eq!(
            refused(&format!("[{}]", ROW.replace("1499040000000", "1499040000001"))),
            "bar 0: open time 1499040000001 is not on a boundary of 1s"
        );
        assert!(refused(&format!("[{ROW},{ROW}]")).contains("is not after the one before"));
        assert!(refused("[[").starts_with("the response is not JSON"));
        assert_eq!(refused("{}"), "the response must be a list of bars");
    }
}
