//! The parts of figures that these charts use, written as JSON under plotly.js's names.
//!
//! plotly.rs's traces, axes and layouts contain every attribute of every kind of plot, and serialising one of
//! them brings the code for all of it into the page. Only the small types (dashes, fills, marks) come from
//! plotly.rs.

#![expect(clippy::needless_pass_by_value, reason = "words, named where they are passed")]

use plotly::common::{DashType, Fill, LineShape, MarkerSymbol, Mode};
use serde::Serialize;

/// A JSON object being built.
#[derive(Debug, Clone)]
struct Object(String);

impl Object {
    const fn new() -> Self {
        Self(String::new())
    }

    /// Appends a field whose value is JSON already.
    fn json(mut self, name: &str, value: &str) -> Self {
        let separator = if self.0.is_empty() { "{\"" } else { ",\"" };
        for text in [separator, name, "\":", value] {
            self.0.push_str(text);
        }
        self
    }

    fn with(self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        let value = serde_json::to_string(value).expect("Invariant: numbers, texts and words are plain data");
        self.json(name, &value)
    }

    fn text(self, name: &str, value: &str) -> Self {
        self.with(name, value)
    }

    fn number(self, name: &str, value: f64) -> Self {
        self.with(name, &value)
    }

    fn pixels(self, name: &str, value: usize) -> Self {
        self.with(name, &value)
    }

    fn is(self, name: &str, value: bool) -> Self {
        self.json(name, if value { "true" } else { "false" })
    }

    fn finish(self) -> String {
        self.0 + "}"
    }
}

/// Points joined by a line, marked, or both; their columns are passed separately.
#[derive(Debug, Clone)]
pub(in crate::view) struct Trace(Object);

impl Trace {
    pub(in crate::view) fn new(mode: Mode) -> Self {
        Self(Object::new().text("type", "scatter").with("mode", &mode))
    }

    pub(in crate::view) fn line(self, line: Line) -> Self {
        Self(self.0.json("line", &line.0.finish()))
    }

    pub(in crate::view) fn marker(self, symbol: Option<MarkerSymbol>, size: usize, colour: &str) -> Self {
        let marker = Object::new().pixels("size", size).text("color", colour);
        let marker = symbol.into_iter().fold(marker, |marker, symbol| marker.with("symbol", &symbol));
        Self(self.0.json("marker", &marker.finish()))
    }

    pub(in crate::view) fn fill(self, fill: Fill, colour: &str) -> Self {
        Self(self.0.with("fill", &fill).text("fillcolor", colour))
    }

    /// Puts it on the axis at the right.
    pub(in crate::view) fn right(self) -> Self {
        Self(self.0.text("yaxis", "y2"))
    }

    pub(in crate::view) fn to_json(&self) -> String {
        self.0.clone().finish()
    }
}

/// A line's colour and width in pixels, and further attributes.
#[derive(Debug, Clone)]
pub(in crate::view) struct Line(Object);

impl Line {
    pub(in crate::view) fn new(colour: &str, width: f64) -> Self {
        Self(Object::new().text("color", colour).number("width", width))
    }

    /// Returns an invisible line.
    pub(in crate::view) fn none() -> Self {
        Self::new("transparent", 0.0)
    }

    pub(in crate::view) fn dash(self, dash: DashType) -> Self {
        Self(self.0.with("dash", &dash))
    }

    pub(in crate::view) fn shape(self, shape: LineShape) -> Self {
        Self(self.0.with("shape", &shape))
    }
}

/// A line or a rectangle between two places, on the axes or (`paper`) across the whole plot.
#[derive(Debug, Clone)]
pub(in crate::view) struct Shape(Object);

impl Shape {
    pub(in crate::view) fn new(xref: &str, x: [f64; 2], yref: &str, y: [f64; 2]) -> Self {
        let along = Object::new().text("xref", xref).number("x0", x[0]).number("x1", x[1]);
        Self(along.text("yref", yref).number("y0", y[0]).number("y1", y[1]))
    }

    pub(in crate::view) fn line(self, line: Line) -> Self {
        Self(self.0.text("type", "line").json("line", &line.0.finish()))
    }

    pub(in crate::view) fn filled(self, colour: &str) -> Self {
        let edge = Object::new().number("width", 0.0).finish();
        Self(self.0.text("type", "rect").text("fillcolor", colour).json("line", &edge))
    }

    /// Puts it below the traces.
    pub(in crate::view) fn below(self) -> Self {
        Self(self.0.text("layer", "below"))
    }
}

/// The font of labels.
#[derive(Debug, Clone)]
pub(in crate::view) struct Font(String);

impl Font {
    pub(in crate::view) fn new(colour: &str, family: &str, size: usize) -> Self {
        Self(Object::new().text("color", colour).text("family", family).pixels("size", size).finish())
    }
}

/// An axis that leaves Plotly nothing to compute.
#[derive(Debug, Clone)]
pub(in crate::view) struct Axis(Object);

