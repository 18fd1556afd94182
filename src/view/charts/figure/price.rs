//! The legs' change since the left edge in percent, on one scale, or their prices with an axis each; with the
//! bars that are missing and those that were repaired.

use super::base::{self, figure, layout, line, points, silence, stretch};
use super::chart::{Chart, Words};
use super::entry::{Ink, Text};
use super::parts::{Shape, Trace};
use super::{Canvas, Columns, Figure, room};
use crate::view::charts::axis::{ValueAxis, percent_axis, value_axis};
use crate::view::charts::gaps::{Gap, gaps};
use crate::view::numbers::column::{Column, LegColumn};
use crate::view::numbers::series::Series;
use crate::view::screen::model::Model;
use plotly::common::{MarkerSymbol, Mode};
use spreadscope_engine::bars::Origin;

/// Most gaps that are tinted.
const MOST_HOLES: usize = 40;
/// Least distance between two marks of repaired bars, as a share of the span.
const MARKS_APART: f64 = 1.0 / 120.0;

pub(super) const CHART: Chart = Chart {
    is_settled: true,
    can_hide: |ink| matches!(ink, Ink::Y | Ink::X),
    ..Chart::over_time(
        ["price", "Prices"],
        Words::same("Change since the left edge"),
        Words::same(
            "Both legs' change in percent since the left edge, on one scale: look for the two parting ways.",
        ),
        build,
        |at| at.legs(Column::Y(LegColumn::Close), Column::X(LegColumn::Close), Text::Price),
    )
};

fn build(model: &Model, canvas: &Canvas) -> Figure {
    let series = &model.series;
    let theme = &canvas.theme;
    let columns = [Column::Y(LegColumn::Close), Column::X(LegColumn::Close)];
    let scales = columns.map(|column| Scale::of(series, column, canvas));
    let inks = [Ink::Y, Ink::X];
    let line_of = |leg: usize| canvas.unless_hidden(inks[leg], || points(series, columns[leg], canvas));
    let [y, x] = [0, 1].map(|leg| scales[leg].place(line_of(leg)));
    let (left, right) = axes(&y, &x, canvas);
    let found = gaps(series, series.between(canvas.span.from, canvas.span.to));
    let repaired =
        [(0, Column::Y(LegColumn::Close)), (1, Column::X(LegColumn::Close))].map(|(leg, column)| {
            let (bars, marks) = repaired(series, leg, column, canvas);
            let marks = scales[leg].place(canvas.unless_hidden(inks[leg], || marks));
            let marker = diamonds(if leg == 0 { &theme.y } else { &theme.x });
            (bars, (if leg == 0 { marker } else { beside(marker, canvas) }, marks))
        });
    let note = note(&found, repaired[0].0 + repaired[1].0).or_else(|| {
        let pair = &model.settings.pair;
        canvas.two_axes.then(|| format!("{} left, {} right", pair.y, pair.x))
    });
    let mut traces =
        vec![(line(&theme.y, base::STROKE), y), (beside(line(&theme.x, base::STROKE), canvas), x)];
    traces.extend(repaired.into_iter().filter_map(|(bars, marks)| (bars > 0).then_some(marks)));
    let drawn =
        figure(&layout(canvas, left, right, tints(found, canvas)), traces, &[0, 1], || silence(model, None));
    // the summary gives prices
    let reach = drawn
        .reach
        .iter()
        .zip(&scales)
        .map(|(reach, scale)| reach.map(|(low, high)| (scale.price(low), scale.price(high))));
    Figure { note, reach: reach.collect(), ..drawn }
}

/// Returns one axis of percent, or one of prices for each leg.
fn axes(y: &Columns, x: &Columns, canvas: &Canvas) -> (ValueAxis, Option<ValueAxis>) {
    if canvas.two_axes {
        let right = value_axis(x.y.iter().copied(), &[], room::value_ticks(canvas));
        return (base::scaled(canvas, y.y.iter().copied(), &[]), Some(right));
    }
    let values = y.y.iter().chain(&x.y).copied();
    (percent_axis(canvas.values, values, room::value_ticks(canvas)), None)
}

