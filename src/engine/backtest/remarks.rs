//! What must be known of a run to read its numbers correctly, in sentences.

use super::rules::{FillAt, Rules};
use super::run::Ledger;
use super::slippage::fills_by_book;
use crate::base::calendar;

/// Remarks on a run of `rules`.
pub fn remarks(rules: &Rules, ledger: &Ledger) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(bar) = ledger.ruined_at {
        remarks.push(format!(
            "The capital was lost in the bar of {} {} UTC: nothing was traded from then on, and there are no ratios.",
            calendar::date(bar.0),
            calendar::clock(bar.0)
        ));
    }
    if rules.fill == FillAt::SameClose {
        remarks.push("Filled at the close that decided: optimistic, to compare with other tools.".to_owned());
    }
    remarks.extend(fills_by_book(rules, &ledger.orders));
    for undefined in &ledger.undefined_filters {
        let in_bars =
            if undefined.bars == 1 { "1 bar".to_owned() } else { format!("{} bars", undefined.bars) };
        remarks.push(format!(
            "{} refused entries in {in_bars} for want of a number: in the last of them {}.",
            undefined.filter, undefined.reason
        ));
    }
    let stale = ledger.trades.iter().filter(|trade| trade.stale).count();
    if stale > 0 {
        let exits = if stale == 1 { "exit was" } else { "exits were" };
        remarks.push(format!("{stale} {exits} filled at an older price, for lack of a trade."));
    }
    remarks
}
