//! Both legs' trades on the exchange's clock: which are new, which bars they fill, and which bars are closed.

use crate::archive::BarChunk;
use crate::bars::Bars;
use crate::config::Settings;
use crate::event::Origin;
use crate::feed::clock::ExchangeClock;
use crate::feed::history::{Filled, Track};
use crate::feed::sequence::{Arrival, Sequence};
use crate::symbol::Leg;
use crate::ticks::Ticks;
use crate::{Interval, Trade, UnixMillis};

/// A second is closed this long after its end: pushes lag their trades by up to 220 ms in recordings.
pub const GRACE_MILLIS: i64 = 500;

/// Counters of what the trades were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Trades taken.
    pub trades: u64,
    /// Trades that came twice.
    pub duplicates: u64,
    /// Trades that came behind a later one.
    pub reordered: u64,
    /// Trade ids that never came.
    pub missing: u64,
}

/// One leg's market.
#[derive(Debug)]
pub struct LegMarket {
    /// Newest trades.
    pub ticks: Ticks,
    /// Bars of 1 s and, if another interval is chosen, of that one.
    pub tracks: Vec<Track>,
    sequence: Sequence,
    /// The first second of which trades may have been lost when the connection was; until proved otherwise.
    cut: Option<UnixMillis>,
    /// Seconds, the end excluded, of which trades have been lost for certain.
    holed: Option<(UnixMillis, UnixMillis)>,
}

impl LegMarket {
    fn new(settings: &Settings) -> Self {
        Self {
            ticks: Ticks::default(),
            tracks: tracks(settings),
            sequence: Sequence::default(),
            cut: None,
            holed: None,
        }
    }

    /// Takes note that trades of the seconds from `from` up to `to` are lost, closed ones and ones to come.
    /// Returns whether a bar changed.
    fn hole(&mut self, from: UnixMillis, to: UnixMillis) -> bool {
        let (earliest, latest) = self.holed.unwrap_or((from, to));
        self.holed = Some((earliest.min(from), latest.max(to)));
        self.seconds_mut().mark(from, to, false)
    }

    /// Whether trades of `second` may be lost, on a connection that covers all from `covered_from`.
    fn lost(&self, second: UnixMillis, covered_from: Option<UnixMillis>) -> bool {
        let uncovered = covered_from.is_none_or(|covered| second < covered);
        self.cut.is_some_and(|cut| second >= cut && uncovered)
            || self.holed.is_some_and(|(from, to)| second >= from && second < to)
    }

    /// The bars of 1 s.
    pub fn seconds(&self) -> &Bars {
        &self.tracks[0].bars
    }

    /// The bars of the chosen interval.
    pub fn chosen(&self) -> &Bars {
        &self.tracks[self.tracks.len() - 1].bars
    }

    fn seconds_mut(&mut self) -> &mut Bars {
        &mut self.tracks[0].bars
    }
}

fn tracks(settings: &Settings) -> Vec<Track> {
    let mut intervals = vec![Interval::OneSecond, settings.interval];
    intervals.dedup();
    intervals
        .into_iter()
        .map(|interval| Track::new(interval, settings.source.has_history(interval)))
        .collect()
}

/// Both legs' markets.
#[derive(Debug)]
pub struct Market {
    /// The legs, by [`Leg`].
    pub legs: [LegMarket; 2],
    /// The exchange's time.
    pub clock: ExchangeClock,
    /// Counters.
    pub counts: Counts,
    /// The first second that the first connection covers whole.
    begun: Option<UnixMillis>,
    /// The first second that this connection covers whole; `None` while there is none.
    covered_from: Option<UnixMillis>,
    /// Open time behind the last closed second.
    closed: Option<UnixMillis>,
    revised_from: Option<UnixMillis>,
    recorded: bool,
}

impl Market {
    /// A market of which nothing is known.
    pub fn new(settings: &Settings) -> Self {
        Self {
            legs: [LegMarket::new(settings), LegMarket::new(settings)],
            clock: ExchangeClock::default(),
            counts: Counts::default(),
            begun: None,
            covered_from: None,
            closed: None,
            revised_from: None,
            recorded: false,
        }
    }

