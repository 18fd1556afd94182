//! Both legs' prices, each on its own scale.

use super::base::{self, figure, layout, line, points, silence, stretch};
use super::{Canvas, Figure};
use crate::view::axis::value_axis;
use crate::view::gaps::{Gap, gaps};
use crate::view::model::Model;
use crate::view::series::Column;
use plotly::layout::Shape;
use spreadscope_engine::event::Origin;

/// Gaps that are tinted at most.
const MOST_HOLES: usize = 40;

pub(super) fn build(model: &Model, canvas: &Canvas) -> Figure {
    let series = &model.series;
    let theme = &canvas.theme;
    let [y, x] = [Column::YClose, Column::XClose].map(|column| points(series, column, canvas));
    let ticks = base::value_ticks(canvas);
    let left = value_axis(y.y.iter().copied(), &[], ticks);
    let right = value_axis(x.y.iter().copied(), &[], ticks);
    let (holes, note) = holes(model, canvas);
    let drawn = figure(
        &layout(canvas, left, Some(right), holes),
        vec![(line(&theme.y, base::STROKE), y), (line(&theme.x, base::STROKE).y_axis("y2"), x)],
        &[0, 1],
        || silence(model, None),
    );
    Figure { note, ..drawn }
}

/// The stretches of which nothing is known, tinted, and a word about them.
fn holes(model: &Model, canvas: &Canvas) -> (Vec<Shape>, Option<String>) {
    let series = &model.series;
    let found = gaps(series, series.between(canvas.span.from, canvas.span.to));
    let bars = |origin: Origin| found.iter().filter(|gap| gap.origin == origin).map(|gap| gap.bars).sum();
    let note = match (bars(Origin::Missing), bars(Origin::Outage)) {
        (0_usize, 0_usize) => None,
        (missing, 0) => Some(format!("Tinted: {missing} bars missing")),
        (0, outage) => Some(format!("Tinted: {outage} bars in which the exchange stood still")),
        (missing, outage) => Some(format!("Tinted: {missing} bars missing, {outage} without trading")),
    };
    // the longest are what one looks for; a pixel's worth of the others is in their number
    let mut longest = found;
    longest.sort_by_key(|gap| core::cmp::Reverse(gap.bars));
    longest.truncate(MOST_HOLES);
    let tint = |gap: &Gap| stretch(gap.from as f64, gap.to as f64, &canvas.theme.threshold_band);
    (longest.iter().map(tint).collect(), note)
}
