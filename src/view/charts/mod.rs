//! The charts: the list of them, what each draws, and the span of time that all show.

pub mod axis;
pub mod decimate;
pub mod figure;
pub mod gaps;
pub mod layout;
pub mod offsets;
pub mod range;