    /// A market of which the bars are all there is: those of y and of x, at the same interval.
    pub fn recorded(settings: &Settings, bars: [Bars; 2]) -> Self {
        let mut market = Self { recorded: true, ..Self::new(settings) };
        for (leg, bars) in market.legs.iter_mut().zip(bars) {
            let mut track = Track::new(bars.interval(), false);
            track.bars = bars;
            leg.tracks = vec![track];
        }
        market
    }

    /// Takes up another interval; the seconds stay.
    pub fn choose(&mut self, settings: &Settings) {
        for leg in &mut self.legs {
            leg.tracks.truncate(1);
            leg.tracks.extend(tracks(settings).into_iter().skip(1));
            let Some(first) = leg.seconds().first() else { continue };
            if let (Some(closed), true) = (self.closed, leg.tracks.len() > 1) {
                fold_all(&mut leg.tracks, first, closed);
            }
        }
    }

    /// Takes the exchange's clock of a frame that came at `local`; the first of a connection begins its cover.
    pub fn tick(&mut self, event_time: UnixMillis, local: UnixMillis) {
        self.clock.observe(event_time, local);
        if self.covered_from.is_none() {
            let from = Interval::OneSecond.floor(event_time) + Interval::OneSecond.millis();
            self.covered_from = Some(from);
            self.begun.get_or_insert(from);
            self.closed.get_or_insert(from);
        }
    }

    /// Takes a trade of `leg`; its event time has been given to [`Self::tick`].
    pub fn trade(&mut self, leg: Leg, trade: Trade) {
        let Some((begun, now)) = self.begun.zip(self.clock.newest()) else { return };
        let market = &mut self.legs[leg as usize];
        let had_trades = market.sequence.newest_time().is_some();
        let arrival = market.sequence.observe(&trade, now);
        let second = Interval::OneSecond.floor(trade.trade_time);
        if let Some(cut) = market.cut.take() {
            self.resume(leg, cut, second, had_trades && !matches!(arrival, Arrival::Ahead { .. }));
        }
        match arrival {
            Arrival::Duplicate => {
                self.counts.duplicates += 1;
                return;
            }
            Arrival::Early => return,
            Arrival::Late => self.counts.reordered += 1,
            Arrival::Next | Arrival::Ahead { .. } => {}
        }
        self.counts.trades += 1;
        let market = &mut self.legs[leg as usize];
        market.ticks.push(trade);
        if second >= begun {
            market.seconds_mut().add(&trade);
            if self.closed.is_some_and(|closed| second < closed) {
                self.revise(second);
            }
        }
    }

    /// The first trade of `leg` since the cut: with contiguous ids nothing was lost, and what was held back
    /// is good; otherwise all seconds up to this trade's are in doubt.
    fn resume(&mut self, leg: Leg, cut: UnixMillis, second: UnixMillis, contiguous: bool) {
        let Some((closed, covered)) = self.closed.zip(self.covered_from) else { return };
        let market = &mut self.legs[leg as usize];
        let changed = if contiguous {
            market.seconds_mut().mark(cut, covered.min(closed), true)
        } else {
            market.hole(cut, second.max(covered))
        };
        if changed {
            self.revise(cut);
        }
    }

    /// The connection is gone: from here on nothing is known until a trade proves otherwise.
    pub fn disconnected(&mut self) {
        self.covered_from = None;
        let Some((newest, begun)) = self.clock.newest().zip(self.begun) else { return };
        let cut = Interval::OneSecond.floor(newest - GRACE_MILLIS).max(begun);
        for leg in &mut self.legs {
            leg.cut.get_or_insert(cut);
        }
    }

    /// Closes every second that is due at `local`, and takes leave of trades that never came.
    pub fn close_due(&mut self, local: UnixMillis) {
        let Some((now, mut closed)) = self.clock.now(local).zip(self.closed) else { return };
        let target = Interval::OneSecond.floor(now - GRACE_MILLIS);
        while closed < target {
            let next = closed + Interval::OneSecond.millis();
            for leg in &mut self.legs {
                let lost = leg.lost(closed, self.covered_from);
                leg.seconds_mut().mark(closed, next, !lost);
                fold_into(&mut leg.tracks, next);
            }
            closed = next;
        }
        self.closed = Some(closed);
        self.give_up_late(now);
    }

