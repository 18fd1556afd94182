//! What the parts promise together. One binary, so that it is linked once.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod alerts;
mod architecture;
mod archive;
mod audited;
mod backtest;
mod backup;
mod binance_cases;
mod broken;
mod bug_reports;
mod by_hand;
mod circles;
mod degenerate;
mod dialects;
mod evidence;
mod exported;
mod files;
mod filling;
mod imported;
mod imports;
mod kept_ticks;
mod life;
mod made_up_files;
mod odd_files;
mod older;
mod polling;
mod position_rules;
mod protocol;
mod recording;
mod rehearsed;
mod replay;
mod replayed;
mod replayed_gaps;
mod round_trip;
mod scanner;
mod scans_again;
mod several_tabs;
mod storage;
mod store;
mod take_over;
mod truncation;
mod vendors;
mod virtual_time;
mod watchlist;
mod way_of_a_trade;
