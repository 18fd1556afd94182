//! Aggregate trades: runs of one price, time and side.

use crate::tape::TapeTrade;

/// A run of trades, by their places in the market's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Aggregate {
    pub(crate) id: u64,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// Groups neighbours of equal time, price and side; ids count from a third of the first trade's.
pub(crate) fn aggregate(trades: &[TapeTrade]) -> Vec<Aggregate> {
    let first_id = trades.first().map_or(0, |trade| trade.id / 3);
    let mut runs: Vec<Aggregate> = Vec::new();
    for (at, trade) in trades.iter().enumerate() {
        let joins = at > 0 && {
            let before = &trades[at - 1];
            before.time_ms == trade.time_ms
                && before.price_e8 == trade.price_e8
                && before.buyer_is_maker == trade.buyer_is_maker
        };
        match runs.last_mut() {
            Some(run) if joins => run.last = at,
            _ => runs.push(Aggregate { id: first_id + runs.len() as u64, first: at, last: at }),
        }
    }
    runs
}
