//! What the columns of a file can mean.

use serde::{Deserialize, Serialize};

/// What a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[repr(usize)]
pub enum Role {
    /// When the bar opened or the trade was made.
    Time,
    /// The market.
    Symbol,
    /// First price of the bar.
    Open,
    /// Highest price of the bar.
    High,
    /// Lowest price of the bar.
    Low,
    /// Last price of the bar.
    Close,
    /// Base volume of the bar.
    Volume,
    /// Quote volume of the bar.
    QuoteVolume,
    /// Number of trades in the bar.
    Trades,
    /// Base volume of takers who bought.
    TakerBase,
    /// Quote volume of takers who bought.
    TakerQuote,
    /// Price of the trade.
    Price,
    /// Size of the trade, base currency.
    Size,
    /// Number of the trade.
    TradeId,
    /// Number of the first trade of an aggregate.
    FirstTradeId,
    /// Number of the last trade of an aggregate.
    LastTradeId,
    /// Whether the buyer's order was resting; also read from the taker's side.
    BuyerIsMaker,
    /// Where the bar comes from, as our own tables have it: one of which nothing is known says so here.
    Origin,
    /// The time of day, where the column of the time holds dates alone.
    TimeOfDay,
    /// The year, where the date stands in three columns.
    Year,
    /// The month of such a date: its number or its name.
    Month,
    /// The day of such a date.
    Day,
    /// The hour, where a column of dates stands beside it.
    Hour,
    /// The minute beside such an hour.
    Minute,
    /// The second beside such a minute.
    Second,
}

impl Role {
    /// Roles of a table of bars, the needed ones first.
    pub const OF_BARS: [Self; 19] = [
        Self::Time,
        Self::Close,
        Self::Symbol,
        Self::Open,
        Self::High,
        Self::Low,
        Self::Volume,
        Self::QuoteVolume,
        Self::Trades,
        Self::TakerBase,
        Self::TakerQuote,
        Self::Origin,
        Self::TimeOfDay,
        Self::Year,
        Self::Month,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
    ];
    /// Roles of a table of trades, the needed ones first.
    pub const OF_TRADES: [Self; 15] = [
        Self::Time,
        Self::Price,
        Self::Size,
        Self::Symbol,
        Self::TradeId,
        Self::FirstTradeId,
        Self::LastTradeId,
        Self::BuyerIsMaker,
        Self::TimeOfDay,
        Self::Year,
        Self::Month,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
    ];
    /// Roles that make a date together.
    pub const OF_DATE: [Self; 3] = [Self::Year, Self::Month, Self::Day];
    /// Roles that make a time of day beside a date.
    pub const OF_CLOCK: [Self; 3] = [Self::Hour, Self::Minute, Self::Second];
    /// How many there are.
    pub(super) const COUNT: usize = Self::Second as usize + 1;

    /// Whether the name of a column tells it; a part of a time is one only beside the others.
    pub(super) fn is_told_by_name(self) -> bool {
        self != Self::TimeOfDay && !Self::OF_DATE.contains(&self) && !Self::OF_CLOCK.contains(&self)
    }

    /// Whether it is a price or a sum of a bar.
    pub(super) const fn is_number(self) -> bool {
        self.is_price()
            || matches!(self, Self::Volume | Self::QuoteVolume | Self::TakerBase | Self::TakerQuote)
    }

    /// Whether it is a price of a bar.
    pub(super) const fn is_price(self) -> bool {
        matches!(self, Self::Open | Self::High | Self::Low | Self::Close | Self::Price)
    }

    /// The name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Symbol => "symbol",
            Self::Open => "open",
            Self::High => "high",
            Self::Low => "low",
            Self::Close => "close",
            Self::Volume => "volume",
            Self::QuoteVolume => "quote volume",
            Self::Trades => "trades",
            Self::TakerBase => "taker base",
            Self::TakerQuote => "taker quote",
            Self::Price => "price",
            Self::Size => "size",
            Self::TradeId => "trade id",
            Self::FirstTradeId => "first trade id",
            Self::LastTradeId => "last trade id",
            Self::BuyerIsMaker => "buyer is maker",
            Self::Origin => "origin",
            Self::TimeOfDay => "time of day",
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
        }
    }
}
