//! The correlation of returns by sampling interval: the Epps effect.

use super::base::{STROKE, figure, layout_on, level, silence};
use super::chart::{Chart, DataTable, Words};
use super::entry::{At, Entry, Ink, Text};
use super::parts::{Line, Trace};
use super::{Canvas, Columns, Figure};
use crate::view::charts::axis::{Ticks, ValueAxis, fixed_axis};
use crate::view::charts::range::Span;
use crate::view::numbers::format;
use crate::view::screen::model::Model;
use plotly::common::{DashType, Mode};
use spreadscope_engine::analytics::epps::EppsPoint;

/// Room beyond the ends for the marks.
const ROOM: f64 = 0.04;

pub(super) const CHART: Chart = Chart {
    is_over_time: false,
    is_of_values: false,
    table: Some(table),
    ..Chart::over_time(
        ["epps", "Correlation by interval"],
        Words::same("Fewer trades: lower at short intervals"),
        Words::same(
            "The correlation of returns over longer and longer sampling intervals. Prices that change at \
             different moments look unrelated over short intervals: the Epps effect.",
        ),
        build,
        values,
    )
};

fn points(model: &Model) -> &[EppsPoint] {
    model.tests.as_ref().map(|tests| tests.epps.as_slice()).unwrap_or_default()
}

fn values<'a>(at: &At<'a>) -> Vec<Entry<'a>> {
    let points = points(at.model);
    let entry = |label, point: Option<&EppsPoint>| {
        let number = point.and_then(|point| point.correlation).unwrap_or(f64::NAN);
        Entry { label, ink: Ink::Line, number, text: Text::Correlation }
    };
    vec![entry("shortest", points.first()), entry("longest", points.last())]
}

fn table(model: &Model, _: Span) -> DataTable {
    let row = |point: &EppsPoint| {
        [
            format::duration(point.secs),
            point.correlation.map_or_else(|| format::ABSENT.to_owned(), |r| format::fixed(r, 3)),
            point.returns.to_string(),
        ]
    };
    DataTable::new(["Interval", "Correlation", "Returns"], points(model).iter().map(row))
}

fn build(model: &Model, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let points = points(model);
    // the intervals grow by factors, so the axis is logarithmic
    let mut columns = Columns::default();
    let mut ticks = Ticks::default();
    for point in points {
        columns.push(point.secs.log10(), point.correlation.unwrap_or(f64::NAN));
        ticks.values.push(point.secs.log10());
        ticks.labels.push(format::duration(point.secs).replace(".0 s", " s"));
    }
    let ends = ticks.values.first().copied().zip(ticks.values.last().copied());
    let (low, high) = ends.filter(|(low, high)| low < high).unwrap_or((0.0, 1.0));
    let margin = ROOM * (high - low);
    let below = ValueAxis { low: low - margin, high: high + margin, ticks: thinned(ticks, canvas.width) };
    let left = if columns.y.iter().any(|&value| value < 0.0) {
        fixed_axis(-1.0 - ROOM, 1.0 + ROOM, 0.1, &[-1.0, -0.5, 0.0, 0.5, 1.0])
    } else {
        fixed_axis(-ROOM, 1.0 + ROOM, 0.01, &[0.0, 0.25, 0.5, 0.75, 1.0])
    };
    let layout = layout_on(canvas, below, left, None, vec![level(0.0, &theme.second, DashType::Dot)]);
    figure(&layout, vec![(marked(&theme.line), columns)], &[0], || {
        if model.series.is_empty() { silence(model, None) } else { "Waiting for the first tests".to_owned() }
    })
}

/// Drops every second tick until they fit.
fn thinned(mut ticks: Ticks, width: usize) -> Ticks {
    while ticks.values.len() * 48 > width {
        let keep = |place: &usize| place.is_multiple_of(2);
        ticks.values = (0..ticks.values.len()).filter(keep).map(|place| ticks.values[place]).collect();
        ticks.labels =
            (0..ticks.labels.len()).filter(keep).map(|place| ticks.labels[place].clone()).collect();
    }
    ticks
}

fn marked(colour: &str) -> Trace {
    Trace::new(Mode::LinesMarkers).line(Line::new(colour, STROKE)).marker(None, 6, colour)
}
