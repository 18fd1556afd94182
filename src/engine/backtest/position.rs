//! A position in both legs, and the round trip that it becomes.

use super::account::{Account, Order, OrderLeg, Reason};
use crate::UnixMillis;
use serde::{Deserialize, Serialize};

/// The side of a round trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionSide {
    /// y bought, x sold.
    Long,
    /// y sold, x bought.
    Short,
}

/// An open position.
#[derive(Debug, Clone)]
pub(super) struct Position {
    pub(super) held: PositionSide,
    pub(super) account: Account,
    /// Index of the bar of the entry.
    pub(super) entered_at: usize,
    /// Index of the bar in which, or at whose close, x was last sized.
    pub(super) sized_at: usize,
    pub(super) entry_z: f64,
    pub(super) entry: [Order; 2],
    /// Bars for which it was held.
    pub(super) bars_held: usize,
    /// Lowest net profit at the close of a bar so far, without closing costs.
    pub(super) worst: f64,
}

impl Position {
    pub(super) fn new(at: usize, entry_z: f64, entry: [Order; 2]) -> Self {
        let mut account = Account::default();
        for order in &entry {
            account.add(order);
        }
        Self {
            held: if entry_z < 0.0 { PositionSide::Long } else { PositionSide::Short },
            account,
            entered_at: at,
            sized_at: at,
            entry_z,
            entry,
            bars_held: 0,
            worst: 0.0,
        }
    }

    /// z in the direction of the entry: at or beyond the entry threshold at first, falling as the spread
    /// reverts.
    pub(super) fn outward(&self, z: f64) -> f64 {
        match self.held {
            PositionSide::Long => -z,
            PositionSide::Short => z,
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

/// A trade from the entry of both legs to their exit. Money is in quote currency.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RoundTrip {
    /// The side.
    pub held: PositionSide,
    /// Open time of the bar of the entry.
    #[serde(rename = "entry_time_ms")]
    pub entry_time: UnixMillis,
    /// Open time of the bar of the exit.
    #[serde(rename = "exit_time_ms")]
    pub exit_time: UnixMillis,
    /// z at the close that decided the entry.
    pub entry_z: f64,
    /// Units of y at entry; negative if sold.
    pub quantity_y: f64,
    /// Units of x at entry; negative if sold.
    pub quantity_x: f64,
    /// Entry price of y, slippage included.
    pub entry_price_y: f64,
    /// Entry price of x, slippage included.
    pub entry_price_x: f64,
    /// Exit price of y, slippage included.
    pub exit_price_y: f64,
    /// Exit price of x, slippage included.
    pub exit_price_x: f64,
    /// Reason for the entry.
    pub reason_in: Reason,
    /// Reason for the exit.
    pub reason_out: Reason,
    /// Profit at market prices.
    pub gross: f64,
    /// Fees of all its fills.
    pub fees: f64,
    /// Slippage of all its fills.
    pub slippage: f64,
    /// Cost of funding.
    pub funding: f64,
    /// Cost of borrowing the leg that is sold.
    pub borrow: f64,
    /// Profit after all costs.
    pub net: f64,
    /// Money of all its fills.
    pub turnover: f64,
    /// Bars for which it was held.
    pub bars_held: usize,
    /// Lowest net profit at the close of a bar, at most 0.
    pub worst_excursion: f64,
    /// Money of both legs at entry, without sign.
    pub gross_exposure: f64,
    /// Money of both legs at entry, with sign: the part that the hedge leaves open.
    pub net_exposure: f64,
    /// Whether an exit was filled at a price from an earlier bar.
    pub stale: bool,
}
