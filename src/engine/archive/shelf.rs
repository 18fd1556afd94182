//! How one series is stored: the newest bars in a small record that is written often, the tail, and each span
//! of bars in a record of its own that is written now and then.

use super::bars::BarChunk;
use super::key::Series;
use super::store::{Change, Record};
use crate::bars::Bars;
use crate::market::late::LateBars;
use crate::{Interval, UnixMillis};
use core::ops::Range;
use std::collections::BTreeSet;

/// Most bars in the tail before they are written to their span's record. The tail is written every few seconds;
/// a whole hour each time would be a gigabyte a day.
const TAIL_BARS: i64 = 240;

impl Interval {
    /// Length of the span stored in one record, ms: an hour, a day or a week, and similar numbers of longer
    /// bars.
    pub const fn stored_span_millis(self) -> i64 {
        match self {
            Self::OneSecond => 3_600_000,
            Self::OneMinute => 86_400_000,
            Self::FiveMinutes => 7 * 86_400_000,
            Self::FifteenMinutes => 21 * 86_400_000,
            Self::OneHour => 70 * 86_400_000,
            Self::FourHours => 280 * 86_400_000,
            Self::OneDay => 700 * 86_400_000,
        }
    }

    /// Start of the span that contains `time`.
    pub const fn stored_span(self, time: UnixMillis) -> UnixMillis {
        UnixMillis(time.0.div_euclid(self.stored_span_millis()) * self.stored_span_millis())
    }
}

/// The state of one series in the store.
#[derive(Debug)]
pub(super) struct Shelf {
    series: Series,
    /// Earlier bars are in the records of their spans, later ones in the tail; `None` if nothing is known.
    spans_until: Option<UnixMillis>,
    /// Earlier bars are not to be stored (again).
    floor: UnixMillis,
    /// Records of a newer version, which this build must not replace.
    foreign: BTreeSet<String>,
}

impl Shelf {
    pub(super) fn new(series: Series) -> Self {
        Self { series, spans_until: None, floor: UnixMillis(i64::MIN), foreign: BTreeSet::new() }
    }

    /// Prefix of the names of all its records.
    pub(super) fn prefix(&self) -> String {
        self.series.prefix()
    }

