//! The z-score between its thresholds, with a mark for each alert.

use super::base::{self, figure_with_young, kept, layout, level, line, matured, silence, zone};
use super::chart::{Chart, Words};
use super::entry::{Ink, Text};
use super::parts::Trace;
use super::{Canvas, Columns, Figure};
use crate::view::numbers::column::Column;
use crate::view::screen::model::Model;
use plotly::common::{DashType, MarkerSymbol, Mode};
use spreadscope_engine::Settings;
use spreadscope_engine::alert::{Direction, Occasion, Quantity};

pub(super) const CHART: Chart = Chart::over_time(
    ["zscore", "Z-score"],
    Words::same("Beyond a dashed line: unusually far"),
    Words::same("Beyond a dashed line the spread is unusually far from its mean."),
    build,
    |at| vec![at.entry("z", Ink::Line, Column::Z, Text::Signed)],
);

fn build(model: &Model, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let series = &model.series;
    let places = kept(series, series.column(Column::Z), canvas);
    let [full, young] = matured(series, &places, Column::Z, |row| row.z);
    let threshold = model.settings.z_threshold;
    let must = [-threshold * 1.2, threshold * 1.2];
    let all = full.y.iter().chain(&young.y).copied();
    let axis = base::scaled(canvas, all, &must);
    let mut shapes = vec![
        zone(threshold, axis.high.max(threshold), &theme.threshold_band),
        zone(axis.low.min(-threshold), -threshold, &theme.threshold_band),
        level(0.0, &theme.second, DashType::Dot),
        level(threshold, &theme.threshold, DashType::Dash),
        level(-threshold, &theme.threshold, DashType::Dash),
    ];
    // clipped to the axis, and shaded entirely if no z in view pays
    let unpaid = canvas.unpaid_z.map(|z| zone((-z).max(axis.low), z.min(axis.high), &theme.band));
    shapes.extend(unpaid);
    figure_with_young(
        &layout(canvas, axis, None, shapes),
        vec![
            (marks(MarkerSymbol::TriangleUp, &theme.alert_above), alerts(model, canvas, Direction::Above)),
            (marks(MarkerSymbol::TriangleDown, &theme.alert_below), alerts(model, canvas, Direction::Below)),
            (line(&theme.line, base::STROKE), full),
        ],
        young,
        &theme.line,
        || silence(model, model.last_row.as_ref().map(|row| &row.z)),
    )
}

fn marks(symbol: MarkerSymbol, colour: &str) -> Trace {
    Trace::new(Mode::Markers).marker(Some(symbol), 10, colour)
}

fn alerts(model: &Model, canvas: &Canvas, direction: Direction) -> Columns {
    let inside = |time: f64| time >= canvas.span.from && time <= canvas.span.to;
    let Settings { pair, interval, .. } = &model.settings;
    let shown = model.alerts.iter().filter(|alert| {
        alert.quantity == Quantity::Z
            && alert.occasion == Occasion::Fired
            && alert.direction == direction
            // z of another pair or interval is a different number
            && alert.pair == *pair
            && alert.interval == *interval
            && inside(alert.open_time.as_f64())
    });
    let (x, y) = shown.filter_map(|alert| Some((alert.open_time.as_f64(), alert.value?))).unzip();
    Columns { x, y }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{canvas, model};
    use super::*;

    #[test]
    fn the_band_in_which_a_round_trip_does_not_pay_is_shaded_where_it_is_wanted() {
        let model = model(600);
        let shapes = |unpaid_z| {
            let drawn = build(&model, &Canvas { unpaid_z, ..canvas(&model) });
            drawn.layout.matches("\"rect\"").count()
        };
        assert_eq!((shapes(None), shapes(Some(1.5)), shapes(Some(900.0))), (2, 3, 3));
    }
}
