//! The backtest page: choices to parameters, results to words, tables and figures.

pub mod alerts;
pub mod choice;
pub mod export;
pub mod fields;
pub mod figure;
pub mod folds;
mod given_bars;
pub mod metrics;
pub mod older;
pub mod presets;
pub mod sentence;
pub mod shown;
pub mod surface;
pub mod tab;
pub mod trades;
pub mod trust;
