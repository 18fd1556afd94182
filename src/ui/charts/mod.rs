//! Charts that share one span of time and one crosshair.

mod drawing;
mod gestures;
mod overlay;
pub mod panel;
pub mod range_bar;

pub use crate::view::figure::ChartKind;
pub use panel::ChartPanel;
pub use range_bar::RangeBar;
