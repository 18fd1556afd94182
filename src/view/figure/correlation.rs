//! The rolling correlation of returns.

use super::base::{self, figure, layout, level, line, points, silence};
use super::{Canvas, Figure};
use crate::view::axis::value_axis;
use crate::view::model::Model;
use crate::view::series::Column;
use plotly::common::DashType;

pub(super) fn build(model: &Model, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let correlation = points(&model.series, Column::Correlation, canvas);
    // one end is always in sight: how far from perfect is the question
    let axis = value_axis(correlation.y.iter().copied(), &[0.0, 1.0], base::value_ticks(canvas));
    figure(
        &layout(canvas, axis, None, vec![level(0.0, &theme.second, DashType::Dot)]),
        vec![(line(&theme.line, 1.4), correlation)],
        &[0],
        || silence(model, model.last_row.as_ref().map(|row| &row.correlation)),
    )
}
