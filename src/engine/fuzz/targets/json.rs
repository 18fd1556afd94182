//! Lines of JSON: a recorder's trades, stream frames, and rows of a table.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spreadscope_engine::transfer::frames::Frames;
use spreadscope_engine::transfer::row::Content;
use spreadscope_engine::transfer::times::Times;
use spreadscope_engine::transfer::zone::Clock;
use spreadscope_engine::transfer::{json, members};

fuzz_target!(|line: &str| {
    for read in [json::trade(line, &Times::default(), &Clock::utc()), Frames::default().read(line)] {
        if let Ok(Some(row)) = read
            && let Content::Trade { traded, .. } = row.content
        {
            assert!(traded.close > 0.0 && traded.close.is_finite());
        }
    }
    if let Some(names) = members::names(line) {
        assert!(members::cells(line, &names).is_ok_and(|cells| cells.len() == names.len()));
    }
});
