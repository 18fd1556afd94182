//! What the recorded books came to in a run: the slippage of its fills, and how many had a book.

use super::account::Order;
use super::metrics::Metrics;
use super::rules::{Rules, SlippageBy};

/// Mean slippage in bps of the money of all fills; `None` if it is not by recorded books, or nothing was filled.
pub fn mean_half_spread_bps(rules: &Rules, metrics: &Metrics) -> Option<f64> {
    let by_book = rules.slippage_by == SlippageBy::HalfSpread && metrics.turnover > 0.0;
    by_book.then(|| 1e4 * metrics.slippage / metrics.turnover)
}

/// A sentence with the number of fills that had a book; `None` if slippage is not by recorded books, or nothing was
/// filled.
pub fn fills_by_book(rules: &Rules, orders: &[Order]) -> Option<String> {
    if rules.slippage_by != SlippageBy::HalfSpread || orders.is_empty() {
        return None;
    }
    let (all, bps) = (orders.len(), rules.slippage_bps);
    let found = match orders.iter().filter(|order| order.by_book).count() {
        0 => format!(
            "none of {all} fills had a book, each cost {bps} bps: only recordings with bookTicker frames have books"
        ),
        by_book if by_book == all => format!("all {all} fills had a book"),
        by_book => format!("{by_book} of {all} fills had a book, the rest cost {bps} bps"),
    };
    Some(format!("Slippage is the recorded half-spread: {found}."))
}