    fn give_up_late(&mut self, now: UnixMillis) {
        let Some(begun) = self.begun else { return };
        for leg in 0..self.legs.len() {
            while let Some(range) = self.legs[leg].sequence.give_up(now) {
                self.counts.missing += range.last - range.first + 1;
                let from = Interval::OneSecond.floor(range.after).max(begun);
                let to = Interval::OneSecond.floor(range.before) + Interval::OneSecond.millis();
                if self.legs[leg].hole(from, to) {
                    self.revise(from);
                }
            }
        }
    }

    /// Takes note of bars that came over REST, and folds seconds into the chosen interval again.
    pub fn filled(&mut self, filled: Filled) {
        let leg = &mut self.legs[filled.leg as usize];
        if filled.interval == Interval::OneSecond
            && let Some(end) = leg.seconds().end()
        {
            fold_all(&mut leg.tracks, filled.from, end);
        }
        self.revise(filled.from);
    }

    /// The bars of `leg` at `interval`, if they are kept.
    pub fn bars_mut(&mut self, leg: Leg, interval: Interval) -> Option<&mut Bars> {
        let mut tracks = self.legs[leg as usize].tracks.iter_mut();
        tracks.find(|track| track.bars.interval() == interval).map(|track| &mut track.bars)
    }

    /// Open time behind the last closed bar of `leg` at `interval`.
    pub fn settled_end(&self, leg: Leg, interval: Interval) -> Option<UnixMillis> {
        let mut tracks = self.legs[leg as usize].tracks.iter();
        let end = tracks.find(|track| track.bars.interval() == interval)?.bars.end()?;
        Some(self.closed.map_or(end, |closed| interval.floor(closed).min(end)))
    }

    /// Puts stored bars where none are known, at local time `now`; what they cover is not fetched again.
    pub fn restore(&mut self, now: UnixMillis, leg: Leg, interval: Interval, chunks: &[BarChunk]) {
        let tracks = &mut self.legs[leg as usize].tracks;
        let Some(track) = tracks.iter_mut().find(|track| track.bars.interval() == interval) else { return };
        let changed = track.bars.take_changes();
        let mut from = None;
        for chunk in chunks {
            let mut open_time = chunk.first;
            for &bar in &chunk.bars {
                let vacant = track.bars.get(open_time).origin == Origin::Missing;
                if vacant && bar.origin != Origin::Missing {
                    track.bars.put(open_time, bar);
                    from = Some(from.map_or(open_time, |earlier: UnixMillis| earlier.min(open_time)));
                }
                open_time = open_time + interval.millis();
            }
        }
        track.resume(now);
        // what has come from the store need not go back to it
        track.bars.take_changes();
        if let Some(changed) = changed {
            track.bars.note_change(changed);
        }
        if let Some(from) = from {
            self.filled(Filled { leg, interval, from, start: true });
        }
    }

    fn revise(&mut self, from: UnixMillis) {
        self.revised_from = Some(self.revised_from.map_or(from, |earlier| earlier.min(from)));
    }

    /// Whether a closed bar has changed since it was last asked.
    pub fn is_revised(&self) -> bool {
        self.revised_from.is_some()
    }

    /// Takes the earliest time whose bars have changed after they were closed.
    pub fn take_revision(&mut self) -> Option<UnixMillis> {
        self.revised_from.take()
    }

    /// Open times of the first closed bar of the chosen interval and of the one behind the last.
    pub fn closed_span(&self) -> Option<(UnixMillis, UnixMillis)> {
        let [y, x] = [self.legs[0].chosen(), self.legs[1].chosen()];
        let first = y.first()?.max(x.first()?);
        let end = match self.closed {
            Some(closed) => y.interval().floor(closed),
            None => y.end()?.min(x.end()?),
        };
        (first < end).then_some((first, end))
    }

    /// The exchange time at which the next second is due to be closed.
    pub fn next_close(&self) -> Option<UnixMillis> {
        self.closed.map(|closed| closed + Interval::OneSecond.millis() + GRACE_MILLIS)
    }

    /// Whether it is a recording.
    pub fn is_recorded(&self) -> bool {
        self.recorded
    }

    /// Whether the live feed has begun.
    pub fn has_begun(&self) -> bool {
        self.begun.is_some()
    }
}

/// Makes the bar of the longer interval that ends at `end`, if one does.
fn fold_into(tracks: &mut [Track], end: UnixMillis) {
    let [seconds, longer] = tracks else { return };
    let interval = longer.bars.interval();
    if interval.floor(end) == end {
        fold_one(&seconds.bars, &mut longer.bars, end - interval.millis());
    }
}

