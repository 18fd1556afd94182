//! The bars of one market at one interval, and how much of their past is here.

use crate::bars::Bars;
use crate::{Interval, UnixMillis};

/// Wait after an answer over REST that held nothing new; it doubles up to [`FRUITLESS_MOST_MILLIS`].
const FRUITLESS_MILLIS: i64 = 2_000;
const FRUITLESS_MOST_MILLIS: i64 = 60_000;

/// Bars, and how far their past has been fetched.
#[derive(Debug, Clone)]
pub struct Track {
    /// The bars.
    pub bars: Bars,
    /// Bars wanted at the start.
    pub(crate) wanted: usize,
    /// Bars of the start that are here.
    pub(crate) fetched: usize,
    /// Open time of the oldest bar of the start that is here.
    pub(crate) before: Option<UnixMillis>,
    /// REST serves this interval.
    pub(crate) has_history: bool,
    /// While bars before the first one come: that one.
    grown_from: Option<UnixMillis>,
    fruitless: u32,
    not_before: UnixMillis,
}

impl Track {
    /// An empty track that wants its start from REST.
    pub fn new(interval: Interval, has_history: bool) -> Self {
        Self {
            bars: Bars::new(interval),
            wanted: if has_history { interval.bars_at_start() } else { 0 },
            fetched: 0,
            before: None,
            has_history,
            grown_from: None,
            fruitless: 0,
            not_before: UnixMillis(0),
        }
    }

    /// Takes note at local time `now` that bars have come from elsewhere. Where they reach back as far as the
    /// start would, only what is newer than they are is wanted; a clock that is set wrong costs a few bars more,
    /// or leaves a hole that is found later.
    pub fn resume(&mut self, now: UnixMillis) {
        let Some((first, end)) = self.bars.first().zip(self.bars.end()) else { return };
        let interval = self.bars.interval();
        let start = now - i64::try_from(interval.bars_at_start()).unwrap_or(0) * interval.millis();
        if self.wanted == 0 || self.fetched > 0 || first > start {
            return;
        }
        // the bar in progress, and one more for a clock that is a little late
        let newer = usize::try_from(now.since(end) / interval.millis()).unwrap_or(0) + 2;
        self.wanted = newer.min(interval.bars_kept());
    }

    /// Wants bars before the oldest one: as many again as there are, at most `most`, and no more than are kept; none
    /// while others are on their way.
    pub(crate) fn want_older(&mut self, most: usize) {
        let (interval, held) = (self.bars.interval(), self.bars.len());
        let room = interval.bars_kept().saturating_sub(held);
        let more = held.max(interval.bars_at_start()).min(most).min(room);
        if !self.has_history || self.outstanding() > 0 || held == 0 || more == 0 {
            return;
        }
        self.before = self.bars.first();
        self.wanted = self.fetched + more;
        self.grown_from = self.bars.first();
    }

    /// Whether bars before those on the desk are on their way.
    pub(crate) fn is_growing_back(&self) -> bool {
        self.grown_from.is_some() && self.outstanding() > 0
    }

    /// Open time of the first bar for the desk: what comes page by page before the others is not shown before the
    /// last page, since each would have everything computed anew.
    pub(crate) fn first_shown(&self) -> Option<UnixMillis> {
        let first = self.bars.first()?;
        Some(self.grown_from.filter(|_| self.is_growing_back()).map_or(first, |shown| shown.max(first)))
    }

    /// Bars of the start that are still to come.
    pub fn outstanding(&self) -> usize {
        self.wanted.saturating_sub(self.fetched)
    }

    /// Whether its holes may be asked for at `local`.
    pub(crate) fn may_ask(&self, local: UnixMillis) -> bool {
        self.has_history && local >= self.not_before
    }

    /// Is not asked for before local time `until`.
    pub(crate) fn rest(&mut self, until: UnixMillis) {
        self.not_before = until;
    }

    /// An answer at `local` filled what it was asked for.
    pub(crate) fn answered(&mut self) {
        self.fruitless = 0;
    }

    /// An answer at `local` left something open: REST may know more later.
    pub(crate) fn fruitless(&mut self, local: UnixMillis) {
        let wait = (FRUITLESS_MILLIS << self.fruitless.min(5)).min(FRUITLESS_MOST_MILLIS);
        self.fruitless += 1;
        self.not_before = local + wait;
    }
}

/// Makes the bar of the longer interval that ends at `end`, if one does.
pub(crate) fn fold_into(tracks: &mut [Track], end: UnixMillis) {
    let [seconds, longer] = tracks else { return };
    let interval = longer.bars.interval();
    if interval.floor(end) == end {
        fold_one(&seconds.bars, &mut longer.bars, end - interval.millis());
    }
}

/// Makes the bars of the longer interval again from the one that holds `from` to the last that ends by `end`.
pub(crate) fn fold_all(tracks: &mut [Track], from: UnixMillis, end: UnixMillis) {
    let [seconds, longer] = tracks else { return };
    let interval = longer.bars.interval();
    let mut open_time = interval.floor(from.max(end - Interval::OneSecond.kept_millis()));
    while open_time + interval.millis() <= end {
        fold_one(&seconds.bars, &mut longer.bars, open_time);
        open_time = open_time + interval.millis();
    }
}

fn fold_one(seconds: &Bars, longer: &mut Bars, open_time: UnixMillis) {
    let folded = seconds.fold(open_time, longer.interval());
    let current = longer.get(open_time);
    // what REST said of the whole bar stands against a part of it
    if folded.known() || !current.is_whole() {
        longer.put(open_time, folded);
    }
}
