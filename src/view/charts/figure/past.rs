//! Results of the tests on the bars before each moment: p-value, half-life and Johansen's trace, each as a line
//! that stays level until the next test.

use super::base::{self, STROKE, figure, layout, level, silence, zone};
use super::chart::{Chart, DataTable, Words};
use super::entry::{At, Entry, Ink, Text};
use super::parts::{Line, Shape, Trace};
use super::{Canvas, Columns, Figure, room};
use crate::view::charts::axis::{ValueAxis, fixed_axis, value_axis};
use crate::view::charts::range::Span;
use crate::view::numbers::calendar;
use crate::view::numbers::format;
use crate::view::numbers::verdict::SIGNIFICANCE;
use crate::view::screen::model::Model;
use plotly::common::{DashType, LineShape};
use spreadscope_engine::analytics::PastTest;
use spreadscope_engine::analytics::cointegration::{HalfLife, Outcome, Report};
use spreadscope_engine::analytics::evidence::{EvidenceKind, Found};

/// Room beyond the ends for the line's width.
const ROOM: f64 = 0.04;

/// A chart of past tests.
struct Past {
    /// Time and number of each test, oldest first; NaN if it could not be computed.
    numbers: fn(&Model) -> Vec<(f64, f64)>,
    /// The number of the test on the newest bars, which is newer than all past tests.
    newest: fn(&Report) -> Option<f64>,
    /// Whether the numbers are still being computed.
    is_computing: fn(&Model) -> bool,
    label: &'static str,
    text: Text,
    /// The head of its column in the table.
    head: &'static str,
    /// The format of the number in the table.
    write: fn(f64) -> String,
}

const P_VALUES: Past = Past {
    numbers: |model| of_tests(model, |test| test.p_value),
    newest: |report| Some(report.engle_granger_p_value),
    is_computing: |_| false,
    label: "p",
    text: Text::PValue,
    head: "Engle-Granger p",
    write: format::p_value,
};

const HALF_LIVES: Past = Past {
    numbers: |model| of_tests(model, |test| test.half_life_bars),
    newest: |report| match &report.half_life {
        HalfLife::Reverting { bars, .. } => Some(*bars),
        HalfLife::None(_) => None,
    },
    is_computing: |_| false,
    label: "half-life",
    text: Text::Bars,
    head: "Half-life, bars",
    write: |number| format::fixed(number, 1),
};

const TRACES: Past = Past {
    numbers: |model| {
        let traces = model.evidence.iter().flat_map(|evidence| &evidence.traces);
        traces.map(|trace| (trace.open_time.as_f64(), trace.statistic.unwrap_or(f64::NAN))).collect()
    },
    newest: |_| None,
    is_computing: |model| model.evidence.as_ref().is_none_or(|evidence| evidence.traces.is_empty()),
    label: "trace",
    text: Text::Ratio,
    head: "Johansen trace",
    write: |number| format::fixed(number, 2),
};

pub(super) const P_VALUE: Chart = Chart {
    table: Some(|model, span| P_VALUES.table(model, span)),
    ..Chart::over_time(
        ["pvalue", "EG p-value"],
        Words::same("Below 0.05: cointegrated"),
        Words::same(
            "The Engle-Granger p-value of the tests on the bars before each point. Below 0.05 the pair was cointegrated.",
        ),
        p_value,
        |at| P_VALUES.values(at),
    )
};

pub(super) const HALF_LIFE: Chart = Chart {
    is_shown_at_first: false,
    table: Some(|model, span| HALF_LIVES.table(model, span)),
    ..Chart::over_time(
        ["halflife", "Half-life"],
        Words::same("In bars; a gap: no reversion"),
        Words::same(
            "Bars after which half of a deviation is gone, measured on the bars before each point. A gap: no reversion \
             could be measured.",
        ),
        half_life,
        |at| HALF_LIVES.values(at),
    )
};

