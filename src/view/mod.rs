//! State to words and figures: pure, tested natively, the same for every screen.

pub mod axis;
pub mod csv;
pub mod decimate;
pub mod export;
pub mod figure;
pub mod form;
pub mod format;
pub mod invalidation;
pub mod lines;
pub mod model;
pub mod range;
pub mod refresh;
pub mod scheme;
pub mod series;
pub mod status;
pub mod tiles;
pub mod verdict;
pub mod words;
