//! Both legs' trades on the exchange's clock: which are new, which bars they fill, and which bars are closed.

pub mod clock;
mod closing;
mod filled;
mod filling;
pub mod gaps;
mod hearing;
mod joint;
pub mod late;
pub mod leg;
pub(crate) mod pages;
mod proof;
pub mod rate;
pub mod repair;
pub(crate) mod seam;
pub mod sequence;

pub use filled::Filled;

use crate::bars::Ids;
use crate::bars::Origin;
use crate::bars::track::{Track, fold_all};
use crate::bars::{Bar, Bars, Traded};
use crate::base::note::{News, NoteKind};
use crate::base::symbol::Leg;
use crate::binance::agg_trades::AggTrade;
use crate::binance::wire::SecondBar;
use crate::market::clock::ExchangeClock;
use crate::market::late::LateBars;
use crate::market::leg::Market;
use crate::market::sequence::Arrival;
use crate::settings::Settings;
use crate::{Interval, Trade, UnixMillis};

/// A second is closed this long after its end: in recordings, trades arrive up to 220 ms late.
pub const GRACE_MILLIS: i64 = 500;
/// Without a trade of either leg for this long, while trade ids stay consecutive, the exchange stood still.
const OUTAGE_MILLIS: i64 = 120_000;
/// The silence must also last this many times the usual time between trades. If trades came at random, one
/// silence in 10^8 would be as long.
const OUTAGE_GAPS: i64 = 20;

/// Counts of trades by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Trades accepted.
    pub trades: u64,
    /// Trades received twice.
    pub duplicates: u64,
    /// Trades received after a later one.
    pub reordered: u64,
    /// Trade ids that never came.
    pub missing: u64,
    /// Missing trades that REST has supplied since.
    pub repaired: u64,
    /// Trades with an implausible id.
    pub implausible: u64,
}

/// A leg that is silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unheard {
    /// The leg.
    pub leg: Leg,
    /// Silent for this long.
    pub millis: i64,
    /// Whether REST has given trades of that time, so that the leg is not merely quiet.
    pub has_traded: bool,
}

/// Both legs' markets.
#[derive(Debug, Clone)]
pub struct Markets {
    /// The legs, by [`Leg`].
    pub legs: [Market; 2],
    /// The exchange's time.
    pub clock: ExchangeClock,
    /// Counters.
    pub counts: Counts,
    /// If the exchange's clock has not been heard from for longer than this, trades may be lost.
    silence_millis: i64,
    /// Open time of the second after the last closed one.
    closed: Option<UnixMillis>,
    revised_from: Option<UnixMillis>,
    recorded: bool,
    news: Vec<News>,
}

impl Markets {
    /// Markets of which nothing is known yet.
    pub fn new(settings: &Settings) -> Self {
        Self {
            legs: Leg::BOTH.map(|leg| Market::new(settings, leg)),
            clock: ExchangeClock::default(),
            counts: Counts::default(),
            silence_millis: settings.source.offer().patience.doubt,
            closed: None,
            revised_from: None,
            recorded: false,
            news: Vec::new(),
        }
    }

    /// Markets that consist of bars alone: those of y and of x, at the same interval.
    pub fn recorded(settings: &Settings, bars: [Bars; 2]) -> Self {
        let mut market = Self { recorded: true, ..Self::new(settings) };
        for (leg, bars) in market.legs.iter_mut().zip(bars) {
            let mut track = Track::new(bars.interval(), false);
            track.bars = bars;
            leg.tracks = vec![track];
        }
        market
    }

    /// Adds a bar of `leg` to markets that consist of bars alone.
    pub(crate) fn record(&mut self, leg: Leg, open_time: UnixMillis, bar: Bar) {
        debug_assert!(self.recorded, "Invariant: a live market makes its bars of trades");
        let bars = &mut self.legs[leg as usize].tracks[0].bars;
        let is_late = bars.end().is_some_and(|end| open_time < end);
        bars.put(open_time, bar);
        if is_late {
            self.revised_from = Some(self.revised_from.map_or(open_time, |earlier| earlier.min(open_time)));
        }
    }

    /// Switches to another interval; the 1 s bars stay.
    pub fn choose(&mut self, settings: &Settings) {
        for leg in &mut self.legs {
            leg.choose(settings);
            let Some(first) = leg.seconds().first() else { continue };
            if let (Some(closed), true) = (self.closed, leg.tracks.len() > 1) {
                fold_all(&mut leg.tracks, first, closed);
            }
        }
    }

