//! Both legs' prices, each on its own scale.

use super::base::{self, figure, layout, line, points, silence};
use super::{Canvas, Figure};
use crate::view::axis::value_axis;
use crate::view::model::Model;
use crate::view::series::Column;

pub(super) fn build(model: &Model, canvas: &Canvas) -> Figure {
    let series = &model.series;
    let theme = &canvas.theme;
    let [y, x] = [Column::YClose, Column::XClose].map(|column| points(series, column, canvas));
    let ticks = base::value_ticks(canvas);
    let left = value_axis(y.y.iter().copied(), &[], ticks);
    let right = value_axis(x.y.iter().copied(), &[], ticks);
    figure(
        &layout(canvas, left, Some(right), Vec::new()),
        vec![(line(&theme.y, base::STROKE), y), (line(&theme.x, base::STROKE).y_axis("y2"), x)],
        &[0, 1],
        || silence(model, None),
    )
}
