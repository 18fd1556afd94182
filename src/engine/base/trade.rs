//! One match on the exchange.

use crate::UnixMillis;
use serde::{Deserialize, Serialize};

/// A trade, validated on arrival: price and size are finite and positive.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Trade {
    /// The exchange's id; consecutive within a market.
    pub trade_id: u64,
    /// When it was matched; decides its bar.
    pub trade_time: UnixMillis,
    /// When the exchange sent it.
    pub event_time: UnixMillis,
    /// Quote currency per unit of base currency.
    pub price: f64,
    /// Base currency.
    pub size: f64,
    /// Whether the buyer's order was resting, so that the taker sold.
    pub buyer_is_maker: bool,
}

impl Trade {
    /// Its place among the trades of its market in the order in which the exchange sent them.
    pub fn order(&self) -> (UnixMillis, u64) {
        (self.event_time, self.trade_id)
    }
}
