//! Aggregate trades: runs of equal price, time and side.

use crate::tape::TapeTrade;

/// A run of trades, by their places in the market's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Aggregate {
    pub(crate) id: u64,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// Groups consecutive trades of equal time, price and side that are in no run yet; ids count from a third of
/// the first trade's id.
pub(crate) fn extend(runs: &mut Vec<Aggregate>, trades: &[TapeTrade]) {
    let begins = runs.last().map_or(0, |run| run.last + 1);
    for (at, trade) in trades.iter().enumerate().skip(begins) {
        let joins = at > 0 && {
            let before = &trades[at - 1];
            before.time_ms == trade.time_ms
                && before.price_e8 == trade.price_e8
                && before.buyer_is_maker == trade.buyer_is_maker
        };
        match runs.last_mut() {
            Some(run) if joins => run.last = at,
            Some(Aggregate { id, .. }) => {
                let id = *id + 1;
                runs.push(Aggregate { id, first: at, last: at });
            }
            None => runs.push(Aggregate { id: trade.id / 3, first: at, last: at }),
        }
    }
}
