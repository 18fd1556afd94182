//! The span of time that all charts show: following the newest bar, or fixed by the user.

use crate::view::numbers::series::Series;
use spreadscope_engine::Interval;

/// A span of time, milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Start.
    pub from: f64,
    /// End.
    pub to: f64,
}

impl Span {
    /// Returns its length in milliseconds.
    pub fn millis(self) -> f64 {
        self.to - self.from
    }

    /// Returns the time at `share` of its length.
    pub fn at(self, share: f64) -> f64 {
        self.from + share * self.millis()
    }

    /// Returns the share of its length at `time`, if that is within.
    pub fn share_of(self, time: f64) -> Option<f64> {
        let share = (time - self.from) / self.millis();
        (0.0..=1.0).contains(&share).then_some(share)
    }
}

/// The range that the charts show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TimeRange {
    /// The newest bars, as they arrive.
    Follow {
        /// How far back, in bars; all of them if `None`.
        bars: Option<usize>,
    },
    /// A fixed span.
    Fixed(Span),
}

impl Default for TimeRange {
    fn default() -> Self {
        Self::following(Interval::OneSecond)
    }
}

/// A time held at a share of the width, as under a finger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pin {
    /// Milliseconds since 1970.
    pub time: f64,
    /// 0 at the left edge, 1 at the right.
    pub share: f64,
}

/// A range on offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// In bars; all of them if `None`.
    pub bars: Option<usize>,
    /// The time that these bars span, as a label.
    pub label: &'static str,
}

const fn preset(bars: usize, label: &'static str) -> Preset {
    Preset { bars: Some(bars), label }
}

const ALL: Preset = Preset { bars: None, label: "All" };

/// Returns the ranges on offer, none longer than the bars that are kept.
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
/// Least distance between two pins, as a share of the width: closer ones do not determine a span.
const LEAST_PINCH: f64 = 0.02;

/// Older rows are requested once the oldest is this near to the left edge, as a share of the width.
const EDGE_SHARE: f64 = 0.05;
/// Within this many bars of the number kept, older rows are not worth requesting.
const EDGE_BARS: usize = 60;

/// What lies beyond the oldest row, if that is in view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Beyond {
    /// It is not in view.
    Hidden,
    /// Older rows are available.
    Older {
        /// Open time of the oldest row, milliseconds since 1970.
        than: f64,
    },
    /// No more rows are kept at this interval.
    Full,
}

/// The time that the rows cover, to the close of the last.
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
    /// Returns the default range of an interval.
    pub const fn following(interval: Interval) -> Self {
        Self::Follow { bars: Some(interval.bars_shown()) }
    }

    /// Returns two hundred bars around `time`.
    pub const fn around(time: f64, interval: Interval) -> Self {
        let half = 100.0 * interval.millis() as f64;
        Self::Fixed(Span { from: time - half, to: time + half })
    }

    /// Returns the range's span on `series`; one bar long if there are no rows.
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

    /// Returns whether the range reaches the oldest row of `series`, and what lies beyond that.
    pub fn beyond(self, series: &Series) -> Beyond {
        let Some(Extent { first, .. }) = Extent::of(series) else { return Beyond::Hidden };
        let reaches = match self {
            Self::Fixed(span) => span.from - first <= EDGE_SHARE * span.millis(),
            Self::Follow { bars } => bars.is_some_and(|bars| bars > series.len()),
        };
        // each leg may have begun slightly earlier or later
        let kept = series.interval().bars_kept() - EDGE_BARS;
        match (reaches, series.len() >= kept) {
            (false, _) => Beyond::Hidden,
            (true, false) => Beyond::Older { than: first },
            (true, true) => Beyond::Full,
        }
    }

    /// Returns the range zoomed by `factor` (below 1 magnifies) about `share` of the width, on `series`.
    #[must_use]
    pub fn zoomed(self, factor: f64, share: f64, series: &Series) -> Self {
        let span = self.bounds(series);
        let millis = span.millis() * factor;
        let millis = Extent::of(series).map_or(millis, |all| millis.clamp(all.shortest(), all.longest()));
        let pinned = span.at(share);
        Self::held(Span { from: pinned - share * millis, to: pinned + (1.0 - share) * millis }, series)
    }

    /// Returns the range moved by `share` of the width, towards later times if positive.
    #[must_use]
    pub fn panned(self, share: f64, series: &Series) -> Self {
        let span = self.bounds(series);
        let move_by = share * span.millis();
        Self::held(Span { from: span.from + move_by, to: span.to + move_by }, series)
    }

    /// Returns the range from one time to another, in either order.
    pub fn chosen(one: f64, other: f64, series: &Series) -> Self {
        Self::held(Span { from: one.min(other), to: one.max(other) }, series)
    }

    /// Returns the range with both pins at their places; `None` if they do not determine a span.
    pub fn pinned([one, other]: [Pin; 2], series: &Series) -> Option<Self> {
        let shares = other.share - one.share;
        let millis = (other.time - one.time) / shares;
        if shares.abs() < LEAST_PINCH || !millis.is_finite() || millis <= 0.0 {
            return None;
        }
        let from = one.time - one.share * millis;
        Some(Self::held(Span { from, to: from + millis }, series))
    }

    /// Limits a span to the rows there are; one that reaches the newest row follows it.
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
mod tests;
