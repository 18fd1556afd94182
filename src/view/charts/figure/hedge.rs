//! The hedge ratio of the chosen model with two standard errors each way, and of the models beside it.

use super::base::{self, at, band, figure_with_young, kept, layout, line, matured, points, ribbons, silence};
use super::chart::{Chart, Words};
use super::entry::{At, Entry, Ink, Text};
use super::parts::{Line, Trace};
use super::{Canvas, Columns, Figure};
use crate::view::numbers::column::Column;
use crate::view::screen::model::Model;
use plotly::common::DashType;
use spreadscope_engine::settings::HedgeKind;

/// Standard errors in the band: about 95 % where the errors of the regression are independent.
const STD_ERRORS: f64 = 2.0;

pub(super) const CHART: Chart = Chart {
    can_hide: |ink| matches!(ink, Ink::Model(_)),
    ..Chart::over_time(
        ["hedge", "Hedge ratio"],
        Words::new("Units of x per y, ± 2 s.e.", "% of y per % of x, ± 2 s.e."),
        Words::new(
            "Units of x that offset one of y. The band is two standard errors each way. OLS is ordinary least squares \
             over the hedge window, TLS total least squares.",
            "The elasticity: how many percent y moves when x moves by one, and so the money in x that offsets one unit \
             of money in y. The band is two standard errors each way.",
        ),
        build,
        values,
    )
};

fn values<'a>(at: &At<'a>) -> Vec<Entry<'a>> {
    let chosen = at.model.settings.hedge_model.row().short;
    let mut values = vec![
        at.entry(chosen, Ink::Line, Column::HedgeRatio, Text::Ratio),
        at.entry("± s.e.", Ink::Plain, Column::HedgeRatioStdError, Text::Error),
    ];
    let beside = overlays(at.model);
    values.extend(
        beside.map(|kind| at.entry(kind.row().short, Ink::Model(kind), Column::Overlay(kind), Text::Ratio)),
    );
    values
}

fn build(model: &Model, canvas: &Canvas) -> Figure {
    let series = &model.series;
    let theme = &canvas.theme;
    let [ratio, error] = [Column::HedgeRatio, Column::HedgeRatioStdError].map(|column| series.column(column));
    let places = kept(series, ratio, canvas);
    // with few bars the error would span the chart: the band is drawn for full windows only
    let full_only = |place: usize| !series.provisional()[place].hedge_ratio;
    let edge = |sign: f64| {
        at(series, &places, |place| {
            if full_only(place) { ratio[place] + sign * STD_ERRORS * error[place] } else { f64::NAN }
        })
    };
    let (lower, upper) = (edge(-1.0), edge(1.0));
    let [full, young] = matured(series, &places, Column::HedgeRatio, |row| row.hedge_ratio);
    let beside: Vec<(HedgeKind, Columns)> = overlays(model)
        .filter(|kind| !canvas.hidden.contains(&Ink::Model(*kind)))
        .map(|kind| (kind, points(series, Column::Overlay(kind), canvas)))
        .filter(|(_, columns)| columns.reach().is_some())
        .collect();
    // a second model may be far off: the scale is the chosen model's
    let all = [&lower, &upper, &full, &young].into_iter().flat_map(|columns| columns.y.iter().copied());
    let axis = base::scaled(canvas, all, &[]);
    let mut traces = vec![(band(&theme.band), ribbons(&lower, &upper))];
    for (kind, columns) in beside {
        traces.push((overlay(kind, &theme.overlays[kind as usize]), columns));
    }
    traces.push((line(&theme.line, base::STROKE), full));
    figure_with_young(&layout(canvas, axis, None, Vec::new()), traces, young, &theme.line, || {
        silence(model, model.last_row.as_ref().map(|row| &row.hedge_ratio))
    })
}

/// Returns the models shown beside the chosen one.
fn overlays(model: &Model) -> impl Iterator<Item = HedgeKind> + '_ {
    let settings = &model.settings;
    HedgeKind::ALL
        .into_iter()
        .filter(|kind| *kind != settings.hedge_model && settings.overlays.contains(kind))
}

/// Dashes of the models in the order of their table, starting over if there are more models.
const DASHES: [DashType; 6] = [
    DashType::Solid,
    DashType::Dash,
    DashType::DashDot,
    DashType::Solid,
    DashType::LongDash,
    DashType::LongDashDot,
];

/// Returns a line that its dash distinguishes as well as its colour.
fn overlay(kind: HedgeKind, colour: &str) -> Trace {
    let dash = DASHES[kind as usize % DASHES.len()].clone();
    base::empty_line().line(Line::new(colour, 1.0).dash(dash))
}
