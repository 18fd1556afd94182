//! The layout of a chart, of plotly.rs's own parts and no more than these charts have.
//!
//! [`plotly::Layout`] knows maps, sliders, menus and all other kinds of plot, and writing any of it as JSON
//! brings the code for all of it into the page.

use plotly::common::Font;
use plotly::layout::{Axis, HoverMode, Margin, Shape};
use serde::Serialize;

/// A layout under plotly.js's names.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Sheet {
    pub(super) autosize: bool,
    /// Pixels.
    pub(super) width: usize,
    /// Pixels.
    pub(super) height: usize,
    pub(super) margin: Margin,
    pub(super) showlegend: bool,
    pub(super) hovermode: HoverMode,
    pub(super) paper_bgcolor: String,
    pub(super) plot_bgcolor: String,
    pub(super) font: Font,
    /// Below.
    pub(super) xaxis: Axis,
    /// At the left.
    pub(super) yaxis: Axis,
    /// At the right, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) yaxis2: Option<Axis>,
    pub(super) shapes: Vec<Shape>,
}

impl Sheet {
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("Invariant: a layout is plain data with text keys")
    }
}
