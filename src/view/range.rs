//! The span of time that all charts show: following the newest bar, or held where the user has put it.

use crate::view::series::Series;
use spreadscope_engine::Interval;

/// A span of time, milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Its beginning.
    pub from: f64,
    /// Its end.
    pub to: f64,
}

impl Span {
    /// Its length in milliseconds.
    pub fn millis(self) -> f64 {
        self.to - self.from
    }

    /// The time at `share` of its length.
    pub fn at(self, share: f64) -> f64 {
        self.from + share * self.millis()
    }

    /// The share of its length at which `time` stands, if it is within.
    pub fn share_of(self, time: f64) -> Option<f64> {
        let share = (time - self.from) / self.millis();
        (0.0..=1.0).contains(&share).then_some(share)
    }
}

/// What the charts show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TimeRange {
    /// The newest bars, as they come.
    Follow {
        /// How far back, in bars; all where `None`.
        bars: Option<usize>,
    },
    /// A span that stays.
    Fixed(Span),
}

impl Default for TimeRange {
    fn default() -> Self {
        Self::following(Interval::OneSecond)
    }
}

/// A time that is to stand at a share of the width, as under a finger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pin {
    /// Milliseconds since 1970.
    pub time: f64,
    /// 0 at the left edge, 1 at the right.
    pub share: f64,
}

/// How far back to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// In bars; all where `None`.
    pub bars: Option<usize>,
    /// The time that these bars span.
    pub label: &'static str,
}

const fn preset(bars: usize, label: &'static str) -> Preset {
    Preset { bars: Some(bars), label }
}

const ALL: Preset = Preset { bars: None, label: "All" };

/// The ranges to choose from, none longer than the bars that are kept.
pub const fn presets(interval: Interval) -> [Preset; 6] {
    match interval {
        Interval::OneSecond => [
            preset(300, "5 m"),
            preset(900, "15 m"),
            preset(3_600, "1 h"),
            preset(21_600, "6 h"),
            preset(86_400, "24 h"),
            ALL,
        ],
        Interval::OneMinute => [
            preset(60, "1 h"),
            preset(180, "3 h"),
            preset(360, "6 h"),
            preset(720, "12 h"),
            preset(1_440, "24 h"),
            ALL,
        ],
        Interval::FiveMinutes => [
            preset(72, "6 h"),
            preset(144, "12 h"),
            preset(288, "24 h"),
            preset(576, "2 d"),
            preset(864, "3 d"),
            ALL,
        ],
        Interval::FifteenMinutes => [
            preset(96, "24 h"),
            preset(288, "3 d"),
            preset(672, "7 d"),
            preset(1_344, "14 d"),
            preset(2_880, "30 d"),
            ALL,
        ],
        Interval::OneHour => [
            preset(72, "3 d"),
            preset(168, "7 d"),
            preset(336, "14 d"),
            preset(720, "30 d"),
            preset(2_160, "90 d"),
            ALL,
        ],
        Interval::FourHours => [
            preset(180, "30 d"),
            preset(540, "90 d"),
            preset(1_080, "180 d"),
            preset(2_190, "1 y"),
            preset(6_570, "3 y"),
            ALL,
        ],
        Interval::OneDay => [
            preset(90, "90 d"),
            preset(180, "180 d"),
            preset(365, "1 y"),
            preset(1_095, "3 y"),
            preset(1_825, "5 y"),
            ALL,
        ],
    }
}

/// Fewest bars that a chart can be zoomed to.
const FEWEST_BARS: f64 = 10.0;
/// Least distance of two pins: nearer ones say nothing about the span.
const LEAST_PINCH: f64 = 0.02;

/// Older rows are wanted once the oldest is so near the left edge, as a share of the width.
const EDGE_SHARE: f64 = 0.05;
/// So few bars short of what is kept nothing older is worth asking for.
const EDGE_BARS: usize = 60;

/// What is beyond the oldest row, where that is in view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Beyond {
    /// It is not in view.
    Hidden,
    /// Older rows can be had.
    Older {
        /// Open time of the oldest row, milliseconds since 1970.
        than: f64,
    },
    /// No more rows are held at this interval.
    Full,
}

/// The time that the rows on the screen cover, the last of them to its close.
struct Extent {
    first: f64,
    end: f64,
    step: f64,
}

impl Extent {
    fn of(series: &Series) -> Option<Self> {
        let step = series.interval().millis() as f64;
        let (first, last) = (*series.times().first()?, series.last_shown()?);
        Some(Self { first, end: last + step, step })
    }

    fn longest(&self) -> f64 {
        self.end - self.first
    }

    fn shortest(&self) -> f64 {
        (FEWEST_BARS * self.step).min(self.longest())
    }
}

