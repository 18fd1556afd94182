//! State to words and figures: pure, tested natively, the same for every screen.

pub mod alert;
pub mod backtest;
pub mod charts;
pub mod feed;
pub mod files;
pub mod inspect;
pub mod numbers;
pub mod replay;
pub mod scanner;
pub mod screen;
pub mod settings;
