//! The rolling correlation of returns.

use super::base::{self, figure_with_young, kept, layout, level, line, matured, silence};
use super::chart::{Chart, Words};
use super::entry::{Ink, Text};
use super::{Canvas, Figure};
use crate::view::charts::axis::fixed_axis;
use crate::view::numbers::column::Column;
use crate::view::screen::model::Model;
use plotly::common::DashType;

/// Room beyond the ends for the line's width.
const ROOM: f64 = 0.04;

pub(super) const CHART: Chart = Chart::over_time(
    ["correlation", "Correlation"],
    Words::same("1: in step, 0: unrelated"),
    Words::same("How much the returns move together: 1 in step, 0 not at all."),
    build,
    |at| vec![at.entry("correlation", Ink::Line, Column::Correlation, Text::Correlation)],
);

fn build(model: &Model, canvas: &Canvas) -> Figure {
    let series = &model.series;
    let theme = &canvas.theme;
    let places = kept(series, series.column(Column::Correlation), canvas);
    let [full, young] = matured(series, &places, Column::Correlation, |row| row.correlation);
    // the whole scale, because the question is how far it is from perfect
    let axis = if [&full, &young].into_iter().any(|columns| columns.y.iter().any(|&value| value < 0.0)) {
        fixed_axis(-1.0 - ROOM, 1.0 + ROOM, 0.1, &[-1.0, -0.5, 0.0, 0.5, 1.0])
    } else {
        fixed_axis(-ROOM, 1.0 + ROOM, 0.01, &[0.0, 0.25, 0.5, 0.75, 1.0])
    };
    figure_with_young(
        &layout(canvas, axis, None, vec![level(0.0, &theme.second, DashType::Dot)]),
        vec![(line(&theme.line, base::STROKE), full)],
        young,
        &theme.line,
        || silence(model, model.last_row.as_ref().map(|row| &row.correlation)),
    )
}
