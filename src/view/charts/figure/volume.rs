//! Quote volume per bar, y upwards and x downwards; the mean where bars are narrower than a few pixels.

use super::base::{self, empty_line, figure, layout, level, silence};
use super::chart::{Chart, Words};
use super::entry::{Ink, Text};
use super::parts::{Line, Trace};
use super::{Canvas, Columns, Figure, room};
use crate::view::charts::decimate::{self, Buckets};
use crate::view::numbers::column::{Column, LegColumn};
use crate::view::numbers::series::Series;
use crate::view::screen::model::Model;
use plotly::common::{DashType, Fill, LineShape};

/// Least width of a bar, pixels.
const PIXELS: usize = 4;

pub(super) const CHART: Chart = Chart {
    is_settled: true,
    is_of_values: false,
    can_hide: |ink| matches!(ink, Ink::Y | Ink::X),
    ..Chart::over_time(
        ["volume", "Volume"],
        Words::same("Quote volume a bar: y up, x down"),
        Words::same("Quote volume, the dependent leg upwards and the explanatory leg downwards."),
        build,
        |at| at.legs(Column::Y(LegColumn::QuoteVolume), Column::X(LegColumn::QuoteVolume), Text::Amount),
    )
};

fn build(model: &Model, canvas: &Canvas) -> Figure {
    let series = &model.series;
    let theme = &canvas.theme;
    let step_millis = series.interval().millis() as f64;
    let buckets = Buckets::over(canvas.span, step_millis, room::plot_width(canvas) / PIXELS);
    let y = canvas
        .unless_hidden(Ink::Y, || bars(series, Column::Y(LegColumn::QuoteVolume), 1.0, buckets, canvas));
    let x = canvas
        .unless_hidden(Ink::X, || bars(series, Column::X(LegColumn::QuoteVolume), -1.0, buckets, canvas));
    let mut axis = base::scaled(canvas, y.y.iter().chain(&x.y).copied(), &[0.0]);
    for label in &mut axis.ticks.labels {
        // downwards is a direction here, not a sign
        *label = label.trim_start_matches('\u{2212}').to_owned();
    }
    let together = buckets.millis() / step_millis;
    let drawn = figure(
        &layout(canvas, axis, None, vec![level(0.0, &theme.axis, DashType::Solid)]),
        vec![(steps(&theme.y), y), (steps(&theme.x), x)],
        &[0, 1],
        || silence(model, None),
    );
    let note = (together > 1.0 && drawn.message.is_none())
        .then(|| format!("Quote volume a bar, mean of {together}: y up, x down"));
    Figure { note, ..drawn }
}

/// One path of steps instead of hundreds of bars.
fn steps(colour: &str) -> Trace {
    empty_line().line(Line::new(colour, 0.5).shape(LineShape::Hv)).fill(Fill::ToZeroY, colour)
}

fn bars(series: &Series, column: Column, sign: f64, buckets: Buckets, canvas: &Canvas) -> Columns {
    let rows = series.between(canvas.span.from, canvas.span.to);
    let end = rows.end;
    let means = decimate::means(series.times(), series.column(column), rows, buckets);
    let mut columns = Columns::default();
    let times = series.times();
    let step = series.interval().millis() as f64;
    for (place, mean) in means {
        if let Some(before) = place.checked_sub(1).filter(|_| !columns.x.is_empty())
            && times[place] - times[before] > 1.5 * step
        {
            // missing rows are drawn as zero, instead of prolonging the last step
            columns.push(times[before] + step, 0.0);
        }
        columns.push(times[place], sign * mean);
    }
    // the last step is as long as its bars
    if let (Some(place), Some(&last)) = (end.checked_sub(1), columns.y.last()) {
        columns.push(times[place] + step, last);
    }
    columns
}