/// Makes the bars of the longer interval again from the one that holds `from` to the last that ends by `end`.
fn fold_all(tracks: &mut [Track], from: UnixMillis, end: UnixMillis) {
    let [seconds, longer] = tracks else { return };
    let interval = longer.bars.interval();
    let mut open_time = interval.floor(from);
    while open_time + interval.millis() <= end {
        fold_one(&seconds.bars, &mut longer.bars, open_time);
        open_time = open_time + interval.millis();
    }
}

fn fold_one(seconds: &Bars, longer: &mut Bars, open_time: UnixMillis) {
    let folded = seconds.fold(open_time, longer.interval());
    let current = longer.get(open_time);
    // what REST said of the whole bar stands against a part of it
    if folded.known() || !current.known() {
        longer.put(open_time, folded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: i64 = 1_700_000_000_000;

    fn trade(trade_id: u64, millis: i64) -> Trade {
        let time = UnixMillis(T0 + millis);
        Trade { trade_id, trade_time: time, event_time: time, price: 100.0, size: 1.0, buyer_is_maker: false }
    }

    /// Feeds both legs a trade, with ids in step.
    fn feed(market: &mut Market, trades: &[(u64, i64)]) {
        for &(id, millis) in trades {
            for leg in Leg::BOTH {
                let trade = trade(id, millis);
                market.tick(trade.event_time, trade.event_time);
                market.trade(leg, trade);
            }
            market.close_due(UnixMillis(T0 + millis));
        }
    }

    fn origins(market: &Market, seconds: core::ops::Range<i64>) -> Vec<Origin> {
        seconds.map(|second| market.legs[0].seconds().get(UnixMillis(T0 + second * 1_000)).origin).collect()
    }

    #[test]
    fn a_second_is_closed_by_the_exchanges_clock_after_the_grace_and_an_empty_one_is_known() {
        let mut market = Market::new(&Settings::default());
        feed(&mut market, &[(1, 300), (2, 1_200), (3, 3_100), (4, 4_499)]);
        assert_eq!(market.closed_span(), Some((UnixMillis(T0 + 1_000), UnixMillis(T0 + 3_000))));
        feed(&mut market, &[(5, 4_500)]);
        assert_eq!(market.closed_span().unwrap().1, UnixMillis(T0 + 4_000));
        assert_eq!(origins(&market, 1..4), [Origin::Live; 3]);
        assert_eq!(market.legs[0].seconds().get(UnixMillis(T0 + 2_000)).traded, None);
    }

    #[test]
    fn contiguous_ids_after_a_cut_prove_that_nothing_was_lost() {
        let mut market = Market::new(&Settings::default());
        feed(&mut market, &[(1, 300), (2, 1_200), (3, 2_700)]);
        market.disconnected();
        market.tick(UnixMillis(T0 + 7_200), UnixMillis(T0 + 7_200));
        market.close_due(UnixMillis(T0 + 7_200));
        assert_eq!(origins(&market, 2..6), [Origin::Missing; 4]);
        feed(&mut market, &[(4, 7_300), (5, 9_600)]);
        assert_eq!(origins(&market, 1..9), [Origin::Live; 8]);
        assert_eq!(market.take_revision(), Some(UnixMillis(T0 + 2_000)));
        assert_eq!(market.counts.missing, 0);
    }

    #[test]
    fn ids_that_never_came_leave_their_seconds_missing() {
        let mut market = Market::new(&Settings::default());
        feed(&mut market, &[(1, 300), (2, 1_200), (3, 2_700), (9, 5_100), (10, 6_600), (11, 8_600)]);
        let missing = Origin::Missing;
        let live = Origin::Live;
        assert_eq!(origins(&market, 1..7), [live, missing, missing, missing, missing, live]);
        assert_eq!(market.counts.missing, 10);
    }

    #[test]
    fn a_late_trade_for_a_closed_second_revises_it() {
        let mut market = Market::new(&Settings::default());
        feed(&mut market, &[(1, 300), (2, 1_200), (4, 2_400), (5, 2_550)]);
        market.take_revision();
        let late = trade(3, 1_800);
        market.trade(Leg::Y, late);
        assert_eq!(market.take_revision(), Some(UnixMillis(T0 + 1_000)));
        assert_eq!(market.counts.reordered, 1);
    }
}
