//! The bars of one market as files have given them, and of what time all is known.

use super::plan::{intervals, length_words};
use super::spans::Spans;
use crate::bars::{Bar, Bars, HalfSpreads, Origin, Traded};
use crate::{Interval, Symbol, UnixMillis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Closes of one bar of one market do not lie further apart than this share of the greater, however often it is told of.
pub(super) const ALIKE: f64 = 0.05;

/// Closes no further apart than this share are equal but for their rounding.
const SAME: f64 = 1e-6;

/// One market's recording. Bars that are not in it traded nothing where [`Self::known`] holds, and are missing
/// elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    step_millis: i64,
    bars: BTreeMap<i64, Traded>,
    known: Spans,
    half_spreads: HalfSpreads,
}

/// A recording in a few numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The market.
    pub symbol: Symbol,
    /// Length of a bar, milliseconds.
    pub step_millis: i64,
    /// Bars in which something traded.
    pub bars: u64,
    /// Open time of the first bar.
    pub from: UnixMillis,
    /// Open time behind the last bar.
    pub to: UnixMillis,
    /// Stretches between the two of which nothing is known.
    pub holes: u64,
}

impl Recorded {
    /// An empty recording with bars of `step_millis`, which fits into an [`Interval`].
    pub fn new(step_millis: i64) -> Self {
        Self {
            step_millis,
            bars: BTreeMap::new(),
            known: Spans::default(),
            half_spreads: HalfSpreads::default(),
        }
    }

    /// One of which everything is known already; bars that are not whole are left out.
    pub(crate) fn restored(step_millis: i64, bars: BTreeMap<i64, Traded>, known: Spans) -> Self {
        let mut recorded = Self { bars, known, ..Self::new(step_millis) };
        recorded.drop_partial();
        recorded
    }

    /// Whether bars of this length can be shown.
    pub(crate) fn is_step(step_millis: i64) -> bool {
        intervals(step_millis).next().is_some()
    }

    /// Length of a bar, milliseconds.
    pub fn step_millis(&self) -> i64 {
        self.step_millis
    }

    /// The bars in which something traded, oldest first.
    pub fn traded(&self) -> impl ExactSizeIterator<Item = (UnixMillis, &Traded)> {
        self.bars.iter().map(|(open_time, traded)| (UnixMillis(*open_time), traded))
    }

    /// The times of which all is known.
    pub fn known(&self) -> &Spans {
        &self.known
    }

    /// Sets the half-spreads of the market's book.
    pub(crate) fn with_half_spreads(self, half_spreads: HalfSpreads) -> Self {
        Self { half_spreads, ..self }
    }

    /// Half-spread of the last book in each bar that has one.
    pub fn half_spreads(&self) -> &HalfSpreads {
        &self.half_spreads
    }

    /// Number of bars or of books in memory, whichever is larger.
    pub(super) fn room(&self) -> usize {
        self.len().max(self.half_spreads.len())
    }

    /// Bars in which something traded.
    pub fn len(&self) -> usize {
        self.bars.len()
    }

    /// Whether there is no bar in it.
    pub fn is_empty(&self) -> bool {
        self.bars.is_empty()
    }

    /// Open time of the bar that holds `millis`.
    pub(super) fn floor(&self, millis: i64) -> i64 {
        millis.div_euclid(self.step_millis) * self.step_millis
    }

    /// Adds trades to the bar that holds `millis`.
    pub(super) fn add(&mut self, millis: i64, part: &Traded) {
        let open_time = self.floor(millis);
        self.bars.entry(open_time).and_modify(|traded| traded.merge(part)).or_insert(*part);
    }

