//! The spread, its rolling mean and the band at the threshold.

use super::base::{self, at, band, dashed, figure, layout, line, rows, silence};
use super::{Canvas, Figure};
use crate::view::axis::value_axis;
use crate::view::decimate;
use crate::view::model::Model;
use crate::view::series::Column;

pub(super) fn build(model: &Model, canvas: &Canvas) -> Figure {
    let series = &model.series;
    let theme = &canvas.theme;
    let [spread, mean, std_dev] =
        [Column::Spread, Column::SpreadMean, Column::SpreadStdDev].map(|column| series.column(column));
    let kept = decimate::extremes(spread, rows(series, canvas.span), base::plot_area(canvas.width).1 / 2);
    let width = model.settings.z_threshold;
    let edge = |sign: f64| at(series, &kept, |place| mean[place] + sign * width * std_dev[place]);
    let (lower, upper) = (edge(-1.0), edge(1.0));
    let mean = at(series, &kept, |place| mean[place]);
    let spread = at(series, &kept, |place| spread[place]);
    let all = [&lower, &upper, &spread].into_iter().flat_map(|columns| columns.y.iter().copied());
    let axis = value_axis(all, &[], base::value_ticks(canvas));
    let [below, above] = band(&theme.band);
    figure(
        &layout(canvas, axis, None, Vec::new()),
        vec![(below, lower), (above, upper), (dashed(&theme.second), mean), (line(&theme.line, 1.4), spread)],
        &[3],
        || silence(model, model.last_row.as_ref().map(|row| &row.hedge_ratio)),
    )
}
