//! What all charts share: margins, the time axis, lines and bands.

use super::parts::{Axis, Font, Line, Shape, Sheet, Trace};
use super::room::{self, across_ticks, plot_width, value_ticks};
use super::{Canvas, Columns, Figure};
use crate::view::charts::axis::{self, ValueAxis};
use crate::view::charts::decimate::{self, Buckets};
use crate::view::charts::range::Span;
use crate::view::numbers::column::Column;
use crate::view::numbers::series::{Provisional, Series};
use crate::view::screen::model::Model;
use plotly::common::{DashType, Fill, Mode};
use spreadscope_engine::analytics::Metric;
use spreadscope_engine::settings::HedgeKind;

/// Colours and font of a chart, in CSS notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// The background.
    pub ground: String,
    /// Tick labels.
    pub text: String,
    /// Lines of the grid.
    pub grid: String,
    /// Lines of the axes.
    pub axis: String,
    /// The dependent leg.
    pub y: String,
    /// The explanatory leg.
    pub x: String,
    /// A chart's only line.
    pub line: String,
    /// A second line.
    pub second: String,
    /// The hedge ratios of other models, by [`HedgeKind`].
    pub overlays: [String; HedgeKind::ALL.len()],
    /// The band around a line.
    pub band: String,
    /// The threshold of an alert.
    pub threshold: String,
    /// The zone beyond the threshold.
    pub threshold_band: String,
    /// An upward alert.
    pub alert_above: String,
    /// A downward alert.
    pub alert_below: String,
    /// Font family.
    pub font: String,
    /// Font size of labels, pixels.
    pub font_size: usize,
}

impl Default for Theme {
    fn default() -> Self {
        let ink = || "currentColor".to_owned();
        Self {
            ground: "transparent".to_owned(),
            text: ink(),
            grid: ink(),
            axis: ink(),
            y: ink(),
            x: ink(),
            line: ink(),
            second: ink(),
            overlays: core::array::from_fn(|_| ink()),
            band: ink(),
            threshold: ink(),
            threshold_band: ink(),
            alert_above: ink(),
            alert_below: ink(),
            font: "sans-serif".to_owned(),
            font_size: room::FONT_SIZE,
        }
    }
}

/// Most buckets of a line; of four points each, they take Plotly a few milliseconds.
const MOST_BUCKETS: usize = 200;
/// Width of a chart's line, pixels.
pub(in crate::view) const STROKE: f64 = 1.4;

/// Returns the value axis at the left: as set by hand, otherwise such that it contains `values` and `must`.
pub(in crate::view) fn scaled(canvas: &Canvas, values: impl Iterator<Item = f64>, must: &[f64]) -> ValueAxis {
    let most = value_ticks(canvas);
    canvas.values.map_or_else(
        || axis::value_axis(values, must, most),
        |(low, high)| axis::axis_between(low, high, most),
    )
}

/// Returns the rows of the span, and one beyond each end so that lines reach the edges.
pub(in crate::view) fn rows(series: &Series, span: Span) -> core::ops::Range<usize> {
    let inside = series.between(span.from, span.to);
    inside.start.saturating_sub(1)..(inside.end + 1).min(series.len())
}

/// Returns the rows of the span at which to draw `values`: the extremes of every three pixels.
pub(in crate::view) fn kept(series: &Series, values: &[f64], canvas: &Canvas) -> Vec<usize> {
    let most = (plot_width(canvas) / 3).min(MOST_BUCKETS);
    let buckets = Buckets::over(canvas.span, series.interval().millis() as f64, most);
    decimate::extremes(series.times(), values, rows(series, canvas.span), buckets)
}

/// Returns the points of a column over the span, thinned to the width.
pub(in crate::view) fn points(series: &Series, column: Column, canvas: &Canvas) -> Columns {
    let values = series.column(column);
    at(series, &kept(series, values, canvas), |place| values[place])
}

/// Returns the points at chosen rows, with a break wherever rows between two of them are missing.
pub(in crate::view) fn at(series: &Series, kept: &[usize], value: impl Fn(usize) -> f64) -> Columns {
    let step = series.interval().millis() as f64;
    let times = series.times();
    let mut columns = Columns { x: Vec::with_capacity(kept.len()), y: Vec::with_capacity(kept.len()) };
    let mut before = None::<usize>;
    for &place in kept {
        if let Some(before) = before
            && times[place] - times[before] > ((place - before) as f64 + 0.5) * step
        {
            columns.push(times[before] + step, f64::NAN);
        }
        columns.push(times[place], value(place));
        before = Some(place);
    }
    columns
}

