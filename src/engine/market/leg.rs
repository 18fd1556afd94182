//! One leg's market: its trades in order, its bars, and which of its seconds are in doubt.

use crate::bars::Origin;
use crate::bars::ticks::Ticks;
use crate::bars::track::Track;
use crate::bars::{Bar, Bars};
use crate::base::symbol::Leg;
use crate::binance::agg_trades::{AggTrade, Cursor};
use crate::market::GRACE_MILLIS;
use crate::market::gaps::{Gap, Gaps};
use crate::market::hearing::Hearing;
use crate::market::late::LateBars;
use crate::market::repair::{Place, Progress, Repair};
use crate::market::sequence::{OpenRange, Sequence};
use crate::settings::Settings;
use crate::{Interval, Symbol, UnixMillis};

/// After a break, missing bars are requested only after this long: trades may prove in the meantime what is
/// lost.
const PROOF_MILLIS: i64 = 5_000;

/// If announced trades have failed to come for this long, and no others came, the trade stream is dead.
const MUTE_MILLIS: i64 = 15_000;

/// One leg's market.
#[derive(Debug, Clone)]
pub struct Market {
    /// Its name.
    pub symbol: Symbol,
    /// Newest trades.
    pub ticks: Ticks,
    /// Bars of 1 s and, if another interval is chosen, of that one.
    pub tracks: Vec<Track>,
    /// Missing trades.
    pub gaps: Gaps,
    /// The bars that became known after their close.
    pub late: LateBars,
    /// Missing ids at the last count.
    open_ids: u64,
    pub(crate) sequence: Sequence,
    repair: Repair,
    /// The first second that the first connection covers completely.
    begun: Option<UnixMillis>,
    /// The second to be announced next, until the first trade's own second has been announced.
    opening: Option<UnixMillis>,
    /// The first second that may have lost trades when the connection broke, until proved otherwise.
    cut: Option<UnixMillis>,
    /// The first second from which on all trades arrive; `None` while they do not.
    covered_from: Option<UnixMillis>,
    /// Start and end of the seconds that lost trades with unknown ids; the end is excluded.
    unknown: Option<(UnixMillis, UnixMillis)>,
    /// When it was last heard from, and what its silence means.
    pub(crate) hearing: Hearing,
    /// Since when the exchange has announced trades without any arriving on the trade stream.
    mute_since: Option<UnixMillis>,
    mute: bool,
    /// Seconds from here on are not closed yet.
    closed_to: Option<UnixMillis>,
    /// The last time without trades between two trades with consecutive ids.
    pub(crate) quiet: Option<(UnixMillis, UnixMillis)>,
    /// Whether the first trade of the feed has been compared with the bars before it.
    pub(super) joined: bool,
}

impl Market {
    pub(crate) fn new(settings: &Settings, leg: Leg) -> Self {
        Self {
            symbol: settings.pair.symbol(leg).clone(),
            ticks: Ticks::default(),
            tracks: tracks(settings),
            gaps: Gaps::default(),
            late: LateBars::default(),
            open_ids: 0,
            sequence: Sequence::default(),
            repair: Repair::default(),
            begun: None,
            opening: None,
            cut: None,
            covered_from: None,
            unknown: None,
            hearing: Hearing::new(settings.source.offer().tells_seconds),
            mute_since: None,
            mute: false,
            closed_to: None,
            quiet: None,
            joined: false,
        }
    }

    /// Switches to another interval; the 1 s bars stay.
    pub(crate) fn choose(&mut self, settings: &Settings) {
        self.tracks.truncate(1);
        self.tracks.extend(tracks(settings).into_iter().skip(1));
    }

    /// The bars of 1 s.
    pub fn seconds(&self) -> &Bars {
        &self.tracks[0].bars
    }

    /// The bars of the chosen interval.
    pub fn chosen(&self) -> &Bars {
        &self.chosen_track().bars
    }

