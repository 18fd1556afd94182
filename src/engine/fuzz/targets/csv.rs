//! Lines of a table: delimiter, cells, roles by name and by content, rows.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::transfer::text::Coding;
use spreadscope_engine::transfer::{csv, sniff};

fuzz_target!(|text: &str| {
    let lines: Vec<&str> = text.lines().collect();
    let delimiter = csv::delimiter(&lines);
    for line in lines {
        if let Ok(cells) = csv::cells(line, delimiter) {
            assert!(!cells.is_empty() && cells.len() <= 1_024);
        }
    }
    for name in ["BTCUSDT-1m-2024-08-09.csv", "20180404_btcusd_minute_trade.csv", "x.csv"] {
        let plan = sniff::plan(text, &[name], Coding::of(text.as_bytes()), UnixMillis(1_800_000_000_000));
        let preview = sniff::preview(text, plan.clone(), true);
        assert_eq!(preview.plan, plan);
        assert!(preview.rows.len() <= 12);
    }
});
