//! The Engle-Granger test at past bars, computed a few at a time once the rows have been reported.

use crate::UnixMillis;
use crate::analytics::SampleRow;
use crate::analytics::cointegration;
use crate::analytics::evidence::found::LEVEL;
use crate::settings::Settings;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Tests computed per call, so that frames do not wait for long.
const TESTS_PER_CALL: usize = 4;
/// Most tests reported at a time.
const TESTS_PER_FACT: usize = 60;
/// Approximate number of tests when everything is recomputed.
const TESTS: usize = 240;

/// The Engle-Granger test on the bars up to a past bar.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PastTest {
    /// Open time of the last bar in the sample.
    pub open_time: UnixMillis,
    /// The p-value; `None` if the test cannot be computed.
    pub p_value: Option<f64>,
    /// The half-life of the residual in bars; `None` if no reversion can be measured.
    pub half_life_bars: Option<f64>,
}

/// Counts of past tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PastShare {
    /// Cointegrated at 5 %.
    pub cointegrated: usize,
    /// Computed.
    pub tested: usize,
    /// Lookbacks among those that share no bar.
    pub apart: usize,
}

impl PastShare {
    /// Counts `tests` under `settings`, oldest first, leaving out those that could not be computed.
    pub fn of<'a>(tests: impl Iterator<Item = &'a PastTest>, settings: &Settings) -> Self {
        let lookback = i64::try_from(settings.test_lookback_bars).unwrap_or(i64::MAX);
        let lookback_millis = lookback.saturating_mul(settings.interval.millis());
        let (mut share, mut last) = (Self::default(), None);
        for (test, p) in tests.filter_map(|test| Some((test, test.p_value?))) {
            share.cointegrated += usize::from(p < LEVEL);
            share.tested += 1;
            if last.is_none_or(|last| test.open_time.since(last) >= lookback_millis) {
                share.apart += 1;
                last = Some(test.open_time);
            }
        }
        share
    }
}

/// New points.
#[derive(Debug, Clone, PartialEq)]
pub struct PastReport {
    /// Whether they replace all points reported before.
    pub replace: bool,
    /// The points, oldest first.
    pub points: Vec<PastTest>,
}

/// All rows with fresh closes, and how far the tests on them have got.
#[derive(Debug, Clone)]
pub struct PastTests {
    rows: VecDeque<SampleRow>,
    most_rows: usize,
    /// Index of the next row to look at.
    next: usize,
    /// Bars between two tests; 0 before it is known.
    step_bars: i64,
    points: Vec<PastTest>,
    /// The newest of the tests reported, oldest first.
    recent: VecDeque<PastTest>,
    told: bool,
}

impl PastTests {
    /// No rows yet.
    pub fn new(settings: &Settings) -> Self {
        Self {
            rows: VecDeque::new(),
            most_rows: settings.interval.bars_kept(),
            next: 0,
            step_bars: 0,
            points: Vec::new(),
            recent: VecDeque::new(),
            told: false,
        }
    }

    /// Takes the next row with fresh closes.
    pub fn push(&mut self, row: SampleRow) {
        self.rows.push_back(row);
        if self.rows.len() > self.most_rows {
            self.rows.pop_front();
            self.next = self.next.saturating_sub(1);
        }
    }

    /// Computes some of the tests that are due and adds them to `told`. Tests are due at regular intervals,
    /// each on as many rows as the tests look back.
    ///
    /// Returns whether there is more to do.
    pub fn work(&mut self, settings: &Settings, reports: &mut Vec<PastReport>) -> bool {
        if self.step_bars == 0 && !self.rows.is_empty() {
            self.step_bars = round_step(self.rows.len() / TESTS);
        }
        let lookback = settings.test_lookback_bars;
        let mut tested = 0;
        while self.next < self.rows.len() && tested < TESTS_PER_CALL {
            let open_time = self.rows[self.next].open_time;
            self.next += 1;
            if self.next >= lookback && is_due(open_time, settings, self.step_bars) {
                let sample = self.rows.range(self.next - lookback..self.next).copied();
                let (p_value, half_life_bars) = match cointegration::in_short(sample, settings) {
                    Some((p_value, half_life_bars)) => (Some(p_value), half_life_bars),
                    None => (None, None),
                };
                let test = PastTest { open_time, p_value, half_life_bars };
                self.points.push(test);
                if self.recent.len() == TESTS {
                    self.recent.pop_front();
                }
                self.recent.push_back(test);
                tested += 1;
            }
        }
        let more = self.next < self.rows.len();
        if self.points.len() >= TESTS_PER_FACT || (!more && !self.points.is_empty()) {
            let replace = !core::mem::replace(&mut self.told, true);
            reports.push(PastReport { replace, points: core::mem::take(&mut self.points) });
        }
        more
    }

