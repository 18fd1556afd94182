//! The log of alerts as a table: one row per alert, with the numbers behind it.

use super::words;
use crate::view::files::table::Cell;
use crate::view::numbers::{calendar, format};
use crate::view::screen::model::ALERTS_KEPT;
use spreadscope_engine::alert::{Alert, Occasion};

/// The table's columns.
pub const COLUMNS: [&str; 24] = [
    "time",
    "time_ms",
    "bar_open_time_ms",
    "y",
    "x",
    "interval",
    "rule",
    "rule_name",
    "severity",
    "occasion",
    "metric",
    "direction",
    "value",
    "threshold",
    "z_score",
    "spread",
    "hedge_ratio",
    "correlation",
    "engle_granger_p",
    "half_life_secs",
    "price_y",
    "price_x",
    "volume_y",
    "volume_x",
];

/// Returns a word for an alert's occasion: fired or tested.
pub const fn occasion(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Fired => "fired",
        Occasion::Test => "test",
    }
}

/// Returns a sentence on the alerts of the log that are not in a list of the newest `listed`, if there are such.
pub fn unlisted(alerts: usize, listed: usize) -> Option<String> {
    let all = format::count(alerts as u64);
    match alerts {
        ALERTS_KEPT.. => Some(format!(
            "The log keeps the newest {ALERTS_KEPT} alerts, of which the newest {listed} are listed here; Export has all of these."
        )),
        _ if alerts > listed => {
            Some(format!("Of {all} alerts the newest {listed} are listed here; Export has all."))
        }
        _ => None,
    }
}

/// Returns the row of `alert`.
pub fn row(alert: &Alert) -> [Cell; 24] {
    let Alert { time, open_time, pair, interval, rule, name, quantity, value, threshold, snapshot, .. } =
        alert;
    [
        Cell::Text(calendar::iso(time.0)),
        Cell::Whole(time.0),
        Cell::Whole(open_time.0),
        Cell::word(pair.y.as_str()),
        Cell::word(pair.x.as_str()),
        Cell::word(interval.as_str()),
        Cell::Whole(i64::from(rule.0)),
        Cell::Text(name.clone()),
        Cell::Text(words::severity(alert.severity).to_ascii_lowercase()),
        Cell::word(occasion(alert.occasion)),
        Cell::word(quantity.name()),
        Cell::word(words::direction(alert.direction)),
        Cell::maybe(*value),
        Cell::Number(*threshold),
        Cell::maybe(snapshot.z),
        Cell::maybe(snapshot.spread),
        Cell::maybe(snapshot.hedge_ratio),
        Cell::maybe(snapshot.correlation),
        Cell::maybe(snapshot.engle_granger_p),
        Cell::maybe(snapshot.half_life_secs),
        Cell::maybe(snapshot.price_y),
        Cell::maybe(snapshot.price_x),
        Cell::maybe(snapshot.volume_y),
        Cell::maybe(snapshot.volume_x),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_is_cut_says_so() {
        assert_eq!((unlisted(0, 100), unlisted(100, 100)), (None, None));
        let some = unlisted(350, 100).unwrap();
        assert_eq!(some, "Of 350 alerts the newest 100 are listed here; Export has all.");
        assert!(unlisted(ALERTS_KEPT, 100).unwrap().starts_with("The log keeps the newest 500 alerts, "));
    }
}
