//! The layout of a chart, of plotly.rs's own parts and no more than these charts have.
//!
//! [`plotly::Layout`] knows maps, sliders, menus and all other kinds of plot, and writing any of it as JSON
//! brings the code for all of it into the page.

use plotly::common::Font;
use plotly::layout::{Axis, HoverMode, Margin, Shape};
use serde::Serialize;

/// A layout under plotly.js's names.
#[derive(Debug, Clone, Serialize)]
pub(in crate::view) struct Sheet {
    pub(in crate::view) autosize: bool,
    /// Pixels.
    pub(in crate::view) width: usize,
    /// Pixels.
    pub(in crate::view) height: usize,
    pub(in crate::view) margin: Margin,
    pub(in crate::view) showlegend: bool,
    pub(in crate::view) hovermode: HoverMode,
    pub(in crate::view) paper_bgcolor: String,
    pub(in crate::view) plot_bgcolor: String,
    pub(in crate::view) font: Font,
    /// Below.
    pub(in crate::view) xaxis: Axis,
    /// At the left.
    pub(in crate::view) yaxis: Axis,
    /// At the right, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::view) yaxis2: Option<Axis>,
    pub(in crate::view) shapes: Vec<Shape>,
}

impl Sheet {
    pub(in crate::view) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("Invariant: a layout is plain data with text keys")
    }
}
