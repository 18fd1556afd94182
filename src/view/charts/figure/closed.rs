//! The attributes that figures use. The served plotly.js supports only these: everything else is cut
//! (`xtask/src/setup/plotly`), and would be ignored when drawing.
//!
//! To add an attribute, check the cuts first, and run the test that draws with both the whole and the served
//! plotly.js.

use super::tests::{canvas, model};
use super::{Canvas, ChartKind, Figure, build};
use serde_json::Value;
use std::collections::BTreeSet;

/// Attributes of a layout and its axes.
const LAYOUT: &[&str] = &[
    "autosize",
    "font.color",
    "font.family",
    "font.size",
    "height",
    "hovermode",
    "margin.autoexpand",
    "margin.b",
    "margin.l",
    "margin.pad",
    "margin.r",
    "margin.t",
    "paper_bgcolor",
    "plot_bgcolor",
    "showlegend",
    "width",
];
/// Of `xaxis`, `yaxis` and `yaxis2`.
const AXIS: &[&str] = &[
    "automargin",
    "autorange",
    "fixedrange",
    "gridcolor",
    "linecolor",
    "overlaying",
    "range",
    "showgrid",
    "showline",
    "side",
    "tickcolor",
    "tickfont.color",
    "tickfont.family",
    "tickfont.size",
    "ticklen",
    "tickmode",
    "ticks",
    "ticktext",
    "tickvals",
    "type",
    "zeroline",
];
/// Of a shape.
const SHAPE: &[&str] = &[
    "fillcolor",
    "layer",
    "line.color",
    "line.dash",
    "line.width",
    "type",
    "x0",
    "x1",
    "xref",
    "y0",
    "y1",
    "yref",
];
/// Of a trace.
const TRACE: &[&str] = &[
    "fill",
    "fillcolor",
    "line.color",
    "line.dash",
    "line.shape",
    "line.width",
    "marker.color",
    "marker.size",
    "marker.symbol",
    "mode",
    "type",
    "x",
    "y",
    "yaxis",
];
/// Attributes that select a way of drawing, and their permitted values.
const CHOICES: &[(&str, &[&str])] = &[
    ("axis.overlaying", &["y"]),
    ("axis.range", &["number"]),
    ("axis.side", &["right"]),
    ("axis.tickmode", &["array"]),
    ("axis.ticks", &["outside"]),
    ("axis.type", &["linear"]),
    ("layout.autosize", &["false"]),
    ("layout.hovermode", &["false"]),
    ("layout.margin.autoexpand", &["false"]),
    ("shape.layer", &["below"]),
    ("shape.type", &["line", "rect"]),
    ("shape.xref", &["paper", "x"]),
    ("shape.yref", &["paper", "y"]),
    ("trace.fill", &["toself", "tozeroy"]),
    ("trace.line.shape", &["hv"]),
    ("trace.marker.symbol", &["diamond-open", "triangle-down", "triangle-up", "x"]),
    ("trace.mode", &["lines", "lines+markers", "markers"]),
    ("trace.type", &["scatter"]),
    ("trace.yaxis", &["y2"]),
];

/// Asserts that a figure uses nothing else; its colours must be the stylesheet's.
pub(in crate::view) fn assert_drawn_by_what_is_served(figure: &Figure) {
    let mut layout: Value = serde_json::from_str(&figure.layout).unwrap();
    let layout = layout.as_object_mut().unwrap();
    for axis in ["xaxis", "yaxis"] {
        assert_known("axis", AXIS, &layout.remove(axis).unwrap());
    }
    if let Some(axis) = layout.remove("yaxis2") {
        assert_known("axis", AXIS, &axis);
    }
    for shape in layout.remove("shapes").unwrap().as_array().unwrap() {
        assert_known("shape", SHAPE, shape);
    }
    assert_known("layout", LAYOUT, &Value::Object(layout.clone()));
    for trace in &figure.traces {
        assert_known("trace", TRACE, &serde_json::from_str(trace).unwrap());
    }
}

fn assert_known(kind: &str, known: &[&str], value: &Value) {
    let mut asked = BTreeSet::new();
    flatten("", value, &mut asked);
    for (path, value) in asked {
        assert!(
            known.contains(&path.as_str()),
            "plotly.js is cut down to what is listed here: {kind}.{path}"
        );
        let choices = CHOICES.iter().find(|(choice, _)| *choice == format!("{kind}.{path}"));
        assert!(
            choices.is_none_or(|(_, choices)| choices.contains(&value.as_str())),
            "plotly.js is cut down to what is listed here: {kind}.{path} {value}"
        );
    }
}

/// Collects paths of attributes with the selected values; for a range, the kind of its ends.
fn flatten(path: &str, value: &Value, into: &mut BTreeSet<(String, String)>) {
    let mut put = |said: &str| into.extend([(path.to_owned(), said.to_owned())]);
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, field, into);
            }
        }
        Value::Array(values) if path == "range" => {
            for end in values {
                put(if end.is_number() { "number" } else { "nothing" });
            }
        }
        Value::String(text) => put(text),
        other => put(&other.to_string()),
    }
}

#[test]
fn the_desk_asks_for_nothing_else() {
    for model in [model(0), model(1), model(2_000)] {
        for kind in ChartKind::ALL {
            assert_drawn_by_what_is_served(&build(kind, &model, &canvas(&model)));
        }
        let two_axes = Canvas { two_axes: true, ..canvas(&model) };
        assert_drawn_by_what_is_served(&build(ChartKind::Price, &model, &two_axes));
    }
}

#[test]
#[should_panic(expected = "trace.stackgroup")]
fn what_is_not_listed_is_not_asked_for() {
    assert_known("trace", TRACE, &serde_json::json!({"type": "scatter", "stackgroup": "one"}));
}

#[test]
#[should_panic(expected = "axis.type log")]
fn what_cannot_be_chosen_is_not_chosen() {
    assert_known("axis", AXIS, &serde_json::json!({"type": "log"}));
}
