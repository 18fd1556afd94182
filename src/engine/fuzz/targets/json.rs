//! Lines of JSON: trades of a recorder, and stream frames.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spreadscope_engine::transfer::json;
use spreadscope_engine::transfer::row::Content;

fuzz_target!(|line: &str| {
    for read in [json::trade, json::frame] {
        if let Ok(Some(row)) = read(line)
            && let Content::Trade { traded, .. } = row.content
        {
            assert!(traded.close > 0.0 && traded.close.is_finite() && row.time >= 0);
        }
    }
});
