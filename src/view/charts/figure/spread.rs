//! The spread, its rolling mean and two bands: one standard deviation, and the alert threshold.

use super::base::{self, at, band, dashed, figure_with_young, kept, layout, line, matured, ribbons, silence};
use super::chart::{Chart, Words};
use super::entry::{Ink, Text};
use super::{Canvas, Figure};
use crate::view::numbers::column::{Column, LegColumn};
use crate::view::screen::model::Model;

pub(super) const CHART: Chart = Chart::over_time(
    ["spread", "Spread"],
    Words::same("Bands: 1 s.d., threshold"),
    Words::new(
        "What is left of y after the hedge. The bands are one deviation and the alert threshold about the mean.",
        "What is left of the logarithm of y after the hedge, a log return. The bands are one deviation and the alert \
         threshold about the mean.",
    ),
    build,
    |at| {
        let text = Text::Spread(at.model.spread_reference(at.number(Column::Y(LegColumn::Close))));
        vec![
            at.entry("spread", Ink::Line, Column::Spread, text),
            at.entry("mean", Ink::Second, Column::SpreadMean, text),
            at.entry("s.d.", Ink::Plain, Column::SpreadStdDev, Text::Price),
        ]
    },
);

fn build(model: &Model, canvas: &Canvas) -> Figure {
    let series = &model.series;
    let theme = &canvas.theme;
    let [spread, mean, std_dev] =
        [Column::Spread, Column::SpreadMean, Column::SpreadStdDev].map(|column| series.column(column));
    let places = kept(series, spread, canvas);
    let edge = |deviations: f64| at(series, &places, |place| mean[place] + deviations * std_dev[place]);
    let threshold = model.settings.z_threshold;
    let [lowest, lower, upper, highest] = [-threshold, -1.0, 1.0, threshold].map(edge);
    let mean = at(series, &places, |place| mean[place]);
    let [full, young] = matured(series, &places, Column::Spread, |row| row.hedge_ratio);
    let all = [&lowest, &highest, &full, &young].into_iter().flat_map(|columns| columns.y.iter().copied());
    let axis = base::scaled(canvas, all, &[]);
    figure_with_young(
        &layout(canvas, axis, None, Vec::new()),
        vec![
            (band(&theme.band), ribbons(&lowest, &highest)),
            // above the wider band, and so darker
            (band(&theme.band), ribbons(&lower, &upper)),
            (dashed(&theme.second), mean),
            (line(&theme.line, base::STROKE), full),
        ],
        young,
        &theme.line,
        || silence(model, model.last_row.as_ref().map(|row| &row.hedge_ratio)),
    )
}
