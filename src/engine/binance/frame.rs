//! What a frame of Binance's streams says, or why it cannot be read.

use super::agg_trades::AggTrade;
use crate::bars::Ids;
use crate::{Trade, UnixMillis};
use std::borrow::Cow;

/// What a frame says.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame<'a> {
    /// A trade of the market named.
    Trade {
        /// The market, `BTCUSDT`.
        symbol: Cow<'a, str>,
        /// The trade.
        trade: Trade,
    },
    /// Trades of the market named that are told together.
    Aggregate {
        /// The market, `BTCUSDT`.
        symbol: String,
        /// When the exchange sent them.
        event_time: UnixMillis,
        /// The trades.
        row: AggTrade,
    },
    /// A bar of one second that is over.
    SecondBar {
        /// The market, `BTCUSDT`.
        symbol: String,
        /// The bar.
        bar: SecondBar,
    },
    /// Anything else that carries the exchange's clock, such as the average price that comes every second.
    Clock(UnixMillis),
    /// The connection is about to be closed by the exchange.
    ServerShutdown,
    /// The response to a control request.
    Reply,
    /// The exchange complains about a request.
    Error {
        /// Its number.
        code: i64,
        /// Its words.
        message: String,
    },
    /// A kind of frame that is not used here.
    Unused,
}

impl Frame<'_> {
    /// When the exchange sent it, as far as it says so.
    pub fn event_time(&self) -> Option<UnixMillis> {
        match self {
            Self::Trade { trade, .. } => Some(trade.event_time),
            Self::Aggregate { event_time, .. } | Self::Clock(event_time) => Some(*event_time),
            Self::SecondBar { bar, .. } => Some(bar.event_time),
            Self::ServerShutdown | Self::Reply | Self::Error { .. } | Self::Unused => None,
        }
    }

    /// The time of what it tells of, by its name on the wire.
    pub(super) fn told_time(&self) -> Option<(&'static str, UnixMillis)> {
        match self {
            Self::Trade { trade, .. } => Some(("T", trade.trade_time)),
            Self::Aggregate { row, .. } => Some(("T", row.time)),
            Self::SecondBar { bar, .. } => Some(("t", bar.open_time)),
            _ => None,
        }
    }
}

/// What the exchange says of a second that is over. Its prices and sums are not used: they follow from the trades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondBar {
    /// When it opened.
    pub open_time: UnixMillis,
    /// When the exchange sent this.
    pub event_time: UnixMillis,
    /// First and last trade id; `None` when nothing traded.
    pub trade_ids: Option<Ids>,
}