/// Returns a column's points in two lines: on full windows, and on windows that are not full yet. The second
/// line runs to where the first begins, and is empty if every window is full.
pub(in crate::view) fn matured(
    series: &Series,
    kept: &[usize],
    column: Column,
    is_provisional: impl Fn(Provisional) -> bool,
) -> [Columns; 2] {
    let values = series.column(column);
    let young = |place: usize| is_provisional(series.provisional()[place]);
    if !kept.iter().any(|&place| young(place)) {
        return [at(series, kept, |place| values[place]), Columns::default()];
    }
    let joins = |place: usize| place > 0 && young(place - 1);
    let full = at(series, kept, |place| if young(place) { f64::NAN } else { values[place] });
    let part = at(series, kept, |place| if young(place) || joins(place) { values[place] } else { f64::NAN });
    [full, part]
}

pub(in crate::view) fn empty_line() -> Trace {
    Trace::new(Mode::Lines)
}

/// Returns a line in `colour`.
pub(in crate::view) fn line(colour: &str, width: f64) -> Trace {
    empty_line().line(Line::new(colour, width))
}

/// Returns a dashed line in `colour`.
pub(in crate::view) fn dashed(colour: &str) -> Trace {
    empty_line().line(Line::new(colour, 1.0).dash(DashType::Dash))
}

/// Returns a dotted line in `colour`, for values on windows that are not full yet.
pub(in crate::view) fn dotted(colour: &str) -> Trace {
    empty_line().line(Line::new(colour, 1.0).dash(DashType::Dot))
}

/// Returns a band in `colour`, for the points of [`ribbons`].
pub(in crate::view) fn band(colour: &str) -> Trace {
    empty_line().line(Line::none()).fill(Fill::ToSelf, colour)
}

/// Returns the outline of a band for each stretch without a gap: its upper edge to the right, its lower edge
/// back. Plotly's fill between two lines ignores gaps.
pub(in crate::view) fn ribbons(lower: &Columns, upper: &Columns) -> Columns {
    let known = |at: usize| lower.y[at].is_finite() && upper.y[at].is_finite();
    let mut outline = Columns::default();
    let mut start = 0;
    while start < lower.x.len() {
        let end = (start..lower.x.len()).find(|&at| !known(at)).unwrap_or(lower.x.len());
        if end > start {
            if !outline.x.is_empty() {
                outline.push(f64::NAN, f64::NAN);
            }
            (start..end).for_each(|at| outline.push(upper.x[at], upper.y[at]));
            (start..end).rev().for_each(|at| outline.push(lower.x[at], lower.y[at]));
        }
        start = end + 1;
    }
    outline
}

/// Returns the layout: time below, `left` at the left, `right` at the right if there is one.
pub(in crate::view) fn layout(
    canvas: &Canvas,
    left: ValueAxis,
    right: Option<ValueAxis>,
    shapes: Vec<Shape>,
) -> Sheet {
    let Span { from, to } = canvas.span;
    let ticks = axis::time_ticks(canvas.span, across_ticks(canvas), &canvas.offsets, canvas.now);
    layout_on(canvas, ValueAxis { low: from, high: to, ticks }, left, right, shapes)
}

/// Returns the layout with an axis other than time below.
pub(in crate::view) fn layout_on(
    canvas: &Canvas,
    below: ValueAxis,
    left: ValueAxis,
    right: Option<ValueAxis>,
    shapes: Vec<Shape>,
) -> Sheet {
    let Canvas { width, height, theme, .. } = canvas;
    let font = Font::new(&theme.text, &theme.font, theme.font_size);
    // a space between a label and the plot
    let ticked = |axis: ValueAxis, [before, after]: [&str; 2]| {
        let ValueAxis { low, high, ticks } = axis;
        let labels: Vec<String> = ticks.labels.iter().map(|text| format!("{before}{text}{after}")).collect();
        Axis::new([low, high], &ticks.values, &labels, &font)
    };
    let edges = (left.low, left.high);
    let margins = room::margins(theme.font_size);
    let sheet = Sheet::new([*width, *height], margins, &theme.ground, &font)
        .axis("xaxis", ticked(below, ["", ""]).lined(&theme.axis))
        .axis("yaxis", ticked(left, ["", "\u{a0}"]).gridded(&theme.grid));
    let sheet = match right {
        Some(right) => sheet.axis("yaxis2", ticked(right, ["\u{a0}", ""]).right()),
        None => sheet,
    };
    sheet.edges(edges).shapes(shapes)
}