/// Puts a trace of the explanatory leg on its own axis, if there is one.
fn beside(trace: Trace, canvas: &Canvas) -> Trace {
    if canvas.two_axes { trace.right() } else { trace }
}

/// How prices are placed on the axis.
#[derive(Debug, Clone, Copy)]
enum Scale {
    /// As the change in percent since this price.
    Since(f64),
    /// As they are.
    Price,
}

impl Scale {
    /// Returns the scale that the canvas asks for, relative to the first price in view.
    fn of(series: &Series, column: Column, canvas: &Canvas) -> Self {
        if canvas.two_axes {
            return Self::Price;
        }
        let in_view = series.between(canvas.span.from, canvas.span.to);
        let base = series.column(column)[in_view].iter().copied().find(|price| price.is_finite());
        Self::Since(base.unwrap_or(f64::NAN))
    }

    /// Places prices on the axis.
    fn place(self, prices: Columns) -> Columns {
        match self {
            Self::Price => prices,
            Self::Since(base) => {
                Columns { y: prices.y.iter().map(|price| (price / base - 1.0) * 100.0).collect(), ..prices }
            }
        }
    }

    /// Returns the price at `value` of the axis.
    fn price(self, value: f64) -> f64 {
        match self {
            Self::Price => value,
            Self::Since(base) => (value / 100.0 + 1.0) * base,
        }
    }
}

/// Returns tints over the missing stretches.
fn tints(found: Vec<Gap>, canvas: &Canvas) -> Vec<Shape> {
    // only the longest gaps are tinted; the note counts all of them
    let mut gaps: Vec<Gap> = Vec::new();
    for gap in found {
        let place = gaps.partition_point(|known| known.bars >= gap.bars);
        gaps.insert(place, gap);
        gaps.truncate(MOST_HOLES);
    }
    let tint = |gap: &Gap| stretch(gap.from as f64, gap.to as f64, &canvas.theme.threshold_band);
    gaps.iter().map(tint).collect()
}

/// Returns how many bars of a leg in the span were repaired, and their marks, no closer than can be seen.
fn repaired(series: &Series, leg: usize, column: Column, canvas: &Canvas) -> (usize, Columns) {
    let apart = canvas.span.millis() * MARKS_APART;
    let mut marks = Columns::default();
    let mut bars = 0;
    for row in series.between(canvas.span.from, canvas.span.to) {
        if series.origins()[row][leg] == Origin::Repaired {
            let time = series.times()[row];
            bars += 1;
            if marks.x.last().is_none_or(|last| time - last >= apart) {
                marks.push(time, series.column(column)[row]);
            }
        }
    }
    (bars, marks)
}

fn diamonds(colour: &str) -> Trace {
    Trace::new(Mode::Markers).marker(Some(MarkerSymbol::DiamondOpen), 8, colour)
}

