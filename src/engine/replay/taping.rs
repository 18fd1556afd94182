//! Makes a tape of the bars in memory, a few thousand at a time: a day of seconds is many, and so are its trades.

use super::tape::{Moment, Tape, TapeEvent};
use crate::bars::{Bar, Bars, HalfSpreads, Origin};
use crate::base::symbol::Leg;
use crate::market::late::LateBars;
use crate::market::leg::Market;
use crate::market::{GRACE_MILLIS, Markets};
use crate::{Trade, UnixMillis};
use std::collections::BTreeMap;
use std::vec::IntoIter;

/// Trades that take about as long as a bar.
const TRADES_A_BAR: usize = 64;

/// The bars of both legs.
#[derive(Debug, Clone, Copy)]
pub struct LegBars<'a> {
    /// Bars of y and of x, at one interval.
    pub bars: [&'a Bars; 2],
    /// The seconds that bars of a longer interval may have been folded from.
    pub seconds: [&'a Bars; 2],
    /// Those that became known after their close.
    pub late: [&'a LateBars; 2],
}

impl<'a> LegBars<'a> {
    /// The bars of the chosen interval.
    pub fn by(markets: &'a Markets) -> Self {
        Self {
            bars: markets.legs.each_ref().map(Market::chosen),
            seconds: markets.legs.each_ref().map(Market::seconds),
            late: markets.legs.each_ref().map(|market| &market.late),
        }
    }

    /// Whether the bar that opens at `open_time` was not seen as it closed. A longer bar counts as live if a part of it was
    /// seen here, though its other seconds may have come over REST.
    fn is_final(&self, leg: Leg, open_time: UnixMillis) -> bool {
        let (bars, seconds) = (self.bars[leg as usize], self.seconds[leg as usize]);
        if bars.get(open_time).origin != Origin::Live {
            return true;
        }
        let Some((first, end)) = seconds.first().zip(seconds.end()) else { return false };
        let closes = (open_time + bars.interval().millis()).min(end);
        let mut second = open_time.max(first);
        while second < closes {
            if matches!(seconds.get(second).origin, Origin::History | Origin::Polled) {
                return true;
            }
            second = second + seconds.interval().millis();
        }
        false
    }
}

/// A tape being made.
///
/// A bar becomes known at its close or, if that is recorded, at a later time; until then it is missing. Bars
/// whose close was not seen are "final data": they are in their final state.
#[derive(Debug)]
pub struct Taping {
    /// Open time of the next bars.
    next: UnixMillis,
    end: UnixMillis,
    /// Trades not on the tape yet, in runs, each of them sorted.
    runs: Vec<(Leg, IntoIter<Trade>)>,
    /// The trade added last.
    newest: Option<(Leg, u64)>,
    /// Bars that became known after their close, by that time.
    late: BTreeMap<(UnixMillis, Leg, UnixMillis), TapeEvent>,
    moments: Vec<Moment>,
    final_spans: Vec<(UnixMillis, UnixMillis)>,
    half_spreads: [HalfSpreads; 2],
}

impl Taping {
    /// Starts with the bars that open from `from` on and before `end`, and the trades between them, which only
    /// change the live update, since the bars include them. A trade became known when the exchange sent it, and
    /// counts once even if several `runs` have it. Runs are merged by [`Self::work`]; one that is not sorted is
    /// sorted here.
    pub fn new(from: UnixMillis, end: UnixMillis, runs: Vec<(Leg, Vec<Trade>)>) -> Self {
        let runs = runs.into_iter().map(|(leg, mut trades)| {
            if !trades.is_sorted_by_key(Trade::order) {
                trades.sort_by_key(Trade::order);
            }
            trades.truncate(trades.partition_point(|trade| trade.event_time <= end));
            let before = trades.partition_point(|trade| trade.event_time <= from);
            let mut trades = trades.into_iter();
            if before > 0 {
                trades.nth(before - 1);
            }
            (leg, trades)
        });
        Self {
            next: from,
            end,
            runs: runs.collect(),
            newest: None,
            late: BTreeMap::new(),
            moments: Vec::new(),
            final_spans: Vec::new(),
            half_spreads: Default::default(),
        }
    }

    /// Takes up to `bars` more bars of each leg, or the trades that take as long; returns whether all are taken.
    pub fn work(&mut self, held: &LegBars<'_>, bars: usize) -> bool {
        let step = held.bars[0].interval().millis();
        if self.moments.is_empty() {
            // reserve for all of them: growing a day's list would move it again and again
            let left = usize::try_from(self.end.since(self.next) / step).unwrap_or(0);
            let trades: usize = self.runs.iter().map(|(_, trades)| trades.len()).sum();
            self.moments.reserve(2 * left + trades);
        }
        self.half_spreads = held.bars.map(|bars| bars.half_spreads().clone());
        for _ in 0..bars {
            if self.next >= self.end {
                return true;
            }
            let closes = self.next + step;
            if !self.come_to(closes, TRADES_A_BAR) {
                continue;
            }
            for leg in Leg::BOTH {
                self.take(leg, closes, held);
            }
            self.next = closes;
        }
        self.next >= self.end
    }

    fn take(&mut self, leg: Leg, closes: UnixMillis, held: &LegBars<'_>) {
        let (opens, late) = (self.next, held.late[leg as usize]);
        let bar = held.bars[leg as usize].get(opens);
        let known = bar.known();
        let event = TapeEvent::Bar(leg, opens, bar);
        // on a tape of bars, a bar closes at its end, without the grace time of a live feed
        let known_at = late.known_at(opens, closes).map(|known_at| known_at - GRACE_MILLIS);
        match known_at {
            Some(known_at) if known && known_at > closes => {
                let missing = TapeEvent::Bar(leg, opens, Bar::MISSING);
                self.moments.push(Moment { at: closes, event: missing });
                self.late.insert((known_at, leg, opens), event);
            }
            _ if known => {
                self.moments.push(Moment { at: closes, event });
                if known_at.is_none() && held.is_final(leg, opens) {
                    self.take_final(closes);
                }
            }
            _ => {}
        }
    }

    fn take_final(&mut self, closes: UnixMillis) {
        match self.final_spans.last_mut().filter(|(_, to)| *to >= self.next) {
            Some((_, to)) => *to = closes,
            None => self.final_spans.push((closes, closes)),
        }
    }

    /// Adds what became known before `time` to the tape, `most` moments of it at most; returns whether that was all.
    fn come_to(&mut self, time: UnixMillis, most: usize) -> bool {
        for _ in 0..most {
            let next = |(leg, trades): &(Leg, IntoIter<Trade>)| {
                let trade = trades.as_slice().first().filter(|trade| trade.event_time < time)?;
                Some((trade.event_time, *leg, trade.trade_id))
            };
            let keys = self.runs.iter().enumerate();
            let first = keys.filter_map(|(place, run)| Some((next(run)?, place))).min();
            let late = self.late.first_key_value().map(|((at, ..), _)| *at).filter(|at| *at < time);
            match (first, late) {
                (Some(((at, leg, id), place)), late) if late.is_none_or(|late| at <= late) => {
                    let trade = self.runs[place].1.next();
                    if self.newest.replace((leg, id)) != Some((leg, id)) {
                        self.moments
                            .extend(trade.map(|trade| Moment { at, event: TapeEvent::Trade(leg, trade) }));
                    }
                }
                (_, Some(at)) => {
                    self.moments.extend(self.late.pop_first().map(|(_, event)| Moment { at, event }));
                }
                _ => return true,
            }
        }
        false
    }

    /// The tape, without what became known after its end.
    pub fn finish(mut self) -> Tape {
        self.come_to(self.end + 1, usize::MAX);
        Tape::of_held(self.moments, self.final_spans, self.half_spreads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interval;

    #[test]
    fn minutes_folded_from_seconds_over_rest_are_final_data_and_those_seen_are_not() {
        let start = Interval::OneMinute.floor(UnixMillis(1_700_000_000_000));
        let at = |second: i64| start + second * 1_000;
        let mut seconds = Bars::new(Interval::OneSecond);
        for second in 0..300 {
            // REST has the first two minutes and a part of the third
            let origin = if second < 130 { Origin::History } else { Origin::Live };
            seconds.put(at(second), Bar { origin, traded: None });
        }
        let mut minutes = Bars::new(Interval::OneMinute);
        for minute in 0..5 {
            minutes.put(at(60 * minute), seconds.fold(at(60 * minute), Interval::OneMinute));
        }
        let late = LateBars::default();
        let held = LegBars { bars: [&minutes; 2], seconds: [&seconds; 2], late: [&late; 2] };
        let mut taping = Taping::new(start, at(300), Vec::new());
        while !taping.work(&held, 2) {}
        let tape = taping.finish();
        let is_final =
            [0, 1, 2, 3, 4].map(|minute| tape.is_final_data(at(60 * minute + 1), at(60 * minute + 60)));
        assert_eq!(is_final, [true, true, true, false, false]);
    }
}