/// Returns a horizontal line across the plot.
pub(in crate::view) fn level(at: f64, colour: &str, dash: DashType) -> Shape {
    across(at, at).line(Line::new(colour, 1.0).dash(dash))
}

/// Returns a tinted zone across the plot, below the lines.
pub(in crate::view) fn zone(from: f64, to: f64, colour: &str) -> Shape {
    across(from, to).filled(colour).below()
}

fn across(y0: f64, y1: f64) -> Shape {
    Shape::new("paper", [0.0, 1.0], "y", [y0, y1])
}

/// Note of a chart that shows provisional values.
pub(in crate::view) const PROVISIONAL: &str = "Dotted: the window is not full yet";

/// Returns a vertical line up the plot.
pub(in crate::view) fn upright(at: f64, colour: &str, dash: DashType) -> Shape {
    up(at, at).line(Line::new(colour, 1.0).dash(dash))
}

/// Returns a tinted stretch of time, below the lines.
pub(in crate::view) fn stretch(from: f64, to: f64, colour: &str) -> Shape {
    up(from, to).filled(colour).below()
}

fn up(x0: f64, x1: f64) -> Shape {
    Shape::new("x", [x0, x1], "paper", [0.0, 1.0])
}

/// Assembles a figure; `said` gives the message if no column of `shown` has a value.
pub(in crate::view) fn figure(
    layout: &Sheet,
    traces: Vec<(Trace, Columns)>,
    shown: &[usize],
    said: impl FnOnce() -> String,
) -> Figure {
    let (traces, columns): (Vec<_>, Vec<Columns>) = traces.into_iter().unzip();
    let reach: Vec<_> = shown.iter().map(|&trace| columns[trace].reach()).collect();
    Figure {
        layout: layout.to_json(),
        traces: traces.iter().map(Trace::to_json).collect(),
        columns,
        message: reach.iter().all(Option::is_none).then(said),
        reach,
        note: None,
        edges: layout.edges,
    }
}

/// Assembles a figure as [`figure`] does, with a last line for values on windows that are not full yet, if
/// there are any.
pub(in crate::view) fn figure_with_young(
    layout: &Sheet,
    mut traces: Vec<(Trace, Columns)>,
    young: Columns,
    colour: &str,
    said: impl FnOnce() -> String,
) -> Figure {
    let mut shown = vec![traces.len() - 1];
    let note = young.reach().is_some().then(|| PROVISIONAL.to_owned());
    if note.is_some() {
        shown.push(traces.len());
        traces.push((dotted(colour), young));
    }
    Figure { note, ..figure(layout, traces, &shown, said) }
}

/// Returns why a metric has nothing to draw.
pub(in crate::view) fn silence(model: &Model, metric: Option<&Metric>) -> String {
    match metric {
        Some(Metric::Warming { seen, needed }) => format!("Warming up: {seen} of {needed} bars"),
        Some(Metric::Undefined(reason)) => format!("No value: {reason}"),
        None if model.series.is_empty() => "Waiting for the first bars".to_owned(),
        None | Some(Metric::Provisional { .. } | Metric::Ready(_)) => "Nothing in this range".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_with_a_gap_is_two_outlines() {
        let edge = |y: [f64; 5]| Columns { x: vec![0.0, 1.0, 2.0, 3.0, 4.0], y: y.into() };
        let lower = edge([0.0, 0.0, f64::NAN, 0.0, f64::NAN]);
        let outline = ribbons(&lower, &edge([1.0; 5]));
        let known = |values: &[f64]| -> Vec<f64> { values.iter().copied().filter(|v| !v.is_nan()).collect() };
        assert_eq!(known(&outline.x), [0.0, 1.0, 1.0, 0.0, 3.0, 3.0]);
        assert_eq!(known(&outline.y), [1.0, 1.0, 0.0, 0.0, 1.0, 0.0]);
        assert!(outline.x[4].is_nan() && outline.x.len() == 7);
        assert_eq!(ribbons(&Columns::default(), &Columns::default()), Columns::default());
    }
}
