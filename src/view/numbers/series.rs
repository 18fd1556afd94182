//! The rows of the desk as columns of numbers, for charts and tables. Absent values are NaN here, and gaps or
//! empty cells there.

use crate::view::numbers::column::Column;
use spreadscope_engine::analytics::{Metric, Row};
use spreadscope_engine::bars::Origin;
use spreadscope_engine::{Interval, UnixMillis};

/// Number of surplus rows that are dropped at a time.
const DROPPED_TOGETHER: usize = 1_024;

/// Which statistics of a row rest on a window that is not full yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Provisional {
    /// The hedge ratio, and the spread based on it.
    pub hedge_ratio: bool,
    /// The z-score.
    pub z: bool,
    /// The correlation.
    pub correlation: bool,
}

impl Provisional {
    fn of(row: &Row) -> Self {
        let provisional = |metric: &Metric| matches!(metric, Metric::Provisional { .. });
        Self {
            hedge_ratio: provisional(&row.hedge_ratio),
            z: provisional(&row.z),
            correlation: provisional(&row.correlation),
        }
    }
}

/// All closed rows that the page keeps, oldest first.
#[derive(Debug, Clone)]
pub struct Series {
    interval: Interval,
    times: Vec<f64>,
    columns: [Vec<f64>; Column::ALL.len()],
    origins: Vec<[Origin; 2]>,
    provisional: Vec<Provisional>,
    /// Open time of the last row on the screen.
    shown: Option<f64>,
}

impl Series {
    /// Makes an empty series of `interval`.
    pub fn new(interval: Interval) -> Self {
        Self {
            interval,
            times: Vec::new(),
            columns: core::array::from_fn(|_| Vec::new()),
            origins: Vec::new(),
            provisional: Vec::new(),
            shown: None,
        }
    }

