//! Proof of pages of bars: between two trades with known ids there must be as many trades as ids.

use super::pages::Page;
use crate::UnixMillis;
use crate::bars::Origin;
use crate::bars::track::Track;
use crate::bars::{Bar, Bars};

/// Checks the number of trades in the page, and in unproved bars around it, between two trades with known ids;
/// if it is right, all of these bars get their ids. Until then they have none: if guessed ids counted as known,
/// a trade missing from a closed bar before them would be lost for good.
///
/// # Errors
/// The number is wrong: returns the first bar that was reset because of it, if any.
pub(super) fn prove(track: &mut Track, page: &mut Page) -> Result<(), Option<UnixMillis>> {
    let step = page.step;
    let behind = Seam::find(&track.bars, page.from - step, -step);
    let ahead = Seam::find(&track.bars, page.end(), step);
    let Some((behind, ahead)) = behind.zip(ahead) else { return Ok(()) };
    let paged = page.bars.iter().filter_map(|bar| bar.traded).map(|traded| u64::from(traded.trades));
    let trades = paged.fold(behind.trades.saturating_add(ahead.trades), u64::saturating_add);
    if ahead.id.checked_sub(behind.id).and_then(|ids| ids.checked_sub(1)) != Some(trades) {
        let before = take_back(&mut track.bars, behind.at, page.from);
        let after = take_back(&mut track.bars, page.end(), ahead.at);
        return Err(before.or(after));
    }
    let mut last = behind.id;
    number(&mut track.bars, behind.at + step, page.from, &mut last);
    page.bars.iter_mut().for_each(|bar| bar.number(&mut last));
    number(&mut track.bars, page.end(), ahead.at, &mut last);
    Ok(())
}

/// The nearest trade with a known id.
struct Seam {
    /// Its bar.
    at: UnixMillis,
    id: u64,
    /// Trades from here to there in bars not proved yet.
    trades: u64,
}

impl Seam {
    /// Searches the bars from `at` on in steps of `step`; `None` if one on the way is unknown.
    fn find(bars: &Bars, mut at: UnixMillis, step: i64) -> Option<Self> {
        let mut trades = 0_u64;
        loop {
            let bar = bars.get(at);
            if bar.origin == Origin::Missing {
                return None;
            }
            if let Some(traded) = bar.traded {
                let id = if step < 0 { traded.last_trade_id } else { traded.first_trade_id };
                match id {
                    Some(id) => return Some(Self { at, id, trades }),
                    None if bar.origin == Origin::Repaired => {
                        trades = trades.saturating_add(u64::from(traded.trades));
                    }
                    None => return None,
                }
            }
            at = at + step;
        }
    }
}

/// Numbers the trades of the bars from `from` up to `to`, starting after `last`.
fn number(bars: &mut Bars, from: UnixMillis, to: UnixMillis, last: &mut u64) {
    let mut at = from;
    while at < to {
        let mut bar = bars.get(at);
        if bar.traded.is_some() {
            bar.number(last);
            bars.put(at, bar);
        }
        at = at + bars.interval().millis();
    }
}

fn take_back(bars: &mut Bars, from: UnixMillis, to: UnixMillis) -> Option<UnixMillis> {
    let mut at = from;
    let mut first = None;
    while at < to {
        let Bar { origin, traded } = bars.get(at);
        if origin == Origin::Repaired && traded.is_none_or(|traded| traded.first_trade_id.is_none()) {
            bars.put(at, Bar::MISSING);
            first.get_or_insert(at);
        }
        at = at + bars.interval().millis();
    }
    first
}
