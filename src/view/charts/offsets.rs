//! Offsets of local time from UTC over a span, within which daylight saving may begin or end.

use super::range::Span;

/// Least time between two changes of a zone's offset.
const LOOK_MILLIS: f64 = 7.0 * 86_400_000.0;

/// Local time minus UTC, in minutes, each from its moment until the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offsets(Vec<(i64, i32)>);

impl Offsets {
    /// Returns one offset for all times.
    pub fn fixed(minutes: i32) -> Self {
        Self(vec![(i64::MIN, minutes)])
    }

    /// Returns the offsets of a zone over `span`; `minutes_at` gives its offset at a moment.
    pub fn over(span: Span, minutes_at: impl Fn(f64) -> i32) -> Self {
        let mut minutes = minutes_at(span.from);
        let mut found = Self::fixed(minutes);
        let mut from = span.from;
        while from < span.to {
            let to = (from + LOOK_MILLIS).min(span.to);
            let later = minutes_at(to);
            if later != minutes {
                let (mut before, mut after) = (from, to);
                while after - before > 1.0 {
                    let middle = before.midpoint(after);
                    if minutes_at(middle) == minutes { before = middle } else { after = middle }
                }
                // clocks change on a whole minute
                #[expect(clippy::cast_possible_truncation, reason = "milliseconds, below 2^53")]
                found.0.push(((after / 60_000.0).round() as i64 * 60_000, later));
                minutes = later;
            }
            from = to;
        }
        found
    }

    /// Returns the stretches of equal offset between two moments: start, end, and offset in milliseconds.
    pub(super) fn stretches(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, i64, i64)> + '_ {
        let ends = self.0.iter().skip(1).map(|(begin, _)| begin - 1).chain([i64::MAX]);
        let stretches = self.0.iter().zip(ends);
        stretches
            .map(move |(&(begin, minutes), end)| (begin.max(from), end.min(to), i64::from(minutes) * 60_000))
            .filter(|(begin, end, _)| begin <= end)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const HOUR: f64 = 3_600_000.0;
    /// 2023-10-29T01:00Z, when Europe's clocks go back.
    const AUTUMN_MS: i64 = 1_698_541_200_000;
    pub(in crate::view::charts) const AUTUMN: f64 = AUTUMN_MS as f64;

    pub(in crate::view::charts) fn berlin(millis: f64) -> i32 {
        if millis < AUTUMN { 120 } else { 60 }
    }

    #[test]
    fn a_change_inside_the_span_is_found_to_the_minute() {
        for (from, to) in [(AUTUMN - HOUR, AUTUMN + HOUR), (AUTUMN - 1e11, AUTUMN + 3e9)] {
            let found = Offsets::over(Span { from, to }, berlin);
            assert_eq!(found, Offsets(vec![(i64::MIN, 120), (AUTUMN_MS, 60)]));
        }
        assert_eq!(Offsets::over(Span { from: AUTUMN, to: AUTUMN + HOUR }, berlin), Offsets::fixed(60));
    }

    #[test]
    fn stretches_cover_the_span_without_overlap() {
        let found = Offsets::over(Span { from: AUTUMN - HOUR, to: AUTUMN + HOUR }, berlin);
        let at = AUTUMN_MS;
        let stretches: Vec<_> = found.stretches(at - 10, at + 10).collect();
        assert_eq!(stretches, [(at - 10, at - 1, 7_200_000), (at, at + 10, 3_600_000)]);
        assert_eq!(found.stretches(at, at + 10).count(), 1);
    }
}
