//! Bars that became known after their close, and when.

use crate::UnixMillis;
use crate::bars::{Bars, Origin};
use std::collections::VecDeque;

/// Spans kept. For older bars, the time when they became known is forgotten.
const SPANS: usize = 1_000;

/// Consecutive bars that became known at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateSpan {
    /// Open time of the first of them.
    pub from: UnixMillis,
    /// Open time of the bar after the last.
    pub to: UnixMillis,
    /// When they became known, in exchange time; not before the last of them closed.
    pub known_at: UnixMillis,
}

/// The bars of a market that became known after their close.
#[derive(Debug, Clone, Default)]
pub struct LateBars {
    /// In the order in which the bars became known.
    spans: VecDeque<LateSpan>,
}

impl LateBars {
    /// Takes note at `exchange_now` of `bars`, from `from` on, that REST has supplied since they closed. A bar
    /// in progress counts as known at its close.
    pub(super) fn look(&mut self, bars: &Bars, from: UnixMillis, exchange_now: UnixMillis) {
        let step = bars.interval().millis();
        let end = bars.end().unwrap_or(from);
        let mut open_time = bars.interval().floor(from + (step - 1));
        while open_time < end {
            let next = open_time + step;
            let bar = bars.get(open_time);
            if bar.known() && bar.origin != Origin::Live && !self.covers(open_time, next) {
                self.learn(open_time, next, exchange_now.max(next));
            }
            open_time = next;
        }
    }

    /// Takes note that the time from `from` up to `to` became known at `known_at`.
    fn learn(&mut self, from: UnixMillis, to: UnixMillis, known_at: UnixMillis) {
        if let Some(last) = self.spans.back_mut().filter(|last| last.known_at == known_at && last.to == from)
        {
            last.to = to;
            return;
        }
        self.spans.push_back(LateSpan { from, to, known_at });
        if self.spans.len() > SPANS {
            self.spans.pop_front();
        }
    }

    /// The spans of `bars` that open from `from` on and before `to` and became known after their close, oldest
    /// first.
    pub(crate) fn of(&self, bars: &Bars, from: UnixMillis, to: UnixMillis) -> Vec<LateSpan> {
        let spans = self.spans.iter().filter(|span| span.from < to && from < span.to);
        let within = Self { spans: spans.copied().collect() };
        let mut found = Self::default();
        let mut open_time = from;
        while open_time < to && !within.spans.is_empty() {
            let next = open_time + bars.interval().millis();
            if bars.get(open_time).known()
                && let Some(known_at) = within.known_at(open_time, next)
            {
                found.learn(open_time, next, known_at);
            }
            open_time = next;
        }
        found.spans.into()
    }

    /// Takes a span from an earlier visit, unless this visit has its own.
    pub(super) fn restore(&mut self, span: LateSpan) {
        if self.covers(span.from, span.to) {
            return;
        }
        let place = self.spans.partition_point(|known| known.known_at <= span.known_at);
        self.spans.insert(place, span);
        if self.spans.len() > SPANS {
            self.spans.pop_front();
        }
    }

    /// Whether it is recorded when all of the time from `from` up to `to` became known.
    fn covers(&self, from: UnixMillis, to: UnixMillis) -> bool {
        self.spans.iter().any(|span| span.from <= from && to <= span.to)
    }

    /// When the last part of the time from `from` up to `to` became known; `None` if all of it was known at its
    /// close.
    pub fn known_at(&self, from: UnixMillis, to: UnixMillis) -> Option<UnixMillis> {
        let spans = self.spans.iter().filter(|span| span.from < to && from < span.to);
        spans.map(|span| span.known_at).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_of_a_bar_decides_when_it_became_known() {
        let at = UnixMillis;
        let mut late = LateBars::default();
        for second in 10..13 {
            late.learn(at(second * 1_000), at((second + 1) * 1_000), at(70_000));
        }
        late.learn(at(20_000), at(21_000), at(90_000));
        assert_eq!(late.spans.len(), 2);
        assert_eq!(late.known_at(at(11_000), at(12_000)), Some(at(70_000)));
        assert_eq!(late.known_at(at(0), at(60_000)), Some(at(90_000)));
        assert_eq!(late.known_at(at(13_000), at(20_000)), None);
        assert!(late.covers(at(10_000), at(13_000)) && !late.covers(at(12_000), at(14_000)));
        let earlier = LateSpan { from: at(30_000), to: at(32_000), known_at: at(80_000) };
        late.restore(earlier);
        late.restore(LateSpan { known_at: at(99_000), ..late.spans[0] });
        assert_eq!((late.spans.len(), late.spans[1]), (3, earlier));
        assert_eq!(late.known_at(at(11_000), at(12_000)), Some(at(70_000)), "this visit's own record stays");
        for second in 0..2_000 {
            late.learn(at(second * 10_000), at(second * 10_000 + 1_000), at(second * 10_000 + 9_000));
        }
        assert_eq!(late.spans.len(), SPANS);
    }
}
