//! The log of frames in the fixtures is what its program writes, and contains what tests need.

use spreadscope_exchange::tape::log::{self, FRAMES, bars_file};
use spreadscope_exchange::tape::recorded;
use std::collections::BTreeMap;

#[test]
fn written_again_it_has_the_same_bytes() {
    for (name, bytes) in log::files() {
        let kept = std::fs::read(log::folder().join(&name)).unwrap();
        assert!(kept == bytes, "{name} is not what `spreadscope-exchange --write-log` writes");
    }
    let kept = std::fs::read_dir(log::folder()).unwrap().count();
    assert_eq!(kept, log::files().len());
}

#[test]
fn it_has_bursts_silences_late_frames_and_trades_of_one_time() {
    let spec = recorded::Spec { history_hours: 0, live_hours: 0 };
    let tape = recorded::tape(&log::folder().join(FRAMES), &spec).unwrap();
    for market in &tape.markets {
        let mut seconds = BTreeMap::new();
        for trade in &market.trades {
            *seconds.entry(trade.time_ms / 1_000).or_insert(0_usize) += 1;
        }
        let table = std::fs::read_to_string(log::folder().join(bars_file(&market.symbol))).unwrap();
        let silent = table.lines().filter(|line| line.ends_with(",-1,-1")).count();
        assert!(silent >= 3, "{}: {silent} silent seconds", market.symbol);
        // a log begins and ends within a second: the bars are those of the whole seconds in between
        assert_eq!(table.lines().count() - 1, 649);
        let first: i64 = table.lines().nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
        let ends = [first / 1_000 - 1, first / 1_000 + 649];
        assert!(ends.iter().all(|second| seconds.contains_key(second)), "{}", market.symbol);
        assert!(seconds.values().any(|&trades| trades > 30), "{}: no burst", market.symbol);
        let late = market.trades.iter().filter(|trade| trade.event_ms - trade.time_ms > 100).count();
        assert!(late > 20, "{}: {late} late frames", market.symbol);
        let shared = market.trades.windows(2).filter(|pair| pair[0].time_ms == pair[1].time_ms).count();
        assert!(shared * 3 > market.trades.len(), "{}: {shared} share their time", market.symbol);
    }
}
