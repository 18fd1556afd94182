//! One bar: its trades, and how much of them is known.

use crate::Trade;
use crate::bars::Origin;
use crate::base::decimal::DecimalSum;

/// Prices and sums over the trades of one bar, of which there is at least one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Traded {
    /// Price of the trade with the lowest id.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Price of the trade with the highest id.
    pub close: f64,
    /// Volume in base currency.
    pub volume: DecimalSum,
    /// Volume in quote currency.
    pub quote_volume: DecimalSum,
    /// Base volume bought by takers.
    pub taker_base: DecimalSum,
    /// Quote volume bought by takers.
    pub taker_quote: DecimalSum,
    /// Number of trades.
    pub trades: u32,
    /// Lowest trade id, if known.
    pub first_trade_id: Option<u64>,
    /// Highest trade id, if known.
    pub last_trade_id: Option<u64>,
}

impl From<&Trade> for Traded {
    fn from(trade: &Trade) -> Self {
        let volume = DecimalSum::of(trade.size);
        let quote_volume = DecimalSum::product(trade.price, trade.size);
        let bought = |sum| if trade.buyer_is_maker { DecimalSum::default() } else { sum };
        Self {
            open: trade.price,
            high: trade.price,
            low: trade.price,
            close: trade.price,
            volume,
            quote_volume,
            taker_base: bought(volume),
            taker_quote: bought(quote_volume),
            trades: 1,
            first_trade_id: Some(trade.trade_id),
            last_trade_id: Some(trade.trade_id),
        }
    }
}

impl Traded {
    /// The lowest and the highest id if both are known and no id between them is missing.
    pub(crate) fn whole_ids(&self) -> Option<(u64, u64)> {
        let (first, last) = self.first_trade_id.zip(self.last_trade_id)?;
        (last.checked_sub(first)?.checked_add(1)? == u64::from(self.trades)).then_some((first, last))
    }

    /// Adds trades of the same bar, in any order; where ids are unknown, `other` counts as the later part.
    pub(crate) fn merge(&mut self, other: &Self) {
        if let (Some(ours), Some(theirs)) = (self.first_trade_id, other.first_trade_id)
            && theirs < ours
        {
            self.open = other.open;
        }
        match (self.last_trade_id, other.last_trade_id) {
            (Some(ours), Some(theirs)) if theirs < ours => {}
            _ => self.close = other.close,
        }
        self.first_trade_id = self.first_trade_id.zip(other.first_trade_id).map(|(a, b)| a.min(b));
        self.last_trade_id = self.last_trade_id.zip(other.last_trade_id).map(|(a, b)| a.max(b));
        self.high = self.high.max(other.high);
        self.low = self.low.min(other.low);
        self.volume.add(other.volume);
        self.quote_volume.add(other.quote_volume);
        self.taker_base.add(other.taker_base);
        self.taker_quote.add(other.taker_quote);
        self.trades = self.trades.saturating_add(other.trades);
    }
}

/// One bar: its trades, if any, and how much is known of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Where the bar comes from. A missing bar may hold those of its trades that did arrive.
    pub origin: Origin,
    /// `None` if nothing traded or nothing is known.
    pub traded: Option<Traded>,
}

impl Bar {
    pub(crate) const MISSING: Self = Self { origin: Origin::Missing, traded: None };

    /// Whether the bar is complete; an empty bar can be.
    pub const fn known(&self) -> bool {
        matches!(self.origin, Origin::Live | Origin::History | Origin::Repaired | Origin::Polled)
    }

    /// Whether the bar is as the exchange gave it, so that no single trade is to be added.
    pub(crate) const fn is_whole(&self) -> bool {
        matches!(self.origin, Origin::History | Origin::Outage | Origin::Polled)
    }

    /// Numbers its trades from the id after `last`, and sets `last` to the highest.
    pub(crate) fn number(&mut self, last: &mut u64) {
        let Some(traded) = &mut self.traded else { return };
        traded.first_trade_id = Some(last.saturating_add(1));
        *last = last.saturating_add(u64::from(traded.trades));
        traded.last_trade_id = Some(*last);
    }

    /// Whether the trades of `part`, which have not been added before, are not among this bar's; the bar's ids
    /// are known.
    pub(crate) fn lacks(&self, part: &Traded) -> bool {
        let Some(traded) = &self.traded else { return true };
        let Some((from, to)) = part.first_trade_id.zip(part.last_trade_id) else { return false };
        match traded.whole_ids() {
            Some((first, last)) => to < first || from > last,
            None => traded.first_trade_id.is_some() && traded.last_trade_id.is_some(),
        }
    }

    pub(crate) fn may_become(&self, origin: Origin) -> bool {
        match self.origin {
            Origin::Live | Origin::Missing => self.origin != origin,
            Origin::Repaired | Origin::History | Origin::Outage | Origin::Polled => false,
        }
    }
}