    /// Puts a bar in place of the one that is held, unless it says less. Returns whether their closes lie so far apart
    /// that they can hardly be of one market.
    pub(super) fn replace(&mut self, open_time: i64, newer: &Traded) -> bool {
        let said = |bar: &Traded| {
            let sums = [bar.volume, bar.quote_volume, bar.taker_base, bar.taker_quote];
            let sums = sums.iter().filter(|sum| sum.units() > 0).count();
            sums + usize::from(bar.trades > 0) + usize::from(bar.high > bar.low)
        };
        let held = self.bars.entry(open_time).or_insert(*newer);
        let is_other = is_other(held, newer);
        if said(newer) >= said(held) {
            *held = *newer;
        }
        is_other
    }

    /// What should be known of a file's bars that stand in place of these, where their closes differ.
    pub(super) fn contradicted(&self, newer: &Self, symbol: &Symbol) -> Option<String> {
        let both = newer.bars.iter().filter_map(|(time, bar)| Some((self.bars.get(time)?, bar)));
        let same_step = self.step_millis == newer.step_millis;
        let apart: Vec<f64> = both
            .filter(|_| same_step)
            .map(|(held, newer)| apart(held, newer))
            .filter(|apart| *apart > SAME)
            .collect();
        let others = apart.iter().filter(|apart| **apart > ALIKE).count();
        if others > 0 {
            return Some(format!(
                "{symbol} was here already: {others} of its bars now have a price more than {} % away, that of this file. Is \
                 it another market? Then give it a name of its own, and take the other file again.",
                100.0 * ALIKE
            ));
        }
        let most = apart.iter().copied().reduce(f64::max)?;
        let (bars, have) = (apart.len(), if apart.len() == 1 { "has" } else { "have" });
        Some(format!(
            "{symbol} was here already: {bars} of its bars {have} another close in this file, up to {:.2} % away; that of this file counts.",
            100.0 * most
        ))
    }

    /// Says that all is known from one time up to another.
    ///
    /// # Errors
    /// When there are too many holes between what is known.
    pub(super) fn know(&mut self, from: i64, to: i64) -> Result<(), String> {
        if self.known.add(from, to) {
            Ok(())
        } else {
            Err(format!("the file has more than {} holes", super::spans::MOST))
        }
    }

    /// Makes the bars longer by one interval, to save room. Returns whether there is a longer one.
    pub(super) fn coarsen(&mut self) -> bool {
        let Some(longer) = intervals(self.step_millis).find(|longer| longer.millis() > self.step_millis)
        else {
            return false;
        };
        let short = core::mem::replace(self, Self::new(longer.millis()));
        self.known = short.known;
        for (open_time, traded) in short.bars {
            self.add(open_time, &traded);
        }
        true
    }

    /// Gives bars the first and the last prices that `ends` knows by their open times, and no ids: these are in another
    /// order.
    pub(super) fn order(&mut self, ends: impl Fn(i64) -> Option<(f64, f64)>) {
        for (open_time, traded) in &mut self.bars {
            if let Some((open, close)) = ends(*open_time) {
                (traded.open, traded.close) = (open, close);
            }
        }
        self.forget_ids();
    }

    /// Drops the numbers that trades without ids were put in order by.
    pub(super) fn forget_ids(&mut self) {
        for traded in self.bars.values_mut() {
            (traded.first_trade_id, traded.last_trade_id) = (None, None);
        }
    }

    /// Drops bars of which a part only is known.
    pub(super) fn drop_partial(&mut self) {
        let (known, step) = (&self.known, self.step_millis);
        self.bars.retain(|&open_time, _| known.contains(open_time, open_time + step));
    }

    /// Takes in another recording of the same market: where it knows a time, its word stands. Bars of another
    /// length take the place of everything.
    pub(super) fn absorb(&mut self, newer: Self) {
        if newer.step_millis != self.step_millis {
            *self = newer;
            return;
        }
        for (from, to) in newer.known.iter() {
            let stale: Vec<i64> = self.bars.range(from..to).map(|(open_time, _)| *open_time).collect();
            for open_time in stale {
                self.bars.remove(&open_time);
            }
        }
        self.bars.extend(newer.bars);
        self.half_spreads.absorb(&newer.half_spreads);
        let room = newer.known.iter().all(|(from, to)| self.known.add(from, to));
        if !room {
            // what does not fit into the list of stretches is not known for certain
            self.drop_partial();
        }
    }

