//! Pages of bars over REST: which bars of a response are final, and whether their trades add up.
//!
//! A bar is final if the response also has one that opened two seconds after its end: REST may lag the stream,
//! and trades arrive up to 0.2 s late. A page of seconds between two trades with known ids must hold as many
//! trades as there are ids between them, or it is rejected.

use super::proof::prove;
use crate::bars::Bar;
use crate::bars::Origin;
use crate::bars::track::Track;
use crate::binance::klines::{self, LIMIT, Span};
use crate::{Interval, UnixMillis};

/// A bar that REST does not have this long after its close had no trades.
const OUTAGE_MILLIS: i64 = 30_000;
/// Bars after a hole that are requested with it.
pub(crate) const PROOF_BARS: i64 = 3;
/// Bars longer than this are polled this often.
const POLL_MOST_MILLIS: i64 = 5_000;
/// Rows at the end of the newest page that are not final yet.
const NOT_FINAL: usize = 2;

/// Adds a page of the initial history to its track, and returns its first bar.
pub(crate) fn take_start(track: &mut Track, span: Span, page: &klines::Page) -> Option<UnixMillis> {
    let klines = &page.klines;
    let rows = klines.len() + page.skipped;
    let (bars, final_rows) = match span {
        Span::Newest { bars } => (bars, klines.len().saturating_sub(NOT_FINAL)),
        Span::Before { bars, .. } => (bars, klines.len()),
        Span::From { .. } => return None,
    };
    let klines_final = &klines[..final_rows];
    for kline in klines_final.iter().rev() {
        if track.bars.get(kline.open_time).origin == Origin::Missing {
            track.bars.put(kline.open_time, kline.bar);
        }
    }
    track.before = klines.first().map(|kline| kline.open_time).or(track.before);
    track.fetched += rows;
    // a short page is the beginning of the market: there is nothing older
    if rows < bars {
        track.exhaust();
    }
    klines_final.first().map(|kline| kline.open_time)
}

/// A requested hole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hole {
    /// First and last open time.
    pub(crate) from: UnixMillis,
    pub(crate) to: UnixMillis,
    /// Bars from here on belong to the live feed; the response repairs them.
    pub(crate) begun: Option<UnixMillis>,
    pub(crate) exchange_now: Option<UnixMillis>,
}

/// The request for the bars of a hole and for those that prove its last bar final.
pub(crate) fn hole_span(from: UnixMillis, to: UnixMillis, interval: Interval) -> Span {
    let bars = to.since(from) / interval.millis() + 1 + PROOF_BARS;
    Span::From { start: from, bars: usize::try_from(bars).unwrap_or(LIMIT).min(LIMIT) }
}

/// The open time up to which bars must be known to prove the bar at `open_time` final.
fn proof_of(open_time: UnixMillis, interval: Interval) -> UnixMillis {
    open_time + interval.millis().max(2_000)
}

/// Adds the response to a hole's request to its track, and returns the first bar that changed.
pub(crate) fn take_hole(
    track: &mut Track,
    hole: Hole,
    response: &klines::Page,
    local: UnixMillis,
) -> Option<UnixMillis> {
    let Some(mut page) = final_bars(track.bars.interval(), hole, response) else {
        track.fruitless(local);
        return None;
    };
    if page.len() == 0 {
        track.fruitless(local);
        return None;
    }
    if response.skipped == 0
        && let Err(first) = prove(track, &mut page)
    {
        track.fruitless(local);
        return first;
    }
    let mut changed = None;
    for (open_time, bar) in page.rows() {
        if track.bars.get(open_time).origin == Origin::Missing && bar != Bar::MISSING {
            track.bars.put(open_time, bar);
            changed.get_or_insert(open_time);
        }
    }
    if response.skipped > 0 {
        track.bars.give_up_holes(hole.from, page.end());
    }
    if page.end() <= hole.to {
        track.fruitless(local);
    } else {
        track.fruitful();
    }
    changed
}

/// Adds the bars that have closed since the one before `from` to their track, and returns the first of them.
/// The next poll is due when another bar may have closed.
pub(crate) fn take_poll(
    track: &mut Track,
    from: UnixMillis,
    response: &klines::Page,
    local: UnixMillis,
) -> Option<UnixMillis> {
    track.rest(local + track.bars.interval().millis().min(POLL_MOST_MILLIS));
    let to = response.klines.last()?.open_time;
    let hole = Hole { from, to, begun: None, exchange_now: None };
    let page = final_bars(track.bars.interval(), hole, response).filter(|page| page.len() > 0)?;
    for (open_time, bar) in page.rows() {
        if track.bars.get(open_time).origin == Origin::Missing {
            let origin = if bar == Bar::MISSING { Origin::Missing } else { Origin::Polled };
            track.bars.put(open_time, Bar { origin, ..bar });
        }
    }
    Some(from)
}

/// Consecutive bars of one response.
pub(crate) struct Page {
    /// Open time of the first.
    pub(crate) from: UnixMillis,
    /// Length of a bar.
    pub(crate) step: i64,
    /// The bars.
    pub(crate) bars: Vec<Bar>,
}

