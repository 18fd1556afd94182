//! The hedge ratio and two standard errors each way.

use super::base::{self, at, band, figure, layout, line, rows, silence};
use super::{Canvas, Figure};
use crate::view::axis::value_axis;
use crate::view::decimate;
use crate::view::model::Model;
use crate::view::series::Column;

/// Standard errors in the band: about 95 % where the errors of the regression are independent.
const STD_ERRORS: f64 = 2.0;

pub(super) fn build(model: &Model, canvas: &Canvas) -> Figure {
    let series = &model.series;
    let theme = &canvas.theme;
    let [ratio, error] = [Column::HedgeRatio, Column::HedgeRatioStdError].map(|column| series.column(column));
    let kept = decimate::extremes(ratio, rows(series, canvas.span), base::plot_area(canvas.width).1 / 2);
    let edge = |sign: f64| at(series, &kept, |place| ratio[place] + sign * STD_ERRORS * error[place]);
    let (lower, upper) = (edge(-1.0), edge(1.0));
    let ratio = at(series, &kept, |place| ratio[place]);
    let all = [&lower, &upper, &ratio].into_iter().flat_map(|columns| columns.y.iter().copied());
    let axis = value_axis(all, &[], base::value_ticks(canvas));
    let [below, above] = band(&theme.band);
    figure(
        &layout(canvas, axis, None, Vec::new()),
        vec![(below, lower), (above, upper), (line(&theme.line, 1.4), ratio)],
        &[2],
        || silence(model, model.last_row.as_ref().map(|row| &row.hedge_ratio)),
    )
}