pub(super) const TRACE: Chart = Chart {
    is_shown_at_first: false,
    table: Some(|model, span| TRACES.table(model, span)),
    ..Chart::over_time(
        ["johansen", "Johansen trace"],
        Words::same("Above the line: cointegrated"),
        Words::same(
            "Johansen's trace statistic of no cointegration on the bars before each point. Above the dashed line, the \
             critical value at 5 %, the pair was cointegrated.",
        ),
        trace,
        |at| TRACES.values(at),
    )
};

fn p_value(model: &Model, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let axis = fixed_axis(-ROOM, 1.0 + ROOM, 0.01, &[SIGNIFICANCE, 0.25, 0.5, 0.75, 1.0]);
    let shapes =
        vec![zone(-ROOM, SIGNIFICANCE, &theme.band), level(SIGNIFICANCE, &theme.threshold, DashType::Dash)];
    P_VALUES.figure(model, canvas, axis, shapes, P_VALUES.points(model, canvas))
}

fn half_life(model: &Model, canvas: &Canvas) -> Figure {
    let points = HALF_LIVES.points(model, canvas);
    let axis = from_zero(value_axis(points.y.iter().copied(), &[0.0], room::value_ticks(canvas)));
    HALF_LIVES.figure(model, canvas, axis, Vec::new(), points)
}

fn trace(model: &Model, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let points = TRACES.points(model, canvas);
    let critical = critical(model);
    let must = [Some(0.0), critical].map(|value| value.unwrap_or(0.0));
    let axis = from_zero(value_axis(points.y.iter().copied(), &must, room::value_ticks(canvas)));
    let shapes = critical.map(|critical| {
        let above = zone(critical, axis.high.max(critical), &theme.band);
        [above, level(critical, &theme.threshold, DashType::Dash)]
    });
    let shapes = shapes.into_iter().flatten().collect();
    TRACES.figure(model, canvas, axis, shapes, points)
}

impl Past {
    /// Returns the tests in view, one before them, and the newest up to the edge, with a break where tests are
    /// missing.
    fn points(&self, model: &Model, canvas: &Canvas) -> Columns {
        let span = canvas.span;
        let step = model.series.interval().millis() as f64;
        let past = (self.numbers)(model);
        let start = past.partition_point(|(time, _)| *time < span.from).saturating_sub(1);
        let usual = usual_step(&past).unwrap_or(step);
        let mut columns = Columns::default();
        let mut before = None::<f64>;
        for &(time, number) in past.iter().skip(start) {
            if time > span.to {
                break;
            }
            if let Some(before) = before
                && time - before > 2.5 * usual
            {
                columns.push(before + usual, f64::NAN);
            }
            columns.push(time, number);
            before = Some(time);
        }
        if let (Some((newest, number)), Some(before)) = (self.newest(model), before)
            && newest > before
            && newest <= span.to
            && newest - before <= 2.5 * usual
        {
            columns.push(newest, number);
            columns.push((newest + step).min(span.to), number);
        }
        columns
    }

    fn newest(&self, model: &Model) -> Option<(f64, f64)> {
        let tests = model.tests.as_ref()?;
        let Outcome::Done(report) = &tests.outcome else { return None };
        Some((tests.open_time.as_f64(), (self.newest)(report)?))
    }

    fn message(&self, model: &Model) -> String {
        match model.tests.as_ref().map(|tests| &tests.outcome) {
            Some(Outcome::Warming { seen, needed }) => format!("Warming up: {seen} of {needed} bars"),
            _ if model.past_tests.is_empty() && !model.series.is_empty() => {
                format!("Waiting for {} bars", model.settings.test_lookback_bars)
            }
            _ if (self.is_computing)(model) && !model.series.is_empty() => "Computing past tests".to_owned(),
            _ => silence(model, None),
        }
    }

    fn figure(
        &self,
        model: &Model,
        canvas: &Canvas,
        axis: ValueAxis,
        shapes: Vec<Shape>,
        points: Columns,
    ) -> Figure {
        let traces = vec![(steps(&canvas.theme.line), points)];
        figure(&layout(canvas, axis, None, shapes), traces, &[0], || self.message(model))
    }

