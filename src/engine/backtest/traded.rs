//! What a bar says of its trades, also where nobody has counted them.

use crate::analytics::LegRow;
use crate::bars::{Origin, Traded};

/// Whether bars from a file have only closes: each has a single price, and no trades were counted.
pub fn closes_alone<'a>(bars: impl IntoIterator<Item = &'a Traded>) -> bool {
    let mut seen = false;
    for bar in bars {
        seen = true;
        if bar.trades > 0 || bar.open != bar.close || bar.high != bar.close || bar.low != bar.close {
            return false;
        }
    }
    seen
}

pub(super) fn known(origin: Origin) -> bool {
    matches!(origin, Origin::Live | Origin::History | Origin::Repaired | Origin::Polled)
}

pub(super) fn traded(part: &LegRow) -> bool {
    part.close.is_some() && part.carried_bars == 0
}

/// Whether a bar is written as files without a column of trades write one in which nothing traded: the close before
/// it once more, without volume.
pub(super) fn stands_still(part: &LegRow, before: Option<f64>) -> bool {
    let prices = [part.open, part.high, part.low, part.close];
    part.trades == 0 && part.volume == 0.0 && prices.iter().all(|price| *price == before)
}
