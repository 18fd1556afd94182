//! Aggregate trades over REST: the request and the response.

use super::{RowsError, field, rows};
use crate::bars::Ids;
use crate::bars::{DecimalSum, Traded};
use crate::{Symbol, UnixMillis};
use serde_json::Value;

/// Most rows in one response.
pub const LIMIT: usize = 1_000;

/// Where a response starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor {
    /// At the first row at or after a time.
    Time(UnixMillis),
    /// At the row with an aggregate id, which is not a trade id.
    AggregateId(u64),
}

/// The URL of a request.
pub fn url(host: &str, symbol: &Symbol, cursor: Cursor) -> String {
    let request = format!("{host}/api/v3/aggTrades?symbol={}&limit={LIMIT}", symbol.in_query());
    match cursor {
        Cursor::Time(time) => format!("{request}&startTime={}", time.0),
        Cursor::AggregateId(id) => format!("{request}&fromId={id}"),
    }
}

/// Trades of one taker order at one price and time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AggTrade {
    /// Its aggregate id.
    pub aggregate_id: u64,
    /// Id of its first trade.
    pub first: u64,
    /// Id of its last trade; not below the first.
    pub last: u64,
    /// Quote currency per unit of base currency.
    pub price: f64,
    /// Base currency, all its trades together.
    pub size: DecimalSum,
    /// When the trades were matched.
    pub time: UnixMillis,
    /// Whether the taker sold.
    pub buyer_is_maker: bool,
}

impl AggTrade {
    /// The ids of its trades.
    pub fn ids(&self) -> Ids {
        Ids { first: self.first, last: self.last }
    }

    /// The contribution to a bar of those of its trades that have `ids` and together `size`.
    pub(crate) fn part(&self, ids: Ids, size: DecimalSum) -> Traded {
        let quote = DecimalSum::product(self.price, size.value());
        let bought = |sum| if self.buyer_is_maker { DecimalSum::default() } else { sum };
        Traded {
            open: self.price,
            high: self.price,
            low: self.price,
            close: self.price,
            volume: size,
            quote_volume: quote,
            taker_base: bought(size),
            taker_quote: bought(quote),
            trades: u32::try_from(ids.count()).unwrap_or(u32::MAX),
            first_trade_id: Some(ids.first),
            last_trade_id: Some(ids.last),
        }
    }
}

/// Reads a response, oldest first:
/// ```json
/// [{"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27781,"T":1498793709153,"m":true,"M":true}]
/// ```
///
/// # Errors
/// [`RowsError`] names the row and field that cannot be read, or the row whose first trade does not follow the
/// last of the row before. A response is taken whole or not at all.
pub fn parse(text: &str) -> Result<Vec<AggTrade>, RowsError> {
    rows::parse(text, "aggregate trade", |row, before: Option<&AggTrade>| {
        let trade = read_row(row)?;
        match before {
            Some(before) if before.last.checked_add(1) != Some(trade.first) => {
                Err(format!("f must follow l {} of the row before, was {}", before.last, trade.first))
            }
            _ => Ok(trade),
        }
    })
}

/// Reads one row, or the `data` of a frame, which has the same fields.
pub(super) fn read_row(row: &Value) -> Result<AggTrade, String> {
    let field = |name: &str| row.get(name).unwrap_or(&Value::Null);
    let id =
        |name: &str| field(name).as_u64().ok_or_else(|| format!("{name} must be an id, was {}", field(name)));
    let decimal = |name: &'static str| {
        let text = field(name).as_str();
        let text = text.ok_or_else(|| format!("{name} must be a decimal string, was {}", field(name)))?;
        field::decimal(name, text).map_err(|error| error.to_string())
    };
    let time = field("T").as_i64().ok_or_else(|| format!("T must be a time, was {}", field("T")))?;
    let side = field("m").as_bool().ok_or_else(|| format!("m must be true or false, was {}", field("m")))?;
    let (first, last) = (id("f")?, id("l")?);
    if last < first {
        return Err(format!("l must not be below f {first}, was {last}"));
    }
    Ok(AggTrade {
        aggregate_id: id("a")?,
        first,
        last,
        price: decimal("p")?,
        size: DecimalSum::of(decimal("q")?),
        time: field::time("T", time).map_err(|error| error.to_string())?,
        buyer_is_maker: side,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROW: &str = r#"{"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27783,"T":1498793709153,"m":true,"M":true}"#;

    #[test]
    fn a_row_is_read_field_by_field() {
        let trade = parse(&format!("[{ROW}]")).unwrap()[0];
        assert_eq!((trade.aggregate_id, trade.first, trade.last), (26_129, 27_781, 27_783));
        assert_eq!((trade.price, trade.size.value()), (0.016_331_02, 4.704_435_15));
        assert_eq!((trade.time, trade.buyer_is_maker), (UnixMillis(1_498_793_709_153), true));
    }

    #[test]
    fn a_bad_response_is_refused_whole_with_its_row_and_field() {
        let refused = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(
            refused(&format!("[{ROW},{}]", ROW.replace("27781", "27785"))),
            "aggregate trade 1: l must not be below f 27785, was 27783"
        );
        assert_eq!(
            refused(&format!("[{ROW},{}]", ROW.replace("27781", "27785").replace("27783", "27790"))),
            "aggregate trade 1: f must follow l 27783 of the row before, was 27785"
        );
        assert_eq!(
            refused(&format!("[{}]", ROW.replace("\"4.70443515\"", "4.7"))),
            "aggregate trade 0: q must be a decimal string, was 4.7"
        );
        assert!(refused("[[").starts_with("the response is not JSON"));
        assert_eq!(refused("{}"), "the response must be a list of aggregate trades");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), cut in 0..ROW.len(), with in any::<char>()) {
            prop_assert_eq!(parse(&text), parse(&text));
            let damaged = format!("[{}{with}{}]", &ROW[..cut], &ROW[cut + 1..]);
            if let Ok(trades) = parse(&damaged) {
                prop_assert!(trades.iter().all(|trade| trade.price > 0.0 && trade.first <= trade.last));
            }
        }
    }
}
