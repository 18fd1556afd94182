//! The layout, in Leptos: components derive from the model as of the last refresh.

pub mod address;
pub mod alerts;
pub mod app;
pub mod away;
pub mod backtest;
pub mod backup;
pub mod cadence;
pub mod charts;
pub mod controls;
pub mod files;
pub mod inspector;
pub mod network;
pub mod on_demand;
pub mod panels;
pub mod parts;
pub mod picture;
pub mod preferences;
pub mod reactive;
pub mod remembered;
pub mod replay;
pub mod scanner;
pub mod shortcuts;
pub mod state;
pub mod trade;

pub use app::mount;
