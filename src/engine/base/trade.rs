//! One match on the exchange.

use crate::UnixMillis;
use serde::{Deserialize, Serialize};

/// A trade, checked at the door: price and size are finite and positive.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Trade {
    /// The exchange's number, one more than the trade before it in the same market.
    pub trade_id: u64,
    /// When it was matched: the time that decides its bar.
    pub trade_time: UnixMillis,
    /// When the exchange sent it.
    pub event_time: UnixMillis,
    /// Quote currency for one of the base currency.
    pub price: f64,
    /// Base currency.
    pub size: f64,
    /// The buyer's order was resting, so the taker sold.
    pub buyer_is_maker: bool,
}
