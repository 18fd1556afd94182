//! What all charts share: margins, the time axis, lines and bands.

use super::{Canvas, Columns, Figure};
use crate::view::axis::{self, ValueAxis};
use crate::view::decimate;
use crate::view::model::Model;
use crate::view::range::Span;
use crate::view::series::{Column, Series};
use plotly::common::{AxisSide, DashType, Fill, Font, Line, Mode, TickMode};
use plotly::layout::{Axis, HoverMode, Margin, Shape, ShapeLayer, ShapeLine, ShapeType, TicksDirection};
use plotly::{Layout, Scatter, Trace};
use spreadscope_engine::event::Metric;

/// Colours and type of a chart, as CSS writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Behind everything.
    pub ground: String,
    /// Tick labels.
    pub text: String,
    /// Lines of the grid.
    pub grid: String,
    /// Lines of the axes.
    pub axis: String,
    /// The dependent leg.
    pub y: String,
    /// The explaining leg.
    pub x: String,
    /// The one line of a chart.
    pub line: String,
    /// A line beside it.
    pub second: String,
    /// Around a line.
    pub band: String,
    /// Where an alert begins.
    pub threshold: String,
    /// Beyond it.
    pub threshold_band: String,
    /// An alert upwards.
    pub alert_above: String,
    /// An alert downwards.
    pub alert_below: String,
    /// Font family.
    pub font: String,
    /// Font size, pixels.
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
            band: ink(),
            threshold: ink(),
            threshold_band: ink(),
            alert_above: ink(),
            alert_below: ink(),
            font: "sans-serif".to_owned(),
            font_size: 11,
        }
    }
}

const LEFT: usize = 52;
const RIGHT_AXIS: usize = 52;
const TOP: usize = 6;
const BOTTOM: usize = 20;
/// Pixels between two time labels.
const TIME_TICK_PIXELS: usize = 80;
/// Pixels between two value labels.
const VALUE_TICK_PIXELS: usize = 34;

/// Left edge and width of the plot, pixels, within a chart of `width`; all charts have the same, so that one
/// time stands below another.
pub const fn plot_area(width: usize) -> (usize, usize) {
    (LEFT, width.saturating_sub(LEFT + RIGHT_AXIS))
}

pub(super) fn value_ticks(canvas: &Canvas) -> usize {
    (canvas.height.saturating_sub(TOP + BOTTOM) / VALUE_TICK_PIXELS).clamp(2, 8)
}

/// Rows of the span, and one beyond each end so that lines run to the edges.
pub(super) fn rows(series: &Series, span: Span) -> core::ops::Range<usize> {
    let inside = series.between(span.from, span.to);
    inside.start.saturating_sub(1)..(inside.end + 1).min(series.len())
}

/// Points of a column over the span, thinned to the width.
pub(super) fn points(series: &Series, column: Column, canvas: &Canvas) -> Columns {
    let values = series.column(column);
    let kept = decimate::extremes(values, rows(series, canvas.span), plot_area(canvas.width).1 / 2);
    at(series, &kept, |place| values[place])
}

/// Points at chosen rows.
pub(super) fn at(series: &Series, kept: &[usize], value: impl Fn(usize) -> f64) -> Columns {
    Columns {
        x: kept.iter().map(|&place| series.times()[place]).collect(),
        y: kept.iter().map(|&place| value(place)).collect(),
    }
}

pub(super) fn empty_line() -> Box<Scatter<f64, f64>> {
    Scatter::new(Vec::new(), Vec::new()).mode(Mode::Lines)
}

/// A line in `colour`.
pub(super) fn line(colour: &str, width: f64) -> Box<Scatter<f64, f64>> {
    empty_line().line(Line::new().color(colour.to_owned()).width(width))
}

/// A dashed line in `colour`.
pub(super) fn dashed(colour: &str) -> Box<Scatter<f64, f64>> {
    empty_line().line(Line::new().color(colour.to_owned()).width(1.0).dash(DashType::Dash))
}

/// The lower and the upper edge of a band in `colour`, invisible but for what is between them.
pub(super) fn band(colour: &str) -> [Box<Scatter<f64, f64>>; 2] {
    let edge = || empty_line().line(Line::new().color("transparent".to_owned()).width(0.0));
    [edge(), edge().fill(Fill::ToNextY).fill_color(colour.to_owned())]
}

