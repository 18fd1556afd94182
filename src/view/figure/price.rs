//! Both legs' prices, each on its own scale, with the bars that are missing and those that were repaired.

use super::base::{self, figure, layout, line, points, silence, stretch};
use super::{Canvas, Columns, Figure};
use crate::view::axis::value_axis;
use crate::view::column::Column;
use crate::view::gaps::{Gap, gaps};
use crate::view::model::Model;
use crate::view::series::Series;
use plotly::Scatter;
use plotly::common::{Marker, MarkerSymbol, Mode};
use plotly::layout::Shape;
use spreadscope_engine::bars::Origin;

/// Gaps that are tinted at most.
const MOST_HOLES: usize = 40;
/// Between two marks of repaired bars, as a share of the span.
const MARKS_APART: f64 = 1.0 / 120.0;

pub(super) fn build(model: &Model, canvas: &Canvas) -> Figure {
    let series = &model.series;
    let theme = &canvas.theme;
    let [y, x] = [Column::YClose, Column::XClose].map(|column| points(series, column, canvas));
    let ticks = base::value_ticks(canvas);
    let left = value_axis(y.y.iter().copied(), &[], ticks);
    let right = value_axis(x.y.iter().copied(), &[], ticks);
    let found = gaps(series, series.between(canvas.span.from, canvas.span.to));
    let repaired = [(0, Column::YClose), (1, Column::XClose)].map(|(leg, column)| {
        let (bars, marks) = repaired(series, leg, column, canvas);
        (bars, (diamonds(if leg == 0 { &theme.y } else { &theme.x }), marks))
    });
    let note = note(&found, repaired[0].0 + repaired[1].0);
    let mut traces = vec![(line(&theme.y, base::STROKE), y), (line(&theme.x, base::STROKE).y_axis("y2"), x)];
    let [(of_y, on_left), (of_x, (diamonds, marks))] = repaired;
    traces.extend((of_y > 0).then_some(on_left));
    traces.extend((of_x > 0).then(|| (diamonds.y_axis("y2"), marks)));
    let drawn = figure(&layout(canvas, left, Some(right), tints(found, canvas)), traces, &[0, 1], || {
        silence(model, None)
    });
    Figure { note, ..drawn }
}

/// The stretches of which nothing is known, tinted.
fn tints(found: Vec<Gap>, canvas: &Canvas) -> Vec<Shape> {
    // the longest are what one looks for; a pixel's worth of the others is in their number
    let mut gaps: Vec<Gap> = Vec::new();
    for gap in found {
        let place = gaps.partition_point(|known| known.bars >= gap.bars);
        gaps.insert(place, gap);
        gaps.truncate(MOST_HOLES);
    }
    let tint = |gap: &Gap| stretch(gap.from as f64, gap.to as f64, &canvas.theme.threshold_band);
    gaps.iter().map(tint).collect()
}

/// How many bars of a leg in the span were repaired, and where their marks stand: not closer than one can see.
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

fn diamonds(colour: &str) -> Box<Scatter<f64, f64>> {
    let marker = Marker::new().symbol(MarkerSymbol::DiamondOpen).size(8).color(colour.to_owned());
    Scatter::new(Vec::new(), Vec::new()).mode(Mode::Markers).marker(marker)
}

/// What the tints and marks mean, where there are any.
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
    use crate::view::figure::Theme;
    use crate::view::range::TimeRange;
    use crate::view::series::tests::row;
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
        let canvas = Canvas {
            width: 600,
            height: 200,
            span: TimeRange::default().bounds(&model.series),
            utc_offset_minutes: 0,
            theme: Theme::default(),
        };
        let figure = build(&model, &canvas);
        assert_eq!(figure.note.as_deref(), Some("Tinted: 10 bars missing; ◇: 100 bars repaired"));
        let layout: serde_json::Value = serde_json::from_str(&figure.layout).unwrap();
        assert_eq!(layout["shapes"][0]["x0"], 1_700_000_100_000.0);
        let marks: serde_json::Value = serde_json::from_str(&figure.traces[2]).unwrap();
        assert_eq!((&marks["marker"]["symbol"], &marks["yaxis"]), (&"diamond-open".into(), &"y2".into()));
        assert!((5..=40).contains(&figure.columns[2].x.len()), "{}", figure.columns[2].x.len());
        assert_eq!(figure.traces.len(), 3, "no marks of a leg that needed no repair");
    }
}