    /// The names of the records of the `spans` spans before `first`, newest first.
    pub(super) fn before(&self, first: UnixMillis, spans: i64) -> impl Iterator<Item = String> + '_ {
        let interval = self.series.interval;
        let newest = interval.stored_span(first - 1);
        (0..spans).map(move |back| self.series.chunk(newest - back * interval.stored_span_millis()))
    }

    /// Leaves the record `key` unchanged from here on.
    pub(super) fn spare(&mut self, key: &str) {
        self.foreign.insert(key.to_owned());
    }

    /// Takes note that all stored bars have been deleted; those in memory are not stored again.
    pub(super) fn cleared(&mut self, end: UnixMillis) {
        self.floor = end;
        self.spans_until = None;
    }

    /// The changes that bring the store up to the bars before `end`, the open time of the bar after the last
    /// closed one.
    ///
    /// A span whose first bars are no longer in memory is not written again: its record has more than is known
    /// here.
    pub(super) fn changes(&mut self, bars: &mut Bars, late: &LateBars, end: UnixMillis) -> Vec<Change> {
        let Some(from) = bars.take_changes() else { return Vec::new() };
        // bars in progress are among the changes too
        bars.note_change(from.max(end));
        let Some(first) = bars.first().map(|first| first.max(self.floor)) else { return Vec::new() };
        let from = from.max(first);
        if from >= end {
            return Vec::new();
        }
        let interval = bars.interval();
        let step = interval.millis();
        if let Some(base) = self.spans_until
            && from >= base
            && interval.stored_span(base) == interval.stored_span(end - 1)
            && end.since(base) <= TAIL_BARS * step
        {
            return self.put(bars, late, self.series.tail(), base..end).into_iter().collect();
        }
        let mut changes = Vec::new();
        // the tail is about to be replaced: its bars of a completed span must go to that span's record
        let tail = self.spans_until.filter(|base| *base < end);
        let mut start = interval.stored_span(tail.map_or(from, |base| from.min(base)).max(first));
        while start < end {
            let next = start + interval.stored_span_millis();
            let forgotten = start < first && first > self.floor && bars.len() == interval.bars_kept();
            if !forgotten {
                changes.extend(self.put(
                    bars,
                    late,
                    self.series.chunk(start),
                    start.max(first)..next.min(end),
                ));
            }
            start = next;
        }
        self.spans_until = Some(end);
        changes
    }

    fn put(&self, bars: &Bars, late: &LateBars, key: String, span: Range<UnixMillis>) -> Option<Change> {
        if self.foreign.contains(&key) {
            return None;
        }
        let Range { start: from, end: to } = span;
        let step = bars.interval().millis();
        let count = to.since(from) / step;
        let chunk = BarChunk {
            interval: bars.interval(),
            first: from,
            bars: (0..count).map(|at| bars.get(from + at * step)).collect(),
            late: late.of(bars, from, to),
        };
        Some(Change::Put(Record { key, bytes: chunk.encode() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Symbol;
    use crate::bars::Bar;
    use crate::bars::Origin;

    const HOUR: i64 = 3_600_000;
    const START: UnixMillis = UnixMillis(1_699_999_200_000);

    fn shelf() -> Shelf {
        Shelf::new(Series {
            venue: "binance".to_owned(),
            symbol: Symbol::new("BTCUSDT").unwrap(),
            interval: Interval::OneSecond,
        })
    }

    fn put(bars: &mut Bars, seconds: core::ops::Range<i64>) -> UnixMillis {
        for second in seconds.clone() {
            bars.put(START + second * 1_000, Bar { origin: Origin::Live, traded: None });
        }
        START + seconds.end * 1_000
    }

    /// Name after the last `/`, start in seconds, and number of bars.
    fn written(changes: &[Change]) -> Vec<(String, i64, usize)> {
        let of = |change: &Change| {
            let Change::Put(Record { key, bytes }) = change else { panic!("{change:?}") };
            let chunk = BarChunk::decode(bytes).unwrap();
            let name = key.rsplit('/').next().unwrap().to_owned();
            (name, chunk.first.since(START) / 1_000, chunk.bars.len())
        };
        changes.iter().map(of).collect()
    }

    #[test]
    fn a_span_is_written_once_and_then_its_newest_bars_alone() {
        let (mut shelf, mut bars) = (shelf(), Bars::new(Interval::OneSecond));
        let hour = START.0.to_string();
        let end = put(&mut bars, 10..20);
        assert_eq!(written(&shelf.changes(&mut bars, &LateBars::default(), end)), [(hour.clone(), 10, 10)]);
        assert!(shelf.changes(&mut bars, &LateBars::default(), end).is_empty(), "nothing is new");
        let end = put(&mut bars, 20..25);
        assert_eq!(
            written(&shelf.changes(&mut bars, &LateBars::default(), end)),
            [("tail".to_owned(), 20, 5)]
        );
        let end = put(&mut bars, 25..27);
        assert_eq!(
            written(&shelf.changes(&mut bars, &LateBars::default(), end)),
            [("tail".to_owned(), 20, 7)]
        );
        let end = put(&mut bars, 27..300);
        assert_eq!(written(&shelf.changes(&mut bars, &LateBars::default(), end)), [(hour, 10, 290)]);
    }

    #[test]
    fn the_tail_of_a_span_that_is_over_goes_into_its_record_before_another_takes_its_place() {
        let (mut shelf, mut bars) = (shelf(), Bars::new(Interval::OneSecond));
        let end = put(&mut bars, 0..3_500);
        shelf.changes(&mut bars, &LateBars::default(), end);
        let end = put(&mut bars, 3_500..3_600);
        let tail = written(&shelf.changes(&mut bars, &LateBars::default(), end));
        assert_eq!(tail, [("tail".to_owned(), 3_500, 100)]);
        let end = put(&mut bars, 3_600..3_603);
        let both = written(&shelf.changes(&mut bars, &LateBars::default(), end));
        let hours = [(START.0.to_string(), 0, 3_600), ((START.0 + HOUR).to_string(), 3_600, 3)];
        assert_eq!(both, hours);
    }

    #[test]
    fn a_bar_that_changes_later_is_written_with_its_span_and_a_bar_in_progress_is_not() {
        let (mut shelf, mut bars) = (shelf(), Bars::new(Interval::OneSecond));
        let end = put(&mut bars, 0..3_700);
        let names: Vec<i64> = written(&shelf.changes(&mut bars, &LateBars::default(), end))
            .iter()
            .map(|(_, at, _)| *at)
            .collect();
        assert_eq!(names, [0, 3_600]);
        put(&mut bars, 3_700..3_702);
        assert_eq!(written(&shelf.changes(&mut bars, &LateBars::default(), end)), []);
        put(&mut bars, 100..101);
        let changed = written(&shelf.changes(&mut bars, &LateBars::default(), end));
        let hours = [(START.0.to_string(), 0, 3_600), ((START.0 + HOUR).to_string(), 3_600, 100)];
        assert_eq!(changed, hours);
        let later = written(&shelf.changes(&mut bars, &LateBars::default(), end + 2_000));
        assert_eq!(later, [("tail".to_owned(), 3_700, 2)]);
    }

    #[test]
    fn what_was_deleted_is_not_stored_again_and_what_is_foreign_is_left() {
        let (mut shelf, mut bars) = (shelf(), Bars::new(Interval::OneSecond));
        let end = put(&mut bars, 0..50);
        shelf.cleared(end);
        let end = put(&mut bars, 50..55);
        assert_eq!(
            written(&shelf.changes(&mut bars, &LateBars::default(), end)),
            [(START.0.to_string(), 50, 5)]
        );
        shelf.spare(&shelf.series.tail());
        let end = put(&mut bars, 55..60);
        assert_eq!(written(&shelf.changes(&mut bars, &LateBars::default(), end)), []);
    }

    #[test]
    fn a_span_of_which_the_memory_has_lost_the_beginning_is_left_as_it_is_stored() {
        let (mut shelf, mut bars) = (shelf(), Bars::new(Interval::OneSecond));
        let end = put(&mut bars, 0..86_400);
        shelf.changes(&mut bars, &LateBars::default(), end);
        put(&mut bars, 86_400..86_410);
        put(&mut bars, 20..21);
        let end = START + 86_410_000;
        let names: Vec<String> = written(&shelf.changes(&mut bars, &LateBars::default(), end))
            .into_iter()
            .map(|(name, ..)| name)
            .collect();
        assert!(!names.contains(&START.0.to_string()) && names.len() == 24, "{names:?}");
    }
}
