//! The bars of both legs of a pair: the newest of the time that both recordings cover.

use super::recorded::Recorded;
use crate::bars::Bars;
use crate::base::grouped::counted;
use crate::{Interval, UnixMillis};

/// The time that two recordings have in common, as far as its bars are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Common {
    interval: Interval,
    /// Open time of the first bar.
    pub from: UnixMillis,
    /// Open time of the bar after the last.
    pub end: UnixMillis,
    /// Older bars of both that are left out.
    pub left_out: u64,
}

impl Common {
    /// The newest `most` bars at `interval` that both legs have; `None` if they have no time in common, or a leg does
    /// not fit the interval.
    pub fn of(legs: [&Recorded; 2], interval: Interval, most: usize) -> Option<Self> {
        let [y, x] = legs.map(|leg| leg.span(interval));
        let ((from_y, end_y), (from_x, end_x)) = (y?, x?);
        let (first, end) = (from_y.max(from_x), end_y.min(end_x));
        let bars = usize::try_from(end.since(first) / interval.millis()).ok().filter(|bars| *bars > 0)?;
        let left_out = bars.saturating_sub(most.max(1));
        let from = first + i64::try_from(left_out).ok()? * interval.millis();
        Some(Self { interval, from, end, left_out: left_out as u64 })
    }

    /// The bars of a leg.
    pub fn bars(&self, leg: &Recorded) -> Bars {
        leg.bars_between(self.interval, self.from, self.end)
    }

    /// What should be known of the bars that are left out.
    pub fn note(&self) -> Option<String> {
        left_out_words(self.interval, self.left_out, self.end.since(self.from) / self.interval.millis())
    }
}

/// What should be known of `left_out` older bars beside the `kept` newest that both legs have.
pub fn left_out_words(interval: Interval, left_out: u64, kept: i64) -> Option<String> {
    let are = if left_out == 1 { "older one is" } else { "older ones are" };
    (left_out > 0).then(|| {
        format!(
            "Of the bars of {} that both legs have, the newest {} are used: {} {are} left out.",
            interval.as_str(),
            counted(kept.unsigned_abs()),
            counted(left_out)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::traded::of_size;

    const T0: i64 = 1_700_006_400_000;
    const MINUTE: i64 = 60_000;

    fn recorded(minutes: core::ops::Range<i64>) -> Recorded {
        let mut recorded = Recorded::new(MINUTE);
        recorded.know(T0 + minutes.start * MINUTE, T0 + minutes.end * MINUTE).unwrap();
        for minute in minutes {
            recorded.add(T0 + minute * MINUTE, &of_size(100.0, 1.0, None));
        }
        recorded
    }

    #[test]
    fn what_both_have_is_found_before_the_newest_of_it_are_taken() {
        let (y, x) = (recorded(0..90), recorded(10..300));
        let minute = |bars: Option<UnixMillis>| (bars.unwrap().0 - T0) / MINUTE;
        let common = |most| Common::of([&y, &x], Interval::OneMinute, most).unwrap();
        for leg in [&y, &x] {
            let bars = common(50).bars(leg);
            assert_eq!((minute(bars.first()), minute(bars.end())), (40, 90));
            let bars = common(80).bars(leg);
            assert_eq!((minute(bars.first()), minute(bars.end())), (10, 90));
        }
        assert_eq!((common(80).left_out, common(80).note()), (0, None));
        assert_eq!(
            common(79).note().unwrap(),
            "Of the bars of 1m that both legs have, the newest 79 are used: 1 older one is left out."
        );
        assert_eq!(common(50).left_out, 30);
    }

    #[test]
    fn legs_apart_have_nothing_in_common() {
        let common = |y: &Recorded, x: &Recorded, interval| Common::of([y, x], interval, 10);
        assert_eq!(common(&recorded(0..5), &recorded(5..9), Interval::OneMinute), None);
        assert_eq!(common(&recorded(0..5), &recorded(0..9), Interval::OneSecond), None);
    }
}