    /// Returns the length of a bar.
    pub const fn interval(&self) -> Interval {
        self.interval
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Returns the open times, milliseconds since 1970.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// Returns the numbers of a column, as many as there are times; NaN if a row has none.
    pub fn column(&self, column: Column) -> &[f64] {
        &self.columns[column.place()]
    }

    /// Returns the origins of the bars of y and x.
    pub fn origins(&self) -> &[[Origin; 2]] {
        &self.origins
    }

    /// Returns which statistics rest on windows that are not full yet.
    pub fn provisional(&self) -> &[Provisional] {
        &self.provisional
    }

    /// Returns the places of the rows that open at `from` or later and before `to`.
    pub fn between(&self, from: f64, to: f64) -> core::ops::Range<usize> {
        let start = self.times.partition_point(|&time| time < from);
        let end = self.times.partition_point(|&time| time < to);
        start..end.max(start)
    }

    /// Returns the place of the last row that opens at or before `time`.
    pub fn at(&self, time: f64) -> Option<usize> {
        self.times.partition_point(|&open_time| open_time <= time).checked_sub(1)
    }

    /// Marks all present rows as shown on the screen.
    pub fn show(&mut self) {
        self.shown = self.times.last().copied();
    }

    /// Returns whether the rows have been shown; a series being refilled has not until it is complete.
    pub fn is_shown(&self) -> bool {
        self.is_empty() || self.shown.is_some()
    }

    /// Returns the open time of the last row on the screen; of the newest if nothing has been shown yet.
    pub fn last_shown(&self) -> Option<f64> {
        self.shown.or_else(|| self.times.last().copied())
    }

    /// Drops all rows.
    pub fn clear(&mut self) {
        self.shown = None;
        self.times.clear();
        self.origins.clear();
        self.provisional.clear();
        self.columns.iter_mut().for_each(Vec::clear);
    }

    /// Inserts a row by open time, replacing one that is already there.
    pub fn put(&mut self, row: &Row) {
        let time = row.open_time.as_f64();
        let origins = [row.y.origin, row.x.origin];
        match self.times.binary_search_by(|known| known.total_cmp(&time)) {
            Ok(at) => {
                self.origins[at] = origins;
                self.provisional[at] = Provisional::of(row);
                for column in Column::ALL {
                    self.columns[column.place()][at] = column.of(row);
                }
            }
            Err(at) => {
                self.times.insert(at, time);
                self.origins.insert(at, origins);
                self.provisional.insert(at, Provisional::of(row));
                for column in Column::ALL {
                    self.columns[column.place()].insert(at, column.of(row));
                }
            }
        }
        self.drop_surplus();
    }

    fn drop_surplus(&mut self) {
        let surplus = self.times.len().saturating_sub(self.interval.bars_kept());
        if surplus >= DROPPED_TOGETHER {
            self.times.drain(..surplus);
            self.origins.drain(..surplus);
            self.provisional.drain(..surplus);
            for column in &mut self.columns {
                column.drain(..surplus);
            }
        }
    }

    /// Returns the open time of the newest row.
    pub fn newest(&self) -> Option<UnixMillis> {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
        self.times.last().map(|&time| UnixMillis(time as i64))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::view::numbers::column::LegColumn;
    use spreadscope_engine::analytics::LegRow;

    pub(crate) fn leg(close: f64) -> LegRow {
        LegRow {
            origin: Origin::Live,
            close: Some(close),
            open: Some(close),
            high: Some(close),
            low: Some(close),
            volume: 1.0,
            quote_volume: close,
            trades: 3,
            carried_bars: 0,
            log_return: None,
            mean: Metric::Ready(close),
            variance: Some(1.0),
            volatility: Metric::Ready(0.001),
            window_volume: 1.0,
        }
    }

    pub(crate) fn row(second: i64, z: f64) -> Row {
        Row {
            open_time: UnixMillis(1_700_000_000_000 + second * 1_000),
            y: leg(60_000.0 + z),
            x: leg(2_600.0),
            hedge_ratio: Metric::Ready(20.0),
            hedge_ratio_std_error: Some(0.1),
            intercept: Some(8_000.0),
            r_squared: Some(0.9),
            overlays: [None, Some(19.5), None, Some(21.0), None, None],
            spread: Some(z * 2.0),
            spread_mean: Some(0.0),
            spread_std_dev: Some(2.0),
            z: Metric::Ready(z),
            correlation: Metric::Warming { seen: 1, needed: 300 },
        }
    }

    #[test]
    fn rows_are_kept_in_order_and_replaced_by_time() {
        let mut series = Series::new(Interval::OneSecond);
        for second in [0, 2, 1] {
            series.put(&row(second, second as f64));
        }
        series.put(&row(1, 9.0));
        assert_eq!(series.column(Column::Z), [0.0, 9.0, 2.0]);
        assert_eq!(series.between(1_700_000_001_000.0, 1_700_000_001_999.0), 1..2);
        assert_eq!(series.at(1_700_000_001_999.0), Some(1));
        assert_eq!(series.at(0.0), None);
    }

    #[test]
    fn what_a_row_does_not_know_is_not_a_number() {
        let mut series = Series::new(Interval::OneSecond);
        let mut gap = row(0, 1.0);
        gap.y.close = None;
        gap.spread = None;
        series.put(&gap);
        for column in
            [Column::Y(LegColumn::Close), Column::Y(LegColumn::Volume), Column::Spread, Column::Correlation]
        {
            assert!(series.column(column)[0].is_nan(), "{}", column.name());
        }
        assert_eq!(series.column(Column::X(LegColumn::Volume)), [1.0]);
    }

    #[test]
    fn what_rests_on_part_of_a_window_is_marked_until_it_is_told_anew() {
        let mut series = Series::new(Interval::OneSecond);
        let mut young = row(0, 1.0);
        young.z = Metric::Provisional { value: 1.0, seen: 3, needed: 5 };
        series.put(&young);
        assert_eq!(series.provisional(), [Provisional { z: true, ..Provisional::default() }]);
        series.put(&row(0, 1.0));
        assert_eq!(series.provisional(), [Provisional::default()]);
    }

    #[test]
    fn a_day_is_kept_and_no_more() {
        let mut series = Series::new(Interval::FiveMinutes);
        let kept = Interval::FiveMinutes.bars_kept();
        for second in 0..i64::try_from(kept + 3 * DROPPED_TOGETHER).unwrap() {
            series.put(&row(second * 300, 0.0));
        }
        assert!((kept..kept + DROPPED_TOGETHER).contains(&series.len()), "{}", series.len());
    }
}