    /// Open time of the first bar of the chosen interval that may be shown.
    pub(crate) fn first_shown(&self) -> Option<UnixMillis> {
        self.chosen_track().first_shown()
    }

    /// The track of the chosen interval.
    pub(crate) fn chosen_track(&self) -> &Track {
        &self.tracks[self.tracks.len() - 1]
    }

    pub(crate) fn chosen_track_mut(&mut self) -> &mut Track {
        let chosen = self.tracks.len() - 1;
        &mut self.tracks[chosen]
    }

    pub(crate) fn seconds_mut(&mut self) -> &mut Bars {
        &mut self.tracks[0].bars
    }

    pub(crate) fn track_mut(&mut self, interval: Interval) -> Option<&mut Track> {
        self.tracks.iter_mut().find(|track| track.bars.interval() == interval)
    }

    /// The first second that the feed covers completely, once the feed has begun.
    pub fn begun(&self) -> Option<UnixMillis> {
        self.begun
    }

    /// Takes note that all trades arrive from `from` on.
    pub(crate) fn cover(&mut self, from: UnixMillis) {
        if self.begun.is_none() {
            self.begun = Some(from);
            self.opening = self.hearing.speaks().then_some(from);
        }
        self.covered_from.get_or_insert(from);
    }

    /// Takes note of a frame about this market.
    pub(crate) fn hear(&mut self, event_time: UnixMillis) {
        self.hearing.hear(event_time);
        self.cover(Interval::OneSecond.floor(event_time) + Interval::OneSecond.millis());
    }

    /// Takes note of a trade that arrived on the trade stream.
    pub(crate) fn hear_trade(&mut self) {
        self.mute_since = None;
        self.mute = false;
    }

    /// Whether no single trades arrive although the exchange announces them.
    pub fn is_mute(&self) -> bool {
        self.mute
    }

    /// Takes note of the exchange's bar of the second that starts at `open_time`.
    pub(crate) fn hear_of(&mut self, open_time: UnixMillis, event_time: UnixMillis) {
        self.hear(event_time);
        self.hearing.hear_bar(open_time, event_time);
    }

    /// Takes note of the bar of the second that starts at `open_time`. Before the first trade, no id shows what
    /// was lost: if seconds without a bar were skipped, nothing is known of them and the feed begins after
    /// them. Returns the first of them.
    pub(crate) fn open_at(&mut self, open_time: UnixMillis) -> Option<UnixMillis> {
        let next = self.opening.filter(|next| *next <= open_time)?;
        let first_trade = self.sequence.begins();
        let known = first_trade.is_some_and(|time| Interval::OneSecond.floor(time) <= open_time);
        self.opening = (!known).then(|| open_time + Interval::OneSecond.millis());
        if next == open_time {
            return None;
        }
        self.begun = Some(open_time);
        self.seconds_mut().mark(next, open_time, Origin::Missing).then_some(next)
    }

    /// Forgets the feed so far: a new one has no connection with it.
    pub(crate) fn forget_feed(&mut self) {
        self.gaps = Gaps::default();
        self.sequence = Sequence::default();
        self.repair = Repair::default();
        (self.begun, self.opening, self.cut, self.covered_from) = (None, None, None, None);
        (self.unknown, self.closed_to, self.hearing) = (None, None, self.hearing.anew());
        (self.mute_since, self.mute, self.open_ids) = (None, false, 0);
        self.await_joint();
    }

    /// The trades so far had implausible ids: forgets all that they made and begins the feed with the second
    /// that starts at `open_time`. Returns the first second now in doubt.
    pub(crate) fn begin_anew(&mut self, open_time: UnixMillis) -> Option<UnixMillis> {
        let from = self.begun.replace(open_time)?;
        self.gaps = Gaps::default();
        self.repair = Repair::default();
        let mut second = from;
        while Some(second) < self.seconds().end() {
            if self.seconds().get(second).origin != Origin::History {
                self.seconds_mut().put(second, Bar::MISSING);
            }
            second = second + Interval::OneSecond.millis();
        }
        Some(from)
    }