fn ticked(theme: &super::Theme, low: f64, high: f64, ticks: axis::Ticks) -> Axis {
    Axis::new()
        .range(vec![low, high])
        .auto_range(false)
        .fixed_range(true)
        .auto_margin(false)
        .tick_mode(TickMode::Array)
        .tick_values(ticks.values)
        .tick_text(ticks.labels)
        .tick_font(Font::new().color(theme.text.clone()).family(&theme.font).size(theme.font_size))
        .grid_color(theme.grid.clone())
        .zero_line(false)
        .show_line(false)
}

/// The layout: time below, `left` at the left, `right` at the right where there is one.
pub(super) fn layout(
    canvas: &Canvas,
    left: ValueAxis,
    right: Option<ValueAxis>,
    shapes: Vec<Shape>,
) -> Layout {
    let Canvas { width, height, span, theme, .. } = canvas;
    let most = (plot_area(*width).1 / TIME_TICK_PIXELS).max(2);
    let time = axis::time_ticks(*span, most, canvas.utc_offset_minutes);
    let value = |axis: ValueAxis| ticked(theme, axis.low, axis.high, axis.ticks);
    let mut layout = Layout::new()
        .auto_size(false)
        .width(*width)
        .height(*height)
        .margin(Margin::new().left(LEFT).right(RIGHT_AXIS).top(TOP).bottom(BOTTOM).pad(0).auto_expand(false))
        .show_legend(false)
        .hover_mode(HoverMode::False)
        .paper_background_color(theme.ground.clone())
        .plot_background_color(theme.ground.clone())
        .font(Font::new().color(theme.text.clone()).family(&theme.font).size(theme.font_size))
        .x_axis(
            ticked(theme, span.from, span.to, time)
                .show_line(true)
                .line_color(theme.axis.clone())
                .ticks(TicksDirection::Outside)
                .tick_length(3)
                .tick_color(theme.axis.clone())
                .show_grid(false),
        )
        .y_axis(value(left))
        .shapes(shapes);
    if let Some(right) = right {
        layout = layout.y_axis2(value(right).overlaying("y").side(AxisSide::Right).show_grid(false));
    }
    layout
}

/// A horizontal line across the plot.
pub(super) fn level(at: f64, colour: &str, dash: DashType) -> Shape {
    across(at, at)
        .shape_type(ShapeType::Line)
        .line(ShapeLine::new().color(colour.to_owned()).width(1.0).dash(dash))
}

/// A tinted zone across the plot, below the lines.
pub(super) fn zone(from: f64, to: f64, colour: &str) -> Shape {
    across(from, to)
        .shape_type(ShapeType::Rect)
        .layer(ShapeLayer::Below)
        .fill_color(colour.to_owned())
        .line(ShapeLine::new().width(0.0))
}

fn across(y0: f64, y1: f64) -> Shape {
    Shape::new().x_ref("paper").x0(0.0).x1(1.0).y_ref("y").y0(y0).y1(y1)
}

/// Puts a figure together; `said` is what to say where no column of `shown` has a value.
pub(super) fn figure(
    layout: &Layout,
    traces: Vec<(Box<dyn Trace>, Columns)>,
    shown: &[usize],
    said: impl FnOnce() -> String,
) -> Figure {
    let (traces, columns): (Vec<_>, Vec<Columns>) = traces.into_iter().unzip();
    let blank = shown.iter().all(|&trace| columns[trace].y.iter().all(|value| value.is_nan()));
    Figure {
        layout: layout.to_json(),
        traces: traces.iter().map(|trace| trace.to_json()).collect(),
        columns,
        message: blank.then(said),
    }
}

/// Why a metric has nothing to draw.
pub(super) fn silence(model: &Model, metric: Option<&Metric>) -> String {
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
    fn the_plot_is_as_wide_with_a_right_axis_as_without() {
        let (left, width) = plot_area(600);
        assert_eq!(left + width + RIGHT_AXIS, 600);
        assert_eq!(plot_area(10).1, 0);
    }
}
