//! Imported markets for a scan.

use super::INTERVALS;
use super::prices::Prices;
use crate::backtest::closes_alone;
use crate::transfer::Imports;
use crate::{Interval, Symbol};

/// The shortest interval for a scan that most recordings have, other than `interval`, and how many have it; `None` if no
/// two of them share one.
pub(super) fn other_interval(imports: &Imports, interval: Interval) -> Option<(Interval, usize)> {
    let having = |other: Interval| {
        imports.recordings().filter(|(symbol, recorded)| recorded.refusal(symbol, other).is_none()).count()
    };
    let others = INTERVALS.into_iter().filter(|other| *other != interval);
    let counted = others.map(|other| (other, having(other))).filter(|(_, count)| *count >= 2);
    counted.rev().max_by_key(|(_, count)| *count)
}

/// The bars of every recording, or why it has none at this interval, as a clause.
pub(super) fn prices(
    imports: &Imports,
    interval: Interval,
) -> impl Iterator<Item = (Symbol, Result<Prices, String>)> {
    imports.recordings().map(move |(symbol, recorded)| {
        let prices = recorded.bars(interval).map(|bars| {
            let alone = closes_alone(recorded.traded().map(|(_, traded)| traded));
            Prices::recorded(bars, alone)
        });
        let reason = || {
            let refusal = recorded.refusal(symbol, interval);
            refusal.unwrap_or_else(|| "it has no known bars".to_owned())
        };
        (symbol.clone(), prices.ok_or_else(reason))
    })
}
