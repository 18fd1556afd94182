//! Imported markets for a scan.

use super::prices::Prices;
use crate::backtest::closes_alone;
use crate::transfer::Imports;
use crate::{Interval, Symbol};

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
