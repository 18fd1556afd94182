//! The money of orders: what each costs, what is held, and what the account is worth.

use crate::UnixMillis;
use serde::{Deserialize, Serialize};

/// Why an order was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// |z| had reached the entry.
    Entry,
    /// z had come back to the exit.
    Exit,
    /// z had gone on to the stop.
    Stop,
    /// It had been held for long enough.
    Time,
    /// It, or the account, had lost enough.
    Loss,
    /// The hedge ratio had moved on.
    Rehedge,
    /// There are no more bars.
    EndOfData,
}

/// One of the two legs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderLeg {
    /// The dependent leg.
    Y,
    /// The explaining leg.
    X,
}

impl OrderLeg {
    /// Both, in the order of their places.
    pub const BOTH: [Self; 2] = [Self::Y, Self::X];
}

/// A filled order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Open time of the bar in which it was filled.
    #[serde(rename = "time_ms")]
    pub time: UnixMillis,
    /// Whose.
    pub leg: OrderLeg,
    /// Units bought; negative when sold.
    pub quantity: f64,
    /// Price paid or got for a unit, slippage in it.
    pub price: f64,
    /// Money.
    pub fee: f64,
    /// Money lost to slippage.
    pub slippage: f64,
    /// Why.
    pub reason: Reason,
    /// The leg did not trade in the bar: the price is an older one.
    pub stale: bool,
}

/// What fills cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Costs {
    /// On the money of the fill.
    pub fee_bps: f64,
    /// On the price, against the fill.
    pub slippage_bps: f64,
}

/// An order that is about to be filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ticket {
    /// Open time of the bar in which it is filled.
    pub time: UnixMillis,
    /// Whose.
    pub leg: OrderLeg,
    /// Units to buy; negative to sell.
    pub quantity: f64,
    /// The market's price.
    pub price: f64,
    /// Why.
    pub reason: Reason,
    /// The price is an older one.
    pub stale: bool,
}

impl Costs {
    /// Fills `ticket`.
    pub fn fill(self, ticket: Ticket) -> Order {
        let Ticket { time, leg, quantity, price: unslipped, reason, stale } = ticket;
        let worse = self.slippage_bps / 1e4;
        let price = unslipped * if quantity < 0.0 { 1.0 - worse } else { 1.0 + worse };
        let fee = quantity.abs() * price * self.fee_bps / 1e4;
        let slippage = quantity.abs() * unslipped * worse;
        Order { time, leg, quantity, price, fee, slippage, reason, stale }
    }
}

/// Sums over fills, and what is held.
///
/// Gross is at the market's prices, slippage, fees and funding are apart from it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Account {
    /// Units held, by leg.
    pub quantity: [f64; 2],
    /// Money got for what was sold less money paid for what was bought, at the market's prices.
    pub proceeds: f64,
    /// Money.
    pub fees: f64,
    /// Money.
    pub slippage: f64,
    /// Money paid for holding.
    pub funding: f64,
    /// Money paid for holding what was sold.
    pub borrow: f64,
    /// Money of all fills, at their prices with slippage.
    pub turnover: f64,
}

impl Account {
    /// Takes a fill.
    pub fn add(&mut self, order: &Order) {
        let Order { leg, quantity, price, fee, slippage, .. } = *order;
        self.quantity[leg as usize] += quantity;
        self.proceeds += slippage - quantity * price;
        self.fees += fee;
        self.slippage += slippage;
        self.turnover += quantity.abs() * price;
    }

    /// Gross at these prices of what is held.
    pub fn gross(&self, prices: [f64; 2]) -> f64 {
        let [y, x] = self.quantity;
        self.proceeds + y * prices[0] + x * prices[1]
    }

    /// What has been paid beside the market's prices.
    pub fn costs(&self) -> f64 {
        self.slippage + self.fees + self.funding + self.borrow
    }

    /// Net at these prices of what is held.
    pub fn net(&self, prices: [f64; 2]) -> f64 {
        self.gross(prices) - self.costs()
    }

    /// The change of cash: net without what is held.
    pub fn cash(&self) -> f64 {
        self.proceeds - self.costs()
    }
}
