//! Charts that share one span of time and one crosshair.

pub mod arrange;
mod drawing;
mod gestures;
pub mod grid;
mod overlay;
pub mod panel;
mod panel_menu;
pub mod range_bar;
mod thresholds;
mod traces;
mod value_axis;

pub use crate::view::charts::figure::ChartKind;
pub use grid::Charts;
pub use panel::ChartPanel;
pub use range_bar::RangeBar;
