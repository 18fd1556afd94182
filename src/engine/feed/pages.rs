//! Pages of bars over REST: what of an answer is final, and whether its sum is right.
//!
//! A bar is final when the answer also holds one that opened two seconds after its end: REST may lag the
//! stream, and trades are pushed up to 0.2 s late. A page of seconds between trades whose ids are known must
//! hold as many trades as there are ids between, or it is not taken.

use super::klines::{Kline, LIMIT, Span};
use crate::bars::{Bar, Bars};
use crate::event::Origin;
use crate::track::Track;
use crate::{Interval, UnixMillis};

/// A bar that REST does not have this long after its close was never traded in.
const OUTAGE_MILLIS: i64 = 30_000;
/// Bars behind a hole that are asked for with it.
pub(super) const PROOF_BARS: i64 = 3;
/// Rows at the end of the newest page that are not final.
const NOT_FINAL: usize = 2;
/// A trade whose id is known is looked for over so many empty bars.
const SEAM_BARS: i64 = 3_600;

/// Puts a page of the start into its track, and returns its first bar.
pub(super) fn take_start(track: &mut Track, span: Span, klines: &[Kline]) -> Option<UnixMillis> {
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
    // a short page is the market's beginning: there is no more to ask for
    let short = klines.len() < bars;
    track.fetched = if short { track.wanted } else { track.fetched + klines.len() };
    klines_final.first().map(|kline| kline.open_time)
}

/// The hole that was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hole {
    /// First and last open time.
    pub(super) from: UnixMillis,
    pub(super) to: UnixMillis,
    /// Bars from here on belong to the live feed, and are repaired by the answer.
    pub(super) begun: Option<UnixMillis>,
    pub(super) exchange_now: Option<UnixMillis>,
}

/// The question for the bars of a hole and for those that prove the last one final.
pub(super) fn hole_span(from: UnixMillis, to: UnixMillis, interval: Interval) -> Span {
    let bars = to.since(from) / interval.millis() + 1 + PROOF_BARS;
    Span::From { start: from, bars: usize::try_from(bars).unwrap_or(LIMIT).min(LIMIT) }
}

/// The open time up to which bars must be known to prove that the one at `open_time` is final.
fn proof_of(open_time: UnixMillis, interval: Interval) -> UnixMillis {
    open_time + interval.millis().max(2_000)
}

/// Puts the answer to the question for a hole into its track, and returns the first bar that changed.
pub(super) fn take_hole(
    track: &mut Track,
    hole: Hole,
    klines: &[Kline],
    local: UnixMillis,
) -> Option<UnixMillis> {
    let Some(mut page) = final_bars(track.bars.interval(), hole, klines) else {
        track.fruitless(local);
        return None;
    };
    if page.len() == 0 {
        track.fruitless(local);
        return None;
    }
    if let Err(first) = prove(track, &mut page) {
        track.fruitless(local);
        return first;
    }
    let mut changed = None;
    for (open_time, bar) in page.rows() {
        if track.bars.get(open_time).origin == Origin::Missing {
            track.bars.put(open_time, bar);
            changed.get_or_insert(open_time);
        }
    }
    if page.end() <= hole.to {
        track.fruitless(local);
    } else {
        track.answered();
    }
    changed
}

/// Bars of one answer, one after the other.
struct Page {
    from: UnixMillis,
    step: i64,
    bars: Vec<Bar>,
}

impl Page {
    fn len(&self) -> usize {
        self.bars.len()
    }

    fn end(&self) -> UnixMillis {
        let bars = i64::try_from(self.bars.len()).expect("Invariant: an answer is bounded");
        self.from + bars * self.step
    }

    fn rows(&self) -> impl Iterator<Item = (UnixMillis, Bar)> {
        let steps = (0..).map(|count: i64| self.from + count * self.step);
        steps.zip(self.bars.iter().copied())
    }
}

/// The bars of the answer up to the last final one; `None` when a row is not where it must be.
fn final_bars(interval: Interval, hole: Hole, klines: &[Kline]) -> Option<Page> {
    let Hole { from, to, begun, exchange_now } = hole;
    let newest = klines.last().map_or(UnixMillis(i64::MIN), |kline| kline.open_time);
    let mut answered = klines.iter().peekable();
    let mut page = Page { from, step: interval.millis(), bars: Vec::new() };
    let mut at = from;
    while at <= to {
        let row = answered.next_if(|kline| kline.open_time == at);
        let old = exchange_now.is_some_and(|now| now.since(at + page.step) > OUTAGE_MILLIS);
        let bar = match row {
            Some(kline) if newest >= proof_of(at, interval) || old => {
                let seconds = interval == Interval::OneSecond;
                let repaired = seconds && begun.is_some_and(|begun| at >= begun);
                let origin = if repaired { Origin::Repaired } else { Origin::History };
                Bar { origin, ..kline.bar }
            }
            // REST has what came later, and this one not
            None if old && newest > at => Bar { origin: Origin::Outage, traded: None },
            _ => break,
        };
        page.bars.push(bar);
        at = at + page.step;
    }
    answered.peek().is_none_or(|kline| kline.open_time >= at).then_some(page)
}

/// Gives the page's bars their ids, as far as the bars around it tell them, and checks their sum.
///
/// # Errors
/// The sum is wrong: the first bar that was taken back because of it, if one was.
fn prove(track: &mut Track, page: &mut Page) -> Result<(), Option<UnixMillis>> {
    let Some(before) = id_before(&track.bars, page.from) else { return Ok(()) };
    let mut last = before;
    for bar in &mut page.bars {
        if let Some(traded) = &mut bar.traded {
            traded.first_trade_id = Some(last.saturating_add(1));
            last = last.saturating_add(u64::from(traded.trades));
            traded.last_trade_id = Some(last);
        }
    }
    let unproved = track.unproved.take().filter(|(_, end)| *end == page.from);
    let from = unproved.map_or(page.from, |(from, _)| from);
    match id_after(&track.bars, page.end()) {
        Some(after) if last.checked_add(1) == Some(after) => Ok(()),
        Some(_) => Err(take_back(&mut track.bars, from, page.from)),
        None => {
            track.unproved = Some((from, page.end()));
            Ok(())
        }
    }
}

fn take_back(bars: &mut Bars, from: UnixMillis, to: UnixMillis) -> Option<UnixMillis> {
    let mut at = from;
    let mut first = None;
    while at < to {
        if bars.get(at).origin == Origin::Repaired {
            bars.put(at, Bar::MISSING);
            first.get_or_insert(at);
        }
        at = at + bars.interval().millis();
    }
    first
}

/// Id of the last trade before the bar that opens at `at`, if all bars between are known.
fn id_before(bars: &Bars, at: UnixMillis) -> Option<u64> {
    let step = bars.interval().millis();
    let found = (1..SEAM_BARS).map(|back| bars.get(at - back * step)).find(Bar::stops_a_search)?;
    found.traded.filter(|_| found.known())?.last_trade_id
}

/// Id of the first trade from the bar that opens at `at` on, if all bars between are known.
fn id_after(bars: &Bars, at: UnixMillis) -> Option<u64> {
    let step = bars.interval().millis();
    let found = (0..SEAM_BARS).map(|on| bars.get(at + on * step)).find(Bar::stops_a_search)?;
    found.traded.filter(|_| found.known())?.first_trade_id
}
