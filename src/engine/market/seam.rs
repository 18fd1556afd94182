//! The seam between history and feed: bars that closed while the connection was being made.

use crate::bars::Origin;
use crate::market::leg::Market;
use crate::{Interval, UnixMillis};

/// How long after the feed's first second earlier 1 s bars are awaited; below, the same for longer bars.
const SECONDS_MILLIS: i64 = 6_000;
const LONGER_MILLIS: i64 = 15_000;
/// How far before that second to look for missing bars.
const BEFORE_MILLIS: i64 = 60_000;

/// Whether bars of the chosen interval are missing at the seam, at `exchange_now`, and expected shortly.
pub(crate) fn is_open(market: &Market, exchange_now: UnixMillis) -> bool {
    let (Some(begun), Some(track)) = (market.begun(), market.tracks.last()) else { return false };
    let interval = track.bars.interval();
    let patience = if interval == Interval::OneSecond { SECONDS_MILLIS } else { LONGER_MILLIS };
    let Some(first) = track.bars.first().filter(|_| exchange_now < begun + patience) else { return false };
    let step = interval.millis();
    let mut at = interval.floor(begun - step.max(BEFORE_MILLIS)).max(first);
    while at + step <= begun && track.bars.get(at).origin != Origin::Missing {
        at = at + step;
    }
    track.has_history && at + step <= begun
}
