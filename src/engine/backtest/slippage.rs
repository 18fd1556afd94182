//! What a fill pays beside the price: so much by the settings, or what a recording has of the book.

use super::account::Order;
use super::metrics::Metrics;
use super::rules::Rules;
use crate::base::words;
use serde::{Deserialize, Serialize};

/// What a fill pays beside the price, against itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SlippageBy {
    /// So many bps.
    #[default]
    Bps,
    /// Half the distance of bid and ask in the last book before the fill, which is no older than a minute; so many bps
    /// where a recording has none.
    HalfSpread,
}

words!(SlippageBy, Bps = "bps", HalfSpread = "recorded_half_spread");

/// What a fill has paid by the books in bps, on average over the money of all fills; `None` where that is not the rule, or
/// nothing was filled.
pub fn mean_half_spread_bps(rules: &Rules, metrics: &Metrics) -> Option<f64> {
    let by_book = rules.slippage_by == SlippageBy::HalfSpread && metrics.turnover > 0.0;
    by_book.then(|| 1e4 * metrics.slippage / metrics.turnover)
}

/// How many fills had a book, in a sentence; `None` where that is not the rule, or nothing was filled.
pub fn fills_by_book(rules: &Rules, orders: &[Order]) -> Option<String> {
    if rules.slippage_by != SlippageBy::HalfSpread || orders.is_empty() {
        return None;
    }
    let (all, bps) = (orders.len(), rules.slippage_bps);
    let found = match orders.iter().filter(|order| order.by_book).count() {
        0 => format!(
            "none of {all} fills had a book, each cost {bps} bps: books come with recordings that have bookTicker frames"
        ),
        by_book if by_book == all => format!("all {all} fills had a book"),
        by_book => format!("{by_book} of {all} fills had a book, the rest cost {bps} bps"),
    };
    Some(format!("Slippage is the recorded half-spread: {found}."))
}
