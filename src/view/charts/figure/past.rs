//! What the tests found on the bars before each moment: p-value, half-life and Johansen's trace, each as a line that
//! stays until the next test.

use super::base::{self, STROKE, figure, layout, level, silence, zone};
use super::parts::{Line, Trace};
use super::{Canvas, ChartKind, Columns, Figure};
use crate::view::charts::axis::{ValueAxis, fixed_axis, value_axis};
use crate::view::numbers::verdict::SIGNIFICANCE;
use crate::view::screen::model::Model;
use plotly::common::{DashType, LineShape};
use spreadscope_engine::analytics::cointegration::{HalfLife, Outcome, Report};
use spreadscope_engine::analytics::evidence::{EvidenceKind, Found};

/// Room beyond the ends for the line's width.
const ROOM: f64 = 0.04;

pub(super) fn p_value(model: &Model, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let axis = fixed_axis(-ROOM, 1.0 + ROOM, 0.01, &[SIGNIFICANCE, 0.25, 0.5, 0.75, 1.0]);
    let shapes =
        vec![zone(-ROOM, SIGNIFICANCE, &theme.band), level(SIGNIFICANCE, &theme.threshold, DashType::Dash)];
    let traces = vec![(steps(&theme.line), points(ChartKind::PValue, model, canvas))];
    figure(&layout(canvas, axis, None, shapes), traces, &[0], || message(ChartKind::PValue, model))
}

pub(super) fn half_life(model: &Model, canvas: &Canvas) -> Figure {
    let points = points(ChartKind::HalfLife, model, canvas);
    let axis = from_zero(value_axis(points.y.iter().copied(), &[0.0], base::value_ticks(canvas)));
    let traces = vec![(steps(&canvas.theme.line), points)];
    figure(&layout(canvas, axis, None, Vec::new()), traces, &[0], || message(ChartKind::HalfLife, model))
}

pub(super) fn trace(model: &Model, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let points = points(ChartKind::JohansenTrace, model, canvas);
    let critical = critical(model);
    let must = [Some(0.0), critical].map(|value| value.unwrap_or(0.0));
    let axis = from_zero(value_axis(points.y.iter().copied(), &must, base::value_ticks(canvas)));
    let shapes = critical.map(|critical| {
        let above = zone(critical, axis.high.max(critical), &theme.band);
        [above, level(critical, &theme.threshold, DashType::Dash)]
    });
    let shapes = shapes.into_iter().flatten().collect();
    let traces = vec![(steps(&theme.line), points)];
    figure(&layout(canvas, axis, None, shapes), traces, &[0], || message(ChartKind::JohansenTrace, model))
}

/// The part of an axis that numbers without a sign can reach.
fn from_zero(mut axis: ValueAxis) -> ValueAxis {
    let kept = axis.ticks.values.iter().position(|value| *value >= 0.0).unwrap_or(0);
    axis.ticks.values.drain(..kept);
    axis.ticks.labels.drain(..kept);
    ValueAxis { low: 0.0, ..axis }
}

/// What the trace must exceed at 5 %.
fn critical(model: &Model) -> Option<f64> {
    match model.evidence.as_ref()?.main.found(EvidenceKind::JohansenTrace)? {
        Found::Rank(rank) => Some(rank.none.critical.five_percent),
        _ => None,
    }
}

fn message(kind: ChartKind, model: &Model) -> String {
    match model.tests.as_ref().map(|tests| &tests.outcome) {
        Some(Outcome::Warming { seen, needed }) => format!("Warming up: {seen} of {needed} bars"),
        _ if model.past_tests.is_empty() && !model.series.is_empty() => {
            format!("Waiting for {} bars", model.settings.test_lookback_bars)
        }
        _ if kind == ChartKind::JohansenTrace
            && model.evidence.as_ref().is_none_or(|evidence| evidence.traces.is_empty())
            && !model.series.is_empty() =>
        {
            "Computing the tests of the past".to_owned()
        }
        _ => silence(model, None),
    }
}

/// A line that stays until the next test.
fn steps(colour: &str) -> Trace {
    base::empty_line().line(Line::new(colour, STROKE).shape(LineShape::Hv))
}

/// Time and number of each test of the past, oldest first; NaN where it could not be computed.
pub(super) fn past(kind: ChartKind, model: &Model) -> Vec<(f64, f64)> {
    let number = |number: Option<f64>| number.unwrap_or(f64::NAN);
    let tests = model.past_tests.iter();
    match kind {
        ChartKind::JohansenTrace => {
            let traces = model.evidence.iter().flat_map(|evidence| &evidence.traces);
            traces.map(|trace| (trace.open_time.as_f64(), number(trace.statistic))).collect()
        }
        ChartKind::HalfLife => {
            tests.map(|test| (test.open_time.as_f64(), number(test.half_life_bars))).collect()
        }
        _ => tests.map(|test| (test.open_time.as_f64(), number(test.p_value))).collect(),
    }
}

/// Time and number of the test on the newest bars, which none of the past is as new as.
pub(super) fn newest(kind: ChartKind, model: &Model) -> Option<(f64, f64)> {
    let tests = model.tests.as_ref()?;
    let Outcome::Done(report) = &tests.outcome else { return None };
    let number = match (kind, report) {
        (ChartKind::PValue, _) => report.engle_granger_p_value,
        (ChartKind::HalfLife, Report { half_life: HalfLife::Reverting { bars, .. }, .. }) => *bars,
        _ => return None,
    };
    Some((tests.open_time.as_f64(), number))
}

/// The tests in view, one before it, and the newest to the edge; a break where there could be none.
fn points(kind: ChartKind, model: &Model, canvas: &Canvas) -> Columns {
    let span = canvas.span;
    let step = model.series.interval().millis() as f64;
    let past = past(kind, model);
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
    if let (Some((newest, number)), Some(before)) = (newest(kind, model), before)
        && newest > before
        && newest <= span.to
        && newest - before <= 2.5 * usual
    {
        columns.push(newest, number);
        columns.push((newest + step).min(span.to), number);
    }
    columns
}

/// Milliseconds from one test to the next, as most often.
fn usual_step(past: &[(f64, f64)]) -> Option<f64> {
    let mut steps: Vec<f64> = past.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    steps.sort_unstable_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::charts::figure::Theme;
    use crate::view::charts::offsets::Offsets;
    use crate::view::charts::range::Span;
    use spreadscope_engine::analytics::PastTest;
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
        let canvas = Canvas {
            width: 400,
            height: 200,
            span: Span { from: 20_000.0, to: 200_000.0 },
            offsets: Offsets::fixed(0),
            now: UnixMillis(0),
            two_axes: false,
            values: None,
            hidden: Vec::new(),
            theme: Theme::default(),
            unpaid_z: None,
        };
        let columns = points(ChartKind::PValue, &model, &canvas);
        assert_eq!(columns.x[..3], [15_000.0, 30_000.0, 45_000.0]);
        assert!(columns.y[3].is_nan() && columns.y[5].is_nan());
        assert_eq!((columns.x[4], columns.y[4]), (120_000.0, 0.01));
        assert_eq!(p_value(&model, &canvas).reach, [Some((0.01, 0.2))]);
        assert_eq!(half_life(&model, &canvas).reach, [Some((1.0, 20.0))]);
        assert_eq!(trace(&model, &canvas).columns[0], Columns::default());
    }
}