    /// Takes the event time of a frame received at `local`; returns whether it is believed. The first believed
    /// time of a connection begins its coverage.
    pub fn tick(&mut self, event_time: UnixMillis, local: UnixMillis) -> bool {
        let newest = self.clock.newest();
        if !self.clock.observe(event_time, local) {
            return false;
        }
        if newest.is_some_and(|newest| event_time.since(newest) > self.silence_millis) {
            self.disconnected();
        }
        let from = Interval::OneSecond.floor(event_time) + Interval::OneSecond.millis();
        for leg in &mut self.legs {
            leg.hearing.listen(event_time);
            if leg.hearing.is_heard(event_time) {
                leg.cover(from);
            }
        }
        self.closed.get_or_insert(from);
        true
    }

    /// Takes a trade of `leg`. Its event time must have been passed to [`Self::tick`] before.
    pub fn trade(&mut self, leg: Leg, trade: Trade) {
        if self.take(leg, trade.trade_id.into(), trade, &Traded::from(&trade)) {
            self.legs[leg as usize].hear_trade();
        }
    }

    /// Takes trades of `leg` that were sent as one at `event_time`.
    pub fn aggregate(&mut self, leg: Leg, event_time: UnixMillis, row: &AggTrade) {
        let AggTrade { last, time, price, size, buyer_is_maker, .. } = *row;
        let size_together = size.value();
        let newest = Trade {
            trade_id: last,
            trade_time: time,
            event_time,
            price,
            size: size_together,
            buyer_is_maker,
        };
        self.take(leg, row.ids(), newest, &row.part(row.ids(), size));
    }

    /// Takes the trades with `ids`, made at the time of `trade`, which add `part` to their bar. Returns whether
    /// the ids are plausible; implausible ones say nothing about the market.
    fn take(&mut self, leg: Leg, ids: Ids, trade: Trade, part: &Traded) -> bool {
        let Some((closed, now)) = self.closed.zip(self.clock.newest()) else { return false };
        let market = &mut self.legs[leg as usize];
        let before = market.sequence.newest_time();
        let arrival = market.sequence.observe(ids, trade.trade_time, now);
        if matches!(arrival, Arrival::Implausible | Arrival::Early) {
            self.counts.implausible += u64::from(arrival == Arrival::Implausible);
            return false;
        }
        market.hear(trade.event_time);
        let second = Interval::OneSecond.floor(trade.trade_time);
        let proved = match arrival {
            Arrival::Duplicate => {
                self.counts.duplicates += ids.count();
                return true;
            }
            Arrival::First => {
                market.lose_unknown(second);
                None
            }
            _ => market.prove(closed),
        };
        self.counts.reordered += if arrival == Arrival::Late { ids.count() } else { 0 };
        if let Some(from) = proved {
            self.revise(from);
        }
        self.counts.trades = self.counts.trades.saturating_add(ids.count());
        let market = &mut self.legs[leg as usize];
        market.ticks.push(trade);
        if market.begun().is_some_and(|begun| second >= begun) {
            market.seconds_mut().add_part(second, part);
            if second < closed {
                self.revise(second);
            }
        }
        if arrival == Arrival::Next
            && let Some(before) = before
            && trade.trade_time.since(before) >= OUTAGE_MILLIS
        {
            self.quiet(leg, before, trade.trade_time);
        }
        true
    }

    /// Takes the exchange's own bar of a closed second of `leg`. Trades that it counts and that have not
    /// arrived are missed from now on, not only once a later trade arrives.
    pub fn second_bar(&mut self, leg: Leg, bar: &SecondBar) {
        let Some(now) = self.clock.newest() else { return };
        let market = &mut self.legs[leg as usize];
        market.hear_of(bar.open_time, bar.event_time);
        let begun = market.begun().is_some_and(|begun| bar.open_time >= begun);
        let mut anew = None;
        if let (true, Some(ids)) = (begun, bar.trade_ids) {
            if market.sequence.newest_time().is_none() {
                // trades lost before the first announcement have no ids
                market.lose_unknown(bar.open_time - Interval::OneSecond.millis());
            }
            let closes = bar.open_time + Interval::OneSecond.millis() - 1;
            if market.sequence.announce(ids, bar.open_time, closes, now) {
                anew = market.begin_anew(bar.open_time);
            }
        }
        if let Some(from) = anew.or_else(|| market.open_at(bar.open_time)) {
            self.revise(from);
        }
    }