impl Axis {
    /// Returns an axis from `low` to `high`, with labels at `values`.
    pub(in crate::view) fn new(range: [f64; 2], values: &[f64], labels: &[String], font: &Font) -> Self {
        let ranged = Object::new().text("type", "linear").with("range", &range);
        let ranged = ranged.is("autorange", false).is("fixedrange", true);
        let ticked = ranged.is("automargin", false).text("tickmode", "array").with("tickvals", values);
        let labelled = ticked.with("ticktext", labels).json("tickfont", &font.0);
        Self(labelled.is("zeroline", false))
    }

    /// Adds grid lines across the plot, and no line along the axis.
    pub(in crate::view) fn gridded(self, colour: &str) -> Self {
        Self(self.0.is("showline", false).text("gridcolor", colour))
    }

    /// Adds a line along the axis, with ticks outside, and no grid lines.
    pub(in crate::view) fn lined(self, colour: &str) -> Self {
        let lined = self.0.is("showline", true).text("linecolor", colour).is("showgrid", false);
        Self(lined.text("ticks", "outside").pixels("ticklen", 3).text("tickcolor", colour))
    }

    /// Puts it at the right of the plot, with the first axis at the left, and without lines.
    pub(in crate::view) fn right(self) -> Self {
        let bare = self.0.is("showline", false).is("showgrid", false);
        Self(bare.text("overlaying", "y").text("side", "right"))
    }
}

/// Margins between a chart's edges and its plot, pixels.
#[derive(Debug, Clone, Copy)]
pub(in crate::view) struct Margins {
    pub(in crate::view) left: usize,
    pub(in crate::view) right: usize,
    pub(in crate::view) top: usize,
    pub(in crate::view) bottom: usize,
}

/// A figure without its traces.
#[derive(Debug, Clone)]
pub(in crate::view) struct Sheet {
    object: Object,
    /// The values at the lower and the upper edge of the plot.
    pub(in crate::view) edges: (f64, f64),
}

impl Sheet {
    /// Returns a sheet of a width and a height in pixels.
    pub(in crate::view) fn new(
        [width, height]: [usize; 2],
        margins: Margins,
        ground: &str,
        font: &Font,
    ) -> Self {
        let Margins { left, right, top, bottom } = margins;
        let margin = Object::new().pixels("l", left).pixels("r", right).pixels("t", top).pixels("b", bottom);
        let margin = margin.pixels("pad", 0).is("autoexpand", false).finish();
        let sized = Object::new().is("autosize", false).pixels("width", width).pixels("height", height);
        let still = sized.json("margin", &margin).is("showlegend", false).is("hovermode", false);
        let coloured = still.text("paper_bgcolor", ground).text("plot_bgcolor", ground);
        Self { object: coloured.json("font", &font.0), edges: (0.0, 1.0) }
    }

    pub(in crate::view) fn edges(self, edges: (f64, f64)) -> Self {
        Self { edges, ..self }
    }

    /// Adds an axis: `xaxis`, `yaxis` or `yaxis2`.
    pub(in crate::view) fn axis(self, place: &str, axis: Axis) -> Self {
        Self { object: self.object.json(place, &axis.0.finish()), ..self }
    }

    pub(in crate::view) fn shapes(self, shapes: Vec<Shape>) -> Self {
        let shapes: Vec<String> = shapes.into_iter().map(|shape| shape.0.finish()).collect();
        Self { object: self.object.json("shapes", &format!("[{}]", shapes.join(","))), ..self }
    }

    pub(in crate::view) fn to_json(&self) -> String {
        self.object.clone().finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_words_are_plotlys_and_texts_are_escaped() {
        let line = Line::new("a \"b\"", 1.5).dash(DashType::LongDashDot).shape(LineShape::Hv);
        let trace =
            Trace::new(Mode::LinesMarkers).line(line).marker(Some(MarkerSymbol::DiamondOpen), 8, "red");
        assert_eq!(
            trace.fill(Fill::ToZeroY, "blue").to_json(),
            r#"{"type":"scatter","mode":"lines+markers","line":{"color":"a \"b\"","width":1.5,"dash":"longdashdot","shape":"hv"},"marker":{"size":8,"color":"red","symbol":"diamond-open"},"fill":"tozeroy","fillcolor":"blue"}"#
        );
    }

    #[test]
    fn a_sheet_without_shapes_is_whole() {
        let font = Font::new("ink", "serif", 11);
        let axis = Axis::new([0.0, 1.0], &[0.5], &["half".to_owned()], &font).right();
        let margins = Margins { left: 1, right: 2, top: 3, bottom: 4 };
        let sheet = Sheet::new([600, 200], margins, "white", &font).axis("yaxis2", axis).shapes(Vec::new());
        let read: serde_json::Value = serde_json::from_str(&sheet.to_json()).unwrap();
        assert_eq!((&read["margin"]["b"], &read["shapes"]), (&4.into(), &serde_json::json!([])));
        assert_eq!(read["yaxis2"]["ticktext"][0], "half");
    }
}