/// Returns what the tints and marks mean, if there are any.
fn note(gaps: &[Gap], repaired: usize) -> Option<String> {
    let bars = |origin: Origin| -> usize {
        gaps.iter().filter(|gap| gap.origin == origin).map(|gap| gap.bars).sum()
    };
    let plural = |bars: usize| if bars == 1 { "1 bar".to_owned() } else { format!("{bars} bars") };
    let parts = [
        (bars(Origin::Missing), "Tinted", "missing"),
        (bars(Origin::Outage), "Tinted", "without trading"),
        (repaired, "◇", "repaired"),
    ];
    let told = parts.into_iter().filter(|(bars, ..)| *bars > 0);
    let told: Vec<String> =
        told.map(|(bars, mark, kind)| format!("{mark}: {} {kind}", plural(bars))).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::charts::figure::tests::canvas;
    use crate::view::charts::range::TimeRange;
    use crate::view::numbers::series::tests::row;
    use spreadscope_engine::Settings;

    #[test]
    fn missing_bars_are_tinted_and_repaired_ones_marked_and_both_are_said() {
        let mut model = Model::new(Settings::default());
        for second in 0..600 {
            let mut bar = row(second, 0.0);
            if (100..110).contains(&second) {
                bar.x.origin = Origin::Missing;
                bar.x.close = None;
            }
            if (200..300).contains(&second) {
                bar.x.origin = Origin::Repaired;
            }
            model.series.put(&bar);
        }
        let canvas = canvas(&model);
        let figure = build(&model, &canvas);
        assert_eq!(figure.note.as_deref(), Some("Tinted: 10 bars missing; ◇: 100 bars repaired"));
        let layout: serde_json::Value = serde_json::from_str(&figure.layout).unwrap();
        assert_eq!(layout["shapes"][0]["x0"], 1_700_000_100_000.0);
        let marks: serde_json::Value = serde_json::from_str(&figure.traces[2]).unwrap();
        assert_eq!(marks["marker"]["symbol"], "diamond-open");
        assert!((5..=40).contains(&figure.columns[2].x.len()), "{}", figure.columns[2].x.len());
        assert_eq!(figure.traces.len(), 3, "no marks of a leg that needed no repair");
    }

    #[test]
    fn both_legs_begin_at_nothing_and_move_in_percent_on_one_scale() {
        let mut model = Model::new(Settings::default());
        for second in 0..600 {
            let mut bar = row(second, 0.0);
            bar.y.close = Some(60_000.0 + second as f64);
            bar.x.close = Some(0.000_007 * (1.0 - second as f64 / 60_000.0));
            model.series.put(&bar);
        }
        let canvas =
            Canvas { span: TimeRange::Follow { bars: None }.bounds(&model.series), ..canvas(&model) };
        let figure = build(&model, &canvas);
        let ends = |trace: usize| (figure.columns[trace].y[0], *figure.columns[trace].y.last().unwrap());
        assert_eq!((ends(0).0, ends(1).0), (0.0, 0.0));
        assert!((ends(0).1 - 0.998_33).abs() < 1e-4 && (ends(1).1 + 0.998_33).abs() < 1e-4, "{:?}", ends(1));
        let layout: serde_json::Value = serde_json::from_str(&figure.layout).unwrap();
        assert!(layout["yaxis"]["ticktext"].to_string().contains('%') && layout["yaxis2"].is_null());
        assert!((figure.reach[0].unwrap().1 - 60_599.0).abs() < 1e-6);
    }

    #[test]
    fn with_two_axes_each_leg_has_its_prices_beside_its_line() {
        let mut model = Model::new(Settings::default());
        for second in 0..600 {
            let mut bar = row(second, 0.0);
            bar.y.close = Some(60_000.0 + second as f64);
            bar.x.close = Some(2.5 + second as f64 / 1_000.0);
            model.series.put(&bar);
        }
        let span = TimeRange::Follow { bars: None }.bounds(&model.series);
        let figure = build(&model, &Canvas { span, two_axes: true, ..canvas(&model) });
        let layout: serde_json::Value = serde_json::from_str(&figure.layout).unwrap();
        let traces: Vec<serde_json::Value> =
            figure.traces.iter().map(|trace| serde_json::from_str(trace).unwrap()).collect();
        assert_eq!((&traces[0]["yaxis"], &traces[1]["yaxis"]), (&serde_json::Value::Null, &"y2".into()));
        assert_eq!((figure.columns[0].y[0], figure.columns[1].y[0]), (60_000.0, 2.5));
        assert!(layout["yaxis2"]["ticktext"].to_string().contains("2.6"), "{}", layout["yaxis2"]);
        assert_eq!(layout["yaxis2"]["side"], "right");
        assert_eq!(figure.reach[1], Some((2.5, 2.5 + 0.599)));
        assert_eq!(figure.note.as_deref(), Some("BTCUSDT left, ETHUSDT right"));
    }
}