impl TimeRange {
    /// The range to begin with at an interval.
    pub const fn following(interval: Interval) -> Self {
        let bars = match interval {
            Interval::OneSecond => 900,
            Interval::OneMinute => 360,
            Interval::FiveMinutes => 288,
            Interval::FifteenMinutes => 672,
            Interval::OneHour => 336,
            Interval::FourHours => 540,
            Interval::OneDay => 365,
        };
        Self::Follow { bars: Some(bars) }
    }

    /// Two hundred bars about `time`.
    pub const fn around(time: f64, interval: Interval) -> Self {
        let half = 100.0 * interval.millis() as f64;
        Self::Fixed(Span { from: time - half, to: time + half })
    }

    /// The span that it means on `series`; one bar long where there are no rows.
    pub fn bounds(self, series: &Series) -> Span {
        if let Self::Fixed(span) = self {
            return span;
        }
        let Some(Extent { first, end, step }) = Extent::of(series) else {
            return Span { from: 0.0, to: series.interval().millis() as f64 };
        };
        let from = match self {
            Self::Follow { bars: Some(bars) } => (end - bars as f64 * step).max(first),
            _ => first,
        };
        Span { from, to: end }
    }

    /// Whether it reaches the oldest row of `series`, and what there is beyond that.
    pub fn beyond(self, series: &Series) -> Beyond {
        let Some(Extent { first, .. }) = Extent::of(series) else { return Beyond::Hidden };
        let reaches = match self {
            Self::Fixed(span) => span.from - first <= EDGE_SHARE * span.millis(),
            Self::Follow { bars } => bars.is_some_and(|bars| bars > series.len()),
        };
        // each leg may have begun a little earlier or later
        let kept = series.interval().bars_kept() - EDGE_BARS;
        match (reaches, series.len() >= kept) {
            (false, _) => Beyond::Hidden,
            (true, false) => Beyond::Older { than: first },
            (true, true) => Beyond::Full,
        }
    }

    /// The range after zooming by `factor` (below 1 is nearer) about `share` of the width, on `series`.
    #[must_use]
    pub fn zoomed(self, factor: f64, share: f64, series: &Series) -> Self {
        let span = self.bounds(series);
        let millis = span.millis() * factor;
        let millis = Extent::of(series).map_or(millis, |all| millis.clamp(all.shortest(), all.longest()));
        let pinned = span.at(share);
        Self::held(Span { from: pinned - share * millis, to: pinned + (1.0 - share) * millis }, series)
    }

    /// The range after moving by `share` of the width, later where it is positive.
    #[must_use]
    pub fn panned(self, share: f64, series: &Series) -> Self {
        let span = self.bounds(series);
        let move_by = share * span.millis();
        Self::held(Span { from: span.from + move_by, to: span.to + move_by }, series)
    }

    /// The range from one time to another, in either order.
    pub fn chosen(one: f64, other: f64, series: &Series) -> Self {
        Self::held(Span { from: one.min(other), to: one.max(other) }, series)
    }

    /// The range in which both pins stand at their places; `None` where they say no span.
    pub fn pinned([one, other]: [Pin; 2], series: &Series) -> Option<Self> {
        let shares = other.share - one.share;
        let millis = (other.time - one.time) / shares;
        if shares.abs() < LEAST_PINCH || !millis.is_finite() || millis <= 0.0 {
            return None;
        }
        let from = one.time - one.share * millis;
        Some(Self::held(Span { from, to: from + millis }, series))
    }

