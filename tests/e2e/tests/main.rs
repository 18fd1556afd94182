//! The page in real browsers. One program, so that it is linked once and its tests know of each other.

mod backtest;
mod desk;
mod firefox;
mod import;
mod import_kinds;
mod layout;
mod numbers;
mod replay;
mod scanner;
mod snapshots;
mod start_up;
mod storage;
mod views;
