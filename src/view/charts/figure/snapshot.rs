//! Each figure as passed to Plotly, abbreviated: any change of a chart changes this text.

use super::{Canvas, ChartKind, Theme, build};
use crate::view::charts::offsets::Offsets;
use crate::view::charts::range::TimeRange;
use crate::view::numbers::series::tests::row;
use crate::view::screen::model::Model;
use serde_json::Value;
use spreadscope_engine::Settings;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::analytics::cointegration::{Outcome, Tests};
use spreadscope_engine::analytics::epps::EppsPoint;
use spreadscope_engine::analytics::{Metric, PastTest};
use spreadscope_engine::messages::event::{Event, Fact};
use spreadscope_engine::settings::HedgeKind;

/// Returns sixty bars, the first ten of them on windows that are not full.
fn model() -> Model {
    let bar = |second: i64| {
        let mut bar = row(second, (second % 8 - 4) as f64 * 0.5);
        let share = (second - 30) as f64 / 40.0;
        bar.correlation = Metric::Ready(share);
        if second < 10 {
            bar.z = Metric::Provisional { value: 0.5, seen: 3, needed: 10 };
            bar.correlation = Metric::Warming { seen: 3, needed: 10 };
        }
        bar
    };
    let mut model = Model::new(Settings::default());
    let rows = (0..60).map(bar).collect();
    model.apply(Event::Fact { sequence: 0, fact: Fact::Rows { replace: true, rows } });
    let past = |second: i64| PastTest {
        open_time: row(second, 0.0).open_time,
        p_value: Some(0.01 * second as f64),
        half_life_bars: Some(6.0 + second as f64),
    };
    model.past_tests.extend([0, 15, 30, 45].map(past));
    let point = |bars: usize| EppsPoint {
        bars,
        secs: bars as f64,
        returns: 60 / bars,
        correlation: Some(1.0 - 0.5 / bars as f64),
    };
    model.tests = Some(Tests {
        open_time: row(59, 0.0).open_time,
        bars: 60,
        carried_share: 0.0,
        outcome: Outcome::Undefined("none".to_owned()),
        epps: [1, 2, 5].map(point).to_vec(),
    });
    model
}

fn theme() -> Theme {
    let named = str::to_owned;
    Theme {
        ground: named("ground"),
        text: named("text"),
        grid: named("grid"),
        axis: named("axis"),
        y: named("y"),
        x: named("x"),
        line: named("line"),
        second: named("second"),
        overlays: HedgeKind::ALL.map(|kind| named(kind.as_str())),
        band: named("band"),
        threshold: named("threshold"),
        threshold_band: named("zone"),
        alert_above: named("above"),
        alert_below: named("below"),
        ..Theme::default()
    }
}

/// Returns a JSON value in a few letters; nothing if it is absent.
fn short(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string().replace('"', ""),
    }
}

fn axis(name: &str, axis: &Value) -> String {
    let labels = axis["ticktext"]
        .as_array()
        .unwrap()
        .iter()
        .map(|label| short(label).trim().to_owned())
        .collect::<Vec<_>>()
        .join(" ");
    let first = axis["tickvals"].as_array().unwrap().first();
    let first = first.map(|first| format!(" | first at {first}")).unwrap_or_default();
    format!("{name} {} | {labels}{first}", short(&axis["range"]))
}

