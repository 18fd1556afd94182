//! Runs of bars in which one leg has no data.

use crate::view::numbers::series::Series;
use core::ops::Range;
use spreadscope_engine::bars::Origin;

/// A run of bars of one leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Open time of the first, milliseconds since 1970.
    pub from: i64,
    /// Open time of the bar after the last.
    pub to: i64,
    /// Number of bars.
    pub bars: usize,
    /// `y` or `x`.
    pub leg: &'static str,
    /// Missing here, or not traded at all.
    pub origin: Origin,
}

/// Returns the gaps of both legs among `rows`, oldest first.
pub fn gaps(series: &Series, rows: Range<usize>) -> Vec<Gap> {
    let step = series.interval().millis();
    let mut gaps: Vec<Gap> = Vec::new();
    for (place, leg) in ["y", "x"].into_iter().enumerate() {
        let mut open: Option<Gap> = None;
        for row in rows.clone() {
            #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
            let from = series.times()[row] as i64;
            let origin = series.origins()[row][place];
            let lost = matches!(origin, Origin::Missing | Origin::Outage);
            match &mut open {
                Some(gap) if lost && gap.origin == origin && gap.to == from => {
                    gap.bars += 1;
                    gap.to = from + step;
                }
                _ => {
                    put(&mut gaps, open.take());
                    open = lost.then_some(Gap { from, to: from + step, bars: 1, leg, origin });
                }
            }
        }
        put(&mut gaps, open);
    }
    gaps
}

/// Inserts a gap after those that begin no later: for so few gaps, a sort would add more code to the page.
fn put(gaps: &mut Vec<Gap>, gap: Option<Gap>) {
    if let Some(gap) = gap {
        gaps.insert(gaps.partition_point(|known| known.from <= gap.from), gap);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::numbers::series::tests::row;
    use spreadscope_engine::Interval;

    #[test]
    fn bars_on_end_of_one_kind_are_one_gap() {
        let mut series = Series::new(Interval::OneSecond);
        for second in 0..60 {
            let mut row = row(second, 0.0);
            row.x.origin = match second {
                20..23 => Origin::Missing,
                23 => Origin::Outage,
                _ => Origin::Live,
            };
            series.put(&row);
        }
        let told = gaps(&series, 0..60);
        let seen: Vec<_> = told.iter().map(|gap| (gap.bars, gap.leg, gap.origin)).collect();
        assert_eq!(seen, [(3, "x", Origin::Missing), (1, "x", Origin::Outage)]);
        assert_eq!(told[0].to - told[0].from, 3_000);
        assert_eq!(gaps(&series, 0..22)[0].bars, 2);
    }
}