    /// The `count` rows up to the one that opened at `last`, or as many as there are, oldest first; the newest
    /// without `last`.
    pub fn until(
        &self,
        last: Option<UnixMillis>,
        count: usize,
    ) -> impl ExactSizeIterator<Item = SampleRow> + '_ {
        let end = last.map_or(self.rows.len(), |last| self.end(last));
        self.rows.range(end.saturating_sub(count)..end).copied()
    }

    /// Rows up to the one that opened at `last`.
    fn end(&self, last: UnixMillis) -> usize {
        self.rows.partition_point(|row| row.open_time <= last)
    }

    /// The newest tests, oldest first.
    pub fn recent(&self) -> impl Iterator<Item = &PastTest> {
        self.recent.iter()
    }

    /// The `count` rows up to the one that opened at `last`; `None` if they are not kept.
    pub fn rows_to(&self, last: UnixMillis, count: usize) -> Option<impl Iterator<Item = SampleRow> + '_> {
        let end = self.end(last);
        let from = end.checked_sub(count)?;
        Some(self.rows.range(from..end).copied())
    }

    /// The counts of the newest tests under `settings`.
    pub fn share(&self, settings: &Settings) -> PastShare {
        PastShare::of(self.recent.iter(), settings)
    }
}

fn is_due(open_time: UnixMillis, settings: &Settings, step_bars: i64) -> bool {
    (open_time.0 / settings.interval.millis()) % step_bars == 0
}

/// A round number of bars, not less than `least`.
fn round_step(least: usize) -> i64 {
    let least = i64::try_from(least).unwrap_or(i64::MAX);
    [1, 2, 5, 10, 15, 30, 60, 120, 300].into_iter().find(|&step| step >= least).unwrap_or(600)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(second: i64) -> SampleRow {
        // squares modulo a prime as noise: without noise, no past test could be computed
        let error = |prime: i64| (second * second % prime) as f64 / prime as f64;
        let x = 100.0 + (second as f64 / 9.0).sin() + error(1_009);
        SampleRow { open_time: UnixMillis(second * 1_000), y: 2.0 * x + error(997), x, carried: false }
    }

    fn all(tests: &mut PastTests, settings: &Settings) -> Vec<PastTest> {
        let mut told = Vec::new();
        while tests.work(settings, &mut told) {}
        told.into_iter().flat_map(|told| told.points).collect()
    }

    #[test]
    fn each_test_is_on_the_rows_before_it_and_none_is_told_twice() {
        let settings = Settings { test_lookback_bars: 100, ..Settings::default() };
        let mut tests = PastTests::new(&settings);
        (0..1_200).map(row).for_each(|row| tests.push(row));
        let told = all(&mut tests, &settings);
        // 1,200 rows are 5 apart; the first to have 100 rows is at second 99
        assert_eq!((told[0].open_time.0, told.len()), (100_000, 220));
        let sample = (301..=400).map(row);
        let (expected, half_life) = cointegration::in_short(sample, &settings).unwrap();
        let found = told.iter().find(|test| test.open_time.0 == 400_000).unwrap();
        assert_eq!((found.p_value, found.half_life_bars), (Some(expected), half_life));
        assert_eq!(all(&mut tests, &settings), []);
        (1_200..1_206).map(row).for_each(|row| tests.push(row));
        let times: Vec<i64> = all(&mut tests, &settings).iter().map(|test| test.open_time.0).collect();
        assert_eq!(times, [1_200_000, 1_205_000]);
    }

    #[test]
    fn lookbacks_count_apart_where_they_share_no_bar() {
        let settings = Settings { test_lookback_bars: 100, ..Settings::default() };
        let mut tests = PastTests::new(&settings);
        (0..130).map(row).for_each(|row| tests.push(row));
        all(&mut tests, &settings);
        let share = tests.share(&settings);
        assert_eq!((share.tested, share.apart), (31, 1), "31 looks at nearly the same bars");
        (130..420).map(row).for_each(|row| tests.push(row));
        all(&mut tests, &settings);
        assert_eq!(tests.share(&settings).apart, 3);
    }

    #[test]
    fn a_call_computes_a_few_and_the_first_word_makes_the_old_void() {
        let settings = Settings { test_lookback_bars: 60, ..Settings::default() };
        let mut tests = PastTests::new(&settings);
        (0..300).map(row).for_each(|row| tests.push(row));
        let mut told = Vec::new();
        assert!(tests.work(&settings, &mut told) && told.is_empty());
        assert_eq!(tests.points.len(), TESTS_PER_CALL);
        while tests.work(&settings, &mut told) {}
        let replaces: Vec<bool> = told.iter().map(|told| told.replace).collect();
        assert!(replaces[0] && !replaces[1..].contains(&true), "{replaces:?}");
    }
}