fn digest(kind: ChartKind) -> String {
    let model = model();
    let span = TimeRange::default().bounds(&model.series);
    let canvas = Canvas {
        width: 400,
        height: 160,
        offsets: Offsets::fixed(60),
        now: UnixMillis(1_700_000_000_000),
        theme: theme(),
        ..Canvas::plain(span)
    };
    let figure = build(kind, &model, &canvas);
    let layout: Value = serde_json::from_str(&figure.layout).unwrap();
    let mut lines = vec![kind.slug().to_owned()];
    for name in ["xaxis", "yaxis", "yaxis2"] {
        if layout[name].is_object() {
            lines.push(axis(name, &layout[name]));
        }
    }
    for shape in layout["shapes"].as_array().into_iter().flatten() {
        // an upright line runs between two values
        let along = if shape["yref"] == "paper" { ["type", "x0", "x1"] } else { ["type", "y0", "y1"] };
        let [kind, low, high] = along.map(|key| short(&shape[key]));
        let [dash, stroke] = ["dash", "color"].map(|key| short(&shape["line"][key]));
        lines.push(format!("{kind} {low}..{high} {}{stroke} {dash}", short(&shape["fillcolor"])));
    }
    for (trace, columns) in figure.traces.iter().zip(&figure.columns) {
        let trace: Value = serde_json::from_str(trace).unwrap();
        let [mode, fill, fill_colour, side] =
            ["mode", "fill", "fillcolor", "yaxis"].map(|key| short(&trace[key]));
        let [stroke, dash, shape] = ["color", "dash", "shape"].map(|key| short(&trace["line"][key]));
        let [symbol, mark] = ["symbol", "color"].map(|key| short(&trace["marker"][key]));
        let known = columns.y.iter().filter(|value| value.is_finite()).count();
        let words = [mode, side, stroke, dash, shape, fill, fill_colour, symbol, mark];
        let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
        lines.push(format!("{}: {known} of {}", words.join(" "), columns.x.len()));
    }
    lines.extend(figure.note.map(|note| format!("note: {note}")));
    lines.push(String::new());
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

const FIGURES: &str = "\
price
xaxis [1700000000000.0,1700000060000.0] | 23:13:30 23:14:00 | first at 1700000010000.0
yaxis [-0.002,0.008] | −0.002% 0.000% 0.002% 0.004% 0.006% 0.008% | first at -0.002
lines y: 60 of 60
lines x: 60 of 60
zscore
xaxis [1700000000000.0,1700000060000.0] | 23:13:30 23:14:00 | first at 1700000010000.0
yaxis [-4.0,4.0] | −4 −2 0 2 4 | first at -4.0
rect 2.0..4.0 zone
rect -4.0..-2.0 zone
line 0.0..0.0 second dot
line 2.0..2.0 threshold dash
line -2.0..-2.0 threshold dash
markers triangle-up above: 0 of 0
markers triangle-down below: 0 of 0
lines line: 50 of 60
lines line dot: 11 of 60
note: Dotted: the window is not full yet
spread
xaxis [1700000000000.0,1700000060000.0] | 23:13:30 23:14:00 | first at 1700000010000.0
yaxis [-5.0,5.0] | −5 0 5 | first at -5.0
lines transparent toself band: 120 of 120
lines transparent toself band: 120 of 120
lines second dash: 60 of 60
lines line: 60 of 60
hedge
xaxis [1700000000000.0,1700000060000.0] | 23:13:30 23:14:00 | first at 1700000010000.0
yaxis [19.6,20.4] | 19.6 19.8 20.0 20.2 20.4 | first at 19.6
lines transparent toself band: 120 of 120
lines tls dash: 60 of 60
lines kalman solid: 60 of 60
lines line: 60 of 60
pvalue
xaxis [1700000000000.0,1700000060000.0] | 23:13:30 23:14:00 | first at 1700000010000.0
yaxis [-0.04,1.04] | 0.05 0.25 0.50 0.75 1.00 | first at 0.05
rect -0.04..0.05 band
line 0.05..0.05 threshold dash
lines line hv: 4 of 4
halflife
xaxis [1700000000000.0,1700000060000.0] | 23:13:30 23:14:00 | first at 1700000010000.0
yaxis [0.0,60.0] | 0 20 40 60 | first at 0.0
lines line hv: 4 of 4
johansen
xaxis [1700000000000.0,1700000060000.0] | 23:13:30 23:14:00 | first at 1700000010000.0
yaxis [0.0,2.0] | 0 1 2 | first at 0.0
lines line hv: 0 of 0
correlation
xaxis [1700000000000.0,1700000060000.0] | 23:13:30 23:14:00 | first at 1700000010000.0
yaxis [-1.04,1.04] | −1.0 −0.5 0.0 0.5 1.0 | first at -1.0
line 0.0..0.0 second dot
lines line: 50 of 60
volume
xaxis [1700000000000.0,1700000060000.0] | 23:13:30 23:14:00 | first at 1700000010000.0
yaxis [-50000.0,100000.0] | 50k 0 50k 100k | first at -50000.0
line 0.0..0.0 axis solid
lines y hv tozeroy y: 61 of 61
lines x hv tozeroy x: 61 of 61
histogram
xaxis [-4.0,4.0] | −4 −2 0 2 4 | first at -4.0
yaxis [0.0,0.15000000000000002] | −0.05 0.00 0.05 0.10 0.15 | first at -0.05
rect 2.0..4.0 zone
rect -4.0..-2.0 zone
line 2.0..2.0 threshold dash
line -2.0..-2.0 threshold dash
lines line hv tozeroy band: 16 of 16
lines second dash: 61 of 61
note: Share of 50 bars in view; dashed: normal
epps
xaxis [-0.02795880017344075,0.7269288045094596] | 1 s 2 s 5 s | first at 0.0
yaxis [-0.04,1.04] | 0.00 0.25 0.50 0.75 1.00 | first at 0.0
line 0.0..0.0 second dot
lines+markers line line: 3 of 3
";

#[test]
fn the_figures_are_as_they_were() {
    let now: String = ChartKind::ALL.into_iter().map(digest).collect();
    assert_eq!(now, FIGURES, "{now}");
}