    /// A span kept to where the rows are; one that reaches the newest row follows it.
    fn held(span: Span, series: &Series) -> Self {
        let Some(all) = Extent::of(series) else { return Self::following(series.interval()) };
        let millis = span.millis().clamp(all.shortest(), all.longest());
        let from = span.from.max(all.first).min(all.end - millis);
        if span.to >= all.end || from + millis >= all.end {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a small positive count"
            )]
            let bars = (millis / all.step).round() as usize;
            return Self::Follow { bars: (millis < all.longest()).then_some(bars) };
        }
        Self::Fixed(Span { from, to: from + millis })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::series::tests::row;

    fn series(rows: i64) -> Series {
        let mut series = Series::new(Interval::OneSecond);
        for second in 0..rows {
            series.put(&row(second, 0.0));
        }
        series
    }

    const T0: f64 = 1_700_000_000_000.0;

    fn span(from: f64, to: f64) -> Span {
        Span { from: T0 + from * 1_000.0, to: T0 + to * 1_000.0 }
    }

    #[test]
    fn following_moves_with_the_newest_row_and_a_held_range_does_not() {
        let follow = TimeRange::Follow { bars: Some(10) };
        assert_eq!(follow.bounds(&series(100)), span(90.0, 100.0));
        assert_eq!(follow.bounds(&series(101)), span(91.0, 101.0));
        let held = follow.panned(-1.0, &series(100));
        assert_eq!(held, TimeRange::Fixed(span(80.0, 90.0)));
        assert_eq!(held.bounds(&series(200)), held.bounds(&series(100)));
    }

    #[test]
    fn a_screen_that_stands_still_ends_at_the_row_that_it_showed_last() {
        let mut series = series(100);
        series.show();
        (100..130).for_each(|second| series.put(&row(second, 0.0)));
        let follow = TimeRange::Follow { bars: Some(10) };
        assert_eq!(follow.bounds(&series), span(90.0, 100.0));
        assert_eq!(follow.panned(-1.0, &series).panned(2.0, &series), follow);
        series.show();
        assert_eq!(follow.bounds(&series), span(120.0, 130.0));
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer_and_ends_at_the_rows() {
        let series = series(1_000);
        let start = TimeRange::Fixed(span(200.0, 400.0));
        assert_eq!(start.zoomed(0.5, 0.25, &series).bounds(&series), span(225.0, 325.0));
        assert_eq!(start.zoomed(1e9, 0.5, &series), TimeRange::Follow { bars: None });
        assert_eq!(start.zoomed(1e-9, 0.5, &series).bounds(&series).millis(), 10_000.0);
    }

    #[test]
    fn panning_past_the_newest_row_follows_again_and_past_the_oldest_stops() {
        let series = series(1_000);
        let held = TimeRange::Fixed(span(700.0, 900.0));
        assert_eq!(held.panned(1.0, &series), TimeRange::Follow { bars: Some(200) });
        assert_eq!(held.panned(-9.0, &series).bounds(&series), span(0.0, 200.0));
    }

    #[test]
    fn a_choice_may_be_drawn_from_right_to_left_and_is_never_shorter_than_ten_bars() {
        let series = series(1_000);
        let Span { from, to } = span(100.0, 300.0);
        assert_eq!(TimeRange::chosen(to, from, &series), TimeRange::Fixed(span(100.0, 300.0)));
        assert_eq!(TimeRange::chosen(from, from, &series).bounds(&series).millis(), 10_000.0);
    }

    #[test]
    fn two_fingers_keep_their_times_under_them() {
        let series = series(1_000);
        let pin = |second: f64, share: f64| Pin { time: T0 + second * 1_000.0, share };
        let spread = TimeRange::pinned([pin(300.0, 0.25), pin(400.0, 0.75)], &series);
        assert_eq!(spread, Some(TimeRange::Fixed(span(250.0, 450.0))));
        assert_eq!(TimeRange::pinned([pin(300.0, 0.5), pin(400.0, 0.5)], &series), None);
        assert_eq!(TimeRange::pinned([pin(300.0, 0.9), pin(400.0, 0.1)], &series), None);
    }

    #[test]
    fn without_rows_or_with_few_nothing_breaks() {
        let empty = series(0);
        let range = TimeRange::default();
        assert_eq!(range.zoomed(0.5, 0.5, &empty).panned(1.0, &empty), TimeRange::default());
        assert!(range.bounds(&empty).millis() > 0.0);
        let three = series(3);
        assert_eq!(range.zoomed(0.1, 0.5, &three).panned(-1.0, &three).bounds(&three), span(0.0, 3.0));
    }

    #[test]
    fn presets_span_the_time_they_are_named_for_and_one_of_them_is_the_beginning() {
        for interval in Interval::ALL {
            let presets = presets(interval);
            for Preset { bars, label } in presets {
                let Some(bars) = bars else { continue };
                assert!(bars <= interval.bars_kept());
                let (count, unit) = label.split_once(' ').unwrap();
                let unit = match unit {
                    "m" => 60_000,
                    "h" => 3_600_000,
                    "d" => 86_400_000,
                    _ => 365 * 86_400_000,
                };
                let millis = i64::try_from(bars).unwrap() * interval.millis();
                assert_eq!(millis, count.parse::<i64>().unwrap() * unit);
            }
            let start = TimeRange::following(interval);
            assert!(presets.iter().any(|preset| TimeRange::Follow { bars: preset.bars } == start));
        }
    }

    #[test]
    fn older_rows_are_wanted_at_the_left_edge_until_no_more_are_held() {
        let mut series = Series::new(Interval::FiveMinutes);
        let put = |series: &mut Series, bars: i64| (0..bars).for_each(|bar| series.put(&row(bar * 300, 0.0)));
        put(&mut series, 1_000);
        let first = series.times()[0];
        let at = |from: f64| TimeRange::Fixed(Span { from, to: from + 6e7 });
        assert_eq!(at(first + 3e7).beyond(&series), Beyond::Hidden);
        assert_eq!(at(first + 1e6).beyond(&series), Beyond::Older { than: first });
        assert_eq!(TimeRange::Follow { bars: Some(1_001) }.beyond(&series), Beyond::Older { than: first });
        assert_eq!(TimeRange::Follow { bars: Some(1_000) }.beyond(&series), Beyond::Hidden);
        assert_eq!(TimeRange::Follow { bars: None }.beyond(&series), Beyond::Hidden);
        put(&mut series, i64::try_from(Interval::FiveMinutes.bars_kept()).unwrap());
        assert_eq!(at(first).beyond(&series), Beyond::Full);
    }
}
