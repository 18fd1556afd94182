//! No look-ahead: what is known at a bar does not change when later data arrive.

use crate::recording::{Log, on_both_logs};
use crate::virtual_time::play;
use spreadscope_engine::Settings;

on_both_logs!(cutting_the_log_short_changes_no_earlier_row);

fn cutting_the_log_short_changes_no_earlier_row(log: &Log) {
    let frames = &log.frames;
    let settings = Settings {
        hedge_window_bars: 60,
        z_window_bars: 60,
        correlation_window_bars: 60,
        test_lookback_bars: 120,
        ..Settings::default()
    };
    let whole = play(&settings, frames);
    assert!(whole.rows.values().filter(|row| row.z.ready().is_some()).count() > 400);
    for share in [3, 2] {
        let short = play(&settings, &frames[..frames.len() / share]);
        assert!(short.rows.len() > 150);
        for (open_time, row) in &short.rows {
            assert_eq!(Some(row), whole.rows.get(open_time));
        }
        for tests in &short.tests {
            assert!(whole.tests.contains(tests), "{tests:?}");
        }
        assert!(whole.alerts.starts_with(&short.alerts));
    }
}
