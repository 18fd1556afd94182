//! The Engle-Granger p-value of the bars before each moment, with the level that it is judged by.

use super::base::{self, STROKE, figure, layout, level, silence, zone};
use super::parts::{Line, Trace};
use super::{Canvas, Columns, Figure};
use crate::view::charts::axis::fixed_axis;
use crate::view::numbers::verdict::SIGNIFICANCE;
use crate::view::screen::model::Model;
use plotly::common::{DashType, LineShape};
use spreadscope_engine::analytics::cointegration::Outcome;

/// Room beyond the ends for the line's width.
const ROOM: f64 = 0.04;

pub(super) fn build(model: &Model, canvas: &Canvas) -> Figure {
    let theme = &canvas.theme;
    let points = points(model, canvas);
    let axis = fixed_axis(-ROOM, 1.0 + ROOM, 0.01, &[SIGNIFICANCE, 0.25, 0.5, 0.75, 1.0]);
    let shapes =
        vec![zone(-ROOM, SIGNIFICANCE, &theme.band), level(SIGNIFICANCE, &theme.threshold, DashType::Dash)];
    figure(&layout(canvas, axis, None, shapes), vec![(steps(&theme.line), points)], &[0], || {
        match model.tests.as_ref().map(|tests| &tests.outcome) {
            Some(Outcome::Warming { seen, needed }) => format!("Warming up: {seen} of {needed} bars"),
            _ if model.past_tests.is_empty() && !model.series.is_empty() => {
                format!("Waiting for {} bars", model.settings.test_lookback_bars)
            }
            _ => silence(model, None),
        }
    })
}

/// A line that stays until the next test.
fn steps(colour: &str) -> Trace {
    base::empty_line().line(Line::new(colour, STROKE).shape(LineShape::Hv))
}

/// The tests in view, one before it, and the newest to the edge; a break where there could be none.
fn points(model: &Model, canvas: &Canvas) -> Columns {
    let span = canvas.span;
    let step = model.series.interval().millis() as f64;
    let past = &model.past_tests;
    let start = past.partition_point(|test| test.open_time.as_f64() < span.from).saturating_sub(1);
    let usual = usual_step(model).unwrap_or(step);
    let mut columns = Columns::default();
    let mut before = None::<f64>;
    for test in past.iter().skip(start) {
        let time = test.open_time.as_f64();
        if time > span.to {
            break;
        }
        if let Some(before) = before
            && time - before > 2.5 * usual
        {
            columns.push(before + usual, f64::NAN);
        }
        columns.push(time, test.p_value.unwrap_or(f64::NAN));
        before = Some(time);
    }
    if let (Some(tests), Some(before)) = (&model.tests, before)
        && let Outcome::Done(report) = &tests.outcome
    {
        let newest = tests.open_time.as_f64();
        if newest > before && newest <= span.to && newest - before <= 2.5 * usual {
            columns.push(newest, report.engle_granger_p_value);
            columns.push((newest + step).min(span.to), report.engle_granger_p_value);
        }
    }
    columns
}

/// Milliseconds from one test to the next, as most often.
fn usual_step(model: &Model) -> Option<f64> {
    let past = &model.past_tests;
    let mut steps: Vec<i64> =
        past.iter().zip(past.iter().skip(1)).map(|(one, next)| next.open_time.since(one.open_time)).collect();
    steps.sort_unstable();
    steps.get(steps.len() / 2).map(|&step| step as f64)
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
        let test = |second: i64, p_value| PastTest { open_time: UnixMillis(second * 1_000), p_value };
        model.past_tests.extend([0, 15, 30, 45].map(|second| test(second, Some(0.2))));
        model.past_tests.extend([test(120, Some(0.01)), test(135, None)]);
        let canvas = Canvas {
            width: 400,
            height: 200,
            span: Span { from: 20_000.0, to: 200_000.0 },
            offsets: Offsets::fixed(0),
            theme: Theme::default(),
            unpaid_z: None,
            two_axes: false,
        };
        let columns = points(&model, &canvas);
        assert_eq!(columns.x[..3], [15_000.0, 30_000.0, 45_000.0]);
        assert!(columns.y[3].is_nan() && columns.y[5].is_nan());
        assert_eq!((columns.x[4], columns.y[4]), (120_000.0, 0.01));
        assert_eq!(build(&model, &canvas).reach, [Some((0.01, 0.2))]);
    }
}
