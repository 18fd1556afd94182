//! The contents of a stream frame.

use super::agg_trades::AggTrade;
use crate::bars::Ids;
use crate::{Trade, UnixMillis};
use std::borrow::Cow;

/// The contents of a frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame<'a> {
    /// A trade.
    Trade {
        /// The market, `BTCUSDT`.
        symbol: Cow<'a, str>,
        /// The trade.
        trade: Trade,
    },
    /// Trades reported together.
    Aggregate {
        /// The market, `BTCUSDT`.
        symbol: String,
        /// When the exchange sent the frame.
        event_time: UnixMillis,
        /// The trades.
        row: AggTrade,
    },
    /// A closed one-second bar.
    SecondBar {
        /// The market, `BTCUSDT`.
        symbol: String,
        /// The bar.
        bar: SecondBar,
    },
    /// Any other frame that carries the exchange's clock, such as the average price, sent every second.
    Clock(UnixMillis),
    /// The exchange is about to close the connection.
    ServerShutdown,
    /// The response to a control request.
    Reply,
    /// An error in response to a request.
    Error {
        /// Its error code.
        code: i64,
        /// Its message.
        message: String,
    },
    /// A kind of frame that is not used here.
    Unused,
}

impl Frame<'_> {
    /// When the exchange sent the frame, if it says so.
    pub fn event_time(&self) -> Option<UnixMillis> {
        match self {
            Self::Trade { trade, .. } => Some(trade.event_time),
            Self::Aggregate { event_time, .. } | Self::Clock(event_time) => Some(*event_time),
            Self::SecondBar { bar, .. } => Some(bar.event_time),
            Self::ServerShutdown | Self::Reply | Self::Error { .. } | Self::Unused => None,
        }
    }

    /// The time of the event that it reports, with the field's name on the wire.
    pub(super) fn told_time(&self) -> Option<(&'static str, UnixMillis)> {
        match self {
            Self::Trade { trade, .. } => Some(("T", trade.trade_time)),
            Self::Aggregate { row, .. } => Some(("T", row.time)),
            Self::SecondBar { bar, .. } => Some(("t", bar.open_time)),
            _ => None,
        }
    }
}

/// The exchange's summary of a second that is over. Its prices and sums are not used; they follow from the
/// trades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondBar {
    /// When it opened.
    pub open_time: UnixMillis,
    /// When the exchange sent it.
    pub event_time: UnixMillis,
    /// First and last trade id; `None` when nothing traded.
    pub trade_ids: Option<Ids>,
}