    /// Open time of the first bar at `interval`, and of the bar after the last; `None` when they are longer than that, or
    /// do not fit into it.
    pub fn span(&self, interval: Interval) -> Option<(UnixMillis, UnixMillis)> {
        let length = interval.millis();
        let (from, to) = self.known.hull().filter(|_| length % self.step_millis == 0)?;
        Some((interval.floor(UnixMillis(from)), interval.floor(UnixMillis(to + length - 1))))
    }

    /// The bars at `interval`, the newest that a page keeps of it; `None` as for [`Self::span`].
    pub fn bars(&self, interval: Interval) -> Option<Bars> {
        let (from, end) = self.span(interval)?;
        Some(self.bars_between(interval, from.max(end - interval.kept_millis()), end))
    }

    /// The bars at `interval` that open from `from` up to `end`, both within [`Self::span`].
    pub fn bars_between(&self, interval: Interval, from: UnixMillis, end: UnixMillis) -> Bars {
        let length = interval.millis();
        let count = usize::try_from(end.since(from) / length).unwrap_or(0);
        let half_spreads = self.half_spreads.of_longer(self.step_millis, length, from, end);
        let mut bars =
            Bars::keeping(interval, count.max(interval.bars_kept())).with_half_spreads(half_spreads);
        let (from, end) = (from.0, end.0);
        let mut parts = self.bars.range(from..).peekable();
        let mut open_time = from;
        while open_time < end {
            let mut traded: Option<Traded> = None;
            while let Some((_, part)) = parts.next_if(|(time, _)| **time < open_time + length) {
                match &mut traded {
                    Some(traded) => traded.merge(part),
                    None => traded = Some(*part),
                }
            }
            let known = self.known.contains(open_time, open_time + length);
            let origin = if known { Origin::History } else { Origin::Missing };
            bars.put(UnixMillis(open_time), Bar { origin, traded });
            open_time += length;
        }
        bars
    }

    /// The recording in a few numbers.
    pub fn summary(&self, symbol: &Symbol) -> Summary {
        let (from, to) = self.known.hull().unwrap_or_default();
        Summary {
            symbol: symbol.clone(),
            step_millis: self.step_millis,
            bars: self.bars.len() as u64,
            from: UnixMillis(from),
            to: UnixMillis(to),
            holes: self.known.iter().len().saturating_sub(1) as u64,
        }
    }

    /// Says that it is held, and `longer` is not, whose bars are longer.
    pub(super) fn in_place_of(&self, longer: &Self, symbol: &Symbol) -> String {
        format!(
            "{symbol} is held with bars of {}, of which longer ones are made, and not with those of {}: to hold these, \
             drop its recording",
            length_words(self.step_millis),
            length_words(longer.step_millis)
        )
    }

    /// Why there are no bars at `interval`; `None` when there are.
    pub fn refusal(&self, symbol: &Symbol, interval: Interval) -> Option<String> {
        if interval.millis() % self.step_millis == 0 {
            return None;
        }
        let shown: Vec<&str> = intervals(self.step_millis).map(Interval::as_str).collect();
        Some(format!(
            "the recording of {symbol} has bars of {}, which can be shown at {} and not at {}",
            length_words(self.step_millis),
            shown.join(", "),
            interval.as_str()
        ))
    }
}

/// Whether the closes lie so far apart that the bars can hardly be of one market.
fn is_other(one: &Traded, other: &Traded) -> bool {
    apart(one, other) > ALIKE
}

/// How far the closes lie apart, as a share of the greater.
fn apart(one: &Traded, other: &Traded) -> f64 {
    let greater = one.close.abs().max(other.close.abs());
    if greater > 0.0 { (one.close - other.close).abs() / greater } else { 0.0 }
}

#[cfg(test)]
#[path = "recorded_tests.rs"]
mod tests;
