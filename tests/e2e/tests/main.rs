//! The page in real browsers. One program, so that it is linked once and its tests can coordinate.

mod backtest;
mod desk;
mod import;
mod import_kinds;
mod layout;
mod layout_places;
mod layout_views;
mod numbers;
mod other_bars;
mod other_browsers;
mod published;
mod recording_link;
mod replay;
mod replay_sources;
mod replay_to_present;
mod scanner;
mod scanner_files;
mod snapshots;
mod start_up;
mod storage;
mod views;
mod written;
