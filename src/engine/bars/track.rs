//! The bars of one market at one interval, and how much of their history has been fetched.

use crate::bars::Bars;
use crate::{Interval, UnixMillis};

/// Pause after a REST response with nothing new; it doubles up to [`FRUITLESS_MOST_MILLIS`].
const FRUITLESS_MILLIS: i64 = 2_000;
const FRUITLESS_MOST_MILLIS: i64 = 60_000;

/// Bars, and how far back their history has been fetched.
#[derive(Debug, Clone)]
pub struct Track {
    /// The bars.
    pub bars: Bars,
    /// Bars wanted for the initial history.
    pub(crate) wanted: usize,
    /// Bars of the initial history that have been fetched.
    pub(crate) fetched: usize,
    /// Open time of the oldest initial bar that has been fetched.
    pub(crate) before: Option<UnixMillis>,
    /// Whether REST serves this interval.
    pub(crate) has_history: bool,
    /// Whether there are no bars before the oldest one, as far as REST tells.
    exhausted: bool,
    /// While older bars are being fetched: the first bar before they were requested.
    grown_from: Option<UnixMillis>,
    fruitless: u32,
    not_before: UnixMillis,
}

impl Track {
    /// An empty track that wants its initial history from REST.
    pub fn new(interval: Interval, has_history: bool) -> Self {
        Self {
            bars: Bars::new(interval),
            wanted: if has_history { interval.bars_at_start() } else { 0 },
            fetched: 0,
            before: None,
            has_history,
            exhausted: !has_history,
            grown_from: None,
            fruitless: 0,
            not_before: UnixMillis(0),
        }
    }

    /// Takes note at local time `now` that bars were restored from elsewhere. If they reach back as far as the
    /// initial history would, only newer bars are wanted. A wrong local clock costs a few bars more, or leaves
    /// a hole that is found later.
    pub fn resume(&mut self, now: UnixMillis) {
        let Some((first, end)) = self.bars.first().zip(self.bars.end()) else { return };
        let interval = self.bars.interval();
        let start = now - i64::try_from(interval.bars_at_start()).unwrap_or(0) * interval.millis();
        if self.wanted == 0 || self.fetched > 0 || first > start {
            return;
        }
        // the bar in progress, and one more for a clock that is slightly behind
        let newer = usize::try_from(now.since(end) / interval.millis()).unwrap_or(0) + 2;
        self.wanted = newer.min(interval.bars_kept());
    }

    /// Requests bars before the oldest one: as many again as there are, at most `most`, and no more than are
    /// kept. Does nothing while an earlier request is pending.
    pub(crate) fn want_older(&mut self, most: usize) {
        self.want_before_first(self.bars.len().max(self.bars.interval().bars_at_start()).min(most));
    }

    /// As [`Self::want_older`], but `bars` of them.
    pub(crate) fn want_before_first(&mut self, bars: usize) {
        let held = self.bars.len();
        let more = bars.min(self.bars.interval().bars_kept().saturating_sub(held));
        if !self.has_history || self.outstanding() > 0 || held == 0 || more == 0 {
            return;
        }
        self.before = self.bars.first();
        self.wanted = self.fetched + more;
        self.grown_from = self.bars.first();
    }

    /// Requests no more older bars.
    pub(crate) fn stop_growing_back(&mut self) {
        if self.is_growing_back() {
            self.wanted = self.fetched;
        }
    }

    /// Whether there are no bars before the oldest one to be had over REST.
    pub(crate) const fn is_exhausted(&self) -> bool {
        self.exhausted
    }

    /// Takes note that a page of bars is the oldest there is.
    pub(crate) fn exhaust(&mut self) {
        self.exhausted = true;
        self.fetched = self.wanted;
    }

    /// Whether older bars are being fetched.
    pub(crate) fn is_growing_back(&self) -> bool {
        self.grown_from.is_some() && self.outstanding() > 0
    }

    /// Open time of the first bar to show. Older bars that arrive page by page stay hidden until the last page,
    /// since each page would recompute everything.
    pub(crate) fn first_shown(&self) -> Option<UnixMillis> {
        let first = self.bars.first()?;
        Some(self.grown_from.filter(|_| self.is_growing_back()).map_or(first, |shown| shown.max(first)))
    }

    /// Initial bars still to be fetched.
    pub fn outstanding(&self) -> usize {
        self.wanted.saturating_sub(self.fetched)
    }

    /// Whether its holes may be requested at local time `local`.
    pub(crate) fn may_request(&self, local: UnixMillis) -> bool {
        self.has_history && local >= self.not_before
    }

    /// Makes no requests before local time `until`.
    pub(crate) fn rest(&mut self, until: UnixMillis) {
        self.not_before = until;
    }

    /// Notes a response that filled the requested bars.
    pub(crate) fn fruitful(&mut self) {
        self.fruitless = 0;
    }

    /// Notes a response at `local` that left bars open: REST may know more later.
    pub(crate) fn fruitless(&mut self, local: UnixMillis) {
        let wait = (FRUITLESS_MILLIS << self.fruitless.min(5)).min(FRUITLESS_MOST_MILLIS);
        self.fruitless += 1;
        self.not_before = local + wait;
    }
}

/// Folds the bar of each longer interval that ends at `end`.
pub(crate) fn fold_into(tracks: &mut [Track], end: UnixMillis) {
    let [seconds, longer] = tracks else { return };
    let interval = longer.bars.interval();
    if interval.floor(end) == end {
        fold_one(&seconds.bars, &mut longer.bars, end - interval.millis());
    }
}

/// Folds the bars of the longer intervals again, from the one that contains `from` to the last that ends by
/// `end`.
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
    // a whole bar from REST takes precedence over a partial fold
    if folded.known() || !current.is_whole() {
        longer.put(open_time, folded);
    }
}