    /// Takes note that seconds before `closed` are closed.
    pub(crate) fn close_to(&mut self, closed: UnixMillis) {
        self.closed_to = Some(closed);
    }

    /// Checks the seconds supplied by REST from `from` on for trades made while the market was silent.
    pub(crate) fn look_for_unheard(&mut self, from: UnixMillis) {
        let bars = &self.tracks[0].bars;
        let mut second = from;
        while Some(second) < bars.end() {
            let bar = bars.get(second);
            if bar.origin == Origin::Repaired && bar.traded.is_some() {
                self.hearing.has_trades_at(second);
            }
            second = second + Interval::OneSecond.millis();
        }
    }

    /// Trades after `newest` may be lost: from here on nothing is known until a trade proves otherwise. Returns
    /// the first closed second now in doubt.
    pub(crate) fn doubt(&mut self, newest: UnixMillis, closed: UnixMillis) -> Option<UnixMillis> {
        self.covered_from = None;
        self.mute_since = None;
        self.sequence.break_off();
        let from = Interval::OneSecond.floor(newest - GRACE_MILLIS).max(self.begun?);
        let cut = self.cut.map_or(from, |cut| cut.min(from));
        self.cut = Some(cut);
        (from < closed && self.seconds_mut().mark(from, closed, Origin::Missing)).then_some(from)
    }

    /// A trade has come with no open ids before it, which proves the seconds in doubt. Returns the first closed
    /// second that became known.
    pub(crate) fn prove(&mut self, closed: UnixMillis) -> Option<UnixMillis> {
        if self.cut.is_none() || self.sequence.open_after().is_some() {
            return None;
        }
        let cut = self.cut.take()?;
        self.settle(cut, closed, Origin::Live)
    }

    /// The first trade ever came at `second`, in a feed that broke before: the time before it is lost.
    pub(crate) fn lose_unknown(&mut self, second: UnixMillis) {
        if let Some(cut) = self.cut.take() {
            self.unknown = Some((cut, second + Interval::OneSecond.millis()));
        }
    }

    /// Takes note of missing trades. Returns how many, and the first second that changed.
    pub(crate) fn lose(&mut self, range: &OpenRange, closed: UnixMillis) -> (u64, Option<UnixMillis>) {
        let mute_since = *self.mute_since.get_or_insert(range.noticed);
        self.mute |= range.noticed.since(mute_since) >= MUTE_MILLIS;
        let gap = Gap::new(range, self.tracks[0].has_history);
        // trades too old to keep are not missed
        let gap = Gap { after: gap.after.max(gap.before - Interval::OneSecond.kept_millis()), ..gap };
        let (from, to) = gap.seconds();
        let Some(from) = self.begun.map(|begun| from.max(begun)).filter(|from| *from < to) else {
            return (0, None);
        };
        self.gaps.insert(gap);
        self.open_ids = self.open_ids.saturating_add(gap.trades());
        self.take_known_ids_out();
        let mut holed = None;
        let mut second = from;
        while second < to {
            if self.gaps.touch(second) && self.seconds_mut().reopen(second) {
                holed = holed.or(Some(second));
            }
            second = second + Interval::OneSecond.millis();
        }
        let cut = self.cut.take();
        let proved = cut.and_then(|cut| self.settle(cut, closed, Origin::Live));
        (gap.trades(), holed.into_iter().chain(proved).min())
    }

    /// Whether `second` may have lost trades.
    pub(crate) fn lost(&self, second: UnixMillis) -> bool {
        let uncovered = self.covered_from.is_none_or(|covered| second < covered);
        self.begun.is_none_or(|begun| second < begun)
            || self.cut.is_some_and(|cut| second >= cut && uncovered)
            || self.unknown.is_some_and(|(from, to)| second >= from && second < to)
            || self.gaps.touch(second)
    }

