//! The head of every table.

use crate::view::calendar;
use crate::view::named;
use crate::view::table::Cell;
use spreadscope_engine::Settings;

/// What a table's numbers were computed with.
pub fn parameters(settings: &Settings, made_millis: i64) -> Vec<(&'static str, Cell)> {
    let Settings { source, pair, interval, .. } = settings;
    let count = |bars: usize| Cell::Whole(i64::try_from(bars).unwrap_or(i64::MAX));
    vec![
        ("made_by", Cell::Text(format!("Spreadscope {}", env!("CARGO_PKG_VERSION")))),
        ("made_at", Cell::Text(calendar::iso(made_millis))),
        ("source", Cell::word(source.label())),
        ("y", Cell::word(pair.y.as_str())),
        ("x", Cell::word(pair.x.as_str())),
        ("interval", Cell::word(interval.as_str())),
        ("hedge_model", Cell::word(settings.hedge_model.as_str())),
        ("overlays", Cell::word(&named::models(&settings.overlays))),
        ("price_scale", Cell::word(settings.price_scale.as_str())),
        ("hedge_window_bars", count(settings.hedge_window_bars)),
        ("z_window_bars", count(settings.z_window_bars)),
        ("correlation_window_bars", count(settings.correlation_window_bars)),
        ("test_lookback_bars", count(settings.test_lookback_bars)),
        ("test_lags", Cell::word(settings.test_lags.as_str())),
        ("test_terms", Cell::word(settings.test_terms.as_str())),
        ("max_carried_bars", count(settings.max_carried_bars)),
        ("z_threshold", Cell::Number(settings.z_threshold)),
        ("z_hysteresis", Cell::Number(settings.z_hysteresis)),
        ("alert_cooldown_secs", count(settings.alert_cooldown_secs)),
    ]
}