    /// The ids of `leg` are consecutive across a time without trades. If the same holds for the other leg at
    /// that time, the exchange stood still.
    fn quiet(&mut self, leg: Leg, after: UnixMillis, before: UnixMillis) {
        self.legs[leg as usize].quiet = Some((after, before));
        let [Some(y), Some(x)] = [self.legs[0].quiet, self.legs[1].quiet] else { return };
        let (after, before) = (y.0.max(x.0), y.1.min(x.1));
        // two coins that trade every minute or so are often silent together
        let usual = self.legs.each_ref().map(|leg| leg.ticks.usual_gap_millis(after));
        let [Some(usual_y), Some(usual_x)] = usual else { return };
        let least = OUTAGE_MILLIS.max(OUTAGE_GAPS * usual_y.max(usual_x));
        if before.since(after) < least {
            return;
        }
        let second = Interval::OneSecond;
        let (from, to) = (second.floor(after) + second.millis(), second.floor(before));
        let mut changed = false;
        for leg in &mut self.legs {
            let from = leg.begun().map_or(to, |begun| from.max(begun));
            changed |= leg.seconds_mut().mark(from, to, Origin::Outage);
        }
        if changed {
            let words = format!(
                "nothing traded for {} s, and trade ids continue without a gap",
                before.since(after) / 1_000
            );
            self.news.push(News::new(NoteKind::Outage, words));
            self.revise(from);
        }
    }

    /// The bars of `leg` at `interval`, if they are kept, and which of them became known late.
    pub(crate) fn stored_mut(&mut self, leg: Leg, interval: Interval) -> Option<(&mut Bars, &LateBars)> {
        let Market { tracks, late, .. } = &mut self.legs[leg as usize];
        let track = tracks.iter_mut().find(|track| track.bars.interval() == interval)?;
        Some((&mut track.bars, late))
    }

    /// Open time of the bar after the last closed bar of `leg` at `interval`.
    pub fn settled_end(&self, leg: Leg, interval: Interval) -> Option<UnixMillis> {
        let mut tracks = self.legs[leg as usize].tracks.iter();
        let end = tracks.find(|track| track.bars.interval() == interval)?.bars.end()?;
        Some(self.closed.map_or(end, |closed| interval.floor(closed).min(end)))
    }

    /// Open times of the oldest bars of both legs at the chosen interval.
    pub(crate) fn firsts(&self) -> [Option<UnixMillis>; 2] {
        Leg::BOTH.map(|leg| self.legs[leg as usize].chosen().first())
    }

    /// Takes the news since the last call.
    pub fn take_news(&mut self) -> Vec<News> {
        core::mem::take(&mut self.news)
    }

    /// The legs whose single trades do not arrive although the exchange announces them.
    pub fn mute(&self) -> [bool; 2] {
        self.legs.each_ref().map(Market::is_mute)
    }

    /// The legs that should send every second and have not for five seconds.
    pub fn unheard(&self) -> impl Iterator<Item = Unheard> {
        let newest = self.clock.newest();
        Leg::BOTH.into_iter().filter_map(move |leg| {
            let hearing = &self.legs[leg as usize].hearing;
            let newest = newest.filter(|newest| hearing.is_unheard(*newest))?;
            let millis = hearing.unheard_millis(newest)?;
            Some(Unheard { leg, millis, has_traded: hearing.has_traded() })
        })
    }

    /// Whether a closed bar has changed since the last call of [`Self::take_revision`].
    pub fn is_revised(&self) -> bool {
        self.revised_from.is_some()
    }

    /// Takes the open time of the earliest closed bar that has changed since the last call.
    pub fn take_revision(&mut self) -> Option<UnixMillis> {
        self.revised_from.take()
    }

    /// Open times of the first closed bar of the chosen interval and of the bar after the last.
    pub fn closed_span(&self) -> Option<(UnixMillis, UnixMillis)> {
        let [y, x] = [self.legs[0].chosen(), self.legs[1].chosen()];
        let first = self.legs[0].first_shown()?.max(self.legs[1].first_shown()?);
        let end = match self.closed {
            Some(closed) => y.interval().floor(closed),
            None => y.end()?.min(x.end()?),
        };
        (first < end).then_some((first, end))
    }

    /// The exchange time at which the next second is due to close.
    pub fn next_close(&self) -> Option<UnixMillis> {
        self.closed.map(|closed| closed + Interval::OneSecond.millis() + GRACE_MILLIS)
    }

    /// Whether the markets consist of bars alone.
    pub fn is_recorded(&self) -> bool {
        self.recorded
    }

    /// Whether the live feed has begun.
    pub fn has_begun(&self) -> bool {
        self.closed.is_some()
    }
}

#[cfg(test)]
mod tests;