    /// Sets the missing seconds from `from` up to `to` to `origin` where nothing is lost any more.
    pub(crate) fn settle(&mut self, from: UnixMillis, to: UnixMillis, origin: Origin) -> Option<UnixMillis> {
        let from = from.max(self.begun?);
        let mut seconds = core::mem::replace(self.seconds_mut(), Bars::new(Interval::OneSecond));
        let changed = seconds.settle(from, to, origin, |second| self.lost(second));
        *self.seconds_mut() = seconds;
        changed
    }

    /// Removes the ids of bars supplied by REST from the gaps, so that they are not added twice. A bar that was
    /// repaired trade by trade may lack some of the ids between its lowest and its highest.
    fn take_known_ids_out(&mut self) {
        let step = Interval::OneSecond.millis();
        let spans: Vec<_> = self.gaps.iter().map(Gap::seconds).collect();
        for (from, to) in spans {
            let mut second = from;
            while second < to {
                let bar = self.seconds().get(second);
                if bar.origin == Origin::Repaired
                    && let Some(traded) = bar.traded
                    && let Some((first, last)) = traded.whole_ids()
                {
                    self.gaps.remove(first, last, (second - 1, second + step));
                }
                second = second + step;
            }
        }
    }

    /// Takes the number of ids that have left the gaps since the last call.
    pub(crate) fn take_repaired(&mut self) -> u64 {
        let open = self.gaps.iter().map(Gap::trades).fold(0, u64::saturating_add);
        core::mem::replace(&mut self.open_ids, open).saturating_sub(open)
    }

    /// Drops the gaps whose seconds REST has all supplied whole, and returns the number of their trades.
    pub(crate) fn drop_filled_gaps(&mut self) -> u64 {
        self.take_known_ids_out();
        let Self { tracks, gaps, begun, .. } = self;
        let (bars, begun) = (&tracks[0].bars, begun.unwrap_or_default());
        let kept_from = bars.first().unwrap_or_default().max(begun);
        gaps.drop_where(|second| second < kept_from || bars.get(second).known())
    }

    /// Where to request missing trades from, if any are due.
    pub(crate) fn gap_due(&self, local: UnixMillis, exchange_now: UnixMillis) -> Option<Cursor> {
        self.repair.due(local, exchange_now, &self.gaps)
    }

    /// Adds the trades of a response to the 1 s bars.
    pub(crate) fn repair(&mut self, local: UnixMillis, rows: &[AggTrade]) -> Result<Progress, String> {
        let Self { repair, gaps, ticks, tracks, begun, .. } = self;
        let begun = begun.ok_or("no trade is wanted yet")?;
        let taken = repair.take(local, rows, &mut Place { gaps, ticks, bars: &mut tracks[0].bars, begun });
        self.keep_to_trades();
        taken
    }

    /// If REST serves no 1 s bars, gaps are repaired trade by trade only.
    fn keep_to_trades(&mut self) {
        if !self.tracks[0].has_history {
            self.gaps.keep_to_trades();
        }
    }

    /// Takes note that a response with the trades of a gap could not be read.
    pub(crate) fn misread(&mut self, local: UnixMillis) {
        self.repair.misread(local, &mut self.gaps);
        self.keep_to_trades();
    }

    /// The time up to which missing bars may be requested; `None` while trades may still prove that nothing is
    /// lost.
    pub(crate) fn holes_end(&self, exchange_now: UnixMillis) -> Option<UnixMillis> {
        let proving = self.cut.is_some()
            && self.covered_from.is_some_and(|covered| exchange_now < covered + PROOF_MILLIS);
        let by_trades = self.gaps.first_by_trades().map(|gap| gap.seconds().0);
        let ends = by_trades.into_iter().chain(self.closed_to);
        (!proving).then(|| ends.fold(exchange_now, UnixMillis::min))
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
