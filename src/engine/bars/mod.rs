//! Bars on the exchange's clock, and the store of one market's bars at one interval.
//!
//! A trade belongs to the bar that contains its trade time. Open and close are the prices of the lowest and the
//! highest trade id, and sums are exact, so the same trades give the same bar, bit for bit, in any order.

mod bar;
mod half_spreads;
mod ids;
mod origin;
mod slots;
pub mod ticks;
pub mod track;

pub use crate::base::decimal::DecimalSum;
use crate::{Interval, Trade, UnixMillis};
pub use bar::{Bar, Traded};
pub use half_spreads::HalfSpreads;
pub use ids::Ids;
pub use origin::Origin;
use slots::Slots;

/// The bars of one market at one interval. The store has a bar for every boundary from its first to its last;
/// an unknown one is [`Origin::Missing`].
#[derive(Debug, Clone)]
pub struct Bars {
    interval: Interval,
    /// Most bars, the newest.
    kept: usize,
    first: UnixMillis,
    slots: Slots,
    /// No bar before this one is missing.
    missing_from: UnixMillis,
    /// No bar before this one has changed since the last call of [`Self::take_changes`].
    changed_from: Option<UnixMillis>,
    half_spreads: HalfSpreads,
}

impl Bars {
    /// An empty store of as many bars as are kept at `interval`.
    pub fn new(interval: Interval) -> Self {
        Self::keeping(interval, interval.bars_kept())
    }

    /// An empty store of at most `kept` bars, at least one.
    pub fn keeping(interval: Interval, kept: usize) -> Self {
        Self {
            interval,
            kept: kept.max(1),
            first: UnixMillis(0),
            slots: Slots::default(),
            missing_from: UnixMillis(0),
            changed_from: None,
            half_spreads: HalfSpreads::default(),
        }
    }

    /// Sets the half-spreads of a recorded book.
    #[must_use]
    pub fn with_half_spreads(self, half_spreads: HalfSpreads) -> Self {
        Self { half_spreads, ..self }
    }

    /// Adds the half-spread of a bar after all others that have one.
    pub(crate) fn put_half_spread(&mut self, open_time: UnixMillis, bps: f64) {
        self.half_spreads.push(open_time, bps);
    }

    /// Half-spreads of a recorded book.
    pub fn half_spreads(&self) -> &HalfSpreads {
        &self.half_spreads
    }

    /// Length of a bar.
    pub const fn interval(&self) -> Interval {
        self.interval
    }

    /// Open time of the first bar.
    pub fn first(&self) -> Option<UnixMillis> {
        (!self.slots.is_empty()).then_some(self.first)
    }

    /// Open time of the bar after the last.
    pub fn end(&self) -> Option<UnixMillis> {
        let length = i64::try_from(self.slots.len()).expect("Invariant: the store is bounded");
        self.first().map(|first| first + length * self.interval.millis())
    }

    /// The bar that opens at `open_time`; missing outside the store.
    pub fn get(&self, open_time: UnixMillis) -> Bar {
        self.index(open_time).and_then(|at| self.slots.get(at)).copied().unwrap_or(Bar::MISSING)
    }

    /// Bars in the store, missing ones included.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether the store is empty.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Adds a trade to its bar, unless the bar came whole from REST and so includes it.
    pub fn add(&mut self, trade: &Trade) {
        self.add_part(self.interval.floor(trade.trade_time), &Traded::from(trade));
    }

    /// Adds trades to the bar that opens at `open_time`, unless it includes them already.
    pub(crate) fn add_part(&mut self, open_time: UnixMillis, part: &Traded) {
        let Some(bar) = self.slot(open_time) else { return };
        if bar.is_whole() || bar.origin == Origin::Repaired && !bar.lacks(part) {
            return;
        }
        match &mut bar.traded {
            Some(traded) => traded.merge(part),
            None => bar.traded = Some(*part),
        }
    }

    /// Replaces the bar that opens at `open_time`.
    pub fn put(&mut self, open_time: UnixMillis, bar: Bar) {
        if let Some(slot) = self.slot(open_time) {
            *slot = bar;
        }
        if !bar.known() {
            self.missing_from = self.missing_from.min(open_time);
        }
    }

    /// Sets the origin of the bars from `from` up to but excluding `to`.
    ///
    /// Bars that came whole from REST keep theirs. Returns whether any bar changed.
    pub fn mark(&mut self, from: UnixMillis, to: UnixMillis, origin: Origin) -> bool {
        let mut changed = false;
        // bars that would be dropped again at once are not made
        let kept = i64::try_from(self.kept).unwrap_or(i64::MAX);
        let mut open_time = from.max(to - kept.saturating_mul(self.interval.millis()));
        while open_time < to {
            if let Some(bar) = self.slot(open_time)
                && bar.may_become(origin)
            {
                bar.origin = origin;
                changed = true;
            }
            open_time = open_time + self.interval.millis();
        }
        if origin == Origin::Missing {
            self.missing_from = self.missing_from.min(from);
        }
        changed
    }

    /// Marks the bar at `open_time` as missing because trades of it were lost; a repaired bar too, unless REST
    /// gave it whole. Returns whether it changed.
    pub(crate) fn reopen(&mut self, open_time: UnixMillis) -> bool {
        let Some(bar) = self.slot(open_time) else { return false };
        let by_trades = bar.traded.is_none_or(|traded| traded.first_trade_id.is_some());
        let reopens = bar.origin == Origin::Live || bar.origin == Origin::Repaired && by_trades;
        if reopens {
            bar.origin = Origin::Missing;
        }
        self.missing_from = self.missing_from.min(open_time);
        reopens
    }

