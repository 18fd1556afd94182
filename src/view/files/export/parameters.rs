//! The head of every table.

use crate::view::files::table::Cell;
use crate::view::numbers::calendar;
use spreadscope_engine::Settings;
use spreadscope_engine::settings::{About, DeskSetting, Value};

/// Returns the settings that a table's numbers were computed with.
pub fn parameters(settings: &Settings, made_millis: i64) -> Vec<(&'static str, Cell)> {
    let Settings { source, pair, interval, .. } = settings;
    let cell = |setting: &DeskSetting| match (setting.read)(settings) {
        Value::Number(number) => Cell::Number(number),
        Value::Off | Value::Word(_) | Value::Several(_) => Cell::word(&setting.text(settings)),
    };
    let told = Settings::ALL.iter().filter(|setting| setting.group != About::Storage);
    [
        ("made_by", Cell::Text(format!("Spreadscope {}", env!("CARGO_PKG_VERSION")))),
        ("made_at", Cell::Text(calendar::iso(made_millis))),
        ("source", Cell::word(source.label())),
        ("y", Cell::word(pair.y.as_str())),
        ("x", Cell::word(pair.x.as_str())),
        ("interval", Cell::word(interval.as_str())),
    ]
    .into_iter()
    .chain(told.map(|setting| (setting.name, cell(setting))))
    .collect()
}