impl Page {
    fn len(&self) -> usize {
        self.bars.len()
    }

    /// Open time of the bar after the last.
    pub(crate) fn end(&self) -> UnixMillis {
        let bars = i64::try_from(self.bars.len()).expect("Invariant: a response is bounded");
        self.from + bars * self.step
    }

    fn rows(&self) -> impl Iterator<Item = (UnixMillis, Bar)> {
        let steps = (0..).map(|count: i64| self.from + count * self.step);
        steps.zip(self.bars.iter().copied())
    }
}

/// The bars of the response up to the last final one; `None` if a row is out of place.
fn final_bars(interval: Interval, hole: Hole, response: &klines::Page) -> Option<Page> {
    let klines::Page { klines, skipped } = response;
    let Hole { from, to, begun, exchange_now } = hole;
    let newest = klines.last().map_or(UnixMillis(i64::MIN), |kline| kline.open_time);
    let mut left = klines.iter().peekable();
    let mut page = Page { from, step: interval.millis(), bars: Vec::new() };
    let mut at = from;
    while at <= to {
        let row = left.next_if(|kline| kline.open_time == at);
        let old = exchange_now.is_some_and(|now| now.since(at + page.step) > OUTAGE_MILLIS);
        let bar = match row {
            Some(kline) if newest >= proof_of(at, interval) || old => {
                let seconds = interval == Interval::OneSecond;
                let repaired = seconds && begun.is_some_and(|begun| at >= begun);
                let origin = if repaired { Origin::Repaired } else { Origin::History };
                Bar { origin, ..kline.bar }
            }
            // it may be one of the bars that could not be read
            None if *skipped > 0 && newest > at => Bar::MISSING,
            // REST has later bars, but not this one
            None if old && newest > at => Bar { origin: Origin::Outage, traded: None },
            _ => break,
        };
        page.bars.push(bar);
        at = at + page.step;
    }
    left.peek().is_none_or(|kline| kline.open_time >= at).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Trade;
    use crate::bars::Traded;
    use crate::binance::klines::Kline;

    fn at(second: i64) -> UnixMillis {
        UnixMillis(1_700_000_000_000 + second * 1_000)
    }

    /// Trades up to id 10 arrived in second 0; the connection was away during seconds 1 to 4.
    fn cut_after_trade_10() -> Track {
        let mut track = Track::new(Interval::OneSecond, true);
        live(&mut track, 0, 10);
        track.bars.mark(at(1), at(5), Origin::Missing);
        track
    }

    fn trade(second: i64, trade_id: u64) -> Trade {
        let time = at(second);
        Trade { trade_id, trade_time: time, event_time: time, price: 1.0, size: 1.0, buyer_is_maker: true }
    }

    fn live(track: &mut Track, second: i64, trade_id: u64) {
        track.bars.add(&trade(second, trade_id));
        track.bars.mark(at(second), at(second + 1), Origin::Live);
    }

    /// A response in which each second from `from` to `to` has one trade.
    fn fill(track: &mut Track, from: i64, to: i64) -> Option<UnixMillis> {
        let rows = (from..=to + PROOF_BARS).map(|second| {
            let traded =
                Traded { first_trade_id: None, last_trade_id: None, ..Traded::from(&trade(second, 0)) };
            Kline { open_time: at(second), bar: Bar { origin: Origin::History, traded: Some(traded) } }
        });
        let response = klines::Page { klines: rows.collect(), skipped: 0 };
        let hole = Hole { from: at(from), to: at(to), begun: Some(at(0)), exchange_now: Some(at(to + 10)) };
        take_hole(track, hole, &response, at(to + 10))
    }

    fn ids(track: &Track, second: i64) -> Option<(u64, u64)> {
        let traded = track.bars.get(at(second)).traded?;
        traded.first_trade_id.zip(traded.last_trade_id)
    }

    #[test]
    fn bars_over_rest_get_their_ids_when_the_trade_behind_them_proves_the_sum_of_all_pages() {
        let mut track = cut_after_trade_10();
        assert_eq!(fill(&mut track, 1, 2), Some(at(1)));
        assert_eq!((ids(&track, 1), track.bars.get(at(1)).known()), (None, true));
        live(&mut track, 5, 15);
        assert_eq!(fill(&mut track, 3, 4), Some(at(3)));
        let numbered: Vec<_> = (1..5).map(|second| ids(&track, second)).collect();
        assert_eq!(numbered, [11, 12, 13, 14].map(|id| Some((id, id))));
    }

    /// Second 0 also had a trade 11, which was lost and had not been announced when the first page came.
    #[test]
    fn a_trade_lost_before_the_pages_shows_in_their_sum_and_takes_all_of_them_back() {
        let mut track = cut_after_trade_10();
        fill(&mut track, 1, 2);
        live(&mut track, 5, 16);
        assert_eq!(fill(&mut track, 3, 4), Some(at(1)));
        assert!((1..5).all(|second| track.bars.get(at(second)) == Bar::MISSING));
    }
}
