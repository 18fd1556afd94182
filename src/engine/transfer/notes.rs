//! What a file does not say, and what is made of that: before it is taken, and after.

use super::opening::Opening;
use super::plan::{Kind, Plan, Role, length_words};
use crate::Symbol;

/// What should be known of a file before it is taken.
pub(super) fn of_plan(plan: &Plan) -> Vec<String> {
    let mut notes = Vec::new();
    let in_markets =
        |role| plan.markets.iter().any(|market| market.columns.iter().any(|(own, _)| *own == role));
    let has =
        |role| plan.form.columns().is_none_or(|columns| columns.contains(&Some(role)) || in_markets(role));
    match &plan.markets[..] {
        [] | [_] => {}
        [first, other] => {
            notes.push(format!("A row holds a bar of {} and one of {}.", first.symbol, other.symbol));
        }
        [first, .., last] => notes.push(format!(
            "A row holds a bar of each of {} markets, {} to {}.",
            plan.markets.len(),
            first.symbol,
            last.symbol
        )),
    }
    let Opening { phase_millis, moved_millis, shift_millis } = plan.times.opening;
    if moved_millis > 0 && shift_millis > 0 {
        notes.push(format!(
            "Daylight saving moves its bars by an hour: those that open {} before a boundary are kept at it.",
            length_words(shift_millis)
        ));
    } else if moved_millis > 0 {
        notes.push(format!(
            "Daylight saving moves its bars by an hour: they open {} or {} after the boundary, and are kept at it.",
            length_words(phase_millis),
            length_words(phase_millis + moved_millis)
        ));
    } else if phase_millis > 0 {
        notes.push(format!(
            "Its bars open {} after the boundary: they are kept at the boundary.",
            length_words(phase_millis)
        ));
    }
    match plan.kind {
        Kind::Bars => {
            if !(has(Role::Open) && has(Role::High) && has(Role::Low)) {
                notes.push("Without open, high and low, the close stands for them.".to_owned());
            }
            if !has(Role::Volume) {
                notes.push("There is no volume: it is shown as 0.".to_owned());
            }
            if !has(Role::Trades) {
                notes.push("The number of trades is not known: it is shown as 0.".to_owned());
            }
        }
        Kind::Trades => {
            let ids = has(Role::TradeId) || (has(Role::FirstTradeId) && has(Role::LastTradeId));
            if !ids {
                notes.push("Without trade ids a hole cannot be told from a time without trades.".to_owned());
            }
        }
    }
    notes
}

/// What should be known of rows without a price, of which the first is in line `first`.
pub(super) fn of_unpriced(count: u64, first: u64) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("The row in line {first} has no price: nothing is known of its bar.")),
        more => Some(format!(
            "{more} rows have no price, the first in line {first}: nothing is known of their bars."
        )),
    }
}

/// What should be known of trades of `symbol` whose ids follow no other.
pub(super) fn of_sparse_ids(symbol: &Symbol) -> String {
    format!(
        "The trade ids of {symbol} do not follow each other: a hole cannot be told from a time without trades."
    )
}