    /// Returns the result of the test in force at the crosshair; without a crosshair that of the tiles, which
    /// is the newest.
    fn values<'a>(&self, at: &At<'a>) -> Vec<Entry<'a>> {
        let found_by = |time: f64| {
            let past = (self.numbers)(at.model);
            past.partition_point(|(tested, _)| *tested <= time).checked_sub(1).map(|place| past[place].1)
        };
        let newest = self.newest(at.model).filter(|_| at.crosshair.is_none()).map(|(_, number)| number);
        let number = newest.or_else(|| found_by(at.model.series.times()[at.row()?]));
        vec![Entry { label: self.label, ink: Ink::Line, number: number.unwrap_or(f64::NAN), text: self.text }]
    }

    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
    fn table(&self, model: &Model, span: Span) -> DataTable {
        let text =
            |number: f64| if number.is_nan() { format::ABSENT.to_owned() } else { (self.write)(number) };
        let tests = (self.numbers)(model).into_iter().rev();
        let inside = tests.filter(|(time, _)| *time >= span.from && *time <= span.to);
        let rows = inside.map(|(time, number)| [calendar::iso(time as i64), text(number)]);
        DataTable::new(["Time (UTC)", self.head], rows.take(DataTable::ROWS))
    }
}

/// Cuts an axis at zero, for numbers that cannot be negative.
fn from_zero(mut axis: ValueAxis) -> ValueAxis {
    let kept = axis.ticks.values.iter().position(|value| *value >= 0.0).unwrap_or(0);
    axis.ticks.values.drain(..kept);
    axis.ticks.labels.drain(..kept);
    ValueAxis { low: 0.0, ..axis }
}

/// Returns the critical value of the trace at 5 %.
fn critical(model: &Model) -> Option<f64> {
    match model.evidence.as_ref()?.main.found(EvidenceKind::JohansenTrace)? {
        Found::Rank(rank) => Some(rank.none.critical.five_percent),
        _ => None,
    }
}

/// Returns a line that stays level until the next test.
fn steps(colour: &str) -> Trace {
    base::empty_line().line(Line::new(colour, STROKE).shape(LineShape::Hv))
}

fn of_tests(model: &Model, number: fn(&PastTest) -> Option<f64>) -> Vec<(f64, f64)> {
    let tests = model.past_tests.iter();
    tests.map(|test| (test.open_time.as_f64(), number(test).unwrap_or(f64::NAN))).collect()
}

/// Returns the most frequent distance between two tests, milliseconds.
fn usual_step(past: &[(f64, f64)]) -> Option<f64> {
    let mut steps: Vec<f64> = past.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    steps.sort_unstable_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::{Settings, UnixMillis};

    #[test]
    fn the_line_steps_from_test_to_test_and_breaks_where_there_was_none() {
        let mut model = Model::new(Settings::default());
        let test = |second: i64, p_value| PastTest {
            open_time: UnixMillis(second * 1_000),
            p_value,
            half_life_bars: p_value.map(|p| 100.0 * p),
        };
        model.past_tests.extend([0, 15, 30, 45].map(|second| test(second, Some(0.2))));
        model.past_tests.extend([test(120, Some(0.01)), test(135, None)]);
        let canvas = Canvas { width: 400, ..Canvas::plain(Span { from: 20_000.0, to: 200_000.0 }) };
        let columns = P_VALUES.points(&model, &canvas);
        assert_eq!(columns.x[..3], [15_000.0, 30_000.0, 45_000.0]);
        assert!(columns.y[3].is_nan() && columns.y[5].is_nan());
        assert_eq!((columns.x[4], columns.y[4]), (120_000.0, 0.01));
        assert_eq!(p_value(&model, &canvas).reach, [Some((0.01, 0.2))]);
        assert_eq!(half_life(&model, &canvas).reach, [Some((1.0, 20.0))]);
        assert_eq!(trace(&model, &canvas).columns[0], Columns::default());
    }
}
