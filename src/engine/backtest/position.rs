//! A position of both legs, and the round trip that it becomes.

use super::account::{Account, Order, OrderLeg, Reason};
use crate::UnixMillis;
use serde::{Deserialize, Serialize};

/// Which spread a round trip held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// y bought, x sold.
    Long,
    /// y sold, x bought.
    Short,
}

/// An open position.
#[derive(Debug, Clone)]
pub(super) struct Position {
    pub(super) held: Held,
    pub(super) account: Account,
    /// Place of the bar in which it was entered.
    pub(super) entered_at: usize,
    /// Place of the bar in which, or at whose close, x was last sized.
    pub(super) sized_at: usize,
    pub(super) entry_z: f64,
    pub(super) entry: [Order; 2],
    /// Bars through which it was held.
    pub(super) bars_held: usize,
    /// Smallest net so far, closing costs not in it, at closes of bars.
    pub(super) worst: f64,
}

impl Position {
    pub(super) fn new(at: usize, entry_z: f64, entry: [Order; 2]) -> Self {
        let mut account = Account::default();
        for order in &entry {
            account.add(order);
        }
        Self {
            held: if entry_z < 0.0 { Held::Long } else { Held::Short },
            account,
            entered_at: at,
            sized_at: at,
            entry_z,
            entry,
            bars_held: 0,
            worst: 0.0,
        }
    }

    /// z as seen from the entry: it was at or beyond the entry then, and falls as the spread comes back.
    pub(super) fn outward(&self, z: f64) -> f64 {
        match self.held {
            Held::Long => -z,
            Held::Short => z,
        }
    }

    /// The round trip that ends with these orders.
    pub(super) fn close(mut self, exit: [Order; 2]) -> RoundTrip {
        for order in &exit {
            self.account.add(order);
        }
        let Self { account, entry, .. } = self;
        let price = |orders: &[Order; 2], leg: OrderLeg| orders[leg as usize].price;
        let money = |leg: OrderLeg| entry[leg as usize].quantity * price(&entry, leg);
        let (y, x) = (money(OrderLeg::Y), money(OrderLeg::X));
        let net = account.proceeds - account.costs();
        RoundTrip {
            held: self.held,
            entry_time: entry[0].time,
            exit_time: exit[0].time,
            entry_z: self.entry_z,
            quantity_y: entry[0].quantity,
            quantity_x: entry[1].quantity,
            entry_price_y: entry[0].price,
            entry_price_x: entry[1].price,
            exit_price_y: exit[0].price,
            exit_price_x: exit[1].price,
            reason_in: entry[0].reason,
            reason_out: exit[0].reason,
            gross: account.proceeds,
            fees: account.fees,
            slippage: account.slippage,
            funding: account.funding,
            borrow: account.borrow,
            net,
            turnover: account.turnover,
            bars_held: self.bars_held,
            worst_excursion: self.worst.min(net).min(0.0),
            gross_exposure: y.abs() + x.abs(),
            net_exposure: y + x,
            stale: exit.iter().any(|order| order.stale),
        }
    }
}

/// From the entry of both legs to their exit. Money is in quote currency.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RoundTrip {
    /// Which spread was held.
    pub held: Held,
    /// Open time of the bar in which it was entered.
    #[serde(rename = "entry_time_ms")]
    pub entry_time: UnixMillis,
    /// Open time of the bar in which it was left.
    #[serde(rename = "exit_time_ms")]
    pub exit_time: UnixMillis,
    /// z at the close that decided the entry.
    pub entry_z: f64,
    /// Units of y bought at first; negative when sold.
    pub quantity_y: f64,
    /// Units of x bought at first; negative when sold.
    pub quantity_x: f64,
    /// Price of y at the entry, slippage in it.
    pub entry_price_y: f64,
    /// Price of x at the entry.
    pub entry_price_x: f64,
    /// Price of y at the exit.
    pub exit_price_y: f64,
    /// Price of x at the exit.
    pub exit_price_x: f64,
    /// Why it was entered.
    pub reason_in: Reason,
    /// Why it was left.
    pub reason_out: Reason,
    /// Profit at the market's prices.
    pub gross: f64,
    /// Fees of all its fills.
    pub fees: f64,
    /// Slippage of all its fills.
    pub slippage: f64,
    /// Cost of holding.
    pub funding: f64,
    /// Cost of holding what was sold.
    pub borrow: f64,
    /// What is left of the profit.
    pub net: f64,
    /// Money of all its fills.
    pub turnover: f64,
    /// Bars through which it was held.
    pub bars_held: usize,
    /// Lowest net at the close of a bar, at most 0.
    pub worst_excursion: f64,
    /// Money of both legs at the entry.
    pub gross_exposure: f64,
    /// Money of y at the entry less that of x, with their signs: what the hedge leaves open.
    pub net_exposure: f64,
    /// An exit was filled at an older price.
    pub stale: bool,
}
