//! Correlation by sampling interval. Over short intervals, two prices that update at different moments look
//! less correlated than they are (Epps 1979, "Comovements in Stock Prices in the Very Short Run").

use crate::Interval;
use crate::analytics::SampleRow;
use serde::{Deserialize, Serialize};
use spreadscope_stats::pearson;

/// Sampling intervals, in bars.
const INTERVALS_BARS: [usize; 10] = [1, 2, 3, 5, 10, 15, 30, 60, 120, 300];
/// Fewest returns for which a correlation is given.
const FEWEST_RETURNS: usize = 12;

/// The correlation of returns over one sampling interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EppsPoint {
    /// Length of a return, in bars.
    pub bars: usize,
    /// The same in seconds.
    pub secs: f64,
    /// Number of returns, which do not overlap.
    pub returns: usize,
    /// Pearson correlation; `None` if a leg did not move.
    pub correlation: Option<f64>,
}

/// Returns the correlation of the sample's log returns over each interval with enough of them, shortest first.
/// `sample` is oldest first; a return is only taken between bars exactly its length apart.
pub fn by_interval(sample: &[SampleRow], interval: Interval) -> Vec<EppsPoint> {
    let logs: Vec<[f64; 2]> = sample.iter().map(|row| [row.y.ln(), row.x.ln()]).collect();
    let point = |bars| {
        let (y, x) = changes(sample, &logs, interval, bars);
        let (secs, returns) = (interval.secs() * bars as f64, y.len());
        let correlation = pearson(&y, &x).ok();
        (returns >= FEWEST_RETURNS).then_some(EppsPoint { bars, secs, returns, correlation })
    };
    INTERVALS_BARS.into_iter().filter_map(point).collect()
}

/// Non-overlapping changes of y and of x over `bars` bars. `logs` are the logarithms of the sample's closes.
fn changes(sample: &[SampleRow], logs: &[[f64; 2]], interval: Interval, bars: usize) -> (Vec<f64>, Vec<f64>) {
    if has_no_hole(sample, interval) {
        let pairs = || logs.iter().step_by(bars).zip(logs.iter().skip(bars).step_by(bars));
        let of_leg = |leg: usize| pairs().map(|(from, to)| to[leg] - from[leg]).collect();
        return (of_leg(0), of_leg(1));
    }
    let apart = interval.millis().saturating_mul(i64::try_from(bars).unwrap_or(i64::MAX));
    let (mut y, mut x) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(from) = sample.get(at) {
        let is_wanted = |row: &SampleRow| row.open_time.since(from.open_time) == apart;
        // rows may be missing in between, so the row sought is at this index or before
        let step = match sample.get(at + bars) {
            Some(row) if is_wanted(row) => Some(bars),
            _ => sample[at..sample.len().min(at + bars)].iter().position(is_wanted),
        };
        if let Some(step) = step {
            let (from, to) = (logs[at], logs[at + step]);
            y.push(to[0] - from[0]);
            x.push(to[1] - from[1]);
        }
        at += step.unwrap_or(1);
    }
    (y, x)
}

fn has_no_hole(sample: &[SampleRow], interval: Interval) -> bool {
    let (Some(first), Some(last)) = (sample.first(), sample.last()) else { return true };
    let bars = i64::try_from(sample.len() - 1).unwrap_or(i64::MAX);
    last.open_time.since(first.open_time) == interval.millis().saturating_mul(bars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnixMillis;

    fn row(second: i64, y: f64, x: f64) -> SampleRow {
        SampleRow { open_time: UnixMillis(second * 1_000), y, x, carried: false }
    }

    /// A pseudo-random walk, and the same walk three seconds late.
    fn late_twin(count: i64) -> Vec<SampleRow> {
        let walk: Vec<f64> = spreadscope_stats::random::Congruential::new(7)
            .path(1.0, 1_000.0)
            .map(|level| level / 10.0)
            .take(usize::try_from(count + 3).unwrap())
            .collect();
        let at = |second: i64| walk[usize::try_from(second).unwrap()];
        (0..count).map(|second| row(second, at(second + 3), at(second))).collect()
    }

    #[test]
    fn a_leg_that_lags_looks_unrelated_at_first_and_related_over_longer_intervals() {
        let points = by_interval(&late_twin(3_600), Interval::OneSecond);
        let of = |bars: usize| points.iter().find(|point| point.bars == bars).unwrap().correlation.unwrap();
        assert!(of(1).abs() < 0.1, "{points:?}");
        // the overlap of 60 s and the same 60 s three seconds later is 57/60
        assert!((of(60) - 0.95).abs() < 0.08, "{points:?}");
        assert!(of(2) < of(10) && of(10) < of(60), "{points:?}");
    }

    #[test]
    fn a_sample_without_a_hole_is_read_as_one_with_a_hole_at_its_end() {
        let whole = late_twin(600);
        let holed: Vec<SampleRow> = whole.iter().copied().chain([row(700, 100.0, 100.0)]).collect();
        for (a, b) in
            by_interval(&whole, Interval::OneSecond).iter().zip(by_interval(&holed, Interval::OneSecond))
        {
            assert_eq!((a.returns, a.correlation), (b.returns, b.correlation), "{}", a.bars);
        }
    }

    #[test]
    fn returns_do_not_overlap_and_none_runs_across_a_hole() {
        let rows: Vec<SampleRow> = (0..100)
            .filter(|second| !(40..50).contains(second))
            .map(|s| row(s, 1.0 + s as f64, 2.0))
            .collect();
        let points = by_interval(&rows, Interval::OneSecond);
        assert_eq!((points[0].bars, points[0].returns, points[0].correlation), (1, 88, None));
        // 0..39 holds seven of 5 s, 50..99 nine
        assert_eq!((points[3].bars, points[3].returns), (5, 16));
        assert!(points.iter().all(|point| point.bars < 10), "{points:?}");
        assert_eq!(by_interval(&[], Interval::OneSecond), []);
    }
}
