//! The hedge ratio and two standard errors each way.

use super::base::{self, at, band, figure_with_young, kept, layout, line, matured, ribbons, silence};
use super::{Canvas, Figure};
use crate::view::axis::value_axis;
use crate::view::model::Model;
use crate::view::series::Column;

/// Standard errors in the band: about 95 % where the errors of the regression are independent.
const STD_ERRORS: f64 = 2.0;

pub(super) fn build(model: &Model, canvas: &Canvas) -> Figure {
    let series = &model.series;
    let theme = &canvas.theme;
    let [ratio, error] = [Column::HedgeRatio, Column::HedgeRatioStdError].map(|column| series.column(column));
    let places = kept(series, ratio, canvas);
    // on a few bars the error is as wide as the chart: it is drawn for full windows only
    let full_only = |place: usize| !series.provisional()[place].hedge_ratio;
    let edge = |sign: f64| {
        at(series, &places, |place| {
            if full_only(place) { ratio[place] + sign * STD_ERRORS * error[place] } else { f64::NAN }
        })
    };
    let (lower, upper) = (edge(-1.0), edge(1.0));
    let [full, young] = matured(series, &places, Column::HedgeRatio, |row| row.hedge_ratio);
    let all = [&lower, &upper, &full, &young].into_iter().flat_map(|columns| columns.y.iter().copied());
    let axis = value_axis(all, &[], base::value_ticks(canvas));
    figure_with_young(
        &layout(canvas, axis, None, Vec::new()),
        vec![(band(&theme.band), ribbons(&lower, &upper)), (line(&theme.line, base::STROKE), full)],
        young,
        &theme.line,
        || silence(model, model.last_row.as_ref().map(|row| &row.hedge_ratio)),
    )
}