    /// Sets the missing bars from `from` up to but excluding `to` to `origin`, except those with trades that
    /// are `lost`.
    ///
    /// Returns the open time of the first that changed.
    pub(crate) fn settle(
        &mut self,
        from: UnixMillis,
        to: UnixMillis,
        origin: Origin,
        lost: impl Fn(UnixMillis) -> bool,
    ) -> Option<UnixMillis> {
        let mut changed = None;
        let mut open_time = from.max(self.first()?);
        while open_time < to.min(self.end()?) {
            if self.get(open_time).origin == Origin::Missing
                && !lost(open_time)
                && let Some(bar) = self.slot(open_time)
            {
                bar.origin = origin;
                changed.get_or_insert(open_time);
            }
            open_time = open_time + self.interval.millis();
        }
        changed
    }

    /// The first run of missing bars before `end`: open times of its first and last bar, at most `most` bars.
    pub fn first_hole(&mut self, end: UnixMillis, most: usize) -> Option<(UnixMillis, UnixMillis)> {
        let step = self.interval.millis();
        let mut from = self.missing_from.max(self.first()?);
        while from < end && self.get(from).origin != Origin::Missing {
            from = from + step;
        }
        self.missing_from = from;
        if from >= end {
            return None;
        }
        let mut to = from;
        let furthest = from + step * i64::try_from(most.saturating_sub(1)).unwrap_or(i64::MAX / step);
        while to + step < end && to < furthest && self.get(to + step).origin == Origin::Missing {
            to = to + step;
        }
        Some((from, to))
    }

    /// Looks for no holes from `from` up to `to` any more; those that lie there stay.
    pub(crate) fn give_up_holes(&mut self, from: UnixMillis, to: UnixMillis) {
        if self.missing_from >= from {
            self.missing_from = self.missing_from.max(to);
        }
    }

    /// Folds this store's bars into the bar of a longer interval at `open_time`; known if all its parts are. It is history
    /// if no part of it was seen here, and live if a part was and none was repaired or polled.
    pub fn fold(&self, open_time: UnixMillis, interval: Interval) -> Bar {
        let mut folded = Bar { origin: Origin::Live, traded: None };
        let (mut outage, mut fetched) = (true, true);
        let mut at = open_time;
        while at < open_time + interval.millis() {
            let bar = self.get(at);
            outage &= bar.origin == Origin::Outage;
            fetched &= matches!(bar.origin, Origin::Outage | Origin::History);
            match bar.origin {
                Origin::Missing => folded.origin = Origin::Missing,
                Origin::Repaired | Origin::Polled if folded.origin == Origin::Live => {
                    folded.origin = bar.origin;
                }
                Origin::Live | Origin::Repaired | Origin::History | Origin::Outage | Origin::Polled => {}
            }
            if let Some(part) = bar.traded {
                match &mut folded.traded {
                    Some(traded) => traded.merge(&part),
                    None => folded.traded = Some(part),
                }
            }
            at = at + self.interval.millis();
        }
        match (outage, fetched) {
            (true, _) => Bar { origin: Origin::Outage, traded: None },
            (false, true) => Bar { origin: Origin::History, ..folded },
            (false, false) => folded,
        }
    }

    fn index(&self, open_time: UnixMillis) -> Option<usize> {
        usize::try_from(open_time.since(self.first()?).div_euclid(self.interval.millis())).ok()
    }

    /// Takes the open time of the earliest bar that may have changed since the last call.
    pub fn take_changes(&mut self) -> Option<UnixMillis> {
        self.changed_from.take()
    }

    /// Counts the bars from `open_time` on as changed.
    pub fn note_change(&mut self, open_time: UnixMillis) {
        self.changed_from = Some(self.changed_from.map_or(open_time, |earlier| earlier.min(open_time)));
    }

    /// The slot of a bar, made if need be; `None` if the bar is older than the store keeps.
    fn slot(&mut self, open_time: UnixMillis) -> Option<&mut Bar> {
        self.note_change(open_time);
        let (kept, step) = (self.kept, self.interval.millis());
        let Some(end) = self.end() else {
            self.first = open_time;
            self.missing_from = open_time;
            self.slots.push_back();
            return self.slots.get_mut(0);
        };
        if open_time < self.first {
            let ahead = usize::try_from(self.first.since(open_time) / step).ok()?;
            if self.slots.len() + ahead > kept {
                return None;
            }
            for _ in 0..ahead {
                self.slots.push_front();
            }
            self.first = open_time;
            self.missing_from = open_time;
        } else if open_time >= end {
            let behind = usize::try_from(open_time.since(end) / step).ok()? + 1;
            if behind >= kept {
                // the new bar lies beyond everything that was kept
                self.slots.clear();
                return self.slot(open_time);
            }
            self.missing_from = self.missing_from.min(end);
            for _ in 0..behind {
                if self.slots.len() == kept {
                    self.slots.pop_front();
                    self.first = self.first + step;
                }
                self.slots.push_back();
            }
        }
        let at = self.index(open_time)?;
        self.slots.get_mut(at)
    }
}

#[cfg(test)]
mod tests;
