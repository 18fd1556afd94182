//! The span of time that all charts show: following the newest bar, or held where the user has put it.

use crate::view::series::Series;

/// Milliseconds in a minute.
const MINUTE: f64 = 60_000.0;

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
        Self::Follow { bars: Some(900) }
    }
}

/// A range to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// How far back, in bars.
    pub bars: Option<usize>,
}

/// The ranges to choose from, in bars, so that they mean something at every interval.
pub const PRESETS: [Preset; 6] = [
    Preset { bars: Some(120) },
    Preset { bars: Some(300) },
    Preset { bars: Some(900) },
    Preset { bars: Some(3_600) },
    Preset { bars: Some(14_400) },
    Preset { bars: None },
];

/// Fewest bars that a chart can be zoomed to.
const FEWEST_BARS: f64 = 10.0;

impl TimeRange {
    /// The span that it means on `series`; an empty one where there are no rows.
    pub fn bounds(self, series: &Series) -> Span {
        let step = series.interval().millis() as f64;
        let (Some(&first), Some(&last)) = (series.times().first(), series.times().last()) else {
            return Span { from: 0.0, to: step };
        };
        match self {
            Self::Fixed(span) => span,
            Self::Follow { bars } => {
                let from = bars.map_or(first, |bars| (last - bars as f64 * step).max(first));
                Span { from, to: last.max(from + step) }
            }
        }
    }

    /// The range after zooming by `factor` (below 1 is nearer) about `share` of the width, on `series`.
    #[must_use]
    pub fn zoomed(self, factor: f64, share: f64, series: &Series) -> Self {
        let span = self.bounds(series);
        let step = series.interval().millis() as f64;
        let longest = (series.len() as f64 * step).max(FEWEST_BARS * step);
        let millis = (span.millis() * factor).clamp(FEWEST_BARS * step, longest);
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

    /// A span kept to where the rows are; one that reaches the newest row follows it.
    fn held(span: Span, series: &Series) -> Self {
        let (Some(&first), Some(&last)) = (series.times().first(), series.times().last()) else {
            return Self::default();
        };
        let step = series.interval().millis() as f64;
        let millis = span.millis().min((last - first).max(step));
        let from = span.from.max(first);
        if span.to >= last || from + millis >= last {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a small positive count"
            )]
            let bars = (millis / step).round() as usize;
            return Self::Follow { bars: (millis < last - first).then_some(bars) };
        }
        Self::Fixed(Span { from, to: from + millis })
    }
}

/// A preset's name at an interval: the time it spans.
pub fn label(preset: Preset, interval_millis: i64) -> String {
    let Some(bars) = preset.bars else { return "All".to_owned() };
    let minutes = bars as f64 * interval_millis as f64 / MINUTE;
    if minutes < 60.0 {
        format!("{minutes:.0} m")
    } else if minutes < 5_760.0 {
        format!("{:.0} h", minutes / 60.0)
    } else {
        format!("{:.0} d", minutes / 1_440.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::series::tests::row;
    use spreadscope_engine::Interval;

    fn series(rows: i64) -> Series {
        let mut series = Series::new(Interval::OneSecond);
        for second in 0..rows {
            series.put(&row(second, 0.0));
        }
        series
    }

    const T0: f64 = 1_700_000_000_000.0;

    #[test]
    fn following_moves_with_the_newest_row_and_a_held_range_does_not() {
        let follow = TimeRange::Follow { bars: Some(10) };
        assert_eq!(follow.bounds(&series(100)), Span { from: T0 + 89_000.0, to: T0 + 99_000.0 });
        assert_eq!(follow.bounds(&series(101)).to, T0 + 100_000.0);
        let held = follow.panned(-1.0, &series(100));
        assert_eq!(held, TimeRange::Fixed(Span { from: T0 + 79_000.0, to: T0 + 89_000.0 }));
        assert_eq!(held.bounds(&series(200)), held.bounds(&series(100)));
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer_and_ends_at_the_rows() {
        let series = series(1_000);
        let start = TimeRange::Fixed(Span { from: T0 + 200_000.0, to: T0 + 400_000.0 });
        let near = start.zoomed(0.5, 0.25, &series).bounds(&series);
        assert_eq!(near, Span { from: T0 + 225_000.0, to: T0 + 325_000.0 });
        assert_eq!(start.zoomed(1e9, 0.5, &series), TimeRange::Follow { bars: None });
        assert_eq!(start.zoomed(1e-9, 0.5, &series).bounds(&series).millis(), 10_000.0);
    }

    #[test]
    fn panning_past_the_newest_row_follows_again_and_past_the_oldest_stops() {
        let series = series(1_000);
        let held = TimeRange::Fixed(Span { from: T0 + 700_000.0, to: T0 + 900_000.0 });
        assert_eq!(held.panned(1.0, &series), TimeRange::Follow { bars: Some(200) });
        assert_eq!(held.panned(-9.0, &series).bounds(&series), Span { from: T0, to: T0 + 200_000.0 });
    }

    #[test]
    fn without_rows_nothing_breaks() {
        let empty = series(0);
        let range = TimeRange::default();
        assert_eq!(range.zoomed(0.5, 0.5, &empty).panned(1.0, &empty), TimeRange::default());
        assert!(range.bounds(&empty).millis() > 0.0);
    }

    #[test]
    fn presets_say_their_time_at_each_interval() {
        let labels = |interval: Interval| PRESETS.map(|preset| label(preset, interval.millis()));
        assert_eq!(labels(Interval::OneSecond), ["2 m", "5 m", "15 m", "1 h", "4 h", "All"]);
        assert_eq!(labels(Interval::OneMinute), ["2 h", "5 h", "15 h", "60 h", "10 d", "All"]);
    }
}
