//! The money in orders: what each costs, what is held, and what the account is worth.

use crate::UnixMillis;
use crate::analytics::cost::{self, Fill};
use serde::{Deserialize, Serialize};

/// Why an order was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// |z| reached the entry threshold.
    Entry,
    /// z came back to the exit threshold.
    Exit,
    /// z went on to the stop.
    Stop,
    /// Held for the longest time allowed.
    Time,
    /// The round trip, or the account, reached its maximum loss.
    Loss,
    /// The hedge ratio had changed.
    Rehedge,
    /// The data ended.
    EndOfData,
}

/// One of the two legs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderLeg {
    /// The dependent leg.
    Y,
    /// The explanatory leg.
    X,
}

impl OrderLeg {
    /// Both legs, in index order.
    pub const BOTH: [Self; 2] = [Self::Y, Self::X];
}

/// A filled order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Open time of the bar of the fill.
    #[serde(rename = "time_ms")]
    pub time: UnixMillis,
    /// The leg.
    pub leg: OrderLeg,
    /// Units bought; negative when sold.
    pub quantity: f64,
    /// Price per unit, slippage included.
    pub price: f64,
    /// Fee, in quote currency.
    pub fee: f64,
    /// Cost of slippage, in quote currency.
    pub slippage: f64,
    /// Why it was placed.
    pub reason: Reason,
    /// Whether the leg did not trade in the bar, so that the price is from an earlier one.
    pub stale: bool,
    /// Whether the slippage is the half-spread of a recorded book.
    pub by_book: bool,
}

/// Trading costs of a fill.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Costs {
    /// Fee on the money of the fill.
    pub fee_bps: f64,
    /// Slippage against the price of the fill, unless it has a recorded book.
    pub slippage_bps: f64,
}

/// An order about to be filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ticket {
    /// Open time of the bar of the fill.
    pub time: UnixMillis,
    /// The leg.
    pub leg: OrderLeg,
    /// Units to buy; negative to sell.
    pub quantity: f64,
    /// The market's price.
    pub price: f64,
    /// Why it was placed.
    pub reason: Reason,
    /// Whether the price is from an earlier bar.
    pub stale: bool,
    /// Half-spread of the last book before the fill, in bps; replaces the slippage of [`Costs`].
    pub half_spread_bps: Option<f64>,
}

impl Costs {
    /// Fills `ticket`.
    pub fn fill(self, ticket: Ticket) -> Order {
        let Ticket { time, leg, quantity, price: unslipped, reason, stale, half_spread_bps } = ticket;
        let slippage_bps = half_spread_bps.unwrap_or(self.slippage_bps);
        let Fill { price, fee, slippage } = cost::fill(quantity, unslipped, self.fee_bps, slippage_bps);
        let by_book = half_spread_bps.is_some();
        Order { time, leg, quantity, price, fee, slippage, reason, stale, by_book }
    }
}

/// Sums over fills, and the units held. Money is in quote currency.
///
/// Gross is at market prices; slippage, fees, funding and borrow are separate.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Account {
    /// Units held, by leg; negative if short.
    pub quantity: [f64; 2],
    /// Money from sales minus money for purchases, at market prices.
    pub proceeds: f64,
    /// Fees.
    pub fees: f64,
    /// Cost of slippage.
    pub slippage: f64,
    /// Cost of funding.
    pub funding: f64,
    /// Cost of borrowing the leg that is sold.
    pub borrow: f64,
    /// Money of all fills, at prices with slippage.
    pub turnover: f64,
}

impl Account {
    /// Adds a fill.
    pub fn add(&mut self, order: &Order) {
        let Order { leg, quantity, price, fee, slippage, .. } = *order;
        self.quantity[leg as usize] += quantity;
        self.proceeds += slippage - quantity * price;
        self.fees += fee;
        self.slippage += slippage;
        self.turnover += quantity.abs() * price;
    }

    /// Gross profit, with the units held valued at `prices`.
    pub fn gross(&self, prices: [f64; 2]) -> f64 {
        let [y, x] = self.quantity;
        self.proceeds + y * prices[0] + x * prices[1]
    }

    /// All costs.
    pub fn costs(&self) -> f64 {
        self.slippage + self.fees + self.funding + self.borrow
    }

    /// Net profit, with the units held valued at `prices`.
    pub fn net(&self, prices: [f64; 2]) -> f64 {
        self.gross(prices) - self.costs()
    }

    /// The change of cash: net without the value of the units held.
    pub fn cash(&self) -> f64 {
        self.proceeds - self.costs()
    }
}
